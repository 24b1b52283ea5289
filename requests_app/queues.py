"""The queues of the desk: named ways to look at the requests, each with its order.

The list, the counts beside it and the way from one request to the next all ask here. Counts and
steps cost the same however many requests there are: every queue has an index in its order.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import F, IntegerField, Q, Subquery
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models import User
from requests_app.models import DECIDED, OPEN, RequestState, SupportRequest, WaitsFor
from requests_app.models.requests import SupportRequestQuerySet

COUNTED = 1_000  # a longer queue is said to hold more than that
OPEN_WORK = "open"  # what the desk begins with


@dataclass(frozen=True)
class Key:
    """One column of an order. Where it is empty, the row stands last."""

    column: str
    descends: bool = False
    may_be_empty: bool = False

    @property
    def expression(self) -> Any:
        if self.descends:
            return F(self.column).desc()
        return F(self.column).asc(nulls_last=self.may_be_empty or None)


# The first to be due stand first; whose clock stands still or has no target, by their age.
_BY_DUE = (Key("due_at", may_be_empty=True), Key("submitted_at"), Key("pk"))
_LAST_DECIDED = (Key("state_since", descends=True), Key("pk", descends=True))
_LAST_SUBMITTED = (Key("submitted_at", descends=True), Key("pk", descends=True))


@dataclass(frozen=True)
class Queue:
    """`key` stands in addresses; `chosen` says for an actor which requests are in it."""

    key: str
    label: str | Promise
    chosen: Callable[[Any], Q]
    order: tuple[Key, ...] = _BY_DUE

    @property
    def ordering(self) -> list[Any]:
        return [key.expression for key in self.order]

    def of(self, actor: Any) -> SupportRequestQuerySet:
        """Its requests, in no order yet."""
        return submitted_to(actor).filter(self.chosen(actor))


def submitted_to(actor: Any) -> SupportRequestQuerySet:
    """What was ever submitted and the actor may see. Drafts belong to the country, also where a
    reader of the desk could see one."""
    return SupportRequest.objects.visible_to(actor).filter(reference__isnull=False)


def _open(**more: Any) -> Q:
    return Q(state__in=OPEN, **more)


def _overdue(actor: Any) -> Q:
    """Late, and the clock runs: while the country has to move, nobody is late."""
    running = [WaitsFor.SECRETARIAT, WaitsFor.PARTNERS]
    return _open(due_at__lt=timezone.now(), waits_for__in=running)


QUEUES = (
    Queue(OPEN_WORK, _("Open work"), lambda actor: _open()),
    Queue(
        "mine",
        pgettext_lazy("queue of requests", "Mine"),
        lambda actor: _open(assignee_id=actor.pk),
    ),
    Queue(
        "unassigned",
        pgettext_lazy("queue of requests", "Unassigned"),
        lambda actor: _open(assignee=None),
    ),
    Queue(
        "new",
        pgettext_lazy("queue of requests", "New"),
        lambda actor: Q(state=RequestState.SUBMITTED),
    ),
    Queue("country", _("Waiting for country"), lambda actor: _open(waits_for=WaitsFor.COUNTRY)),
    Queue("partners", _("Waiting for partners"), lambda actor: _open(waits_for=WaitsFor.PARTNERS)),
    Queue("overdue", _("Overdue"), _overdue),
    Queue(
        "decided",
        pgettext_lazy("queue of requests", "Decided"),
        lambda actor: Q(state__in=DECIDED),
        _LAST_DECIDED,
    ),
    Queue("all", pgettext_lazy("queue of requests", "All"), lambda actor: Q(), _LAST_SUBMITTED),
)
BY_KEY = {queue.key: queue for queue in QUEUES}
# Parameters of the list that look among all requests where no queue is named: a search, a state,
# and what the links of figures set (requests_app.admin.figure_filters).
_LOOK_EVERYWHERE = {"q", "state", "submitted", "acknowledged", "decided", "due", "mentions"}


def queue_in(asked: Mapping[str, Any]) -> Queue | None:
    """The queue that an address of the list opens: the one it names, open work where it says
    nothing, and none where it looks everywhere."""
    named = BY_KEY.get(str(asked.get("queue", "")))
    if named is None and not any(asked.get(name) for name in _LOOK_EVERYWHERE):
        return BY_KEY[OPEN_WORK]
    return named


# ── counts ───────────────────────────────────────────────────────────────────────────────────


class _Counted(Subquery):
    """The number of rows of a queryset, as one value of a larger query."""

    template = "(SELECT COUNT(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


def count_columns(actor: User) -> dict[str, Any]:
    """Columns for a query of anything, each with the count of the queue whose key it is named
    after; COUNTED + 1 stands for any larger number."""
    return {
        f"in_{queue.key}": _Counted(queue.of(actor).order_by().values("pk")[: COUNTED + 1])
        for queue in QUEUES
    }


# ── from one request to the next ─────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Neighbour:
    pk: int
    reference: str


@dataclass(frozen=True)
class Neighbours:
    """The requests before and after one in a queue; None at either end."""

    previous: Neighbour | None
    following: Neighbour | None


def neighbours(queue_key: str, support_request: SupportRequest, actor: User) -> Neighbours:
    """Where a request stands, or would stand, in a queue; one query. KeyError: no such queue."""
    queue = BY_KEY[queue_key]
    rows = queue.of(actor).exclude(pk=support_request.pk)
    pieces = {
        "before": _after(rows, _turned(queue.order), support_request),
        "after": _after(rows, queue.order, support_request),
    }
    columns = {
        f"{where}_{n}_{column}": Subquery(piece.values(column)[:1])
        for where, its in pieces.items()
        for n, piece in enumerate(its)
        for column in ("pk", "reference")
    }
    # One row with all of it: that of the actor.
    found = User.objects.filter(pk=actor.pk).values_list(*columns.values())[0]
    said = dict(zip(columns, found, strict=True))

    def first(where: str) -> Neighbour | None:
        for n in range(len(pieces[where])):
            if said[f"{where}_{n}_pk"] is not None:
                return Neighbour(said[f"{where}_{n}_pk"], said[f"{where}_{n}_reference"])
        return None

    return Neighbours(first("before"), first("after"))


@dataclass(frozen=True)
class _Turned(Key):
    """A column of an order that is read backwards: where it is empty, the row stands first."""

    @property
    def expression(self) -> Any:
        if self.descends:
            return F(self.column).desc(nulls_first=self.may_be_empty or None)
        return F(self.column).asc()


def _turned(order: tuple[Key, ...]) -> tuple[Key, ...]:
    return tuple(_Turned(key.column, not key.descends, key.may_be_empty) for key in order)


def _after(rows: SupportRequestQuerySet, order: tuple[Key, ...], one: SupportRequest) -> list[Any]:
    """What follows `one` in the order, in pieces that each begin at a place of the index: rows
    whose first column is filled and rows where it is empty are two such pieces."""
    first, *rest = order
    sorted_rows = rows.order_by(*(key.expression for key in order))
    value = getattr(one, first.column)
    if not first.may_be_empty:
        return [sorted_rows.filter(_from(first, value), _beyond(order, one))]
    filled = sorted_rows.filter(**{f"{first.column}__isnull": False})
    empty = sorted_rows.filter(**{f"{first.column}__isnull": True})
    empty_stand_first = isinstance(first, _Turned)
    if value is None:
        here = empty.filter(_beyond(tuple(rest), one))
        return [here, filled] if empty_stand_first else [here]
    here = filled.filter(_from(first, value), _beyond(order, one))
    return [here] if empty_stand_first else [here, empty]


def _from(key: Key, value: Any) -> Q:
    return Q(**{f"{key.column}__{'lte' if key.descends else 'gte'}": value})


def _beyond(order: tuple[Key, ...], one: SupportRequest) -> Q:
    """Later in the order than `one`, whose columns are all filled."""
    key, *rest = order
    value = getattr(one, key.column)
    later = Q(**{f"{key.column}__{'lt' if key.descends else 'gt'}": value})
    if not rest:
        return later
    return later | Q(**{key.column: value}) & _beyond(tuple(rest), one)
