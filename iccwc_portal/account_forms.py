"""django-allauth's forms in the portal's manner: labels above, nothing written inside the boxes."""

from typing import Any

from allauth.account import forms as allauth_forms
from django.utils.translation import gettext_lazy as _


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


class ResetPassword(_PlainBoxes, allauth_forms.ResetPasswordForm):
    pass


class ResetPasswordFromLink(_PlainBoxes, allauth_forms.ResetPasswordKeyForm):
    pass
