"""From one request to the next without going back to the list: the queue stays in the address."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

from requests_app.admin.export import LIST
from requests_app.admin.taking import may_take
from requests_app.models import SupportRequest
from requests_app.queues import BY_KEY, Neighbour, Queue, neighbours


@dataclass(frozen=True)
class Step:
    """A request before or after this one, and the address of its page."""

    reference: str
    url: str


@dataclass(frozen=True)
class QueueNav:
    """What stands above a request: the way on, if it was opened from a queue, and the button with
    which to take it, for an officer while nobody has it in hand."""

    queue: Queue | None
    list_url: str = ""
    previous: Step | None = None
    following: Step | None = None
    take_url: str = ""


def queue_nav(request: HttpRequest, support_request: SupportRequest) -> QueueNav:
    user: Any = request.user
    take = ""
    if support_request.assignee_id is None and may_take(user, support_request):
        take = reverse("admin:requests_app_supportrequest_take", args=[support_request.pk])
        take = with_queue(request, take)
    queue = BY_KEY.get(request.GET.get("queue", ""))
    if queue is None:
        return QueueNav(None, take_url=take)
    beside = neighbours(queue.key, support_request, user)
    asked = urlencode({"queue": queue.key})
    return QueueNav(
        queue,
        f"{reverse(LIST)}?{asked}",
        _step(beside.previous, asked),
        _step(beside.following, asked),
        take,
    )


def _step(neighbour: Neighbour | None, asked: str) -> Step | None:
    if neighbour is None:
        return None
    address = reverse("admin:requests_app_supportrequest_change", args=[neighbour.pk])
    return Step(neighbour.reference, f"{address}?{asked}")


def with_queue(request: HttpRequest, address: str) -> str:
    """The address, with the queue in which the officer is at work."""
    queue = BY_KEY.get(request.GET.get("queue", ""))
    return f"{address}?{urlencode({'queue': queue.key})}" if queue else address
