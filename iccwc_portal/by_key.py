"""Calls of the API by key go a way of their own, past what is there for people in browsers.

A key comes with each call by itself. No session, no message, no form and no file of a page belongs
to it, and looking for them takes a third of a short call. `settings.MIDDLEWARE_BY_KEY` names what
stands on that way: what is for all calls, as languages, security headers, null characters, caches,
bodies and limits.
"""

from collections.abc import Callable
from typing import Any

from csp.constants import HEADER
from csp.middleware import CSPMiddleware
from csp.utils import build_policy
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.core.handlers.base import BaseHandler
from django.core.handlers.exception import convert_exception_to_response
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.functional import cached_property
from django.utils.module_loading import import_string

from iccwc_portal.api_problems import is_of_api
from partners.api_auth import ApiKeyAuthentication

_NOT_ASKED = ("process_view", "process_exception", "process_template_response")
_PREFIX = f"{ApiKeyAuthentication.keyword} ".casefold()


def is_by_key(request: HttpRequest) -> bool:
    """Does the call name a key, right or wrong? Then `partners.api_auth` asks for nothing else."""
    said: str = request.META.get("HTTP_AUTHORIZATION", "")
    return said[: len(_PREFIX)].casefold() == _PREFIX and is_of_api(request)


class ByKey:
    """The outermost middleware: leads calls by key past the rest of `settings.MIDDLEWARE`.

    Nobody is signed in where a key calls: who it is, the API finds out.
    """

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.by_key = _way(settings.MIDDLEWARE_BY_KEY)

    def __call__(self, request: HttpRequest) -> Any:
        if not is_by_key(request):
            return self.get_response(request)
        request.user = AnonymousUser()
        return self.by_key(request)


def _way(names: list[str]) -> Callable[[HttpRequest], Any]:
    """To the view, through the middleware of these names, as Django's handler puts it together.
    Raises ImproperlyConfigured for one that wants to be asked about views or exceptions: here
    nobody asks."""
    handler: Any = BaseHandler()
    handler._view_middleware = handler._exception_middleware = []
    handler._template_response_middleware = []
    way = convert_exception_to_response(handler._get_response)
    for name in reversed(names):
        middleware = import_string(name)(way)
        if any(hasattr(middleware, asked) for asked in _NOT_ASKED):
            raise ImproperlyConfigured(f"{name} does not stand in MIDDLEWARE_BY_KEY")
        way = convert_exception_to_response(middleware)
    return way


class Locale(LocaleMiddleware):
    """No address of the API begins with a language: it is not looked for there."""

    def process_request(self, request: HttpRequest) -> None:
        language = translation.get_language_from_request(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if "Accept-Language" not in response.get("Vary", ""):
            patch_vary_headers(response, ("Accept-Language",))
        response.headers.setdefault("Content-Language", str(translation.get_language()))
        return response


class Policy(CSPMiddleware):
    """The policy of an answer that wants no other is the same for all."""

    OWN = {"_csp_config", "_csp_update", "_csp_replace", "_csp_exempt"}

    @cached_property
    def usual(self) -> str:
        return build_policy()

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        if self.OWN.isdisjoint(vars(response)):
            response.headers.setdefault(HEADER, self.usual)
            return response
        return super().process_response(request, response)
