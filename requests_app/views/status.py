"""The page of one request: its first lines answer, everything else stands below."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from partners.access import DRAFTER, standing
from partners.desk import id_in
from requests_app.conversations import threads_of, waiting_threads
from requests_app.drafts import may_edit
from requests_app.entries import entries
from requests_app.gap_list import addresses_by_question
from requests_app.models import Scan, SupportRequest, Thread, ThreadState
from requests_app.reading import (
    answers_open_to,
    differences,
    is_of_the_party,
    remarks_by_label,
    sections,
    words_open_to,
)
from requests_app.readings import FileReading, as_reading, readings_open_to
from requests_app.record import origins_of
from requests_app.timeline import about_request, how_it_ended
from requests_app.views.detail import visible_request
from requests_app.views.messages import reply_form
from requests_app.whereabouts import whereabouts
from requests_app.workflow.request_changes import gaps
from workflow.executor import allowed_actions, table_of
from workflow.transitions import Transition

EVENTS_SHOWN = 25
COPIES_SHOWN = 5
READINGS_SHOWN = 10


@require_safe
@login_required
def request_detail(request: HttpRequest, handle: str) -> HttpResponse:
    support_request = visible_request(request, handle)
    if handle != support_request.handle:
        query = request.GET.urlencode()
        address = support_request.get_absolute_url()
        return redirect(f"{address}?{query}" if query else address)
    context = {
        **_case(support_request, request.user),
        **_words(support_request, request.user),
        **_history(support_request, request.user, request.GET.get("before", "")),
    }
    return render(request, "requests_app/request_detail.html", context)


def _case(support_request: SupportRequest, actor: Any) -> dict[str, Any]:
    """Where it stands, and what the reader may do."""
    actions = allowed_actions(support_request, actor)
    referrals = list(
        support_request.referrals.visible_to(actor).select_related("agency").order_by("pk")
    )
    threads = threads_of(support_request, actor)
    attachments = list(support_request.all_files.visible_to(actor).select_related("agency"))
    own = is_of_the_party(actor, support_request)
    is_open = may_edit(actor, support_request)
    words_open = words_open_to(actor)
    return {
        "support_request": support_request,
        "whereabouts": whereabouts(
            support_request,
            actor,
            referrals,
            actions,
            questions=_questions(support_request, actor, threads),
            refused=[one for one in attachments if one.scan == Scan.REFUSED] if own else [],
        ),
        "actions": _offered(actions),
        "may_edit": is_open,
        "may_copy": DRAFTER(actor, support_request),
        "copies": _copies(support_request, actor) if own else [],
        "origins": origins_of(support_request, actor),
        "gaps": gaps(support_request) if is_open else {},
        "referrals": [(one, words_open(one.agency_id)) for one in referrals],
        "attachments": attachments,
        "threads": [(one, _answer_box(one, actor)) for one in threads],
        "read": _readings(support_request, actor),
        "unread": sum(one.unread for one in threads),  # type: ignore[attr-defined]
        "own": own,
    }


def _readings(support_request: SupportRequest, actor: Any) -> list[FileReading]:
    """Who has read a confidential document lately: for the Party and the Secretariat."""
    events = readings_open_to(actor, support_request)[:READINGS_SHOWN]
    return [as_reading(event) for event in events]


def _copies(support_request: SupportRequest, actor: Any) -> list[SupportRequest]:
    """What was begun with its answers, newest first."""
    visible = SupportRequest.objects.visible_to(actor)
    return list(visible.filter(copied_from=support_request).order_by("-pk")[:COPIES_SHOWN])


def _offered(actions: list[Transition]) -> list[Transition]:
    """As buttons: submitting has a page of its own, and giving up comes last."""
    buttons = [one for one in actions if one.action != "submit"]
    return sorted(buttons, key=lambda one: one.action in {"withdraw", "discard"})


def _questions(support_request: SupportRequest, actor: Any, threads: list[Thread]) -> list[Thread]:
    """The conversations in which the clock stands still. An agency does not read them all, but
    learns that it does."""
    me = standing(actor)
    if me.sees_all or support_request.party_id in me.all_parties:
        return [one for one in threads if one.state == ThreadState.WAITING]
    return waiting_threads(support_request)


def _answer_box(thread: Thread, actor: Any) -> Any:
    """A question is answered where it is read; other conversations go on on their own page."""
    reply = table_of(thread).by_action["reply"]
    waits = thread.state == ThreadState.WAITING and reply.is_open(thread)
    return reply_form(thread) if waits and DRAFTER(actor, thread) else None


def _words(support_request: SupportRequest, actor: Any) -> dict[str, Any]:
    """What was asked, as this reader may read it."""
    versions = list(support_request.versions.order_by("number"))
    inside = is_of_the_party(actor, support_request) or standing(actor).sees_all
    return {
        "sections": sections(answers_open_to(actor, support_request, versions)),
        "versions": versions,
        "differences": differences(versions) if inside else [],
        "to_correct": support_request.to_correct if inside else "",
        "remarks": _remarks(support_request, actor) if inside else [],
    }


def _remarks(support_request: SupportRequest, actor: Any) -> list[tuple[str, str, str]]:
    """Label, text, and for who corrects it the address of the field."""
    is_open = bool(support_request.remarks) and may_edit(actor, support_request)
    fields = addresses_by_question(support_request) if is_open else {}
    found = remarks_by_label(support_request)
    return [(label, text, fields.get(key, "")) for key, label, text in found]


def _history(support_request: SupportRequest, actor: Any, before: str) -> dict[str, Any]:
    """The newest events, or those older than the event named `before`."""
    found = about_request(support_request, actor)
    before_id = id_in(before)
    if before_id is not None:
        found = found.filter(pk__lt=before_id)
    events = list(found[: EVENTS_SHOWN + 1])
    shown = events[:EVENTS_SHOWN]
    ended = list(how_it_ended(support_request, actor))
    read = entries([*shown, *ended], actor)
    return {
        "timeline": read[: len(shown)],
        "ending": [words for entry in read[len(shown) :] for words in entry.words],
        "older": events[EVENTS_SHOWN - 1].pk if len(events) > EVENTS_SHOWN else None,
        "is_newest": before_id is None,
    }
