"""What may happen to a conversation. It begins with an action on its request: ask, write."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.access import DRAFTER, OFFICER, fresh, snapshot, standing
from partners.models import Agency, Role, Scope
from requests_app import posting, settling, thread_notices
from requests_app.conversations import agencies_reading
from requests_app.models import SupportRequest, Thread, ThreadState
from requests_app.workflow import inputs
from workflow.inputs import Input, Kind
from workflow.transitions import Table, Transition, Who

S = ThreadState
_LIVE = frozenset({S.OPEN, S.WAITING})


def _reads_for_an_agency(actor: Any, thread: Thread) -> bool:
    mine = standing(actor).agencies.get(Role.OFFICER, ())
    return bool(mine) and agencies_reading(thread).filter(pk__in=mine).exists()


OPEN_AGENCY = Who("officer of an agency it is open to", _reads_for_an_agency)


def _not_yet_reading(thread: Thread) -> "QuerySet[Agency]":
    live = thread.support_request.referrals.live()
    return Agency.objects.filter(pk__in=live.values("agency_id")).exclude(
        pk__in=thread.agencies.values("pk")
    )


def _request_goes_on(thread: Thread) -> bool:
    return not thread.support_request.is_ended


def _lock_request(thread: Thread) -> None:
    # Everything about one case queues at the row of its request.
    SupportRequest._base_manager.select_for_update(no_key=True).get(pk=thread.support_request_id)


AGENCY = Input(
    name="agency",
    label=_("Agency"),
    kind=Kind.ONE_OF,
    rows=_not_yet_reading,
    key="code",
    hint=_("One to which the request was referred. It reads the whole conversation."),
)

TRANSITIONS = (
    Transition(
        action="reply",
        label=pgettext_lazy("a conversation", "Answer"),
        done=pgettext_lazy("a conversation", "Answered"),
        sources=_LIVE,
        target=posting.after_reply,
        targets=_LIVE,
        when=_request_goes_on,
        who=DRAFTER | OFFICER | OPEN_AGENCY,
        inputs=(inputs.REPLY,),
        change=posting.reply,
        tells=(thread_notices.OTHER_SIDES,),
    ),
    Transition(
        action="ask_again",
        label=_("Ask another question"),
        done=_("Question sent to the country"),
        sources=frozenset({S.OPEN}),
        target=S.WAITING,
        when=_request_goes_on,
        who=OFFICER,
        inputs=(inputs.STANDARD_REPLY, inputs.QUESTION),
        change=posting.ask_again,
        tells=(thread_notices.COUNTRY,),
    ),
    Transition(
        action="open_to",
        label=_("Open to an agency"),
        done=_("Opened to an agency"),
        sources=_LIVE,
        when=lambda thread: _request_goes_on(thread) and _not_yet_reading(thread).exists(),
        who=OFFICER,
        inputs=(AGENCY,),
        change=posting.open_to,
        tells=(thread_notices.THAT_AGENCY,),
        warning=_("The agency reads all that was written in this conversation."),
    ),
    Transition(
        action="close",
        label=_("Close the conversation"),
        done=_("Conversation closed"),
        sources=_LIVE,
        target=S.CLOSED,
        who=OFFICER,
        change=posting.close,
    ),
    Transition(
        action="reopen",
        label=_("Open the conversation again"),
        done=_("Conversation opened again"),
        sources=frozenset({S.CLOSED}),
        target=S.OPEN,
        when=_request_goes_on,
        who=OFFICER,
    ),
)

THREADS = Table(
    name="threads",
    model=Thread,
    transitions=TRANSITIONS,
    scope=Scope.REFERRALS_WRITE,
    snapshot=snapshot,
    fresh=fresh,
    lock_first=_lock_request,
    settle=settling.thread_settled,
    notify=thread_notices.thread_moved,
)
