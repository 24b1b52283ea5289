from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse


class NoNullCharacters:
    """Refuses an address with U+0000, which PostgreSQL can neither store nor look for.

    The query string of the API is left to its filters: they name the parameter.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = "" if request.path.startswith("/api/") else request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "%00" in asked or "\0" in asked:
            raise BadRequest("U+0000 in the address")
        return self.get_response(request)
