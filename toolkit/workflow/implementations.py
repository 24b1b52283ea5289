"""Opening an implementation, making it public, and keeping what documents say."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from history.log import SYSTEM, record
from history.models import Event
from history.precision import Precision
from partners.access import FOCAL_POINT, OFFICER, fresh, snapshot
from partners.models import Agency, Party
from requests_app.models import SupportRequest
from toolkit import notices
from toolkit.models import Implementation, Observation, Recommendation, StepStatus
from toolkit.steps import Step, StepState, number
from toolkit.workflow import recommending
from workflow.inputs import Input
from workflow.transitions import Act, Data, Table, Transition

OPENED = "toolkit.opened"
TABLE_LOADED = "toolkit.table_loaded"
OBSERVED = "toolkit.observed"
ENTERED = "toolkit.recommendations.entered"


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
) -> Implementation:
    """Open the Party's next cycle with its nine steps, the request done on `requested_on`."""
    # The Party's row keeps two openings from taking the same cycle number.
    Party.objects.select_for_update(no_key=True).get(pk=party.pk)
    implementation = Implementation.objects.create(
        party=party,
        cycle=party.implementations.count() + 1,
        lead_agency=lead_agency,
        support_request=support_request,
    )
    _add_steps(implementation, {Step.REQUEST}, requested_on, Precision.DAY, "")
    record(
        implementation,
        OPENED,
        by=snapshot(by, implementation),
        changes={"cycle": implementation.cycle, "steps": {Step.REQUEST: StepState.DONE}},
        effective_on=requested_on,
    )
    return implementation


@transaction.atomic
def load_table_row(
    party: Party, done: Collection[str], *, as_of: date, source: str
) -> Implementation | None:
    """Take over one row of a table that was published: the steps done by `as_of`.

    Public from the start, because the document is. None when the row was loaded before.
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
        state=Implementation.Publicity.PUBLIC,
    )
    _add_steps(implementation, done, as_of, Precision.BY, source)
    record(
        implementation,
        TABLE_LOADED,
        by=SYSTEM,
        changes={
            "cycle": implementation.cycle,
            "state": ["", Implementation.Publicity.PUBLIC],
            "steps": {step: StepState.DONE for step in Step if step in done},
        },
        effective_on=as_of,
        precision=Precision.BY,
        source=source,
    )
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


@transaction.atomic
def observe(party: Party, *, effective_on: date, precision: str, **said: Any) -> Observation | None:
    """Keep what a document says of a Party. None when it is kept already.

    `said` are the other fields of Observation. The event belongs to the Party's history.
    """
    same = {k: said[k] for k in ("instrument", "status", "step", "date_in_source", "source")}
    if Observation.objects.filter(party=party, **same).exists():
        return None
    event = record(
        party,
        OBSERVED,
        by=SYSTEM,
        changes={**said},
        effective_on=effective_on,
        precision=precision,
        source=said["source"],
    )
    return Observation.objects.create(
        party=party, effective_on=effective_on, precision=precision, event=event, **said
    )


def _with_the_steps(implementation: Implementation, act: Act) -> Data:
    """The steps that have begun, as they stand: whoever follows the feed has not read how they
    came about. Not under "steps", which the table would read as having happened today."""
    begun = implementation.steps.exclude(state=StepState.NOT_STARTED)
    opened = {
        step.step: {
            "state": step.state,
            "effective_on": step.effective_on,
            "precision": step.precision,
        }
        for step in begun
    }
    return {**act.data, "opened": opened}


def _recommend(implementation: Implementation, act: Act) -> Data:
    """The next numbered recommendation, with a history of its own from this moment."""
    last = implementation.recommendations.aggregate(Max("number"))["number__max"]
    said = {name: act.data[name] for name in ("part", "text", "responsible", "due_on")}
    said["responsible"] = said["responsible"] or ""
    made = Recommendation.objects.create(
        implementation=implementation, number=(last or 0) + 1, **said
    )
    supporting = list(act.data["supporting"] or [])
    made.supporting.set(supporting)
    entered = {"number": made.number, **said, "supporting": [one.code for one in supporting]}
    changes = {**entered, "state": ["", made.state]}
    record(made, ENTERED, by=snapshot(act.actor, made), changes=changes)
    return {"recommendation": made.number}


P = Implementation.Publicity

IMPLEMENTATIONS = Table(
    name="toolkit",
    model=Implementation,
    transitions=(
        Transition(
            action="publish",
            label=_("Make public"),
            done=_("Made public"),
            sources=frozenset({P.PRIVATE}),
            target=P.PUBLIC,
            who=FOCAL_POINT | OFFICER,
            inputs=(Input(name="note", label=_("Note"), required=False, max_length=1000),),
            change=_with_the_steps,
            tells=(notices.FOCAL_POINTS, notices.DESK),
            warning=_("Everybody can see the steps of this implementation and their dates."),
        ),
        Transition(
            action="recommend",
            label=_("Enter a recommendation"),
            done=_("Recommendation entered"),
            sources=frozenset(P),
            who=OFFICER,
            inputs=(
                recommending.PART,
                recommending.TEXT,
                recommending.RESPONSIBLE,
                recommending.SUPPORTING,
                recommending.DUE_ON,
            ),
            change=_recommend,
            tells=(notices.FOCAL_POINTS,),
        ),
    ),
    snapshot=snapshot,
    fresh=fresh,
    notify=notices.implementation_moved,
)
