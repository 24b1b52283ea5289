"""Requests, referrals and the catalogue of support in the API."""

from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from history.models import Event
from partners.api_auth import reader_of
from partners.kept_lists import ListForKeys
from partners.kept_reading import objects_for, rows_for
from partners.models import Scope
from partners.reading_one import Reading, Wanted
from requests_app.api_filters import ReferralFilter, RequestFilter
from requests_app.models import (
    Attachment,
    DeliveryReport,
    Referral,
    RequestVersion,
    Support,
    SupportRequest,
    place_of,
)
from requests_app.reading import last_answers_open_to
from requests_app.serializers import (
    AttachmentSerializer,
    DeliveryReportSerializer,
    ReferralDetail,
    ReferralPart,
    ReferralSerializer,
    RequestDetail,
    RequestSerializer,
    SupportSerializer,
)
from requests_app.workflow import REFERRALS, REQUESTS
from workflow.api import ActionView, Resource, not_modified, offered, tagged
from workflow.lists import ListOfRows, OneRow
from workflow.parameters import LARGEST_ID
from workflow.rows import rows_of

_HANDLE = "[A-Z0-9-]{1,20}"
_SCOPES: dict[str, str] = {"GET": Scope.REQUESTS_READ, "POST": Scope.REFERRALS_WRITE}


class SupportViewSet(ListOfRows, OneRow, GenericViewSet[Support]):
    """What can be asked for."""

    public = True
    serializer_class = SupportSerializer
    lookup_field = "key"
    lookup_value_regex = "[a-z0-9_-]+"
    orderings = ("position",)

    def get_queryset(self) -> "QuerySet[Support]":
        return Support.objects.visible_to(self.request.user).on_offer()


def _reader(request: Request) -> Any:
    """Whoever writes is answered with what was written on: that takes the scope for reading it."""
    return reader_of(request, Scope.REQUESTS_READ)


# ── requests ─────────────────────────────────────────────────────────────────────────────────


# What an answer shows and actions ask of a request: not its draft, what is searched, who it was
# given to.
_COLUMNS = [
    "id", "reference", "draft_key", "state", "version", "urgency", "language", "submitted_at",
    "updated_at", "created_by", "documents",
    *(f"{beside}__{name}" for beside in ("party", "support", "lead_agency")
      for name in ("id", "name_en", "name_fr", "name_es")),
    "party__code", "support__key", "support__asks", "lead_agency__code",
]  # fmt: skip


def _one_request(reader: Any, **place: str) -> "QuerySet[Any]":
    """With what was last submitted."""
    visible = SupportRequest.objects.visible_to(reader).filter(**place)
    beside = visible.select_related("party", "support", "lead_agency").only(*_COLUMNS).order_by()
    versions = RequestVersion.objects.filter(support_request=OuterRef("pk")).order_by("-number")
    return beside.annotate(last_answers=Subquery(versions.values("answers")[:1]))


def _referrals_of(reader: Any, **place: str) -> "QuerySet[Any]":
    return Referral.objects.visible_to(reader).filter(**_of_request(place)).order_by("pk")


def _files_of(reader: Any, **place: str) -> "QuerySet[Any]":
    return Attachment.objects.visible_to(reader).filter(**_of_request(place)).order_by("pk")


def _of_request(place: dict[str, str]) -> dict[str, str]:
    return {f"support_request__{name}": value for name, value in place.items()}


_PARTS = ((ReferralPart, _referrals_of), (AttachmentSerializer, _files_of))


def _wanted_of_request(handle: str) -> Wanted:
    return Wanted(_one_request, _PARTS, place_of(handle))


def _represent_request(request: Request, handle: str) -> HttpResponse:
    actor = _reader(request)
    reading = Reading(request, actor, _wanted_of_request(handle))
    if reading.pk is None:
        raise Http404
    if answer := not_modified(request, reading.facts):
        return answer
    with reading.making():
        support_request = reading.made()
        here: dict[str, Any] = {"request": request, "handle": support_request.handle}
        context = here | {
            "answers": last_answers_open_to(actor, support_request, support_request.last_answers),
            "referrals": reading.rows(0, here),
            "attachments": reading.rows(1, here),
            "allowed_actions": offered(request, support_request, RequestDetail),
        }
        shown = rows_of(RequestDetail).of_object(support_request, context)
    return tagged(request, support_request, shown, reading.facts)


class _Requests(Resource):
    request: Any
    scopes = _SCOPES
    detail_serializer_class = RequestDetail

    def represent(self, obj: SupportRequest) -> Response:
        answer: Any = _represent_request(self.request, obj.handle)
        return answer


class RequestViewSet(_Requests, ListForKeys, GenericViewSet[SupportRequest]):
    """Requests for support that you can see: referred to your agency, or of your country."""

    serializer_class = RequestSerializer
    filterset_class = RequestFilter
    lookup_field = "reference"
    lookup_value_regex = _HANDLE
    orderings = ("-id", "updated_at")

    @staticmethod
    def rows_of_reader(reader: Any) -> "QuerySet[SupportRequest]":
        return SupportRequest.objects.visible_to(reader)

    def wanted(self, reference: str) -> Wanted:
        return _wanted_of_request(reference)

    def retrieve(self, request: Request, reference: str) -> HttpResponse:
        return _represent_request(request, reference)


class RequestActionView(_Requests, ActionView):
    table = REQUESTS
    makes = frozenset({"ask", "write"})

    def get_queryset(self) -> "QuerySet[SupportRequest]":
        return SupportRequest.objects.visible_to(_reader(self.request)).with_names()

    def get_object(self) -> SupportRequest:
        found: Any = self.get_queryset()
        return get_object_or_404(found.at(self.kwargs["reference"]))

    def made_by(self, event: Event, obj: SupportRequest) -> str:
        return _conversation_begun(self.request, event)


def _conversation_begun(request: Request, event: Event) -> str:
    return reverse("api:conversation-detail", [event.changes["thread"]], request=request)


# ── referrals ────────────────────────────────────────────────────────────────────────────────


def _referrals(reader: Any) -> "QuerySet[Referral]":
    names = ("agency", "support_request__party", "support_request__support")
    return Referral.objects.visible_to(reader).select_related(*names)


def _one_referral(reader: Any, pk: int) -> "QuerySet[Referral]":
    return _referrals(reader).filter(pk=pk).order_by()


def _reports_of(reader: Any, pk: int) -> "QuerySet[Any]":
    return DeliveryReport.objects.visible_to(reader).filter(referral=pk)


_REPORTS = ((DeliveryReportSerializer, _reports_of),)


def _referral_seen(request: Request, pk: int) -> Referral:
    # A kept query does not ask, as the ORM would, whether a row can have this id at all.
    found = objects_for(_reader(request), _one_referral, pk=pk) if pk <= LARGEST_ID else None
    if not found:
        raise Http404
    referral: Referral = found[0]
    return referral


def _represent_referral(request: Request, referral: Referral) -> Response:
    """Of a referral that has been read, for who acts on it."""
    rows, reports = rows_of(DeliveryReportSerializer), list[dict[str, Any]]()
    if referral.started_on:  # before, nothing can have been reported
        here = {"request": request}
        reports = rows_for(request.user, rows, _reports_of, here, pk=referral.pk)
    return tagged(request, referral, _shown_referral(request, referral, reports))


def _shown_referral(
    request: Request, referral: Referral, reports: list[dict[str, Any]]
) -> dict[str, Any]:
    offers = offered(request, referral, ReferralDetail)
    context = {"request": request, "delivery_reports": reports, "allowed_actions": offers}
    return rows_of(ReferralDetail).of_object(referral, context)


class _Referrals(Resource):
    request: Any
    scopes = _SCOPES
    detail_serializer_class = ReferralDetail

    def represent(self, obj: Referral) -> Response:
        return _represent_referral(self.request, obj)


class ReferralViewSet(_Referrals, ListForKeys, GenericViewSet[Referral]):
    """Referrals to your agency; the Secretariat sees all, a country those of its requests."""

    serializer_class = ReferralSerializer
    filterset_class = ReferralFilter
    lookup_value_regex = "[0-9]{1,18}"
    orderings = ("-id", "updated_at", "answer_due_on")

    @staticmethod
    def rows_of_reader(reader: Any) -> "QuerySet[Referral]":
        return Referral.objects.visible_to(reader)

    def wanted(self, pk: str) -> Wanted:
        return Wanted(_one_referral, _REPORTS, {"pk": int(pk)})

    def retrieve(self, request: Request, pk: str) -> HttpResponse:
        reading = Reading(request, _reader(request), self.wanted(pk))
        if reading.pk is None:
            raise Http404
        if answer := not_modified(request, reading.facts):
            return answer
        with reading.making():
            referral = reading.made()
            shown = _shown_referral(request, referral, reading.rows(0, {"request": request}))
        return tagged(request, referral, shown, reading.facts)


class ReferralActionView(_Referrals, ActionView):
    table = REFERRALS
    answered_as_before = frozenset({"ask"})
    makes = frozenset({"ask", "send_document"})

    def get_queryset(self) -> "QuerySet[Referral]":
        return _referrals(_reader(self.request))

    def made_by(self, event: Event, obj: Referral) -> str:
        if self.action_name == "ask":
            return _conversation_begun(self.request, event)
        place = [obj.support_request.handle, event.changes["document"]]
        return reverse("api:attachment", place, request=self.request)

    def wanted(self, pk: int) -> Wanted | None:
        return Wanted(_one_referral, (), {"pk": pk}) if pk <= LARGEST_ID else None

    def get_object(self) -> Referral:
        wanted = self.wanted(**self.kwargs)
        reading = wanted and Reading(self.request, _reader(self.request), wanted)
        if not reading or reading.pk is None:
            raise Http404
        referral: Referral = reading.made()
        return referral

    def as_it_is(self, obj: Referral) -> Referral:
        return _referral_seen(self.request, obj.pk)
