"""Requests for support as they stood on a day, and what was done in a period, from the history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KT
from django.utils.translation import gettext_lazy as _

from history.models import Event
from iccwc_portal.report.asking import Asked
from iccwc_portal.report.then import set_back
from partners.models import Agency, Party
from requests_app.models import Referral, RequestState, RequestVersion, Support, SupportRequest
from requests_app.workflow import REFERRALS, REQUESTS

S = RequestState
# How the report sums up where requests stand. Every state of a submitted request is in one.
STANDS: tuple[tuple[Any, frozenset[str]], ...] = (
    (_("under examination"), frozenset({S.SUBMITTED, S.IN_REVIEW, S.RETURNED, S.REFERRED})),
    (_("accepted"), frozenset({S.ACCEPTED, S.AWAITING_FUNDS})),
    (_("under way"), frozenset({S.UNDER_WAY})),
    (_("completed"), frozenset({S.COMPLETED})),
    (_("not taken forward"), frozenset({S.DECLINED, S.REDIRECTED, S.WITHDRAWN})),
)

_BEGUN, _COMPLETED = REQUESTS.kind("start"), REQUESTS.kind("complete")
_REOPENED = REQUESTS.kind("reopen")
_DELIVERED = REFERRALS.kind("deliver")
# Beside the label of the action, which speaks to who does it.
DONE: dict[str, Any] = {
    _BEGUN: _("Support began"),
    _COMPLETED: _("Support was completed"),
    _DELIVERED: _("An agency delivered its part"),
}


@dataclass
class Case:
    """One request on the day. `support` follows the version that was submitted last by then."""

    pk: int
    party: Party
    submitted_on: date
    state: str
    version: int
    lead_agency: str = ""
    support: Support | None = None


@dataclass(frozen=True)
class Activity:
    """Something done on a day; nothing of what was written about it."""

    on: date
    kind: str
    case: Case
    agency: Agency | None


def cases(actor: Any, asked: Asked) -> list[Case]:
    """Those submitted by the day, in the order of submission."""
    rows = SupportRequest.objects.visible_to(actor).filter(reference__isnull=False)
    parties = {party.pk: party for party in Party.objects.select_related("region")}
    set_back(parties.values(), asked)
    set_back([party.region for party in parties.values()], asked)
    party_of = dict(rows.values_list("pk", "party_id"))
    found: dict[int, Case] = {}
    for event in _events(SupportRequest._meta.label_lower, asked).filter(kind__in=_moves()):
        case = found.get(event.subject_id)
        if case is None and event.changes.get("reference") and event.subject_id in party_of:
            party = parties[party_of[event.subject_id]]
            case = Case(event.subject_id, party, event.effective_on, S.SUBMITTED, 1)
            found[event.subject_id] = case
        if case is not None:
            _move(case, event)
    _name_supports(found.values(), asked)
    return list(found.values())


def _events(label: str, asked: Asked) -> "QuerySet[Event]":
    known = Event.objects.filter(
        subject_type=label, effective_on__lte=asked.as_of, recorded_at__lte=asked.known_until
    )
    return known.only("subject_id", "kind", "effective_on", "changes").order_by("pk")


def _moves() -> list[str]:
    """Kinds of events that move a request; the notes beside it are not read."""
    return [REQUESTS.kind(one.action) for one in REQUESTS.transitions if one.target is not None]


def _move(case: Case, event: Event) -> None:
    changes = event.changes
    if event.kind == _REOPENED:
        case.lead_agency = ""
    case.state = changes.get("state", [case.state])[-1]
    case.version = changes.get("submitted_version", case.version)
    case.lead_agency = changes.get("lead_agency", case.lead_agency)


def _name_supports(found: Iterable[Case], asked: Asked) -> None:
    supports = {support.key: support for support in Support.objects.all()}
    set_back(supports.values(), asked)
    versions = RequestVersion.objects.annotate(chosen=KT("answers__support"))
    chosen = {
        (pk, number): key
        for pk, number, key in versions.values_list("support_request_id", "number", "chosen")
    }
    for case in found:
        case.support = supports.get(chosen.get((case.pk, case.version), ""))


def activities(found: Iterable[Case], asked: Asked) -> list[Activity]:
    """What was done between `since` and the day, oldest first."""
    by_id = {case.pk: case for case in found}
    agencies = {agency.pk: agency for agency in Agency.objects.all()}
    set_back(agencies.values(), asked)
    by_code = {agency.code: agency for agency in agencies.values()}
    of_requests = _events(SupportRequest._meta.label_lower, asked).filter(
        kind__in=[_BEGUN, _COMPLETED], effective_on__gte=asked.since
    )
    done = [
        (event.pk, event.effective_on, event.kind, case, by_code.get(case.lead_agency))
        for event in of_requests
        if (case := by_id.get(event.subject_id))
    ]
    of_referrals = Referral.objects.values_list("pk", "support_request_id", "agency_id")
    referrals = {pk: (case_id, agency_id) for pk, case_id, agency_id in of_referrals}
    delivered = _events(Referral._meta.label_lower, asked).filter(
        kind=_DELIVERED, effective_on__gte=asked.since
    )
    for event in delivered:
        case_id, agency_id = referrals[event.subject_id]
        if case := by_id.get(case_id):
            done.append((event.pk, event.effective_on, event.kind, case, agencies[agency_id]))
    done.sort(key=lambda one: (one[1], one[0]))
    return [Activity(on, kind, case, agency) for _pk, on, kind, case, agency in done]
