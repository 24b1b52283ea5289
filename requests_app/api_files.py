"""What an agency brings in on a request that was referred to it."""

from http import HTTPStatus
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from partners.access import standing
from partners.api_auth import reader_of
from partners.models import Role, Scope
from requests_app.models import Attachment, Referral, SupportRequest
from requests_app.serializers import AttachmentSerializer
from requests_app.workflow import REFERRALS
from workflow.errors import NotPermitted
from workflow.executor import perform, require
from workflow.once import once
from workflow.parameters import KnownParameters
from workflow.serializers import action_serializer

_SEND = REFERRALS.by_action["send_document"]


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
        shown = AttachmentSerializer(found.get(pk=event.changes["document"]), context=context).data
        status = HTTPStatus.OK if event.was_there else HTTPStatus.CREATED
        return Response(shown, status=status, headers={"Location": shown["url"]})


def _own_referral(support_request: SupportRequest, actor: Any) -> Referral | None:
    mine = standing(actor).agencies.get(Role.OFFICER, frozenset())
    live = support_request.referrals.visible_to(actor).live()
    found: Referral | None = live.filter(agency_id__in=mine).select_related("agency").first()
    return found
