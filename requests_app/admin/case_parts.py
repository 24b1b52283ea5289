"""What the page of one request shows beside the case itself: notes, criteria, agencies, what was
sent, who read which file. For the Secretariat alone, and in as few queries as can be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Subquery, When
from django.utils.translation import gettext as _

from history.models import Event
from outbox.models import Message
from partners.desk import id_in
from partners.models import Agency, Mandate, Role
from requests_app.models import Assessment, Criterion, Mark, Referral, Support, SupportRequest
from requests_app.readings import READ, readings_of
from requests_app.timeline import event_ids_of, with_names
from requests_app.workflow import REQUESTS

Asked = Mapping[str, str]  # the parameters of the address


@dataclass(frozen=True)
class Newest:
    """The newest rows of a list, or those before one of them; `older` leads on to the next."""

    rows: list[Any]
    older: int | None
    is_newest: bool


def page_of_rows(rows: list[Any], before: str, shown: int) -> Newest:
    """One page of the rows that were fetched, one more than is shown where there are more."""
    older = rows[shown - 1].pk if len(rows) > shown else None
    return Newest(rows[:shown], older, id_in(before) is None)


def before(rows: "QuerySet[Any]", typed: str) -> "QuerySet[Any]":
    """Newest first, from the row on that an address names."""
    pk = id_in(typed)
    return (rows if pk is None else rows.filter(pk__lt=pk)).order_by("-pk")


# ── events ───────────────────────────────────────────────────────────────────────────────────

EVENTS_SHOWN = 25
READINGS_SHOWN = 10
NOTES_SHOWN = 10


@dataclass(frozen=True)
class EventPages:
    """What is shown of the history of a case: its events, its notes, the readings of its files."""

    history: Newest
    notes: Newest
    readings: Newest


def events_of(support_request: SupportRequest, asked: Asked) -> EventPages:
    """Three lists, for the Secretariat, in one query."""
    wanted = [asked.get(name, "") for name in ("before", "notes_before", "read_before")]
    case = Event.objects.filter(pk__in=event_ids_of(support_request))
    notes = case.filter(kind=REQUESTS.kind("note"))
    read = readings_of(support_request)
    parts = [
        before(case, wanted[0])[: EVENTS_SHOWN + 1],
        before(notes, wanted[1])[: NOTES_SHOWN + 1],
        before(read, wanted[2])[: READINGS_SHOWN + 1],
    ]
    # SQLite takes no LIMIT in a part of a union: so each part is a query inside its part.
    first, *others = [Event.objects.order_by().filter(pk__in=one.values("pk")) for one in parts]
    ids = first.values("pk").union(*(one.values("pk") for one in others))
    found = list(with_names(Event.objects.filter(pk__in=ids)).order_by("-pk"))
    of_case = [one for one in found if one.kind != READ]
    note_kind, upto = REQUESTS.kind("note"), id_in(wanted[0])
    history = [one for one in of_case if upto is None or one.pk < upto]
    upto = id_in(wanted[1])
    written = [one for one in of_case if one.kind == note_kind and (upto is None or one.pk < upto)]
    # A long history and few notes, or the other way: each list keeps to its own newest rows.
    return EventPages(
        page_of_rows(history[: EVENTS_SHOWN + 1], wanted[0], EVENTS_SHOWN),
        page_of_rows(written[: NOTES_SHOWN + 1], wanted[1], NOTES_SHOWN),
        page_of_rows([one for one in found if one.kind == READ], wanted[2], READINGS_SHOWN),
    )


# ── criteria ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Weighed:
    """A criterion, and what was said of it last."""

    key: str
    name: str
    mark: str
    answer: str
    reason: str
    by: str
    at: datetime | None


def criteria_of(support_request: SupportRequest, actor: Any) -> list[Weighed]:
    """Every criterion that is asked or was answered, in one query."""
    said = Assessment.objects.visible_to(actor).filter(
        support_request=support_request, criterion=OuterRef("pk")
    )
    found = Criterion.objects.annotate(
        mark=Subquery(said.values("mark")),
        reason=Subquery(said.values("reason")),
        by=Subquery(said.values("by__name")),
        at=Subquery(said.values("at")),
    )
    labels: dict[str, Any] = dict(Mark.choices)
    return [
        Weighed(
            one.key,
            one.name,
            one.mark or "",
            str(labels.get(one.mark, "")),
            one.reason or "",
            one.by or "",
            one.at,
        )
        for one in found.filter(Q(is_offered=True) | Q(mark__isnull=False))
    ]


# ── agencies, and who of the desk can be mentioned ───────────────────────────────────────────


@dataclass(frozen=True)
class Bodies:
    """All agencies, each with `is_usual`: does the catalogue propose it for this support? and
    `was_asked`: had it ever a referral of this request? And the officers and leads of the
    Secretariat, as name and address."""

    agencies: list[Agency]
    desk: list[tuple[str, str]]


def bodies_for(support_request: SupportRequest) -> Bodies:
    """One query: the row of an agency comes once for each of its people."""
    others = Support.usual_others.through.objects.filter(
        support=support_request.support_id, agency=OuterRef("pk")
    )
    lead = Support.objects.filter(pk=support_request.support_id, usual_lead=OuterRef("pk"))
    asked = Referral.objects.filter(support_request=support_request, agency=OuterRef("pk"))
    of_the_desk = Mandate.objects.in_force().filter(
        role__in=[Role.LEAD, Role.OFFICER], agency__is_coordinator=True
    )
    found = Agency.objects.annotate(
        is_usual=Exists(others) | Exists(lead),
        was_asked=Exists(asked),
        is_of_the_desk=Case(When(mandate__in=of_the_desk, then=True), default=False),
        person=F("mandate__user__name"),
        mail=F("mandate__user__email"),
    )
    agencies: dict[int, Agency] = {}
    desk: dict[str, str] = {}
    for row in found:
        agencies.setdefault(row.pk, row)
        if row.is_of_the_desk:
            desk[row.mail] = row.person
    return Bodies(list(agencies.values()), sorted((name, at) for at, name in desk.items()))


def not_asked_yet(agencies: list[Any]) -> list[Any]:
    """Partners of `bodies_for` that never had a referral, those that the catalogue proposes first.
    One that declined, or whose referral was recalled, has been asked."""
    free = [one for one in agencies if not one.is_coordinator and not one.was_asked]
    return sorted(free, key=lambda one: not one.is_usual)


# ── what was sent ────────────────────────────────────────────────────────────────────────────

MESSAGES_SHOWN = 10


def messages_about(support_request: SupportRequest, asked: Asked) -> Newest:
    """The mails that what happened in this case has sent or still has to send."""
    typed = asked.get("sent_before", "")
    found = before(Message.objects.filter(event__in=event_ids_of(support_request)), typed)
    slim = found.defer("text", "html", "enclosures")[: MESSAGES_SHOWN + 1]
    page = page_of_rows(list(slim), typed, MESSAGES_SHOWN)
    for message in page.rows:
        message.trouble = why_not_sent(message.last_error)
    return page


_WORDS_OF_ERRORS = (
    (("RecipientsRefused",), lambda: _("The mail server does not take this address.")),
    (("Authentication",), lambda: _("The mail server does not let the portal sign in.")),
    (
        ("Connect", "Timeout", "timed out", "Disconnected", "gaierror", "OSError"),
        lambda: _("The mail server cannot be reached."),
    ),
)


def why_not_sent(error: str) -> str:
    """What a mail server's fault amounts to; what nobody foresaw stands there as it came."""
    for marks, words in _WORDS_OF_ERRORS:
        if any(mark in error for mark in marks):
            return words()
    return error
