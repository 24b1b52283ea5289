"""The change feed: every event that somebody may read, in the order of its recording.

The one rule for all who follow it, the API's feed and the webhooks: a key, or an agency that is
told, reads what its scopes let it read; everybody else what `visible_events` of each app says.
"""

from typing import Any

from django.db.models import QuerySet

from history.models import Event
from partners.access import reads_as
from partners.models import Scope
from requests_app import timeline as requests_timeline
from toolkit import timeline as toolkit_timeline


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
