"""The API's own pages: where to begin, the documentation, and the answer to a wrong address."""

from http import HTTPStatus
from typing import Any, ClassVar

from csp.decorators import csp_update
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponsePermanentRedirect,
)
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import exceptions
from rest_framework.authentication import SessionAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.views import APIView

from iccwc_portal.api_problems import PROBLEMS
from workflow.parameters import KnownParameters


class ApiRoot(KnownParameters, APIView):
    """The resources of the API."""

    public = True
    names = (
        "request", "referral", "conversation", "implementation", "step", "changes", "observation",
        "total", "recommendation", "assessment", "webhook", "party", "agency", "support",
        "office", "recognition", "operation", "activity", "network", "network-meeting", "news",
        "document", "topic",
    )  # fmt: skip

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        lists = {f"{name}-list": f"api:{name}-list" for name in self.names}
        others = {
            "me": "api:me",
            "events": "api:events",
            "schema": "api:schema",
            "docs": "api:docs",
            "problems": "api:problems",
        }
        addresses = {**lists, **others}
        return Response({key: reverse(name, request=request) for key, name in addresses.items()})


class NothingHere(APIView):
    """Any other address below the API: a problem that a machine can read."""

    permission_classes = ()

    @extend_schema(exclude=True)
    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        raise Http404

    post = put = patch = delete = get


class WithoutSlash(exceptions.APIException):
    """Every address of the API ends in a slash."""

    status_code = HTTPStatus.NOT_FOUND
    default_code = "not_found"

    def __init__(self, address: str) -> None:
        sentence = _("There is nothing here. Addresses end in a slash: try %(address)s.")
        super().__init__(sentence % {"address": address})


class SlashMissing(NothingHere):
    """Whoever reads is led to the address with its slash. A redirect would turn whatever else is
    called into reading, so that is refused."""

    @extend_schema(exclude=True)
    def get(self, request: Request, **kwargs: Any) -> HttpResponse:
        return HttpResponsePermanentRedirect(request.get_full_path(force_append_slash=True))

    @extend_schema(exclude=True)
    def post(self, request: Request, **kwargs: Any) -> Response:
        raise WithoutSlash(request.build_absolute_uri(f"{request.path}/"))

    put = patch = delete = post


class Schema(SpectacularAPIView):
    """The OpenAPI description. For everybody, so it asks nobody who they are."""

    public = True
    authentication_classes = ()
    _written: ClassVar[dict[tuple[str | None, str], bytes]] = {}

    @extend_schema(exclude=True)
    def get(self, request: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        """Written out once per process, language and format: it takes a second of work."""
        renderer = request.accepted_renderer
        key = (get_language(), renderer.media_type)
        if key not in self._written:
            described = super().get(request, *args, **kwargs)
            self._written[key] = renderer.render(described.data, renderer_context={})
        return HttpResponse(self._written[key], content_type=renderer.media_type)


# Swagger UI draws its small pictures from data: addresses and sets styles on elements as it goes.
@method_decorator(csp_update({"style-src": ["'self'", "'unsafe-inline'"]}), name="dispatch")
class Docs(SpectacularSwaggerSplitView):
    """The schema as a page to try calls on; without JavaScript, links to the rest.

    Whoever is signed in calls with the session of the browser. The script of the page holds the
    CSRF token for that, so no other site may load it and nothing keeps it.
    """

    template_name = "api/docs.html"
    url_name = "api:schema"
    authentication_classes = (SessionAuthentication,)
    throttle_classes = ()

    @extend_schema(exclude=True)
    def get(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        answer: Response = super().get(request, *args, **kwargs)
        answer.data["reader"] = request.user if request.user.is_authenticated else None
        answer["Cross-Origin-Resource-Policy"] = "same-origin"
        answer["Cache-Control"] = "private, no-store"
        return answer


@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """The codes of all problem answers, where their `type` points to."""
    return render(
        request,
        "api/problems.html",
        {"problems": [(code, status, title) for code, (status, title) in sorted(PROBLEMS.items())]},
    )
