"""Transitions as data: what may happen to an object, from where, by whom, with what words.

A table is declared once, in the `workflow.py` of its app, and run by `workflow.executor` alone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.functional import Promise

from history.log import ActorSnapshot
from history.models import Event
from workflow.inputs import Input
from workflow.kept_queries import Asked

Words = str | Promise
Data = Mapping[str, Any]


@dataclass(frozen=True)
class Who:
    """A rule of authority: a name for people and a test of (actor, object). `refusal` is said to
    whom it does not let through, where there is more to say than that. `keys`: whether an API key
    may ever pass; the API's document says so, the test decides."""

    label: str
    test: Callable[[Any, Any], bool]
    refusal: Words = ""
    keys: bool = True

    def __call__(self, actor: Any, obj: Any) -> bool:
        return self.test(actor, obj)

    def __or__(self, other: "Who") -> "Who":
        return Who(
            f"{self.label}, or {other.label}",
            lambda actor, obj: self.test(actor, obj) or other.test(actor, obj),
            keys=self.keys or other.keys,
        )


@dataclass(frozen=True)
class Act:
    """One action being done: handed to guards, changes, effects and notices."""

    transition: "Transition"
    actor: Any
    data: Data
    state_before: str


# Gives the answers as they are to be kept: of an object and what was answered about it.
Prepare = Callable[[Any, Data], dict[str, Any]]
Guard = Callable[[Any, Act], None]  # raises InvalidInput with the sentences of what is missing
Change = Callable[[Any, Act], Data]  # alters the object, returns what history should say


# Each is itself, whatever another says: what follows from its words alone is kept by it.
@dataclass(frozen=True, kw_only=True, eq=False)
class Transition:
    """One row of the table.

    `target` is a state, or a function of (object, act) that names one, or None when the state
    stays; `targets` then lists what the function can give, for the diagram. `when` says more
    about the object than its state can; `in_the_way` is the end of a sentence for those who
    ask while it does not hold. `tells` names audiences that the app's notices know.

    An `is_internal` action is the Secretariat's own business: nobody else learns that it was
    done, unless by what it `shows` them. One that does not `alter` the object writes beside it
    (a note): whoever has its page open is not told that it changed. One that is not `dated`
    happens today, whatever date is among its answers: it only speaks of another day.

    `says` gives whoever has done it a sentence of the object as it is then, where `done` alone
    would tell them too much; "" where it does not.
    """

    action: str
    label: Words  # an imperative, for buttons: "Take up"
    done: Words  # the past, for the timeline: "Taken up"
    sources: frozenset[str]
    who: Who
    target: str | Callable[[Any, Act], str] | None = None
    targets: frozenset[str] = frozenset()
    when: Callable[[Any], bool] | None = None
    in_the_way: Words = ""
    inputs: tuple[Input, ...] = ()
    prepare: Prepare | None = None  # before the guard
    guard: Guard | None = None
    change: Change | None = None
    tells: tuple[str, ...] = ()
    warning: Words = ""  # what will follow, for actions with heavy consequences
    says: Callable[[Any], str] | None = None
    is_internal: bool = False
    shows: bool = False  # of an internal one: others then see something else than before
    alters: bool = True
    is_dated: bool = True

    def is_open(self, obj: Any) -> bool:
        """Does the object, as it is now, lead here? Says nothing about who asks."""
        return obj.state in self.sources and (self.when is None or self.when(obj))

    def target_state(self, obj: Any, act: Act) -> str:
        if self.target is None:
            return act.state_before
        return self.target if isinstance(self.target, str) else self.target(obj, act)


def _no_lock(obj: Any) -> None:
    """Most objects are locked by their own row alone."""


def _nothing_to_settle(obj: Any, event: Event) -> None:
    """Most tables keep nothing beside the state."""


@dataclass(frozen=True, kw_only=True)
class Table:
    """All transitions of one model; the state lives in its field `state`, with `version` beside.

    `lock_first` locks the row that stands above (a referral's request), so that everything about
    one case queues at one row; or gives the query that does, to be asked with the next. `subject`
    is whose history it is. `snapshot` turns the actor into the words that history keeps. `fresh`
    reads the actor again, so that a mandate that ended a moment ago no longer counts. `beside`
    names the other rows that actions and messages read, as `select_related` has them: they come
    with the object. `settle` brings up to date what is stored beside the state because lists are
    ordered by it (a due date). `notify` writes the messages. `scope` is what an API key must have
    to do any of it; without one, none does.
    """

    name: str
    model: type[models.Model]
    transitions: tuple[Transition, ...]
    snapshot: Callable[[Any, Any], ActorSnapshot]
    fresh: Callable[[Any], Any]
    notify: Callable[[Event, Any, Act], None]
    lock_first: Callable[[Any], Asked | None] = _no_lock
    beside: tuple[str, ...] = ()
    settle: Callable[[Any, Event], None] = _nothing_to_settle
    subject: Callable[[Any], models.Model] = lambda obj: obj
    scope: str = ""
    by_action: dict[str, Transition] = field(init=False)

    def __post_init__(self) -> None:
        by_action = {transition.action: transition for transition in self.transitions}
        if len(by_action) != len(self.transitions):
            raise ValueError(f"{self.name}: an action stands twice in the table")
        object.__setattr__(self, "by_action", by_action)

    def is_for(self, actor: Any) -> bool:
        """Whether the actor may act here at all, for somebody who acts with scopes. Whom else the
        table concerns, its rules say."""
        scopes = getattr(actor, "scopes", None)
        return scopes is None or self.scope in scopes

    def kind(self, action: str) -> str:
        return f"{self.name}.{action}"

    @property
    def internal_kinds(self) -> frozenset[str]:
        """The kinds of events that are the Secretariat's own business."""
        return frozenset(self.kind(one.action) for one in self.transitions if one.is_internal)
