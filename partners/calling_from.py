"""From where somebody calls, and whether a key may be used from there."""

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.throttling import BaseThrottle

from workflow.errors import InvalidInput

MOST_NETWORKS = 50
_A_SITE = 64  # bits: whoever has one address of IPv6 has as many as this leaves


def address_of(request: Any) -> str:
    """The caller's address as the trusted proxies (setting PROXIES) tell it; "" if it is none."""
    if "HTTP_X_FORWARDED_FOR" in request.META:
        told = BaseThrottle().get_ident(request)
    else:  # no proxy tells anything
        told = request.META.get("REMOTE_ADDR")
    address = _address(told or "")
    return str(address) if address else ""


def neighbourhood(address: str) -> str:
    """What is counted as one place: an address, or the whole /64 of an address of IPv6."""
    known = _address(address)
    if isinstance(known, IPv6Address):
        return str(IPv6Network((known, _A_SITE), strict=False))
    return address


def lies_in(address: str, networks: Iterable[str]) -> bool:
    known = _address(address)
    return known is not None and any(known in _network(one) for one in networks)


_network = lru_cache(maxsize=1000)(ip_network)  # the same few at every call


def read_networks(lines: Iterable[str]) -> list[str]:
    """Networks as people write them, in their usual form and each once. Raises InvalidInput."""
    texts = [line.strip() for line in lines if line.strip()]
    if len(texts) > MOST_NETWORKS:
        sentence = _("Name at most %(most)d networks.") % {"most": MOST_NETWORKS}
        raise InvalidInput({"networks": [sentence]})
    found: dict[str, None] = {}
    problems = []
    for text in texts:
        try:
            found[str(ip_network(text))] = None
        except ValueError:
            problems.append(_no_network(text))
    if problems:
        raise InvalidInput({"networks": problems})
    return list(found)


def _no_network(text: str) -> str:
    try:
        meant = ip_network(text, strict=False)
    except ValueError:
        sentence = _("“%(text)s” is no network. Write it like 192.0.2.0/24 or 2001:db8::/48.")
        return sentence % {"text": text[:60]}
    sentence = _("“%(text)s” is an address inside a network. Do you mean %(network)s?")
    return sentence % {"text": text[:60], "network": meant}


@lru_cache(maxsize=1000)
def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        known = ip_address(text)
    except ValueError:
        return None
    # A socket that takes both kinds shows an address of IPv4 as one of IPv6 (RFC 4291, 2.5.5.2).
    return getattr(known, "ipv4_mapped", None) or known
