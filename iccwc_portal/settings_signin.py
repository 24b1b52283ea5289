"""Settings of signing in: passwords, the second factor, sessions, agencies' own sign-in.

A part of iccwc_portal.settings, which has read .env before.
"""

import re
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from environs import Env

_env = Env()
DEMO = _env.bool("DEMO", False)
PROXIES = _env.int("PROXIES", 0)  # in front of the portal; X-Forwarded-For is believed so far

# ── Passwords ────────────────────────────────────────────────────────────────────────────────
AUTHENTICATION_BACKENDS = [
    "allauth.account.auth_backends.AuthenticationBackend",
    "partners.access.MandateBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# ── Accounts ─────────────────────────────────────────────────────────────────────────────────
LOGIN_URL = "account_login"
ACCOUNT_ADAPTER = "partners.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_FORMS = {
    "login": "iccwc_portal.account_forms.SignIn",
    "change_password": "iccwc_portal.account_forms.ChangePassword",
    "reauthenticate": "iccwc_portal.account_forms.ConfirmByPassword",
    "reset_password": "iccwc_portal.account_forms.ResetPassword",
    "reset_password_from_key": "iccwc_portal.account_forms.ResetPasswordFromLink",
    "set_password": "iccwc_portal.account_forms.SetPassword",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # what changes how somebody signs in is told to that person
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = False
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # the portal writes to nobody it does not know
# django-allauth's own one stores addresses in a second table, where each would go on signing in.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105 - a name, no secret
# Whose sign-ins are counted: with one proxy too few, everybody's would be counted as one.
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES
# Slow enough that guessing is hopeless, wide enough for an office behind one address. "key" is
# the e-mail address that was typed, or the person whose second factor is tried.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",  # also every wrong code of a second factor
    "reauthenticate": "10/m/user",
    "reset_password": "20/m/ip,5/m/key",  # nobody's mailbox is filled
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "ask_access": "20/h/ip",
    "ask_access_mail": "3/d/key",  # beyond that the form answers as before and sends nothing
}

# ── The second factor (docs/adr/0010) ────────────────────────────────────────────────────────
# Whoever acts for the Secretariat or for an agency needs one; others may have one.
SECOND_FACTOR_REQUIRED = _env.bool("SECOND_FACTOR_REQUIRED", not DEMO)
MFA_ADAPTER = "partners.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "authenticate": "iccwc_portal.account_forms.SignInByCode",
    "reauthenticate": "iccwc_portal.account_forms.ConfirmByCode",
    "activate_totp": "iccwc_portal.account_forms.SetUpApp",
    "add_webauthn": "iccwc_portal.account_forms.AddPasskey",
    "edit_webauthn": "iccwc_portal.account_forms.RenamePasskey",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "ICCWC support portal"
MFA_TOTP_TOLERANCE = 1  # telephones whose clock is half a minute off
MFA_PASSKEY_LOGIN_ENABLED = True
# A passkey alone opens an account: its device asks for a PIN, a finger or a face.
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO  # http on loopback, which is all that DEMO serves
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_RATE_LIMITS = {"webauthn_login": "10/m/ip"}
MFA_ALLOW_UNVERIFIED_EMAIL = True  # addresses come with the mandate; there is no sign-up

# ── Agencies' own sign-in (OpenID Connect) ───────────────────────────────────────────────────
_NEEDED = ("agency", "id", "name", "server_url", "client_id", "secret")


def _provider(said: dict[str, Any]) -> dict[str, Any]:
    """One entry of OIDC_PROVIDERS, as django-allauth wants it; refuses what cannot work."""
    missing = [key for key in _NEEDED if not said.get(key)]
    if missing:
        raise ImproperlyConfigured(f"OIDC_PROVIDERS: an entry lacks {', '.join(missing)}.")
    if not re.fullmatch(r"[a-z0-9-]+", said["id"]):
        raise ImproperlyConfigured("OIDC_PROVIDERS: an id is of small letters, digits and hyphens.")
    address = urlsplit(said["server_url"])
    if address.scheme != "https" and address.hostname not in {"localhost", "127.0.0.1"}:
        raise ImproperlyConfigured(f"OIDC_PROVIDERS: {said['server_url']} is not https.")
    return {
        "provider_id": said["id"],
        "name": said["name"],
        "client_id": said["client_id"],
        "secret": said["secret"],
        "settings": {
            "server_url": said["server_url"],
            "agency": said["agency"],
            "oauth_pkce_enabled": True,
            # Domains whose addresses this agency vouches for though its tokens do not say so.
            "verified_email": said.get("verified_domains", []),
        },
    }


SOCIALACCOUNT_ADAPTER = "partners.adapter.AgencySignInAdapter"
SOCIALACCOUNT_LOGIN_ON_GET = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_QUERY_EMAIL = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 5
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {"APPS": [_provider(one) for one in _env.json("OIDC_PROVIDERS", [])]}
}
