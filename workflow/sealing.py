"""Text that is kept but must not be readable in a copy of the database.

Fernet (AES-128 in CBC mode with an HMAC) of the `cryptography` package; its key is derived from
`API_KEY_PEPPER`, which is in the environment and never in the database. Whoever changes the
pepper loses what was sealed with the old one, as they lose every API key.
"""

import base64
import functools

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


class Unreadable(ValueError):
    """Sealed under another pepper, or damaged."""


def seal(text: str) -> str:
    """The text as it may be kept: ASCII, about a third longer, another one at every call."""
    return _box(settings.API_KEY_PEPPER).encrypt(text.encode()).decode("ascii")


def unseal(sealed: str) -> str:
    """What `seal` was given. Raises Unreadable."""
    try:
        return _box(settings.API_KEY_PEPPER).decrypt(sealed.encode()).decode()
    except (InvalidToken, UnicodeError) as reason:
        raise Unreadable("Sealed under another pepper, or damaged.") from reason


@functools.lru_cache(maxsize=4)
def _box(pepper: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"iccwc portal: sealed text")
    return Fernet(base64.urlsafe_b64encode(derived.derive(pepper.encode())))
