"""Where webhooks may lead: to public addresses of the internet, over HTTPS, and nowhere else.

A name is judged when the webhook is made, and again at each connection: see
outbox.public_addresses. Only the demo, which runs on loopback, goes anywhere, also without TLS.
"""

import socket
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as TooLong
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from outbox.public_addresses import Refused, judged

PATIENCE = 4  # seconds for a name
LONGEST_NAME = 253

# ── when a webhook is made ───────────────────────────────────────────────────────────────────


def judge_form(url: str) -> None:
    """Raises ValidationError for an address that cannot be one of a receiver. Asks no network."""
    problem = _problem_with(url)
    if problem:
        raise ValidationError(problem)


def _problem_with(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return _("This is no address that can be called.")
    allowed = ("https", "http") if settings.DEMO else ("https",)
    if parts.scheme not in allowed:
        return _("The address must begin with https://.")
    if not host or len(host) > LONGEST_NAME or not url.isascii() or not url.isprintable():
        return _("Write the address in plain ASCII letters, with the name of a host.")
    if " " in url or "\\" in url:
        return _("An address has no spaces and no backslashes.")
    if "@" in parts.netloc:
        return _("The address must not hold a user name or a password.")
    if "#" in url:
        return _("Leave out the part of the address from # on: it is never sent.")
    return ""


def judge_name(url: str) -> None:
    """Raises ValidationError when the name of the address is unknown, or leads to a place that
    webhooks do not go to. Asks the resolver, and waits for some seconds at most."""
    host = urlsplit(url).hostname or ""
    lookup = ThreadPoolExecutor(1)
    try:
        found: Any = lookup.submit(socket.getaddrinfo, host, None, type=socket.SOCK_STREAM).result(
            PATIENCE
        )
        judged(found)
    except Refused:
        raise ValidationError(
            _("“%(host)s” leads to an address that is not public. Webhooks go to public ones only.")
            % {"host": host}
        ) from None
    except (OSError, UnicodeError, TooLong):
        raise ValidationError(
            _("No address is known for “%(host)s”. Check the name, or try again later.")
            % {"host": host}
        ) from None
    finally:
        lookup.shutdown(wait=False)
