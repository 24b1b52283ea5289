"""The change feed: every event that somebody may read, in the order of its recording.

The one rule for all who follow it, the API's feed and the webhooks: a key, or an agency that is
told, reads what its scopes let it read; everybody else what `visible_events` of each app says.
"""

from functools import lru_cache
from typing import Any

from django.db.models import F, Q, QuerySet, Subquery

from history.models import Event
from partners.access import AgencyReader, reads_as, standing
from partners.kept_reading import reading_agency
from partners.models import Party, Scope
from requests_app import timeline as requests_timeline
from requests_app.models import SupportRequest
from toolkit import feed_kinds, feed_subjects
from toolkit import timeline as toolkit_timeline
from toolkit.models import Assessment, Implementation, Recommendation
from workflow.kept_queries import KeptQuery
from workflow.parameters import LARGEST_ID


def visible_to(actor: Any) -> "QuerySet[Event]":
    """The events that the actor may read under its scopes: those of requests, referrals and
    conversations with requests:read, those of unpublished implementations with toolkit:read."""
    visible = requests_timeline.visible_events(reads_as(actor, Scope.REQUESTS_READ))
    visible |= toolkit_timeline.visible_events(reads_as(actor, Scope.TOOLKIT_READ))
    return Event.objects.filter(visible)


def after(actor: Any, last_seen: int) -> "QuerySet[Event]":
    """What came after the event of that id. Ids commit in their order (history.log), so nothing
    that is recorded later can stand before one that was read."""
    return visible_to(actor).filter(pk__gt=last_seen).order_by("pk")


# Events that are judged one by one, in their order; whoever reads none or few of so many sees
# little, and is looked for among the events of what they see.
_STRETCH = 2_000
_LITTLE = 1_000  # referrals, conversations, requests
Kinds = tuple[str, ...]


def next_after(actor: Any, last_seen: int, number: int, kinds: Kinds = ()) -> list[Event]:
    """The first `number` of `after` that are of these kinds (see feed_kinds), however far away
    they are, with the names of what they are about."""
    near = _near(actor, last_seen, min(last_seen + _STRETCH, LARGEST_ID), number, kinds)
    if len(near) == number or _end(near) <= last_seen + _STRETCH:
        return near
    following, little = after(actor, last_seen), _of_the_little_seen_by(actor)
    if little is not None:
        placed: Any = _placed(visible_to(actor).filter(little))
        following = placed.filter(place__gt=last_seen).order_by("place")
    return list(shaped(following, kinds)[:number])


def shaped(events: "QuerySet[Event]", kinds: Kinds) -> "QuerySet[Event]":
    """Those of the kinds, with the names of what they are about."""
    return feed_subjects.with_names(events.filter(feed_kinds.chosen_by(kinds)))


def _near(actor: Any, last_seen: int, last: int, number: int, kinds: Kinds) -> list[Event]:
    agency_id, scopes = reading_agency(actor), _scopes_of(actor)
    if agency_id is None or not scopes:
        return list(_stretch(actor, last_seen, last, number, kinds))
    kept = _kept_stretch(scopes, number, kinds)
    return kept.objects(agency_id=agency_id, last_seen=last_seen, last=last)


def _stretch(actor: Any, last_seen: int, last: int, number: int, kinds: Kinds) -> "QuerySet[Event]":
    stretch = shaped(after(actor, last_seen).filter(pk__lte=last), kinds)
    return stretch.annotate(end=Subquery(_newest_first().values("pk")[:1]))[:number]


def _end(near: list[Any]) -> int:
    """The id of the newest event of all, which each event of a stretch has with it."""
    return int(near[0].end) if near else newest()


def _scopes_of(actor: Any) -> frozenset[str]:
    """Those on which it depends what a key reads here."""
    known = frozenset({Scope.REQUESTS_READ.value, Scope.TOOLKIT_READ.value})
    return known.intersection(getattr(actor, "scopes", ()))


@lru_cache(maxsize=200)
def _kept_stretch(scopes: frozenset[str], number: int, kinds: Kinds) -> KeptQuery:
    """The same for keys: each asks often, and mostly finds nothing."""
    return KeptQuery(
        lambda agency_id, last_seen, last: _stretch(
            AgencyReader(agency_id, scopes), last_seen, last, number, kinds
        )
    )


def _placed(events: "QuerySet[Any]") -> "QuerySet[Any]":
    """With their `place`, to be compared and ordered by instead of the primary key: along that,
    PostgreSQL would walk over all events to the first that fits."""
    return events.alias(place=F("pk") + 0)


def _of_the_little_seen_by(actor: Any) -> Q | None:
    """Events of all subjects that the actor reads anything of: a wider condition than the rule, but
    one that is answered by the index of subjects. None for whoever sees too much for that."""
    of_requests = reads_as(actor, Scope.REQUESTS_READ)
    if standing(of_requests).sees_all:
        return None
    found = Q(subject_type__in=toolkit_timeline.SUBJECTS)
    for label, subjects in requests_timeline.subjects_read(of_requests):
        ids = list(subjects.order_by().values_list("pk", flat=True)[: _LITTLE + 1])
        if len(ids) > _LITTLE:
            return None
        found |= Q(subject_type=label, subject_id__in=ids)
    return found


def newest() -> int:
    """The id of the newest event, whoever may read it; 0 when there is none. Not to be told."""
    found = _NEWEST.rows()
    return int(found[0][0]) if found else 0


def _newest_first() -> "QuerySet[Event]":
    return Event.objects.order_by("-pk")


_NEWEST = KeptQuery(lambda: _newest_first().values_list("pk")[:1])


# The end is told to the nearest of so many: by the exact one anybody could watch the portal work.
_COARSE = 10_000


def is_far_beyond(last_seen: int) -> bool:
    """Is there certainly no event of that id yet? A caller who asks for what comes after it has
    mistaken something, and would hear nothing for years."""
    return last_seen >= _COARSE and last_seen > (newest() // _COARSE + 1) * _COARSE


def end_of(actor: Any) -> int:
    """The id of the newest event that the actor may read; 0 when there is none. Whatever is
    recorded from now on comes after it."""
    end, visible = newest(), visible_to(actor).values_list("pk", flat=True)
    near = visible.filter(pk__gt=end - _STRETCH).order_by("-pk").first()
    if near is not None or end <= _STRETCH:
        return near or 0
    little = _of_the_little_seen_by(actor)
    if little is None:
        return visible.order_by("-pk").first() or 0
    placed: Any = _placed(visible.filter(little))
    return placed.order_by("-place").first() or 0


def of_request(events: "QuerySet[Event]", reference: str) -> "QuerySet[Event]":
    """Those about one request, its referrals and conversations. None when there is no such
    request: nobody learns from it which references exist."""
    found = SupportRequest.objects.filter(reference=reference).first()
    if found is None:
        return events.none()
    return events.filter(pk__in=requests_timeline.event_ids_of(found))


def of_party(events: "QuerySet[Event]", party: Party) -> "QuerySet[Event]":
    """Those about the Toolkit in one Party: its cycles, their recommendations, assessments, and
    what documents say of it."""
    cycles = Implementation.objects.filter(party=party).values("pk")
    plans = Recommendation.objects.filter(implementation__party=party).values("pk")
    assessments = Assessment.objects.filter(party=party).values("pk")
    return events.filter(
        Q(subject_type=toolkit_timeline.IMPLEMENTATION, subject_id__in=cycles)
        | Q(subject_type=toolkit_timeline.RECOMMENDATION, subject_id__in=plans)
        | Q(subject_type=toolkit_timeline.ASSESSMENT, subject_id__in=assessments)
        | Q(subject_type=toolkit_timeline.PARTY, subject_id=party.pk)
    )
