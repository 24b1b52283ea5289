"""For tests of the Python client: a way to the portal that loses calls and answers."""

from collections.abc import Callable
from typing import Any

import django.test
import httpx
from django.utils.http import http_date

from iccwc_client import Client
from tests import make

PORTAL = "http://testserver"


class Way(httpx.BaseTransport):
    """The way to the portal. Of each kind of trouble one comes at each of the next calls: `lost`
    before the portal heard of it, `unanswered` after it was done, or an answer of a proxy.

    Pauses of the client pass at once; after that many of them, what is to happen `meanwhile`."""

    def __init__(self) -> None:
        self.portal = django.test.Client()
        self.trouble: list[str | httpx.Response] = []
        self.calls: list[httpx.Request] = []
        self.pauses: list[float] = []
        self.meanwhile: dict[int, Callable[[], object]] = {}

    def pause(self, seconds: float) -> None:
        if not seconds:
            return
        self.pauses.append(seconds)
        self.meanwhile.get(len(self.pauses), lambda: None)()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.calls.append(request)
        trouble = self.trouble.pop(0) if self.trouble else ""
        if trouble == "lost":
            raise httpx.ConnectError("No way.", request=request)
        if isinstance(trouble, httpx.Response):
            return trouble
        answer = self._at_the_portal(request)
        if trouble == "unanswered":
            raise httpx.ReadTimeout("Too long.", request=request)
        return answer

    def _at_the_portal(self, request: httpx.Request) -> httpx.Response:
        headers = {name: said for name, said in request.headers.items() if name != "content-type"}
        found: Any = self.portal.generic(
            str(request.method),
            request.url.raw_path.decode(),
            request.read(),
            request.headers.get("Content-Type", ""),
            headers=headers,
        )
        body = b"".join(found.streaming_content) if found.streaming else found.content
        said = {**found.headers, "Date": http_date()}  # which a server adds
        return httpx.Response(found.status_code, headers=said, content=body)


def client(way: Way, scopes: "list[str] | None" = None, **more: Any) -> Client:
    token = make.api_key(make.agency("INTERPOL"), scopes)[1]
    return Client(PORTAL, token, transport=way, **more)
