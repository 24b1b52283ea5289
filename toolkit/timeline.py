"""Who may read which event of the Toolkit, and all events of the portal together."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from history.models import Event
from partners.access import standing
from partners.models import Party
from requests_app import timeline as requests_timeline
from requests_app.timeline import about_one_of
from toolkit import documents, projection
from toolkit.models import (
    Assessment,
    Implementation,
    Publicity,
    Recommendation,
    StepRecord,
    StepStatus,
)
from toolkit.workflow import (
    IMPLEMENTATIONS,
    OBSERVATIONS,
    OBSERVED,
    OPENED,
    RECOMMENDATIONS,
    STEPS,
    TABLE_LOADED,
)

IMPLEMENTATION = Implementation._meta.label_lower
RECOMMENDATION = Recommendation._meta.label_lower
PARTY = Party._meta.label_lower
ASSESSMENT = Assessment._meta.label_lower
SUBJECTS = frozenset({IMPLEMENTATION, RECOMMENDATION, PARTY, ASSESSMENT})
DRAFT_BEGUN = RECOMMENDATIONS.kind("ask_support")

# What everybody may read of a public implementation: steps and dates. The words that officers
# write beside them are for the Party, the lead agency and the Secretariat.
_PUBLIC = frozenset({"cycle", "state", "steps", "opened", projection.CORRECTS})
# What was recorded before may never have been public; where the whole cycle is, it is, and what a
# published table printed was.
_PUBLIC_OF_OPEN_CYCLES = _PUBLIC | {"was"}
PUBLIC_KINDS = frozenset(
    {
        OPENED,
        TABLE_LOADED,
        STEPS.kind("confirm"),
        IMPLEMENTATIONS.kind("publish"),
        IMPLEMENTATIONS.kind("record_consent"),
    }
)

# What documents say is for everybody; who entered it, from which file and why, is the desk's.
_OF_DOCUMENTS = frozenset({OBSERVED, OBSERVATIONS.kind("withdraw")})
_OF_THE_DESK = frozenset({"file", "despite", "reason"})


def visible_events(actor: Any) -> Q:
    """Events of implementations and recommendations that the actor reads inside; of public ones,
    and what published documents print of others, the moves of steps; and what documents say of
    any Party."""
    inside = Implementation.objects.inside(actor)
    public = Implementation.objects.filter(state=Publicity.PUBLIC)
    records = StepRecord.objects.filter(is_published=True)
    # The correction that takes a printed step away leaves no record of its own.
    takes_away = records.filter(
        implementation_id=OuterRef("subject_id"), replaced_at=OuterRef("recorded_at")
    )
    # Nobody but the Party learns that it has begun to write a request.
    own = Recommendation.objects.filter(implementation__party_id__in=standing(actor).all_parties)
    # The cheap condition first: what follows it is then asked of events of that type alone.
    of_cycles = Q(subject_type=IMPLEMENTATION)
    return (
        of_cycles & about_one_of(inside)
        | of_cycles & Q(kind__in=PUBLIC_KINDS) & about_one_of(public)
        | of_cycles & Q(Exists(records.filter(event_id=OuterRef("pk"))))
        | of_cycles & Q(kind=STEPS.kind("confirm")) & Q(Exists(takes_away))
        | Q(subject_type=RECOMMENDATION)
        & about_one_of(Recommendation.objects.inside(actor))
        & (~Q(kind=DRAFT_BEGUN) | about_one_of(own))
        | Q(subject_type=PARTY, kind__in=_OF_DOCUMENTS)
        | _of_assessments(actor)
    )


def _of_assessments(actor: Any) -> Q:
    """Whoever reads one inside; where the bare fact is public, its history is not."""
    return Q(subject_type=ASSESSMENT) & about_one_of(Assessment.objects.inside(actor))


def events_visible_to(actor: Any) -> "QuerySet[Event]":
    """Every event that the actor may read, of requests, referrals and the Toolkit: the feed."""
    return Event.objects.filter(requests_timeline.visible_events(actor) | visible_events(actor))


def about_implementations(ids: Iterable[int], actor: Any) -> "QuerySet[Event]":
    """What happened to the steps of some implementations, newest first. Who opened which document
    stands beside the documents."""
    found = Event.objects.filter(
        visible_events(actor), subject_type=IMPLEMENTATION, subject_id__in=list(ids)
    )
    return found.exclude(kind=documents.READ).order_by("-pk")


def about_step(step: StepStatus, actor: Any) -> "QuerySet[Event]":
    """What happened to one step, newest first."""
    mine = Q(changes__step=step.step) | Q(changes__steps__has_key=step.step)
    return about_implementations([step.implementation_id], actor).filter(mine)


def about_recommendation(recommendation: Recommendation, actor: Any) -> "QuerySet[Event]":
    """What happened to one recommendation, newest first."""
    mine = Event.objects.filter(visible_events(actor), subject_type=RECOMMENDATION)
    return mine.filter(subject_id=recommendation.pk).order_by("-pk")


def about_assessment(assessment: Assessment, actor: Any) -> "QuerySet[Event]":
    """What happened to one assessment, newest first."""
    mine = Event.objects.filter(visible_events(actor), subject_type=ASSESSMENT)
    return mine.filter(subject_id=assessment.pk).order_by("-pk")


def open_changes(
    events: Iterable[Event], actor: Any, inside: set[int] | None = None
) -> dict[int, dict[str, Any]]:
    """By event id, the part of `changes` that the actor may read, for events of every app here.

    Ask only with events from `events_visible_to`; three queries for any number of them, one less
    where the caller has `inside` from `with_every_word` already.
    """
    events = list(events)
    inside = with_every_word(events, actor) if inside is None else inside
    public = _wholly_public(events, inside)
    return requests_timeline.open_changes(events, actor) | {
        event.pk: _open_part(event, inside, public)
        for event in events
        if event.subject_type in SUBJECTS
    }


def with_every_word(events: list[Event], actor: Any) -> set[int]:
    """Implementations whose every word the actor may read."""
    ids = {event.subject_id for event in events if event.subject_type == IMPLEMENTATION}
    if standing(actor).sees_all or not ids:
        return ids
    return set(Implementation.objects.inside(actor).filter(pk__in=ids).values_list("pk", flat=True))


def _wholly_public(events: list[Event], inside: set[int]) -> set[int]:
    """Implementations of which everybody reads every step, beside those that the actor reads
    inside."""
    ids = {event.subject_id for event in events if event.subject_type == IMPLEMENTATION} - inside
    found = Implementation.objects.filter(pk__in=ids, state=Publicity.PUBLIC)
    return set(found.values_list("pk", flat=True)) if ids else set()


def hides_the_person(event: Event, inside: set[int]) -> bool:
    """The public reads which body acted on an implementation, not which person; and nobody but the
    desk reads who entered what a document says."""
    if event.subject_type == PARTY:
        return bool(event.actor_body)
    of_implementation = event.subject_type == IMPLEMENTATION
    return of_implementation and event.subject_id not in inside and bool(event.actor_body)


def open_source(event: Event, inside: set[int]) -> str:
    """Its source, where it is for the reader: that of a letter is for those inside."""
    if event.subject_type == IMPLEMENTATION and event.subject_id not in inside:
        return projection.public_source(event)
    return event.source


def _open_part(event: Event, inside: set[int], public: set[int]) -> dict[str, Any]:
    if event.subject_type == PARTY:
        return {name: said for name, said in event.changes.items() if name not in _OF_THE_DESK}
    if event.subject_type != IMPLEMENTATION or event.subject_id in inside:
        return dict(event.changes)
    open_names = _PUBLIC_OF_OPEN_CYCLES if event.subject_id in public else _PUBLIC
    said = {name: value for name, value in event.changes.items() if name in open_names}
    was = event.changes.get("was", {})
    return said | {"was": was} if was.get("printed") else said
