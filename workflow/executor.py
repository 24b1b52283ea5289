"""The one executor: a state changes here and nowhere else."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar

from django.db import OperationalError, connection, models, transaction

from history import kinds
from history.log import record
from history.models import Event
from history.precision import Precision
from workflow.errors import DoneBefore, InvalidInput, NotAllowedNow, NotPermitted, StaleVersion
from workflow.guard import guarded, may_write
from workflow.inputs import no_such_field
from workflow.kept_queries import KeptQuery
from workflow.transitions import Act, Table, Transition

Effect = Callable[[Any, Event, Act], None]
Done = TypeVar("Done")

_tables: dict[type[models.Model], Table] = {}
_effects: dict[tuple[str, str], list[Effect]] = {}


def register(table: Table) -> None:
    """Make a table known; called from its app's ready()."""
    _tables[table.model] = table
    for transition in table.transitions:
        kinds.register(table.kind(transition.action), transition.done)


def register_effect(table_name: str, action: str, effect: Effect) -> None:
    """Run `effect(object, event, act)` inside the transaction of that action, after the event.

    For an upper app that must follow a move below, declared in its ready(). An effect that
    raises undoes the whole move.
    """
    known = _effects.setdefault((table_name, action), [])
    if effect not in known:
        known.append(effect)


def tables() -> list[Table]:
    return sorted(_tables.values(), key=lambda table: table.name)


def effects() -> dict[tuple[str, str], list[Effect]]:
    return dict(_effects)


def table_of(obj: models.Model | type[models.Model]) -> Table:
    return _tables[obj if isinstance(obj, type) else type(obj)]


def allowed_actions(obj: Any, actor: Any) -> list[Transition]:
    """What `actor` may do with `obj` now, in the order of the table.

    Guards are not asked: an action with something still to fill in is allowed and says so.
    """
    table = table_of(obj)
    if not table.is_for(actor):
        return []
    return [
        transition
        for transition in table.transitions
        if transition.who(actor, obj) and transition.is_open(obj)
    ]


def can(actor: Any, action: str, obj: Any) -> bool:
    """May `actor` do `action` to `obj` now? The same question every door and button asks."""
    return any(transition.action == action for transition in allowed_actions(obj, actor))


def perform(
    action: str,
    obj: Any,
    *,
    by: Any,
    data: Mapping[str, Any] | None = None,
    version: int | None = None,
    read_again: bool = True,
) -> Event:
    """Do one action: lock, check, change, record, run effects, write messages; all or nothing.

    `version` is the one the caller saw; leave it out only where nobody saw one. Answers named
    effective_on, precision and source date the event; without them it is true from today.
    `obj` is brought up to date before this returns, unless the caller reads it again in its own
    way and says so. Raises the errors of `workflow.errors` and nothing else of its own; KeyError
    for an action in no table is a programming mistake.

    What is so already (a file that is there) is not done again: the event of that time is given,
    and says `was_there`. PostgreSQL may undo one of two moves that wait for each other; it is then
    done once more.
    """
    try:
        event = again_after_deadlock(lambda: _perform(action, obj, by, data or {}, version))
    except DoneBefore as before:
        event = before.event
        event.was_there = True
    if read_again:
        obj.refresh_from_db(from_queryset=_with_rows_beside(table_of(obj)))
    return event


def again_after_deadlock(work: Callable[[], Done]) -> Done:
    """Do the work, a whole transaction, and once more when PostgreSQL undid it for another's."""
    try:
        return work()
    except OperationalError as error:
        if connection.in_atomic_block or not _is_deadlock(error):
            raise
        return work()


def _is_deadlock(error: OperationalError) -> bool:
    return getattr(error.__cause__, "pgcode", None) in {"40P01", "40001"}


@transaction.atomic
def _perform(action: str, obj: Any, by: Any, data: Mapping[str, Any], version: int | None) -> Event:
    table = table_of(obj)
    transition = table.by_action[action]
    locked = _locked(table, obj)
    by = table.fresh(by)
    _refuse_unless_open(transition, locked, by)
    # What only writes beside the object is as true of its next version.
    if version is not None and transition.alters and version != locked.version:
        raise StaleVersion
    answers = _checked(transition, data)
    if transition.prepare:
        answers = transition.prepare(locked, answers)
    act = Act(transition, by, answers, locked.state)
    if transition.guard:
        transition.guard(locked, act)
    said = dict(transition.change(locked, act)) if transition.change else {}
    target = transition.target_state(locked, act)
    if target != locked.state:
        said["state"] = [locked.state, target]
    if transition.alters:
        locked.state = target
        locked.version += 1
        with may_write(*guarded(table.model)):
            locked.save(update_fields=_columns(table.model, transition))
    dated = answers if transition.is_dated else {}
    event = record(
        table.subject(locked),
        table.kind(action),
        by=table.snapshot(by, locked),
        changes=said,
        effective_on=dated.get("effective_on"),
        precision=dated.get("precision") or Precision.DAY,
        source=dated.get("source") or "",
    )
    table.settle(locked, event)
    for effect in _effects.get((table.name, action), []):
        effect(locked, event, act)
    table.notify(event, locked, act)
    return event


def _locked(table: Table, obj: Any) -> Any:
    """The row as it is now, held until the end of the transaction, with the rows beside it. The
    row above is locked before, and all that is read has been read since."""
    found = _for_update(table.model).objects_after(table.lock_first(obj), pk=obj.pk)
    if not found:
        raise table.model.DoesNotExist  # type: ignore[attr-defined]  # each model has its own
    return found[0]


@cache
def _for_update(model: type[models.Model]) -> KeptQuery:
    rows = _with_rows_beside(table_of(model)).select_for_update(no_key=True, of=("self",))
    return KeptQuery(lambda pk: rows.filter(pk=pk), is_planned_once=True)


def _with_rows_beside(table: Table) -> Any:
    rows = table.model._base_manager.all()
    return rows.select_related(*table.beside) if table.beside else rows


def _columns(model: type[models.Model], transition: Transition) -> list[str] | None:
    """What to save. The Secretariat's own business leaves the time of the last change alone:
    everybody who sees the object reads that."""
    if not transition.is_internal or transition.shows:
        return None
    columns = model._meta.concrete_fields
    return [one.name for one in columns if not (one.primary_key or getattr(one, "auto_now", False))]


def require(action: str, obj: Any, actor: Any) -> None:
    """Raise NotPermitted or NotAllowedNow, as `perform` would, before anything typed is judged."""
    _refuse_unless_open(table_of(obj).by_action[action], obj, actor)


def _refuse_unless_open(transition: Transition, obj: Any, actor: Any) -> None:
    if not (table_of(obj).is_for(actor) and transition.who(actor, obj)):
        raise NotPermitted(str(transition.who.refusal))
    if not transition.is_open(obj):
        allowed = [one.action for one in allowed_actions(obj, actor)]
        raise NotAllowedNow(
            str(transition.label),
            obj.get_state_display(),
            allowed,
            already=obj.state not in transition.sources
            and (transition.target == obj.state or obj.state in transition.targets),
            reason=str(transition.in_the_way) if obj.state in transition.sources else "",
        )


def _checked(transition: Transition, data: Mapping[str, Any]) -> dict[str, Any]:
    """The answers to the declared inputs; forms and serializers have judged their shape."""
    names = [one.name for one in transition.inputs]
    problems = {name: [no_such_field(names)] for name in data if name not in names}
    for one in transition.inputs:
        problem = one.problem_with(data.get(one.name))
        if problem:
            problems[one.name] = [problem]
    if problems:
        raise InvalidInput(problems)
    return {one.name: data.get(one.name) for one in transition.inputs}
