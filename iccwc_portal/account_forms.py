"""django-allauth's forms in the portal's manner: labels above, nothing written inside the boxes."""

from typing import Any

from allauth.account import forms as allauth_forms
from allauth.core.internal.cryptokit import normalize_user_code
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp import forms as totp_forms
from allauth.mfa.webauthn import forms as webauthn_forms
from django import forms
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

LONGEST_LIFE_OF_A_CODE = 2 * 60  # seconds


class _PlainBoxes:
    """Labels say what belongs in a box; a placeholder would vanish with the first letter."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields  # type: ignore[attr-defined]
        for field in fields.values():
            field.widget.attrs.pop("placeholder", None)
        for name in {"login", "email"} & set(fields):
            fields[name].label = _("E-mail address")
        for name in {"password", "oldpassword"} & set(fields):
            fields[name].help_text = ""  # the link for a forgotten password: below the button


class SignIn(_PlainBoxes, allauth_forms.LoginForm):
    pass


class ChangePassword(_PlainBoxes, allauth_forms.ChangePasswordForm):
    pass


class SetPassword(_PlainBoxes, allauth_forms.SetPasswordForm):
    pass


class ConfirmByPassword(_PlainBoxes, allauth_forms.ReauthenticateForm):
    pass


class ResetPassword(_PlainBoxes, allauth_forms.ResetPasswordForm):
    pass


class ResetPasswordFromLink(_PlainBoxes, allauth_forms.ResetPasswordKeyForm):
    pass


class _Code(_PlainBoxes):
    """One box for a code. Apps show it in two groups: blanks in it do no harm."""

    hint = _("Six digits, as your authenticator app shows them now.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]  # type: ignore[attr-defined]
        code.label, code.help_text = _("Code"), self.hint
        code.widget.attrs |= {"inputmode": "numeric", "class": "code-box"}

    def clean_code(self) -> str:
        """Once used, a code is void for as long as any clock could still take it: django-allauth
        itself forgets it after half a minute."""
        code: str = super().clean_code()  # type: ignore[misc]
        person: Any = self.user  # type: ignore[attr-defined]
        mark = f"second-factor-code:{person.pk}:{normalize_user_code(code)}"
        if not cache.add(mark, True, LONGEST_LIFE_OF_A_CODE):
            raise get_adapter().validation_error("incorrect_code")
        return code


class SignInByCode(_Code, mfa_forms.AuthenticateForm):
    hint = _("Six digits from your authenticator app, or one of your recovery codes.")


class ConfirmByCode(_Code, mfa_forms.ReauthenticateForm):
    hint = SignInByCode.hint


class SetUpApp(_Code, totp_forms.ActivateTOTPForm):
    pass


NAME_LENGTH = 60


class AddPasskey(webauthn_forms.AddWebAuthnForm):
    """Every passkey here can sign in by itself, so there is nothing to choose but its name."""

    passwordless = None
    name = forms.CharField(
        label=_("Name of the passkey"),
        help_text=_("So that you know it again, for example “Office laptop”."),
        max_length=NAME_LENGTH,
        required=False,
    )


class RenamePasskey(webauthn_forms.EditWebAuthnForm):
    name = forms.CharField(label=_("Name of the passkey"), max_length=NAME_LENGTH)
