"""Who hears what about a step, and in which words. Each letter leads where its reader can go on."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _

from history.models import Event
from history.precision import in_words
from outbox.post import Letter, owe
from partners.letters import Notice, Passages, letters
from partners.models import User
from toolkit.models import StepStatus
from toolkit.notices import desk_page, passages_of, readers_of
from toolkit.steps import StepState
from workflow.transitions import Act

NOTICES = {
    "propose": Notice(
        subject=_("Toolkit, %(party)s: a change of step %(number)s waits for confirmation"),
        lead=_("Step %(number)s of the Toolkit, “%(step)s”, in %(party)s: %(proposed)s."),
        next=_("The Secretariat or the lead agency confirms it; never who proposed it."),
    ),
    "propose_correction": Notice(
        subject=_("Toolkit, %(party)s: a correction of step %(number)s waits for confirmation"),
        lead=_(
            "Step %(number)s of the Toolkit, “%(step)s”, in %(party)s should read: %(proposed)s."
        ),
        next=_("The Secretariat or the lead agency confirms it; never who proposed it."),
    ),
    "confirm": Notice(
        subject=_("Toolkit, %(party)s: step %(number)s is now: %(state)s"),
        lead=_("Step %(number)s of the Toolkit, “%(step)s”, in %(party)s: %(state)s (%(when)s)."),
    ),
    "refuse": Notice(
        subject=_("Toolkit, %(party)s: the change of step %(number)s is not confirmed"),
        lead=_(
            "What was proposed for step %(number)s of the Toolkit, “%(step)s”, in %(party)s is not "
            "confirmed: %(proposed)s. The step stays as it is: %(state)s."
        ),
    ),
    "take_back": Notice(
        subject=_("Toolkit, %(party)s: the proposal for step %(number)s is taken back"),
        lead=_(
            "What was proposed for step %(number)s of the Toolkit, “%(step)s”, in %(party)s is "
            "taken back: %(proposed)s. The step stays as it is: %(state)s."
        ),
    ),
    "plan": Notice(
        subject=_("Toolkit, %(party)s: who and when for step %(number)s"),
        lead=_("For step %(number)s of the Toolkit, “%(step)s”, in %(party)s: %(plan)s."),
    ),
    "note": Notice(
        subject=_("Toolkit, %(party)s: a note on step %(number)s"),
        lead=_("There is a new note on step %(number)s of the Toolkit, “%(step)s”, in %(party)s."),
    ),
    "attach": Notice(
        subject=_("Toolkit, %(party)s: a document for step %(number)s"),
        lead=_(
            "There is a new document for step %(number)s of the Toolkit, “%(step)s”, in %(party)s."
        ),
    ),
}


def step_moved(event: Event, step: StepStatus, act: Act) -> None:
    """Tell everybody concerned: the focal points, the desk, the lead agency. Whoever proposed a
    move is one of them, and so hears what became of it."""
    at_the_desk, others = readers_of(act.transition.tells, step.implementation)
    owe(
        event,
        letters_about_step(
            step,
            NOTICES[act.transition.action],
            at_the_desk,
            others,
            facts=lambda: facts_of(step, event),
            passages=lambda: [*_before(event), *passages_of(act)],
        ),
    )


def letters_about_step(
    step: StepStatus,
    notice: Notice,
    at_the_desk: Iterable[User],
    others: Iterable[User],
    *,
    facts: Callable[[], dict[str, str]],
    passages: Callable[[], Passages] = list,
) -> list[Letter]:
    """For the people of the desk with a way to its page, for the others to the step's own."""
    pages = ((at_the_desk, desk_page(step.implementation)), (others, step.get_absolute_url()))
    return [
        letter
        for readers, path in pages
        for letter in letters(readers, notice, path=path, facts=facts, passages=passages)
    ]


def facts_of(step: StepStatus, event: Event | None = None) -> dict[str, str]:
    """In the reader's language. What was proposed is read from the event where it waits no more."""
    planned = [
        step.agency.name if step.agency else "",
        step.national_lead,
        _("expected on %(day)s") % {"day": date_format(step.expected_on, "DATE_FORMAT")}
        if step.expected_on
        else "",
    ]
    return {
        "party": step.implementation.party.name,
        "number": str(step.number),
        "step": str(step.get_step_display()),
        "state": str(step.get_state_display()),
        "when": step.when_in_words or "–",
        "proposed": _proposed(step, event),
        "plan": "; ".join(str(one) for one in planned if one) or "–",
    }


def _proposed(step: StepStatus, event: Event | None) -> str:
    waiting = step.waiting
    if waiting:
        return f"{waiting.get_state_display()}, {waiting.when_in_words}"
    said = event.changes.get("proposed") if event else None
    return _state_and_day(said) if said else ""


def _before(event: Event) -> Passages:
    """What was recorded before, beside what is now: of a correction old and new are told."""
    said: Any = event.changes.get("was")
    if not said or not said.get("effective_on"):
        return []
    return [(translate_now("Recorded before"), _state_and_day(said))]


def _state_and_day(said: dict[str, Any]) -> str:
    state = StepState(said["state"]).label
    on = said.get("effective_on")
    return f"{state}, {in_words(date.fromisoformat(on), said['precision'])}" if on else str(state)
