"""What a visit transfers: files of the site as the portal serves them, packed by WhiteNoise, which
the server of the tests does not do."""

import gzip
from collections.abc import Iterable
from typing import Any


def transferred(requests: Iterable[Any]) -> int:
    """The bytes of all that was asked for. To be called once the visit is over: while requests
    still come in, some would be missing from the sum."""
    return sum(_bytes(one) for one in requests)


def _bytes(request: Any) -> int:
    sizes = request.sizes()
    body = sizes["responseBodySize"]
    if "/static/" in request.url:
        body = min(body, len(gzip.compress(request.response().body())))
    return int(body + sizes["responseHeadersSize"])
