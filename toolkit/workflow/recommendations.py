"""What may happen to a recommendation. The country carries it out; somebody else verifies it."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.access import DRAFTER, FOCAL_POINT, LEAD_AGENCY, OFFICER, fresh, snapshot
from partners.models import ApiKey
from toolkit import recommendation_notices as notices
from toolkit.models import Implementation, Recommendation, RecommendationState
from toolkit.workflow import recommendation_changes as changes
from toolkit.workflow import recommending as asks
from workflow.transitions import Table, Transition, Who

S = RecommendationState
_OPEN = frozenset({S.PROPOSED, S.ACCEPTED, S.UNDER_WAY})


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
        change=changes.keep_words,
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
        change=changes.keep_words,
        tells=_OTHERS,
    ),
    Transition(
        action="report",
        label=_("Report progress"),
        done=_("Progress reported"),
        sources=frozenset({S.UNDER_WAY}),
        who=DRAFTER,
        inputs=(asks.PROGRESS, asks.FILE, asks.READERS),
        guard=changes.is_not_for_everybody,
        change=changes.keep_progress,
        tells=_OTHERS,
    ),
    Transition(
        action="finish",
        label=_("Report as done"),
        done=pgettext_lazy("a recommendation", "Reported as done"),
        sources=frozenset({S.UNDER_WAY}),
        target=S.DONE,
        who=DRAFTER,
        inputs=(asks.OUTCOME, asks.EVIDENCE, asks.FILE, asks.READERS),
        guard=changes.has_evidence,
        change=changes.report_done,
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
        change=changes.keep_words,
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
        change=changes.keep_words,
        tells=(notices.COUNTRY,),
    ),
    Transition(
        action="move_due",
        label=_("Change the date"),
        done=_("Date changed"),
        sources=_OPEN,
        who=FOCAL_POINT | OFFICER,
        inputs=(asks.NEW_DUE_ON, asks.REASON),
        guard=changes.another_day,
        change=changes.move_due,
        tells=(notices.COUNTRY, *_OTHERS),
    ),
    Transition(
        action="reconsider",
        label=_("Take up again"),
        done=pgettext_lazy("a recommendation", "Taken up again"),
        sources=frozenset({S.NOT_ACCEPTED}),
        target=S.PROPOSED,
        who=FOCAL_POINT | OFFICER,
        inputs=(asks.REASON,),
        change=changes.keep_words,
        tells=(notices.COUNTRY, *_OTHERS),
    ),
    Transition(
        action="revise",
        label=_("Revise"),
        done=pgettext_lazy("a recommendation", "Revised"),
        sources=_OPEN,
        target=changes.after_revision,
        targets=_OPEN,
        who=OFFICER,
        inputs=(*asks.REVISED, asks.REASON),
        prepare=changes.see_whether_text_is_new,
        guard=changes.something_is_revised,
        change=changes.revise,
        tells=(notices.COUNTRY, notices.LEAD_AGENCY),
        warning=_(
            "The country is told. Words that it has accepted already are proposed to it again "
            "when they change."
        ),
    ),
    Transition(
        action="supersede",
        label=_("Supersede"),
        done=pgettext_lazy("a recommendation", "Superseded"),
        sources=_OPEN | {S.DONE},
        target=S.SUPERSEDED,
        who=OFFICER,
        inputs=(asks.SUCCESSOR, asks.REASON),
        change=changes.supersede,
        tells=(notices.COUNTRY, notices.LEAD_AGENCY),
        warning=_("The other recommendation takes its place; this one stays in the plan to read."),
    ),
    Transition(
        action="note",
        label=pgettext_lazy("a recommendation", "Add a note"),
        done=pgettext_lazy("a recommendation", "Note added"),
        sources=frozenset(S),
        who=OFFICER | LEAD_AGENCY,
        inputs=(asks.NOTE,),
        change=changes.keep_words,
        tells=(notices.COUNTRY, *_OTHERS),
        alters=False,
    ),
    # Its event is for the Party alone (toolkit.timeline): nobody else learns of a draft.
    Transition(
        action="ask_support",
        label=_("Ask ICCWC for support"),
        done=_("Draft of a request for support begun"),
        sources=frozenset({S.ACCEPTED, S.UNDER_WAY}),
        who=DRAFTER,
        inputs=(asks.SUPPORT,),
        guard=changes.no_draft_waits,
        change=changes.begin_request,
        alters=False,
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
