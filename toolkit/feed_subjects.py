"""What the events of the feed are about, as the API names it: requests by reference, Parties by
code, the rest by id with its request or Party. Asks by kind of subject: as many queries as there
are kinds, however many events."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import Value
from django.db.models.functions import Coalesce

from history.models import Event
from partners.models import Party
from requests_app import timeline as requests_timeline
from requests_app.models import Referral, SupportRequest, Thread
from toolkit import timeline as toolkit_timeline
from toolkit.models import Assessment, Implementation, Recommendation

Names = tuple[str | None, str | None]  # of the request, of the Party

# What the log calls a subject → what the API calls it, whether it has an id there, and the rows
# with the names of their request and Party.
_SUBJECTS: dict[str, tuple[str, bool, Any, tuple[Any, str]]] = {
    requests_timeline.REQUEST: (
        "request",
        False,
        SupportRequest.objects,
        (Coalesce("reference", "draft_key"), "party__code"),
    ),
    requests_timeline.REFERRAL: (
        "referral",
        True,
        Referral.objects,
        (Coalesce("support_request__reference", Value("")), "support_request__party__code"),
    ),
    requests_timeline.THREAD: (
        "conversation",
        True,
        Thread.objects,
        (Coalesce("support_request__reference", Value("")), "support_request__party__code"),
    ),
    toolkit_timeline.IMPLEMENTATION: (
        "implementation",
        True,
        Implementation.objects,
        (Value(""), "party__code"),
    ),
    toolkit_timeline.RECOMMENDATION: (
        "recommendation",
        True,
        Recommendation.objects,
        (Value(""), "implementation__party__code"),
    ),
    toolkit_timeline.PARTY: ("party", False, Party.objects, (Value(""), "code")),
    toolkit_timeline.ASSESSMENT: (
        "assessment",
        True,
        Assessment.objects,
        (Value(""), "party__code"),
    ),
}


def subjects_of(events: Iterable[Event]) -> dict[int, dict[str, Any]]:
    """By event id what it is about. Says nothing about who may read it."""
    events = list(events)
    ids: dict[str, set[int]] = defaultdict(set)
    for event in events:
        ids[event.subject_type].add(event.subject_id)
    names = {kind: _names(kind, found) for kind, found in ids.items()}
    return {event.pk: _subject(event, names[event.subject_type]) for event in events}


def _names(kind: str, ids: set[int]) -> dict[int, Names]:
    _name, _has_id, rows, (request, party) = _SUBJECTS[kind]
    found = rows.filter(pk__in=ids).order_by().values_list("pk", request, party)
    return {pk: (reference or None, code) for pk, reference, code in found}


def _subject(event: Event, names: dict[int, Names]) -> dict[str, Any]:
    kind, has_id, _rows, _named_by = _SUBJECTS[event.subject_type]
    request, party = names.get(event.subject_id, (None, None))
    subject_id = event.subject_id if has_id else None
    return {"type": kind, "id": subject_id, "request": request, "party": party}
