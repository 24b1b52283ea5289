"""Opening a cycle: for an accepted Toolkit request, at the desk, or from a published table."""

from collections.abc import Collection, Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as translate_now

from history.log import SYSTEM, record
from history.models import Event
from history.precision import Precision
from partners.access import OFFICER, fresh, snapshot
from partners.models import Agency, Party
from requests_app.models import SupportRequest
from toolkit import notices, projection
from toolkit.models import Implementation, Publicity, StepStatus
from toolkit.projection import TABLE_LOADED
from toolkit.steps import Step, StepState, number
from toolkit.workflow import rules
from workflow.errors import InvalidInput, NotPermitted
from workflow.inputs import convention_began
from workflow.transitions import Act

OPENED = "toolkit.opened"


def open_for_accepted_request(support_request: SupportRequest, event: Event, act: Act) -> None:
    """Effect of accepting a Toolkit request: a new cycle, with step 1 done."""
    already = Implementation.objects.filter(support_request=support_request).exists()
    if not support_request.support.opens_toolkit or already:
        return
    submitted_at = support_request.submitted_at or timezone.now()
    open_implementation(
        support_request.party,
        requested_on=submitted_at.date(),
        by=act.actor,
        lead_agency=support_request.lead_agency,
        support_request=support_request,
    )


def open_implementation(
    party: Party,
    *,
    requested_on: date,
    by: Any,
    lead_agency: Agency | None = None,
    support_request: SupportRequest | None = None,
    source: str = "",
    despite: str = "",
) -> Implementation:
    """Open the Party's next cycle with its nine steps, the request done on `requested_on`.

    `despite` is kept in the history: why it is so although a rule speaks against it.
    """
    # The Party's row keeps two openings from taking the same cycle number.
    Party.objects.select_for_update(no_key=True).get(pk=party.pk)
    implementation = Implementation.objects.create(
        party=party,
        cycle=party.implementations.count() + 1,
        lead_agency=lead_agency,
        support_request=support_request,
    )
    _add_steps(implementation, {Step.REQUEST}, requested_on, Precision.DAY, "")
    said: dict[str, Any] = {
        "cycle": implementation.cycle,
        "steps": {Step.REQUEST: StepState.DONE},
    }
    event = record(
        implementation,
        OPENED,
        by=snapshot(by, implementation),
        changes={**said, "despite": despite} if despite else said,
        effective_on=requested_on,
        source=source,
    )
    projection.keep(event)
    return implementation


@transaction.atomic
def open_at_desk(
    party: Party, *, by: Any, requested_on: date, lead_agency: Agency | None, source: str,
    despite: str = "",
) -> Implementation:  # fmt: skip
    """Open a cycle for a request that came by letter; the country and the lead agency are told.

    Refused: a day in the future or before the Convention. Asked to give a reason: a cycle of the
    Party that has not come to its presentation, a day before the country became a Party.
    Raises NotPermitted, InvalidInput.
    """
    by = fresh(by)
    if not OFFICER(by, party):
        raise NotPermitted
    Party.objects.select_for_update(no_key=True).get(pk=party.pk)
    if not convention_began() <= requested_on <= timezone.now().date():
        sentence = translate_now("Give a date between %(first)s and today.")
        first = date_format(convention_began())
        raise InvalidInput({"requested_on": [sentence % {"first": first}]})
    questions = list(_questions(party, requested_on))
    if questions and not despite.strip():
        raise InvalidInput({"despite": questions})
    opened = open_implementation(
        party, requested_on=requested_on, by=by, lead_agency=lead_agency, source=source,
        despite=despite.strip(),
    )  # fmt: skip
    event = Event.objects.about(opened).get(kind=OPENED)
    notices.cycle_opened(event, opened)
    return opened


def _questions(party: Party, requested_on: date) -> Iterator[str]:
    ended = StepStatus.objects.filter(step=Step.PRESENTATION, state=StepState.DONE)
    running = party.implementations.exclude(pk__in=ended.values("implementation"))
    last = running.order_by("-cycle").first()
    if last:
        yield translate_now(
            "Cycle %(number)d of %(party)s has not come to its presentation. Go on with it, or say "
            "here why another one begins."
        ) % {"number": last.cycle, "party": party.name}
    yield from rules.questions_of_day(party, requested_on)


@transaction.atomic
def load_table_row(
    party: Party, done: Collection[str], *, as_of: date, source: str
) -> Implementation | None:
    """Take over one row of a table that was published: the steps done by `as_of`.

    What it prints is public from the start. None when the row was loaded before.
    """
    if Event.objects.filter(
        kind=TABLE_LOADED,
        source=source,
        subject_id__in=party.implementations.values("pk"),
    ).exists():
        return None
    implementation = Implementation.objects.create(
        party=party,
        cycle=party.implementations.count() + 1,
        state=Publicity.DOCUMENT,
    )
    _add_steps(implementation, done, as_of, Precision.BY, source)
    event = record(
        implementation,
        TABLE_LOADED,
        by=SYSTEM,
        changes={
            "cycle": implementation.cycle,
            "state": ["", Publicity.DOCUMENT],
            "steps": {step: StepState.DONE for step in Step if step in done},
        },
        effective_on=as_of,
        precision=Precision.BY,
        source=source,
    )
    projection.keep(event)
    return implementation


def _add_steps(
    implementation: Implementation, done: Collection[str], day: date, precision: str, source: str
) -> None:
    StepStatus.objects.bulk_create(
        StepStatus(
            implementation=implementation,
            step=step,
            position=number(step),
            **(
                {"state": StepState.DONE, "effective_on": day, "precision": precision,
                 "source": source}
                if step in done
                else {}
            ),
        )
        for step in Step
    )  # fmt: skip
