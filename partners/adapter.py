"""How django-allauth behaves here: who signs in, and what is told about it."""

import time
from base64 import urlsafe_b64encode
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outbox.post import Letter, owe
from partners.agency_sign_in import AgencySignInAdapter, vouching_agency
from partners.models import User
from partners.second_factor import VOUCHED_FOR
from partners.sessions import end_sessions

__all__ = ["AccountAdapter", "AgencySignInAdapter", "SecondFactorAdapter"]

# Who has just signed in is not asked again who it is, for this long.
RECENTLY = 5 * 60


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up, and mail goes through the outbox, in the language of the account."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy(
            "The e-mail address and the password do not belong together."
        ),
        "incorrect_password": gettext_lazy("This is not your password."),
        "too_many_login_attempts": gettext_lazy("Too many tries. Wait five minutes."),
        "rate_limited": gettext_lazy("Too many tries. Wait five minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come with a mandate, granted by somebody else."""
        return False

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Signing in counts as an answer to the question who is at the keyboard.

        Not so when the agency's provider did it: there one may be signed in all day.
        """
        own = [
            record["at"]
            for record in get_authentication_records(self.request, self.request.user)
            if record.get("method") in {"password", "mfa"}
        ]
        return not own or time.time() - max(own) > RECENTLY

    def post_login(
        self, request: HttpRequest, user: Any, *, signal_kwargs: Any, **kwargs: Any
    ) -> HttpResponse:
        if agency := vouching_agency((signal_kwargs or {}).get("sociallogin")):
            request.session[VOUCHED_FOR] = agency.pk
        return super().post_login(request, user, signal_kwargs=signal_kwargs, **kwargs)

    def set_password(self, user: Any, password: str) -> None:
        """Whoever knew the old password is signed out, wherever that is."""
        super().set_password(user, password)
        end_sessions(user, but=self.request.session.session_key)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        user = context.get("user")
        known = user if isinstance(user, User) else None
        language, zone = (known.language, known.time_zone) if known else ("en", "UTC")
        with translation.override(language), timezone.override(zone):
            mail = self.render_mail(template_prefix, email, context)
        letter = Letter(
            recipient=f"user:{known.pk}" if known else email,
            address=email,
            language=language,
            subject=mail.subject,
            text=str(mail.body),
            holds_secret="password_reset_url" in context,  # a link that lets its reader in
        )
        owe(None, [letter])

    def send_notification_mail(
        self,
        template_prefix: str,
        user: Any,
        context: dict[str, Any] | None = None,
        email: str | None = None,
    ) -> None:
        context = {"user": user, **(context or {})}
        super().send_notification_mail(template_prefix, user, context, email or user.email)


class SecondFactorAdapter(DefaultMFAAdapter):
    """The second factor in plain words; its secrets are encrypted in the database."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": gettext_lazy("This code is not right, or it was used already."),
    }

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _box().decrypt(encrypted_text.encode()).decode()

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        held = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("Passkey %(number)d") % {"number": held + 1}

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return super().get_public_key_credential_rp_entity() | {"name": settings.MFA_TOTP_ISSUER}


def _box() -> Fernet:
    """Whoever copies the database without the key of the settings cannot make codes."""
    digest = salted_hmac(
        "second factor", "", secret=settings.SECOND_FACTOR_KEY, algorithm="sha256"
    ).digest()
    return Fernet(urlsafe_b64encode(digest))
