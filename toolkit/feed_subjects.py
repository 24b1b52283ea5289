"""What an event is about, in the words of the API: for its feed and for the messages of webhooks.

Says nothing about who may read an event.
"""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from history.models import Event
from partners.models import Party
from requests_app import timeline as requests_timeline
from requests_app.models import Referral, SupportRequest, Thread
from toolkit import timeline as toolkit_timeline
from toolkit.models import Assessment, Implementation, Recommendation


@dataclass(frozen=True)
class _Subject:
    """What the API calls it, and what of its row names its Party and its request; `has_id`: it has
    no other name there."""

    name: str
    rows: "QuerySet[Any]"
    party: str
    request: Combinable | None = None
    has_id: bool = True

    def query(self, value: Combinable) -> Subquery:
        """That value of the row which an event is about."""
        found = self.rows.filter(pk=OuterRef("subject_id")).order_by()
        return Subquery(found.annotate(named_so=value).values("named_so"))


_OF_CASE = F("support_request__reference")
_SUBJECTS = {
    requests_timeline.REQUEST: _Subject(
        "request",
        SupportRequest.objects.all(),
        "party__code",
        Coalesce("reference", "draft_key"),
        has_id=False,
    ),
    requests_timeline.REFERRAL: _Subject(
        "referral", Referral.objects.all(), "support_request__party__code", _OF_CASE
    ),
    requests_timeline.THREAD: _Subject(
        "conversation", Thread.objects.all(), "support_request__party__code", _OF_CASE
    ),
    toolkit_timeline.IMPLEMENTATION: _Subject(
        "implementation", Implementation.objects.all(), "party__code"
    ),
    toolkit_timeline.RECOMMENDATION: _Subject(
        "recommendation", Recommendation.objects.all(), "implementation__party__code"
    ),
    toolkit_timeline.PARTY: _Subject("party", Party.objects.all(), "code", has_id=False),
    toolkit_timeline.ASSESSMENT: _Subject("assessment", Assessment.objects.all(), "party__code"),
}
NAMES = sorted(one.name for one in _SUBJECTS.values())


def with_names(events: "QuerySet[Event]") -> "QuerySet[Event]":
    """With what `subject_of` needs, in the same query."""
    requests = [
        When(subject_type=label, then=one.query(one.request))
        for label, one in _SUBJECTS.items()
        if one.request is not None
    ]
    parties = [
        When(subject_type=label, then=one.query(F(one.party))) for label, one in _SUBJECTS.items()
    ]
    nothing = Value(None)
    return events.annotate(
        request_handle=Case(*requests, default=nothing, output_field=CharField()),
        party_code=Case(*parties, default=nothing, output_field=CharField()),
    )


def subject_of(event: Any) -> dict[str, Any]:
    """Of an event `with_names`: a request by reference, the rest by id and Party or request."""
    kind = _SUBJECTS[event.subject_type]
    return {
        "type": kind.name,
        "id": event.subject_id if kind.has_id else None,
        "request": event.request_handle,
        "party": event.party_code,
    }
