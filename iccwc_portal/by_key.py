"""What calls of the API by key are spared: whatever is there for people in browsers.

A key comes with each call by itself. No session, no message and no file of a page belongs to it,
and looking for them takes a fourth of a short call. Settings name the middleware of this module in
the places of those that are spared; the rest is for all calls: language, security headers,
null characters, caches, bodies, limits.
"""

from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from whitenoise.middleware import WhiteNoiseMiddleware

from iccwc_portal.api_problems import is_of_api
from iccwc_portal.middleware import SecondFactorDuty
from partners.api_auth import ApiKeyAuthentication
from partners.middleware import ReaderLanguage, SeenSession

_PREFIX = f"{ApiKeyAuthentication.keyword} ".casefold()


def is_by_key(request: Any) -> bool:
    """Does the call name a key, right or wrong? Then `partners.api_auth` asks for nothing else."""
    known: bool | None = getattr(request, "_is_by_key", None)
    if known is None:
        said = request.META.get("HTTP_AUTHORIZATION", "")[: len(_PREFIX)].casefold()
        known = request._is_by_key = said == _PREFIX and is_of_api(request)
    return known


class _ForPeople:
    """Before a middleware: a call by key goes past it."""

    get_response: Any

    def __call__(self, request: HttpRequest) -> Any:
        around: Any = super()
        return self.get_response(request) if is_by_key(request) else around.__call__(request)


class Files(_ForPeople, WhiteNoiseMiddleware):
    pass


class Sessions(_ForPeople, SessionMiddleware):
    pass


class Language(_ForPeople, ReaderLanguage):
    pass


class Messages(_ForPeople, MessageMiddleware):
    pass


class Seen(_ForPeople, SeenSession):
    pass


class Duties(_ForPeople, SecondFactorDuty):
    pass


class Locale(LocaleMiddleware):
    """No address of the API begins with a language: it is not looked for there."""

    def process_request(self, request: HttpRequest) -> None:
        if not is_by_key(request):
            return super().process_request(request)
        language = translation.get_language_from_request(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language
        return None

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not is_by_key(request):
            return super().process_response(request, response)
        if "Accept-Language" not in response.get("Vary", ""):
            patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", str(translation.get_language()))
        return response


class People(AuthenticationMiddleware):
    """Nobody is signed in where a key calls: who it is, the API finds out."""

    def process_request(self, request: HttpRequest) -> None:
        if is_by_key(request):
            request.user = AnonymousUser()
        else:
            super().process_request(request)


class Policy(CSPMiddleware):
    """The policy of an answer that wants no other is the same for all calls by key."""

    OWN = {"_csp_config", "_csp_update", "_csp_replace", "_csp_exempt"}

    @cached_property
    def usual(self) -> str:
        return build_policy()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if not is_by_key(request) or not self.OWN.isdisjoint(vars(response)):
            return super().process_response(request, response)
        response.headers.setdefault(HEADER, self.usual)
        return response
