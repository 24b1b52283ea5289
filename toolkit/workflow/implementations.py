"""What may happen to a cycle as a whole: consent to its publication, its lead, its plan."""

from typing import Any

from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _

from history.log import record
from history.models import Event
from partners.access import FOCAL_POINT, OFFICER, fresh, snapshot
from partners.models import Agency
from toolkit import notices
from toolkit.models import Consent, Implementation, Publicity
from toolkit.steps import StepState
from toolkit.workflow import recommending
from toolkit.workflow import step_inputs as asks
from toolkit.workflow.document_readers import OPEN_DOCUMENT
from workflow.errors import InvalidInput
from workflow.inputs import Input, Kind
from workflow.transitions import Act, Data, Table, Transition

ENTERED = "toolkit.recommendations.entered"

WITH_PLAN = Input(
    name="with_plan",
    label=_("Is the action plan public too?"),
    hint=_(
        "The recommendations that were accepted, and how far each is; not what is written about "
        "them."
    ),
    kind=Kind.YES_NO,
    initial=lambda implementation: implementation.plan_is_public,
)
WITH_DOCUMENTS = Input(
    name="with_documents",
    label=_("Are the documents marked public open to everybody?"),
    kind=Kind.YES_NO,
    initial=lambda implementation: implementation.documents_are_public,
)
LETTER = Input(
    name="source",
    label=_("Letter of consent"),
    hint=_("Who wrote it, when, and its reference."),
    kind=Kind.LINE,
    max_length=300,
)
LEAD = Input(
    name="lead_agency",
    label=_("Lead agency"),
    kind=Kind.ONE_OF,
    rows=lambda implementation: Agency.objects.partners(),
    key="code",
    initial=lambda implementation: implementation.lead_agency,
)


# ── what is public ───────────────────────────────────────────────────────────────────────────


def _publish(implementation: Implementation, act: Act) -> Data:
    """The steps that have begun, as they stand: whoever follows the feed has not read how they
    came about. Not under "steps", which the tracker would read as having happened today."""
    _show(implementation, act.data["with_plan"], act.data["with_documents"])
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


def _withdraw(implementation: Implementation, act: Act) -> Data:
    _show(implementation, False, False)
    return dict(act.data)


def _show(implementation: Implementation, plan: bool, documents: bool) -> None:
    implementation.plan_is_public, implementation.documents_are_public = plan, documents


def _without_consent(implementation: Implementation, act: Act) -> str:
    printed = implementation.records.filter(is_published=True).exists()
    return Publicity.DOCUMENT if printed else Publicity.PRIVATE


def _settle(implementation: Implementation, event: Event) -> None:
    """Each act of consent is a row with its beginning and its end."""
    given = {IMPLEMENTATIONS.kind(action) for action in ("publish", "record_consent")}
    if event.kind not in {*given, IMPLEMENTATIONS.kind("withdraw_consent")}:
        return
    consents = implementation.consents.in_force()
    consents.update(withdrawn_at=event.recorded_at)
    if event.kind in given and event.actor_id:  # a person: no key makes anything public
        Consent.objects.create(
            implementation=implementation,
            with_plan=implementation.plan_is_public,
            with_documents=implementation.documents_are_public,
            given_at=event.recorded_at,
            given_by_id=event.actor_id,
            source=event.source,
            event=event,
        )


# ── its lead and its plan ────────────────────────────────────────────────────────────────────


def _another(implementation: Implementation, act: Act) -> None:
    if act.data["lead_agency"] == implementation.lead_agency:
        raise InvalidInput({"lead_agency": [translate_now("This agency leads it already.")]})


def _give_lead(implementation: Implementation, act: Act) -> Data:
    before = implementation.lead_agency
    implementation.lead_agency = act.data["lead_agency"]
    return {"lead_agency": [before and before.code, implementation.lead_agency.code]}


def _recommend(implementation: Implementation, act: Act) -> Data:
    """The next numbered recommendation, with a history of its own from this moment."""
    return {"recommendation": _enter(implementation, act.data, act.actor)}


def _enter_plan(implementation: Implementation, act: Act) -> Data:
    """Many at once, each with a history of its own; the country hears of them in one letter."""
    numbers = [_enter(implementation, said, act.actor) for said in act.data["rows"]]
    return {"recommendations": [numbers[0], numbers[-1]]}


def _enter(implementation: Implementation, said: Data, by: Any) -> int:
    made = recommending.enter(implementation, said)
    supporting = [one.code for one in said.get("supporting") or []]
    entered = {name: said.get(name) for name in recommending.ENTERED_NAMES}
    changes = {
        **entered,
        "number": made.number,
        "supporting": supporting,
        "state": ["", made.state],
    }
    record(made, ENTERED, by=snapshot(by, made), changes=changes)
    return made.number


_CONSENT = (WITH_PLAN, WITH_DOCUMENTS)

IMPLEMENTATIONS = Table(
    name="toolkit",
    model=Implementation,
    transitions=(
        Transition(
            action="publish",
            label=_("Make public"),
            done=_("Made public"),
            sources=frozenset(Publicity),
            target=Publicity.PUBLIC,
            who=FOCAL_POINT,
            inputs=(
                *_CONSENT,
                Input(name="note", label=_("Note"), required=False, max_length=1000),
            ),
            change=_publish,
            tells=(notices.FOCAL_POINTS, notices.DESK, notices.LEAD_AGENCY),
            warning=_(
                "Everybody can see the steps of this implementation and their dates. You can "
                "withdraw this consent at any time."
            ),
        ),
        Transition(
            action="record_consent",
            label=_("Record a consent by letter"),
            done=_("Made public by letter"),
            sources=frozenset(Publicity),
            target=Publicity.PUBLIC,
            who=OFFICER,
            inputs=(LETTER, asks.ON, *_CONSENT),
            change=_publish,
            tells=(notices.FOCAL_POINTS, notices.DESK, notices.LEAD_AGENCY),
            warning=_("Everybody can see the steps of this implementation and their dates."),
        ),
        Transition(
            action="withdraw_consent",
            label=_("Withdraw the consent"),
            done=_("Consent withdrawn"),
            sources=frozenset({Publicity.PUBLIC}),
            target=_without_consent,
            targets=frozenset({Publicity.PRIVATE, Publicity.DOCUMENT}),
            who=FOCAL_POINT | OFFICER,
            inputs=(asks.REASON,),
            change=_withdraw,
            tells=(notices.FOCAL_POINTS, notices.DESK, notices.LEAD_AGENCY),
            warning=_(
                "The public no longer sees this cycle, whatever date is asked for. What a "
                "published document prints stays."
            ),
        ),
        Transition(
            action="give_lead",
            label=_("Set the lead agency"),
            done=_("Lead agency set"),
            sources=frozenset(Publicity),
            who=OFFICER,
            inputs=(LEAD,),
            guard=_another,
            change=_give_lead,
            tells=(notices.FOCAL_POINTS, notices.LEAD_AGENCY),
        ),
        OPEN_DOCUMENT,
        Transition(
            action="recommend",
            label=_("Enter a recommendation"),
            done=_("Recommendation entered"),
            sources=frozenset(Publicity),
            who=OFFICER,
            inputs=recommending.ENTERED,
            change=_recommend,
            tells=(notices.FOCAL_POINTS,),
        ),
        # Its page reads a workbook: toolkit.plan.importing.
        Transition(
            action="enter_plan",
            label=_("Import an action plan"),
            done=_("Action plan imported"),
            sources=frozenset(Publicity),
            who=OFFICER,
            inputs=(recommending.ROWS,),
            change=_enter_plan,
            tells=(notices.FOCAL_POINTS,),
        ),
    ),
    snapshot=snapshot,
    fresh=fresh,
    settle=_settle,
    notify=notices.implementation_moved,
)
