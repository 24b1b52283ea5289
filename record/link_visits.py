"""Visiting the addresses of others: is something there? Politely, and to public addresses alone.

One request at a time to each host, with a pause between two; HEAD, and GET where that is not
answered well; of what comes back the status counts, nothing is read. Each hop of a redirect is
judged anew (outbox.public_addresses), so that none leads into the portal's own network.
"""

import asyncio
import ssl
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from time import monotonic
from urllib.parse import urldefrag, urljoin, urlsplit, urlunsplit

import httpcore
from django.conf import settings
from django.utils.encoding import iri_to_uri

from outbox.public_addresses import JudgingBackend, Refused

DEADLINE = 15  # seconds for one address, redirects and all
PAUSE = 1.0  # seconds between two requests to one host
HOSTS_AT_ONCE = 8
MOST_REDIRECTS = 5
_REDIRECTS = {301, 302, 303, 307, 308}
# Something is there and does not open for a visitor such as this one: that is no dead link.
_CLOSED_TO_US = {401, 403, 405, 406, 407, 429, 451, 999}
_OK, _REDIRECT = 200, 300


@dataclass(frozen=True)
class Found:
    """What a visit found: a short code that is kept (in words: record.link_checks)."""

    url: str
    answer: str
    is_there: bool


def visit(urls: Iterable[str], seconds: float) -> list[Found]:
    """What was found at as many of the addresses as can be visited in that time."""
    return asyncio.run(_visit(list(urls), monotonic() + seconds))


async def _visit(urls: list[str], until: float) -> list[Found]:
    by_host: dict[str, list[str]] = defaultdict(list)
    for url in urls:
        by_host[urlsplit(url).hostname or ""].append(url)
    found: list[Found] = []
    rooms = asyncio.Semaphore(HOSTS_AT_ONCE)
    async with httpcore.AsyncConnectionPool(
        ssl_context=_trust(), network_backend=JudgingBackend(), keepalive_expiry=5
    ) as pool:

        async def one_host(waiting: list[str]) -> None:
            async with rooms:
                for number, url in enumerate(waiting):
                    if number:
                        await asyncio.sleep(PAUSE)
                    if monotonic() > until:
                        return
                    found.append(await _found_at(pool, url))

        await asyncio.gather(*(one_host(some) for some in by_host.values()))
    return found


async def _found_at(pool: httpcore.AsyncConnectionPool, url: str) -> Found:
    try:
        async with asyncio.timeout(DEADLINE):
            status = await _status_of(pool, url)
    except Refused as refused:
        return Found(url, f"address {refused}", False)
    except (TimeoutError, httpcore.TimeoutException):
        return Found(url, "timeout", False)
    except httpcore.ConnectError as error:
        is_tls = isinstance(error.__cause__, ssl.SSLError)
        return Found(url, "certificate" if is_tls else "unreachable", False)
    except (httpcore.ProtocolError, httpcore.NetworkError):
        return Found(url, "protocol", False)
    except Exception as error:  # noqa: BLE001 - whatever a host does, the row keeps it
        return Found(url, type(error).__name__, False)
    return Found(url, f"status {status}", _OK <= status < _REDIRECT or status in _CLOSED_TO_US)


async def _status_of(pool: httpcore.AsyncConnectionPool, url: str) -> int:
    """The status after all redirects; that of the last redirect where there are too many, or where
    one leads nowhere."""
    status = 0
    for _hop in range(MOST_REDIRECTS + 1):
        status, leads_to = await _answer(pool, "HEAD", url)
        if not (_OK <= status < _REDIRECT) and not leads_to:
            await asyncio.sleep(PAUSE)
            status, leads_to = await _answer(pool, "GET", url)
        if not leads_to:
            return status
        url = leads_to
    return status


async def _answer(pool: httpcore.AsyncConnectionPool, method: str, url: str) -> tuple[int, str]:
    """The status, and where a redirect leads."""
    headers = {"User-Agent": f"ICCWC-portal-links (+{settings.SITE_URL})", "Accept": "*/*"}
    async with pool.stream(method, _as_sent(url), headers=list(headers.items())) as answer:
        place = dict(answer.headers).get(b"location", b"")
        if answer.status not in _REDIRECTS or not place:
            return answer.status, ""
        leads_to = urljoin(url, place.decode("utf-8", "replace"))
        is_web = urlsplit(leads_to).scheme in {"http", "https"}
        return answer.status, leads_to if is_web else ""


def _as_sent(url: str) -> str:
    """In ASCII, without the part behind # that is never sent."""
    parts = urlsplit(urldefrag(url).url)
    host = (parts.hostname or "").encode("idna").decode()
    if ":" in host:
        host = f"[{host}]"
    port = f":{parts.port}" if parts.port else ""
    return iri_to_uri(urlunsplit((parts.scheme, host + port, parts.path, parts.query, "")))


@cache
def _trust() -> ssl.SSLContext:
    """The authorities of the system, read once in a process."""
    return ssl.create_default_context()
