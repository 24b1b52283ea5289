"""The files of a request in the API: given to whoever may read them, and brought in by an agency to
which the request was referred."""

from http import HTTPStatus
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from partners.access import standing
from partners.api_auth import reader_of
from partners.models import Role, Scope
from requests_app.attaching import ALLOWED
from requests_app.downloads import as_download
from requests_app.models import Attachment, Referral, SupportRequest
from requests_app.serializers import AttachmentSerializer
from requests_app.workflow import REFERRALS
from workflow.errors import NotPermitted
from workflow.executor import perform, require
from workflow.once import once
from workflow.parameters import KnownParameters
from workflow.rows import rows_of
from workflow.serializers import action_serializer

_SEND = REFERRALS.by_action["send_document"]


class _AnyType(DefaultContentNegotiation):
    """A file comes as what it is, whatever the caller says it accepts."""

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type


class AttachmentView(KnownParameters, GenericAPIView[Attachment]):
    """One attached file, to whoever may see its request; a confidential one not to agencies."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.REQUESTS_READ}
    content_negotiation_class = _AnyType
    detail = True

    def get_queryset(self) -> "QuerySet[Attachment]":
        return Attachment.objects.visible_to(self.request.user)

    @extend_schema(responses={(200, one): OpenApiTypes.BINARY for one in ALLOWED})
    def get(self, request: Request, reference: str, pk: int) -> HttpResponseBase:
        of_request = SupportRequest.objects.visible_to(request.user).at(reference)
        files: Any = self.get_queryset()
        found = files.filter(support_request__in=of_request).select_related("support_request")
        return as_download(get_object_or_404(found, pk=pk), request)


class AttachmentsView(KnownParameters, GenericAPIView[Attachment]):
    """Send a document on a request: the same as `send_document` on your newest referral of it.
    Your agency and the Secretariat read it, nobody else."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.REFERRALS_WRITE}
    parser_classes = (MultiPartParser,)
    serializer_class = action_serializer(_SEND, "AttachmentSend")
    queryset = Attachment.objects.none()
    detail = True  # about one request: no filters, no pages
    pagination_class = None

    @extend_schema(responses={200: AttachmentSerializer, 201: AttachmentSerializer})
    def post(self, request: Request, reference: str) -> Response:
        visible = SupportRequest.objects.visible_to(reader_of(request, Scope.REQUESTS_READ))
        support_request = get_object_or_404(visible.at(reference))
        referral = _own_referral(support_request, request.user)
        return once(request, lambda: self._bring_in(request, support_request, referral))

    def _bring_in(
        self, request: Request, support_request: SupportRequest, referral: Referral | None
    ) -> Response:
        if referral is None:
            raise NotPermitted
        require(_SEND.action, referral, request.user)
        body: Any = self.get_serializer(data=request.data)
        body.is_valid(raise_exception=True)
        event = perform(_SEND.action, referral, by=request.user, data=body.validated_data)
        found = Attachment.objects.visible_to(request.user).select_related("agency")
        context = {"request": request, "handle": support_request.handle}
        document = found.get(pk=event.changes["document"])
        shown = rows_of(AttachmentSerializer).of_object(document, context)
        status = HTTPStatus.OK if event.was_there else HTTPStatus.CREATED
        return Response(shown, status=status, headers={"Location": shown["url"]})


def _own_referral(support_request: SupportRequest, actor: Any) -> Referral | None:
    mine = standing(actor).agencies.get(Role.OFFICER, frozenset())
    live = support_request.referrals.visible_to(actor).live()
    found: Referral | None = live.filter(agency_id__in=mine).select_related("agency").first()
    return found
