"""What stands beside every page of the desk: the queues with their counts, the officer's own
views, and the rooms. One query, and none on a page that does not show it."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from partners.models import User
from requests_app.queues import BY_KEY, COUNTED, OPEN_WORK, QUEUES, count_columns, queue_in
from requests_app.saved_views import as_kept

_REQUESTS = "requests_app_supportrequest"
_HAS_LATE = "overdue"

_HOME = (
    (_("What there is to do"), "admin:index"),
    (_("Overview"), "admin:overview"),
    (_("Report for the Standing Committee"), "admin:report"),
    (_("Health of the portal"), "admin:health"),
)
# The rooms of every day, each with the lists that belong to it.
_ROOMS = (
    (_("Referrals"), ("requests_app_referral",)),
    (_("Conversations"), ("requests_app_thread",)),
    (
        _("Toolkit"),
        ("toolkit_implementation", "toolkit_observation", "toolkit_publishedtotal"),
    ),
    (_("Assessments"), ("toolkit_assessment", "toolkit_edition")),
    (_("Activities"), ("record_activity", "record_activityimport")),
    (_("Operations"), ("record_operation", "record_series")),
    (_("Recognition"), ("record_recognition",)),
    (_("Enforcement networks"), ("partners_network", "record_globalmeeting")),
    (_("News"), ("record_newsitem", "record_picture", "record_topic")),
    (_("Documents"), ("record_document",)),
    (_("Links"), ("record_checkedlink",)),
    (_("Parties"), ("partners_party",)),
    (
        _("People"),
        ("partners_user", "partners_mandate", "partners_invitation", "partners_accessrequest"),
    ),
    (_("API keys"), ("partners_apikey",)),
    (_("Webhooks"), ("webhooks_webhook",)),
    (_("Messages"), ("outbox_message", "outbox_heartbeat")),
    (_("History"), ("history_event",)),
    (_("Kinds of support"), ("requests_app_support",)),
    (_("Reasons and texts"), ("requests_app_reason",)),
    (_("Calendar and targets"), ("requests_app_holiday", "requests_app_target")),
)


@dataclass(frozen=True)
class Entry:
    """A line of the sidebar. `count` is in words: of a long queue only that it is long."""

    label: Any
    url: str
    is_open: bool = False
    count: str = ""
    is_urgent: bool = False


@dataclass(frozen=True)
class Sidebar:
    queues: list[Entry]
    views: list[Entry]
    rooms: list[Entry]
    home: list[Entry]  # what needs attention, and the figures


def sidebar(request: HttpRequest) -> Sidebar:
    requests = reverse(f"admin:{_REQUESTS}_changelist")
    rows = _rows(request.user)
    views = _views(request, requests, rows)
    in_a_view = any(view.is_open for view in views)
    key_of_open = "" if in_a_view else _open_queue(request, requests)
    return Sidebar(
        queues=_queues(requests, rows[0], key_of_open),
        views=views,
        rooms=[_room(request, label, lists) for label, lists in _ROOMS],
        home=[_page(request, label, name) for label, name in _HOME],
    )


def _rows(user: Any) -> list[dict[str, Any]]:
    """One for each of the officer's views, or one without any; each has all the counts."""
    mine = User.objects.filter(pk=user.pk).order_by("saved_views__name")
    rows: Any = mine.values("saved_views__name", "saved_views__query", **count_columns(user))
    return list(rows)


def _open_queue(request: HttpRequest, requests: str) -> str:
    """The key of the queue whose list this is, or in which a request was opened."""
    if request.path == requests:
        queue = queue_in(request.GET)
        return queue.key if queue else ""
    return request.GET.get("queue", "") if request.path.startswith(requests) else ""


def _queues(requests: str, counts: dict[str, Any], key_of_open: str) -> list[Entry]:
    return [
        Entry(
            queue.label,
            requests if queue.key == OPEN_WORK else f"{requests}?{urlencode({'queue': queue.key})}",
            queue.key == key_of_open,
            _count_in_words(counts[f"in_{queue.key}"]),
            queue.key == _HAS_LATE and counts[f"in_{queue.key}"] > 0,
        )
        for queue in QUEUES
    ]


def _count_in_words(count: int) -> str:
    shown = str(number_format(min(count, COUNTED), use_l10n=True, force_grouping=True))
    return f"{shown}+" if count > COUNTED else shown


def _views(request: HttpRequest, requests: str, rows: list[dict[str, Any]]) -> list[Entry]:
    here = as_kept(request.GET.urlencode()) if request.path == requests else None
    # What opens on a queue and nothing more is that queue, also where a view was saved of it.
    plain = {"", *(urlencode({"queue": key}) for key in BY_KEY)}
    kept = [(row["saved_views__name"], row["saved_views__query"]) for row in rows]
    return [
        Entry(name, f"{requests}?{query}", query == here and here not in plain)
        for name, query in kept
        if name is not None
    ]


def _page(request: HttpRequest, label: Any, name: str) -> Entry:
    return Entry(label, reverse(name), request.path == reverse(name))


def _room(request: HttpRequest, label: Any, lists: tuple[str, ...]) -> Entry:
    addresses = [reverse(f"admin:{name}_changelist") for name in lists]
    is_open = any(request.path.startswith(address) for address in addresses)
    return Entry(capfirst(str(label)), addresses[0], is_open)
