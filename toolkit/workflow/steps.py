"""What may happen to a step: somebody proposes a change, somebody else confirms it.

The focal point proposes, or an officer of the Secretariat or of the lead agency who has it from a
letter, or the lead agency's own system through its key; the Secretariat or the lead agency
confirms, never the person who proposed, and nobody of the agency whose system did. Steps may
overlap or be skipped; going back is a correction with a reason, never an overwrite.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from history.models import Event
from partners.access import FOCAL_POINT, LEAD_AGENCY, OFFICER, fresh, snapshot, standing
from partners.models import ApiKey, Scope, User
from toolkit import notices, projection, step_notices
from toolkit.models import Implementation, Proposal, StepStatus
from toolkit.steps import StepState
from toolkit.workflow import step_changes as changes
from toolkit.workflow import step_inputs as asks
from workflow.transitions import Table, Transition, Who

S = StepState
_BEFORE_THE_END = frozenset({S.NOT_STARTED, S.UNDER_WAY})
_ONCE_BEGUN = frozenset({S.UNDER_WAY, S.DONE, S.NOT_APPLICABLE})


def _person(rule: Who) -> Who:
    """A second pair of eyes is a person's: a system with an API key has none."""
    return Who(
        rule.label,
        lambda actor, step: isinstance(actor, User) and rule(actor, step),
        keys=False,
    )


def _by_key(actor: Any, step: StepStatus) -> bool:
    return isinstance(actor, ApiKey) and LEAD_AGENCY(actor, step)


_CONCERNED = _person(FOCAL_POINT | OFFICER | LEAD_AGENCY)
_CONCERNED_OR_SYSTEM = _CONCERNED | Who("key of the lead agency", _by_key)
_MAY_CONFIRM = _person(OFFICER | LEAD_AGENCY)


def _is_of_the_agency(actor: Any, waiting: Proposal) -> bool:
    return waiting.agency_id in standing(actor).all_agencies


def _is_proposer(actor: Any, step: StepStatus) -> bool:
    """A person, of their own proposal; of what its system proposed, the agency's officers and its
    keys for this, while it leads. Of none, nobody: that says `when`, to those who could propose."""
    waiting = step.waiting
    if waiting is None:
        return _CONCERNED_OR_SYSTEM(actor, step)
    if waiting.agency_id is None:
        return isinstance(actor, User) and actor.pk == waiting.by_id
    may_write = _by_key(actor, step) or (isinstance(actor, User) and LEAD_AGENCY(actor, step))
    return may_write and _is_of_the_agency(actor, waiting)


def _second_pair_of_eyes(actor: Any, step: StepStatus) -> bool:
    waiting = step.waiting
    if waiting is not None and (actor.pk == waiting.by_id or _is_of_the_agency(actor, waiting)):
        return False
    return _MAY_CONFIRM(actor, step)


CONFIRMER = Who(
    "Secretariat officer, or officer of the lead agency; never who proposed it, nor anybody of "
    "the agency whose system did",
    _second_pair_of_eyes,
    keys=False,
)
PROPOSER = Who(
    "who proposed it",
    _is_proposer,
    refusal=_("Only who proposed this change can take it back; it is not a proposal of yours."),
)
_ONE_WAITS = _("a proposal for this step already waits to be confirmed.")
_NONE_WAITS = _("no proposal for this step waits to be confirmed.")


def _waits(step: StepStatus) -> bool:
    return step.waiting is not None


def _waits_not(step: StepStatus) -> bool:
    return step.waiting is None


_TELLS_ALL = (notices.FOCAL_POINTS, notices.DESK, notices.LEAD_AGENCY)

TRANSITIONS = (
    Transition(
        action="propose",
        label=pgettext_lazy("a step", "Report a change"),
        done=pgettext_lazy("a step", "Change proposed"),
        sources=_BEFORE_THE_END,
        who=_CONCERNED_OR_SYSTEM,
        when=_waits_not,
        in_the_way=_ONE_WAITS,
        inputs=(asks.STATE, asks.ON, asks.PRECISION, asks.NOTE, asks.SOURCE, asks.DESPITE),
        guard=changes.believable,
        change=changes.propose,
        is_dated=False,
        tells=_TELLS_ALL,
    ),
    Transition(
        action="propose_correction",
        label=pgettext_lazy("a step", "Correct"),
        done=pgettext_lazy("a step", "Correction proposed"),
        sources=_ONCE_BEGUN,
        who=_CONCERNED_OR_SYSTEM,
        when=_waits_not,
        in_the_way=_ONE_WAITS,
        inputs=(
            asks.NEW_STATE,
            asks.RIGHT_ON,
            asks.RIGHT_PRECISION,
            asks.REASON,
            asks.RIGHT_SOURCE,
        ),
        guard=changes.something_changes,
        change=changes.propose,
        is_dated=False,
        tells=_TELLS_ALL,
        warning=pgettext_lazy(
            "a step", "What was recorded before stays in the history, with your reason."
        ),
    ),
    Transition(
        action="confirm",
        label=pgettext_lazy("a step", "Confirm"),
        done=pgettext_lazy("a step", "Confirmed"),
        sources=frozenset(S),
        target=lambda step, act: act.data["state"],
        targets=frozenset(S),
        who=CONFIRMER,
        when=_waits,
        in_the_way=_NONE_WAITS,
        inputs=(asks.REMARK,),
        prepare=changes.as_proposed,
        guard=changes.still_believable,
        change=changes.confirm,
        tells=_TELLS_ALL,
    ),
    Transition(
        action="refuse",
        label=pgettext_lazy("a step", "Do not confirm"),
        done=pgettext_lazy("a step", "Not confirmed"),
        sources=frozenset(S),
        who=CONFIRMER,
        when=_waits,
        in_the_way=_NONE_WAITS,
        inputs=(asks.REASON,),
        change=changes.put_aside,
        tells=_TELLS_ALL,
    ),
    Transition(
        action="take_back",
        label=pgettext_lazy("a step", "Take back what was proposed"),
        done=pgettext_lazy("a step", "Proposal taken back"),
        sources=frozenset(S),
        who=PROPOSER,
        when=_waits,
        in_the_way=_NONE_WAITS,
        change=changes.put_aside,
        tells=_TELLS_ALL,
    ),
    Transition(
        action="plan",
        label=pgettext_lazy("a step", "Set who and when"),
        done=pgettext_lazy("a step", "Responsibility or expected date set"),
        sources=frozenset(S),
        who=_CONCERNED,
        inputs=(asks.AGENCY, asks.NATIONAL_LEAD, asks.EXPECTED_ON),
        change=changes.plan,
        tells=_TELLS_ALL,
    ),
    Transition(
        action="note",
        label=pgettext_lazy("a step", "Add a note"),
        done=pgettext_lazy("a step", "Note added"),
        sources=frozenset(S),
        who=_CONCERNED_OR_SYSTEM,
        inputs=(asks.WHAT_HAPPENED,),
        change=changes.keep_note,
        tells=_TELLS_ALL,
        alters=False,
    ),
    Transition(
        action="attach",
        label=pgettext_lazy("a step", "Add a document"),
        done=pgettext_lazy("a step", "Document added"),
        sources=frozenset(S),
        who=_CONCERNED,
        inputs=(asks.FILE, asks.TITLE, asks.READERS),
        guard=changes.readers_may_be,
        change=changes.keep_file,
        tells=_TELLS_ALL,
        alters=False,
    ),
)


def _lock_implementation(step: StepStatus) -> None:
    Implementation._base_manager.select_for_update(no_key=True).get(pk=step.implementation_id)


def _settle(step: StepStatus, event: Event) -> None:
    """The record of the tracker follows the log; whatever happened is a movement."""
    projection.keep(event)
    StepStatus.objects.filter(pk=step.pk).update(moved_at=event.recorded_at, reminded_at=None)


STEPS = Table(
    name="toolkit.step",
    model=StepStatus,
    transitions=TRANSITIONS,
    scope=Scope.TOOLKIT_WRITE,
    snapshot=snapshot,
    fresh=fresh,
    lock_first=_lock_implementation,
    subject=lambda step: step.implementation,
    settle=_settle,
    notify=step_notices.step_moved,
)
