"""As in production, but for a password's hash, which is made to take long: nobody signs in here."""

from iccwc_portal.settings import *  # noqa: F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
