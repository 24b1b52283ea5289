"""The public changes of steps as an Atom feed (RFC 4287), for whoever wants to follow them."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from history.models import Event
from requests_app.entries import Entry
from toolkit.entries import entries
from toolkit.models import Implementation
from toolkit.timeline import IMPLEMENTATION, PUBLIC_KINDS, visible_events
from toolkit.views.unchanged import unless_unchanged
from workflow.characters import without_control

NEWEST = 50
_LAUNCH = datetime(2012, 7, 25, tzinfo=UTC)
_NOBODY = AnonymousUser()  # whoever reads it: a feed reader passes on what it has read


@require_safe
@unless_unchanged(has_forms=False)
def atom(request: HttpRequest) -> HttpResponse:
    events = list(
        Event.objects.filter(
            visible_events(_NOBODY), subject_type=IMPLEMENTATION, kind__in=PUBLIC_KINDS
        ).order_by("-pk")[:NEWEST]
    )
    cycles = Implementation.objects.visible_to(_NOBODY).select_related("party")
    by_id = cycles.in_bulk({event.subject_id for event in events})
    feed = _Feed(
        title=_("Toolkit tracker: changes of steps"),
        link=request.build_absolute_uri(reverse("toolkit:table")),
        description=_("What was recorded of Toolkit implementations that are public."),
        language=get_language(),
        feed_url=request.build_absolute_uri(request.path),
        feed_guid=_tag(request, "toolkit"),
        author_name=_("ICCWC support portal"),
    )
    for event, entry in zip(events, entries(events, _NOBODY), strict=True):
        feed.add_item(**_item(request, event, entry, by_id[event.subject_id]))
    return HttpResponse(feed.writeString("utf-8"), content_type=_Feed.content_type)


class _Feed(Atom1Feed):
    """Dated by its newest entry; while there is none, by the launch of the Toolkit, not by now."""

    def latest_post_date(self) -> datetime:
        return max((item["updateddate"] for item in self.items), default=_LAUNCH)


def _item(
    request: HttpRequest, event: Event, entry: Entry, cycle: Implementation
) -> dict[str, Any]:
    """Without the characters that XML may not hold: the log never changes, whatever it took in."""
    words = [f"{label} {text}" for label, text in entry.words]
    said = [_("Date: %(day)s") % {"day": entry.when}, *words]
    said += [_("Source: %(source)s") % {"source": entry.source}] if entry.source else []
    return {
        "title": without_control(f"{cycle.party.name}: {entry.what}"),
        "link": request.build_absolute_uri(f"{cycle.get_absolute_url()}#event-{event.pk}"),
        "description": without_control("<br>".join(escape(one) for one in said)),
        "unique_id": _tag(request, f"event-{event.pk}"),
        "pubdate": event.recorded_at,
        "updateddate": event.recorded_at,
        "author_name": without_control(entry.body) or None,
    }


def _tag(request: HttpRequest, name: str) -> str:
    """An id that never changes (RFC 4151). The day is that of the Toolkit's launch."""
    return f"tag:{request.get_host().partition(':')[0]},{_LAUNCH:%Y-%m-%d}:{name}"
