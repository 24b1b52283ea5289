"""Writing in a conversation: what the actions of requests_app.workflow alter."""

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language

from history.inserting import insert, insert_with
from history.log import SYSTEM, record
from partners.access import DRAFTER, person_behind, snapshot
from partners.models import Agency
from requests_app import clock
from requests_app.conversations import mark_read
from requests_app.models import (
    Post,
    Referral,
    ReferralState,
    SupportRequest,
    Thread,
    ThreadState,
)
from workflow.transitions import Act, Data

PROLONGED = "referrals.prolonged"


def ask(support_request: SupportRequest, act: Act) -> Data:
    """A new conversation that begins with a question: the clock stands still."""
    return _begin(support_request, act, ThreadState.WAITING)


def write(support_request: SupportRequest, act: Act) -> Data:
    return _begin(support_request, act, ThreadState.OPEN)


def _begin(support_request: SupportRequest, act: Act, state: str) -> Data:
    thread = Thread(support_request=support_request, subject=act.data["subject"], state=state)
    written = _worded(thread, act, asks=state == ThreadState.WAITING)
    insert_with(thread, [written])
    _has_read(written)
    return {**_words_of(act), "thread": thread.pk}


def ask_about(referral: Referral, act: Act) -> Data:
    """An agency asks about a request: a conversation of the country, the Secretariat and that
    agency. The clock runs on: only a question of the Secretariat stops it, and the Secretariat
    can put this one to the country as its own (`ask_again`)."""
    thread = Thread(
        support_request=referral.support_request,
        subject=act.data["subject"],
        state=ThreadState.OPEN,
    )
    written = _worded(thread, act, body=referral.agency.name_en)
    opened = Thread.agencies.through(thread=thread, agency_id=referral.agency_id)
    insert_with(thread, [opened, written])
    _has_read(written)
    return {**act.data, "thread": thread.pk}


def _words_of(act: Act) -> dict[str, Any]:
    """What was said; which text of the catalogue it began with is nobody's business."""
    return {name: said for name, said in act.data.items() if name != "standard"}


def reply(thread: Thread, act: Act) -> Data:
    written = post(thread, act)
    if answers(thread, act):
        _let_the_clock_run(thread)
    return {**act.data, "post": written.pk}


def ask_again(thread: Thread, act: Act) -> Data:
    written = post(thread, act, asks=True)
    return {**_words_of(act), "post": written.pk}


def open_to(thread: Thread, act: Act) -> Data:
    thread.agencies.add(act.data["agency"])
    return {"agency": act.data["agency"].code}


def leave(support_request: SupportRequest, agency: Agency) -> list[int]:
    """The agency takes part no longer, and a new referral does not bring it back; the
    conversations it leaves, by id."""
    left = support_request.threads.filter(agencies=agency).order_by("pk")
    ids = list(left.values_list("pk", flat=True))
    Thread.agencies.through.objects.filter(thread__in=ids, agency=agency).delete()
    return ids


def close(thread: Thread, act: Act) -> Data:
    if thread.state == ThreadState.WAITING:
        _let_the_clock_run(thread)
    return {}


def answers(thread: Thread, act: Act) -> bool:
    """Is what is being written the country's answer to an open question?"""
    return act.state_before == ThreadState.WAITING and DRAFTER(act.actor, thread)


def after_reply(thread: Thread, act: Act) -> str:
    return ThreadState.OPEN if answers(thread, act) else act.state_before


def post(thread: Thread, act: Act, *, asks: bool = False) -> Post:
    """Whoever writes has read what stands before."""
    written = _worded(thread, act, asks=asks)
    insert([written])
    _has_read(written)
    return written


def _worded(thread: Thread, act: Act, *, asks: bool = False, body: str = "") -> Post:
    """`body` is the writer's in the matter, if it is known.

    A key with a holder writes as that person, one without for its agency alone, in the language
    of the call.
    """
    author = person_behind(act.actor)
    return Post(
        thread=thread,
        text=act.data["text"],
        language=author.language if author else (get_language() or "en")[:2],
        author=author,
        body=body or snapshot(act.actor, thread).body,
        asks=asks,
    )


def _has_read(written: Post) -> None:
    if written.author:
        mark_read(written.thread, written.author, written)


def _let_the_clock_run(thread: Thread) -> None:
    """The question is answered or given up. When it was the last one, agencies that have not
    answered yet get the days back on which the clock stood still."""
    now = timezone.now()
    thread.posts.filter(asks=True, answered_at=None).update(answered_at=now)
    last = clock.pauses(thread.support_request)[-1]
    if last.end is None:
        return
    waiting = thread.support_request.referrals.filter(state=ReferralState.SENT)
    for referral in waiting.select_for_update(no_key=True).order_by("pk"):
        days = clock.days_in([last], referral.sent_at.date(), now.date())
        if not days:
            continue
        before = referral.answer_due_on
        referral.answer_due_on += timedelta(days=days)
        referral.reminded_at = None  # of the new day the agency is reminded again
        referral.save(update_fields=["answer_due_on", "reminded_at", "updated_at"])
        said = {"answer_due_on": referral.answer_due_on, "was_due_on": before, "days": days}
        record(referral, PROLONGED, by=SYSTEM, changes=said)
