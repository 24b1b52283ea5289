"""Who may read which event of a request or a referral, and how much of what it says.

The one rule, for pages and for the API's feed:
the Secretariat reads all; a Party the events of its requests, but for the Secretariat's own
business, and, of their referrals, only that
they moved; an agency those of its own referrals, the submission, and what agencies are told.
Of conversations everybody reads what happened to those that they may see.
Of a referral that was recalled its agency reads that it moved and why, so that who follows the feed
learns of it; referral and request are closed to it.
"""

from collections.abc import Iterable
from typing import Any

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.db.models.lookups import IsNull
from django.utils.translation import get_language

from history.models import Event
from partners.access import Standing, standing
from requests_app import lateness, notices
from requests_app.models import (
    ENDED,
    Note,
    Reason,
    Referral,
    ReferralState,
    RequestVersion,
    Support,
    SupportRequest,
    Thread,
)
from requests_app.reminders import REMINDED
from requests_app.workflow import REFERRALS, REQUESTS, THREADS

REQUEST = SupportRequest._meta.label_lower
REFERRAL = Referral._meta.label_lower
THREAD = Thread._meta.label_lower

# What a Party may know of a referral; notes and answers are between agency and Secretariat.
_OF_A_REFERRAL = frozenset({"state", "answer_due_on"})
# What its agency may know of a referral that was recalled.
_OF_A_RECALLED = frozenset({"state", "reason"})
# What an agency asked stands in a conversation that the country takes part in.
_ASKED = REFERRALS.kind("ask")


# A Party learns that a referral moved; not that its agency had to be asked again, or sent a
# document to the Secretariat.
_BETWEEN_DESK_AND_AGENCY = frozenset(
    {REFERRALS.kind("remind"), REFERRALS.kind("send_document"), REMINDED}
)


def _kinds_told_to(audience: str) -> set[str]:
    return {REQUESTS.kind(one.action) for one in REQUESTS.transitions if audience in one.tells}


def visible_events(actor: Any) -> Q:
    """The rule as a condition on events, so that an upper app can add its own with `|`."""
    me = standing(actor)
    requests = SupportRequest.objects.visible_to(actor)
    seen = Q(subject_type=REFERRAL) & about_one_of(Referral.objects.visible_to(actor))
    seen |= Q(subject_type=THREAD) & about_one_of(Thread.objects.visible_to(actor))
    if me.sees_all:
        return seen | Q(subject_type=REQUEST) & about_one_of(requests)
    if not me.all_agencies:
        seen &= ~Q(kind__in=_BETWEEN_DESK_AND_AGENCY)
    if me.all_parties:
        own = requests.filter(party_id__in=me.all_parties)
        not_theirs = REQUESTS.internal_kinds | lateness.KINDS
        seen |= Q(subject_type=REQUEST) & ~Q(kind__in=not_theirs) & about_one_of(own)
    if me.all_agencies:
        # visible_to leaves out what was recalled; that it was is for the agency to know.
        own_referrals = Referral.objects.filter(agency_id__in=me.all_agencies)
        seen |= Q(subject_type=REFERRAL) & about_one_of(own_referrals)
        told = _kinds_told_to(notices.AGENCIES) | {REQUESTS.kind("submit")}
        seen |= Q(subject_type=REQUEST, kind__in=told) & about_one_of(requests)
        to_lead = _kinds_told_to(notices.LEAD_AGENCY)
        led = requests.filter(lead_agency_id__in=me.all_agencies)
        seen |= Q(subject_type=REQUEST, kind__in=to_lead) & about_one_of(led)
    return seen


def subjects_read(actor: Any) -> "list[tuple[str, QuerySet[Any]]]":
    """By type, every subject of whose events `visible_events` lets the actor read any: where to
    look for somebody who sees little."""
    mine = standing(actor).all_agencies
    return [
        (REFERRAL, Referral.objects.visible_to(actor)),
        (REFERRAL, Referral.objects.filter(agency_id__in=mine)),
        (THREAD, Thread.objects.visible_to(actor)),
        (REQUEST, SupportRequest.objects.visible_to(actor)),
    ]


def about_one_of(subjects: "QuerySet[Any]") -> Q:
    """That an event is about one of them; to stand after the cheap conditions on type and kind.

    Judged event by event, by the key of its subject. For `IN`, and for EXISTS, PostgreSQL would
    first gather all that the reader sees: a hundred thousand ids for the next fifty events.
    """
    found = subjects.order_by().filter(pk=OuterRef("subject_id")).values("pk")[:1]
    return Q(IsNull(Subquery(found), False))


def events_visible_to(actor: Any) -> "QuerySet[Event]":
    """Events of requests and referrals that the actor may read; see `open_changes` for how much."""
    return Event.objects.filter(visible_events(actor))


def about_request(support_request: SupportRequest, actor: Any) -> "QuerySet[Event]":
    """What happened to one request, its referrals and its conversations, newest first; each event
    with the names that requests_app.entries needs for its line."""
    found = Event.objects.filter(pk__in=event_ids_of(support_request))
    if not standing(actor).sees_all:
        found = found.filter(visible_events(actor))
    return with_names(found).order_by("-pk")


def event_ids_of(support_request: SupportRequest) -> "QuerySet[Any]":
    """All events of one case, whoever may read them: for a subquery. A union, because each part
    is then found by its index, however long the history of the portal."""
    ids = Event.objects.order_by().values("pk")
    referrals = Referral.objects.filter(support_request=support_request).order_by()
    threads = Thread.objects.filter(support_request=support_request).order_by()
    return ids.filter(subject_type=REQUEST, subject_id=support_request.pk).union(
        ids.filter(subject_type=REFERRAL, subject_id__in=referrals.values("pk")),
        ids.filter(subject_type=THREAD, subject_id__in=threads.values("pk")),
    )


def with_names(events: "QuerySet[Event]") -> "QuerySet[Event]":
    """Of a referral its agency, of a conversation its subject, of a note its text, of a return the
    form that was submitted last before it, which its remarks are about; and the name of the entry
    of the catalogue of reasons and texts that was chosen."""
    name = f"name_{(get_language() or 'en')[:2]}"
    chosen = Q(key=OuterRef("standard_key")) | Q(key=OuterRef("reason_key"))
    reason = Reason.objects.filter(chosen).values(name)[:1]
    note = Note.objects.filter(pk=Cast(OuterRef("note_key"), BigIntegerField())).values("text")
    agency = Referral.objects.filter(pk=OuterRef("subject_id")).values("agency__code")[:1]
    subject = Thread.objects.filter(pk=OuterRef("subject_id")).values("subject")[:1]
    forms = Support.objects.filter(key=OuterRef("chosen")).values("asks")[:1]
    before = RequestVersion.objects.filter(
        support_request=OuterRef("subject_id"), submitted_at__lte=OuterRef("recorded_at")
    )
    form = before.annotate(chosen=KT("answers__support")).annotate(form=Subquery(forms))
    keys = events.annotate(
        note_key=KT("changes__note"),
        reason_key=KT("changes__reason"),
        standard_key=KT("changes__standard"),
    )
    return keys.annotate(
        catalogue_name=Subquery(reason),
        note_text=_where(Q(kind=REQUESTS.kind("note")), note),
        referred_to=_where(Q(subject_type=REFERRAL), agency),
        conversation=_where(Q(subject_type=THREAD), subject),
        form=_where(
            Q(kind=REQUESTS.kind("return")), form.order_by("-submitted_at").values("form")[:1]
        ),
    )


def _where(condition: Q, found: "QuerySet[Any]") -> Case:
    return Case(When(condition, then=Subquery(found)), default=None, output_field=CharField())


def how_it_ended(support_request: SupportRequest, actor: Any) -> "QuerySet[Event]":
    """The event that ended a request, if it has ended and the actor may read it."""
    if not support_request.is_ended:
        return Event.objects.none()
    ends = [REQUESTS.kind(one.action) for one in REQUESTS.transitions if one.target in ENDED]
    return about_request(support_request, actor).filter(kind__in=ends)[:1]


def open_changes(events: Iterable[Event], actor: Any) -> dict[int, dict[str, Any]]:
    """By event id, the part of `changes` that the actor may read. Ask only with visible events;
    one query for any number of them. Events of other apps are left out."""
    me = standing(actor)
    mine = [event for event in events if event.subject_type in {REQUEST, REFERRAL, THREAD}]
    referral_ids = {event.subject_id for event in mine if event.subject_type == REFERRAL}
    own: dict[int, str] = {}
    if referral_ids and me.all_agencies and not me.sees_all:
        own = dict(
            Referral.objects.filter(pk__in=referral_ids, agency_id__in=me.all_agencies).values_list(
                "pk", "state"
            )
        )
    return {event.pk: _open_part(event, me, own) for event in mine}


def _open_part(event: Event, me: Standing, own: dict[int, str]) -> dict[str, Any]:
    """`own`: the state of the referrals that are the reader's own, by id."""
    if me.sees_all:
        return dict(event.changes)
    if event.subject_type == REFERRAL:
        state = own.get(event.subject_id)
        if state and state != ReferralState.RECALLED:
            return dict(event.changes)
        if not state and event.kind == _ASKED:
            return dict(event.changes)
        open_names = _OF_A_RECALLED if state else _OF_A_REFERRAL
        return {name: said for name, said in event.changes.items() if name in open_names}
    if event.kind == THREADS.kind("open_to") and me.all_agencies:
        # An agency does not learn who else was asked.
        return {name: said for name, said in event.changes.items() if name != "agency"}
    if event.kind == REQUESTS.kind("refer"):
        return {
            name: s for name, s in event.changes.items() if name not in notices.NOT_FOR_THE_COUNTRY
        }
    return dict(event.changes)
