"""What may happen to a recommendation. The country carries it out; somebody else verifies it."""

from typing import Any

from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.access import DRAFTER, FOCAL_POINT, LEAD_AGENCY, OFFICER, fresh, snapshot
from partners.models import ApiKey
from toolkit import recommendation_notices as notices
from toolkit.models import Implementation, Recommendation, RecommendationState
from toolkit.workflow import recommending as asks
from workflow.errors import InvalidInput
from workflow.transitions import Act, Data, Table, Transition, Who

S = RecommendationState


def _keep_words(recommendation: Recommendation, act: Act) -> Data:
    return dict(act.data)


def _reported(recommendation: Recommendation, act: Act) -> Data:
    recommendation.reported_by = act.actor
    return dict(act.data)


def _move_due(recommendation: Recommendation, act: Act) -> Data:
    before = recommendation.due_on
    recommendation.due_on = act.data["due_on"]
    return {**act.data, "was_due_on": before}


def _another_day(recommendation: Recommendation, act: Act) -> None:
    if act.data["due_on"] == recommendation.due_on:
        raise InvalidInput({"due_on": [translate_now("This is the date already.")]})


def _somebody_else(actor: Any, recommendation: Recommendation) -> bool:
    if not (OFFICER | LEAD_AGENCY)(actor, recommendation):
        return False
    # A key acts for whoever holds it; one of a system has no holder, and None is nobody.
    person = actor.held_by_id if isinstance(actor, ApiKey) else actor.pk
    return person is None or person != recommendation.reported_by_id


VERIFIER = Who(
    "Secretariat officer, or officer of the lead agency; never who reported it", _somebody_else
)
_OTHERS = (notices.DESK, notices.LEAD_AGENCY)

TRANSITIONS = (
    Transition(
        action="accept",
        label=pgettext_lazy("a recommendation", "Accept"),
        done=pgettext_lazy("a recommendation", "Accepted"),
        sources=frozenset({S.PROPOSED}),
        target=S.ACCEPTED,
        who=FOCAL_POINT,
        tells=_OTHERS,
    ),
    Transition(
        action="refuse",
        label=pgettext_lazy("a recommendation", "Do not accept"),
        done=pgettext_lazy("a recommendation", "Not accepted"),
        sources=frozenset({S.PROPOSED}),
        target=S.NOT_ACCEPTED,
        who=FOCAL_POINT,
        inputs=(asks.REASON,),
        change=_keep_words,
        tells=_OTHERS,
    ),
    Transition(
        action="start",
        label=pgettext_lazy("a recommendation", "Begin"),
        done=pgettext_lazy("a recommendation", "Begun"),
        sources=frozenset({S.ACCEPTED}),
        target=S.UNDER_WAY,
        who=DRAFTER,
        inputs=(asks.PLAN,),
        change=_keep_words,
        tells=_OTHERS,
    ),
    Transition(
        action="report",
        label=_("Report progress"),
        done=_("Progress reported"),
        sources=frozenset({S.UNDER_WAY}),
        who=DRAFTER,
        inputs=(asks.PROGRESS,),
        change=_keep_words,
        tells=_OTHERS,
    ),
    Transition(
        action="finish",
        label=_("Report as done"),
        done=pgettext_lazy("a recommendation", "Reported as done"),
        sources=frozenset({S.UNDER_WAY}),
        target=S.DONE,
        who=DRAFTER,
        inputs=(asks.OUTCOME, asks.EVIDENCE),
        change=_reported,
        tells=_OTHERS,
    ),
    Transition(
        action="verify",
        label=_("Verify"),
        done=pgettext_lazy("a recommendation", "Verified"),
        sources=frozenset({S.DONE}),
        target=S.VERIFIED,
        who=VERIFIER,
        inputs=(asks.REMARK,),
        change=_keep_words,
        tells=(notices.COUNTRY,),
    ),
    Transition(
        action="send_back",
        label=_("Send back"),
        done=_("Sent back: not yet done"),
        sources=frozenset({S.DONE}),
        target=S.UNDER_WAY,
        who=VERIFIER,
        inputs=(asks.REASON,),
        change=_keep_words,
        tells=(notices.COUNTRY,),
    ),
    Transition(
        action="move_due",
        label=_("Change the date"),
        done=_("Date changed"),
        sources=frozenset({S.PROPOSED, S.ACCEPTED, S.UNDER_WAY}),
        who=FOCAL_POINT | OFFICER,
        inputs=(asks.NEW_DUE_ON, asks.REASON),
        guard=_another_day,
        change=_move_due,
        tells=(notices.COUNTRY, *_OTHERS),
    ),
)


def _lock_implementation(recommendation: Recommendation) -> None:
    Implementation._base_manager.select_for_update(no_key=True).get(
        pk=recommendation.implementation_id
    )


RECOMMENDATIONS = Table(
    name="toolkit.recommendations",
    model=Recommendation,
    transitions=TRANSITIONS,
    snapshot=snapshot,
    fresh=fresh,
    lock_first=_lock_implementation,
    notify=notices.recommendation_moved,
)
