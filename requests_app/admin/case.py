"""Everything the desk shows of one request, in the order in which an officer decides."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, OuterRef, Subquery, Value, When
from django.urls import reverse

from partners.acting import Button
from partners.models import Agency
from requests_app import clock
from requests_app.admin.case_parts import (
    Asked,
    bodies_for,
    criteria_of,
    events_of,
    messages_about,
    not_asked_yet,
)
from requests_app.entries import Names, entries
from requests_app.models import (
    Attachment,
    DeliveryReport,
    Post,
    Reading,
    Referral,
    RequestState,
    RequestVersion,
    SupportRequest,
    Thread,
    ThreadState,
)
from requests_app.models.referrals import NOT_LIVE
from requests_app.reading import differences, remarks_by_label, sections
from requests_app.readings import as_reading
from requests_app.record import beside, record_of
from requests_app.whereabouts import whereabouts
from requests_app.workflow.request_changes import frozen_answers
from workflow.executor import allowed_actions
from workflow.transitions import Transition

REFERRALS_SHOWN = 12
THREADS_SHOWN = 12


@dataclass(frozen=True)
class ReferralCard:
    """A referral with its answer and what may be done with it now."""

    referral: Referral
    buttons: list[Button]
    reports: list[DeliveryReport]


@dataclass(frozen=True)
class ConversationShown:
    """A conversation in the list of the page."""

    thread: Thread
    post_count: int
    last_written: datetime
    unread: int


def page_of(support_request: SupportRequest, actor: Any, asked: Asked) -> dict[str, Any]:
    """The context of the page. `asked` may hold the ids from which its lists go on, and the
    queue from which the officer came."""
    queue = asked.get("queue", "")
    actions = allowed_actions(support_request, actor)
    bodies = bodies_for(support_request)
    referrals = _referrals(support_request, actor, bodies.agencies)
    criteria = criteria_of(support_request, actor)
    files = _files(support_request, actor)
    events = events_of(support_request, asked)
    party = support_request.party
    names = Names(
        agencies={agency.code: agency.name for agency in bodies.agencies},
        criteria={one.key: one.name for one in criteria},
        files={str(file.pk): file.name for file in files},
        bodies={
            **{agency.name_en: agency.name for agency in bodies.agencies},
            party.name_en: party.name,
        },
    )
    return {
        "support_request": support_request,
        **_offered(support_request, actions, queue),
        **_asked(support_request),
        **_conversations(support_request, actor, referrals, actions),
        "beside": beside(support_request, actor),
        "record": record_of(support_request, actor),
        "criteria": criteria,
        "referrals": _cards(referrals[:REFERRALS_SHOWN], actor, queue),
        "more_referrals": len(referrals) > REFERRALS_SHOWN,
        "not_asked": not_asked_yet(bodies.agencies),
        "attachments": [file for file in files if file.agency_id is None],
        "of_agencies": [file for file in files if file.agency_id is not None],
        "readings": events.readings,
        "read": [as_reading(event) for event in events.readings.rows],
        "notes": events.notes,
        "desk": bodies.desk,
        "sent": messages_about(support_request, asked),
        "timeline": entries(events.history.rows, actor, names),
        "older": events.history.older,
    }


# ── what may be done ─────────────────────────────────────────────────────────────────────────

# What is usually done next in a state stands first; the order of the table decides the rest.
_USUAL: Mapping[str, tuple[str, ...]] = {
    RequestState.SUBMITTED: ("take_up", "ask", "return"),
    RequestState.IN_REVIEW: ("refer", "ask", "accept", "advise", "return"),
    RequestState.REFERRED: ("accept", "ask", "advise", "refer"),
    RequestState.AWAITING_FUNDS: ("fund",),
    RequestState.ACCEPTED: ("start",),
    RequestState.UNDER_WAY: ("complete",),
}


def _offered(
    support_request: SupportRequest, actions: list[Transition], queue: str
) -> dict[str, Any]:
    """The moves as buttons, severe ones last; the Secretariat's own business by its name."""
    usual = _USUAL.get(support_request.state, ())
    places = {action: place for place, action in enumerate(usual)}
    moves = sorted(
        (one for one in actions if not one.is_internal),
        key=lambda one: (_is_severe(one), places.get(one.action, len(places))),
    )
    return {
        "buttons": [_button("supportrequest_act", support_request, one, queue) for one in moves],
        "own": {
            one.action: _button("supportrequest_act", support_request, one, queue)
            for one in actions
            if one.is_internal
        },
        "can_refer": any(one.action == "refer" for one in actions),
    }


def _is_severe(transition: Transition) -> bool:
    """It has consequences that its page spells out, and the case is elsewhere after it."""
    return bool(transition.warning and transition.target)


def _button(name: str, obj: Any, transition: Transition, queue: str) -> Button:
    address = reverse(f"admin:requests_app_{name}", args=[obj.pk, transition.action])
    address += f"?{urlencode({'queue': queue})}" if queue else ""
    return Button(transition.label, address, _is_severe(transition))


# ── what is asked ────────────────────────────────────────────────────────────────────────────


def _asked(support_request: SupportRequest) -> dict[str, Any]:
    """The last submission, and what it changed in the one before."""
    found = support_request.versions.select_related("submitted_by").order_by("-number")
    versions: list[RequestVersion] = list(found[:2])[::-1]
    submitted = versions[-1] if versions else None
    answers = submitted.answers if submitted else frozen_answers(support_request)
    return {
        "submitted": submitted,
        "sections": sections(answers, support_request.support),
        "differences": differences(versions, support_request.support),
        "remarks": [(label, text) for _key, label, text in remarks_by_label(support_request)],
    }


# ── referrals and conversations ──────────────────────────────────────────────────────────────


def _referrals(
    support_request: SupportRequest, actor: Any, agencies: Iterable[Agency]
) -> list[Referral]:
    """All live ones and the newest of the others, one more than is shown."""
    ended = Case(When(state__in=NOT_LIVE, then=Value(1)), default=Value(0))
    visible = support_request.referrals.visible_to(actor).order_by(ended, "-pk")
    found = list(visible[: REFERRALS_SHOWN + 1])
    by_id = {agency.pk: agency for agency in agencies}
    for referral in found:
        referral.support_request = support_request
        referral.agency = by_id[referral.agency_id]
    return found


def _cards(referrals: list[Referral], actor: Any, queue: str) -> list[ReferralCard]:
    reports: dict[int, list[DeliveryReport]] = {}
    begun = [one.pk for one in referrals if one.started_on]
    for report in DeliveryReport.objects.filter(referral__in=begun) if begun else ():
        reports.setdefault(report.referral_id, []).append(report)
    return [_card(one, actor, queue, reports.get(one.pk, [])) for one in referrals]


def _card(
    referral: Referral, actor: Any, queue: str, reports: list[DeliveryReport]
) -> ReferralCard:
    actions = sorted(allowed_actions(referral, actor), key=_is_severe)
    return ReferralCard(
        referral, [_button("referral_act", referral, one, queue) for one in actions], reports
    )


def _conversations(
    support_request: SupportRequest,
    actor: Any,
    referrals: list[Referral],
    actions: list[Transition],
) -> dict[str, Any]:
    """The conversations, those that wait first, and what follows from them: whose move it is, and
    whether the clock runs."""
    posts = list(
        Post.objects.filter(thread__support_request=support_request)
        .select_related("thread")
        .defer("text")
        .annotate(read_to=_read_to(actor))
    )
    threads = _threads(support_request, actor, posts)
    waiting = [one.thread for one in threads if one.thread.state == ThreadState.WAITING]
    return {
        "threads": threads[:THREADS_SHOWN],
        "more_threads": len(threads) > THREADS_SHOWN,
        "clock": clock.reading(support_request, posts),
        "whereabouts": whereabouts(support_request, actor, referrals, actions, questions=waiting),
    }


def _read_to(actor: Any) -> Subquery:
    """The last post of its conversation that the actor has marked as read."""
    read = Reading.objects.filter(thread=OuterRef("thread"), user=actor.pk)
    return Subquery(read.values("last_post_id")[:1])


def _threads(
    support_request: SupportRequest, actor: Any, posts: list[Any]
) -> list[ConversationShown]:
    """Those that wait first, then the one in which somebody wrote last. The Secretariat reads
    every conversation."""
    by_thread: dict[int, list[Any]] = {}
    for post in posts:
        by_thread.setdefault(post.thread_id, []).append(post)
    found = []
    for said in by_thread.values():
        thread = said[0].thread
        thread.support_request = support_request
        unread = [one for one in said if one.author_id != actor.pk and one.pk > (one.read_to or 0)]
        found.append(ConversationShown(thread, len(said), said[-1].written_at, len(unread)))
    found.sort(key=lambda one: one.last_written, reverse=True)
    return sorted(found, key=lambda one: one.thread.state != ThreadState.WAITING)


# ── documents ────────────────────────────────────────────────────────────────────────────────


def _files(support_request: SupportRequest, actor: Any) -> list[Attachment]:
    visible = Attachment.objects.visible_to(actor).filter(support_request=support_request)
    files = list(visible.select_related("added_by", "agency"))
    for file in files:
        file.support_request = support_request
    return files
