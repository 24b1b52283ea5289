from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from iccwc_portal.api_problems import is_of_api, refusal
from partners import second_factor
from partners.second_factor import Duty


class Compressed(GZipMiddleware):
    """Leaves files alone whose parts can be asked for: a part counts the bytes of the file."""

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if "Accept-Ranges" in response:
            return response
        return super().process_response(request, response)


class NoNullCharacters:
    """Refuses an address with U+0000, which PostgreSQL can neither store nor look for.

    The query string of the API is left to workflow.parameters, which names the parameter.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        asked = "" if is_of_api(request) else request.META.get("QUERY_STRING", "")
        if "\0" in request.path or "%00" in asked or "\0" in asked:
            raise BadRequest("U+0000 in the address")
        return self.get_response(request)


class AnswersOfTheApi:
    """What a cache between caller and portal may do with answers of the API (RFC 9111): ask again
    each time, for nobody else; keep nothing of `me/` and `webhooks/`. The description of the API
    is the same for everybody, and a view that says something itself has its reasons."""

    KEPT_NOWHERE = ("/api/v1/me/", "/api/v1/webhooks/")
    DIFFERS_BY = ("Authorization", "Accept-Language", "Cookie")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if is_of_api(request) and not request.path.startswith("/api/v1/schema/"):
            if "Cache-Control" not in response:
                secret = request.path.startswith(self.KEPT_NOWHERE)
                response["Cache-Control"] = "private, no-store" if secret else "private, no-cache"
            if "Vary" in response:
                patch_vary_headers(response, self.DIFFERS_BY)
            else:
                response["Vary"] = ", ".join(self.DIFFERS_BY)
        return response


class SecondFactorDuty:
    """Leads whoever needs a second factor to the page where it is set up, or asked for in a
    session that never showed it.

    The pages of the account stay open: they are where that is done, and where one signs out.
    """

    OPEN = ("/account/", "/static/", "/healthz", "/readyz")
    SENTENCES = {
        Duty.SET_UP: _("Set up a second factor for your account first."),
        Duty.SHOW: _("Sign in again with your second factor."),
    }

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(self.OPEN):
            return self.get_response(request)
        duty = second_factor.duty(request)
        if duty == Duty.NOTHING:
            return self.get_response(request)
        if is_of_api(request):
            return refusal(request, "second_factor_missing", str(self.SENTENCES[duty]))
        if duty == Duty.SET_UP:
            return redirect(reverse("mfa_index"))
        back = request.get_full_path() if request.method == "GET" else reverse("start")
        return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': back})}")
