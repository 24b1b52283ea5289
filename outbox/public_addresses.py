"""Where the portal may call when somebody else names the place: public addresses of the internet.

Otherwise whoever names it could let the portal call services of its own network (SSRF). A name is
judged by all the addresses it has, and the connection goes to the very address that was judged: a
name that resolves differently the second time gains nothing. Only the demo, which runs on loopback,
goes anywhere.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Iterable
from typing import Any

import httpcore
from django.conf import settings

_NAT64 = ipaddress.ip_network("64:ff9b::/96")  # RFC 6052: IPv4 in the last 32 bits
# What Python takes for global and the registries of IANA do not (iana-ipv4-special-registry,
# iana-ipv6-special-registry, ipv6-address-space).
_RESERVED = [
    ipaddress.ip_network(net)
    for net in (
        "192.0.0.0/24",  # IETF protocol assignments, RFC 6890 §2.1
        "192.88.99.0/24",  # relays of 6to4, deprecated by RFC 7526
        "3fff::/20",  # documentation, RFC 9637
        "fec0::/10",  # site-local, deprecated by RFC 3879
    )
]

Found = list[Any]  # what getaddrinfo gives


class Refused(httpcore.ConnectError):
    """The name leads to an address that is not public."""


def is_public(address: str) -> bool:
    """An address of the open internet, also of IPv4 inside IPv6. Those of tunnels are refused:
    they hold another address, and nobody needs them any more."""
    found: Any = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.sixtofour or found.teredo:
            return False
        if found in _NAT64:
            found = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        else:
            found = found.ipv4_mapped or found
    if any(found in net for net in _RESERVED):
        return False
    return bool(found.is_global and not found.is_multicast and not found.is_reserved)


def judged(found: Found) -> str:
    """The address to connect to, of those that a name has. Raises Refused when any of them is not
    public: an honest receiver has none such."""
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    if not addresses:
        raise Refused("no address")
    closed = [one for one in addresses if not settings.DEMO and not is_public(one)]
    if closed:
        raise Refused(closed[0])
    return addresses[0]


class JudgingBackend(httpcore.AsyncNetworkBackend):
    """Connects to the address that was judged. No proxy is asked, no name resolved twice; TLS
    still proves the name of the URL."""

    def __init__(self) -> None:
        self._network = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - the signature of httpcore
        local_address: str | None = None,
        socket_options: "Iterable[httpcore.SOCKET_OPTION] | None" = None,
    ) -> httpcore.AsyncNetworkStream:
        loop = asyncio.get_running_loop()
        try:
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as unknown:
            raise httpcore.ConnectError("unknown host") from unknown
        return await self._network.connect_tcp(
            judged(found), port, timeout, local_address, socket_options
        )

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109
        socket_options: "Iterable[httpcore.SOCKET_OPTION] | None" = None,
    ) -> httpcore.AsyncNetworkStream:
        raise Refused(path)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
