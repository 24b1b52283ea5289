"""Which dates and which order of steps are believed.

Refused, whatever is said for it: a day in the future or before the Convention (see step_inputs), a
day before the request, an end before the first day on which the beginning may have been. Asked to
give a reason: a day before the country became a Party or before the Toolkit was launched, a day
before the step before, a report without a mission, an action plan without a report. A correction
has its reason and may rewrite the order; the future stays closed.
"""

from collections.abc import Iterator
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from history.precision import Precision, first_possible_day
from partners.models import Party
from toolkit.models import StepStatus
from toolkit.steps import Step, StepState
from workflow.errors import InvalidInput

TOOLKIT_LAUNCHED = date(2012, 7, 25)  # source: CITES press release of that day
# Step → the step whose result it works with. Source: the order of CITES SC66 Inf. 9, Part 3.
NEEDS = {Step.REPORT: Step.MISSION, Step.ACTION_PLAN: Step.REPORT}
_SETTLED = frozenset({StepState.DONE, StepState.NOT_APPLICABLE})


def judge(step: StepStatus, state: str, day: date, despite: str) -> None:
    """Raise InvalidInput with a sentence for each rule that `state` on `day` breaks.

    Days are compared as they are stored, a month by its last day: the table of any date is read
    from those too.
    """
    others = {one.step: one for one in step.implementation.steps.all()}
    _refuse_impossible(step, others, day)
    questions = list(_questions(step, others, state, day))
    if questions and not despite.strip():
        raise InvalidInput({"despite": questions})


def _refuse_impossible(step: StepStatus, others: dict[str, StepStatus], day: date) -> None:
    begun_on = None
    if step.state == StepState.UNDER_WAY and step.effective_on:
        begun_on = first_possible_day(step.effective_on, step.precision)
    if begun_on and day < begun_on:
        raise _give_later(
            _("Give %(day)s or a later date: no step ends before it begins."), begun_on
        )
    asked_on = _known_day(others[Step.REQUEST])
    if asked_on and day < asked_on:
        raise _give_later(
            _("Give %(day)s or a later date: no step comes before the request."), asked_on
        )


def questions_of_day(party: Party, day: date) -> Iterator[str]:
    """A sentence for each reason to doubt that anything of a cycle happened on the day."""
    if party.party_since and day < party.party_since:
        yield _(
            "%(party)s became a Party on %(day)s. Check the date, or say here why it is so."
        ) % {"party": party.name, "day": date_format(party.party_since)}
    if day < TOOLKIT_LAUNCHED:
        yield _(
            "The Toolkit was launched on %(day)s. Check the date, or say here why it is so."
        ) % {"day": date_format(TOOLKIT_LAUNCHED)}


def _questions(
    step: StepStatus, others: dict[str, StepStatus], state: str, day: date
) -> Iterator[str]:
    yield from questions_of_day(step.implementation.party, day)
    if state == StepState.NOT_APPLICABLE:
        return
    before = _last_before(step, others)
    before_on = _known_day(before) if before else None
    if before and before_on and day < before_on:
        yield _(
            "The step before, “%(step)s”, is dated %(day)s. Check the date, or say here why this "
            "one came earlier."
        ) % {"step": before.get_step_display(), "day": date_format(before_on)}
    needed = NEEDS.get(Step(step.step))
    if state == StepState.DONE and needed and others[needed].state not in _SETTLED:
        yield _("“%(step)s” is not done. Record it first, or say here why it is not needed.") % {
            "step": needed.label
        }


def _last_before(step: StepStatus, others: dict[str, StepStatus]) -> StepStatus | None:
    earlier = [
        one
        for one in others.values()
        if one.position < step.position and one.state in {StepState.DONE, StepState.UNDER_WAY}
    ]
    return max(earlier, key=lambda one: one.position, default=None)


def _known_day(step: StepStatus) -> date | None:
    """The day of a step that has begun, when its date is known: "by" a day may be long before."""
    if step.state in {StepState.NOT_STARTED, StepState.NOT_APPLICABLE}:
        return None
    return step.effective_on if step.precision != Precision.BY else None


def _give_later(sentence: str, day: date) -> InvalidInput:
    return InvalidInput({"effective_on": [sentence % {"day": date_format(day)}]})
