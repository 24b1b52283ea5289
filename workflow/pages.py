"""The page of an action, the same for every table: GET shows the form, POST does the action.

A desk's page has two buttons more: one fills in a text of the catalogue, one shows what would be
sent. Neither changes anything.
"""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from history.models import Event
from outbox.models import Message, State
from workflow.doors import attempt, status_of
from workflow.errors import NotAllowedNow, NotPermitted, Refused, StaleVersion
from workflow.executor import require, table_of
from workflow.forms import ActionForm, action_form
from workflow.inputs import Kind
from workflow.meanwhile import happened_since, last_event
from workflow.preview import can_be_previewed, would_send

LONGEST_MARK = 18  # digits


def action_page(
    request: HttpRequest,
    obj: Any,
    action: str,
    *,
    about: str,
    back: str,
    done: str = "",
    initial: Mapping[str, Any] | None = None,
    template: str = "workflow/action.html",
    more: Mapping[str, Any] | None = None,
    at_desk: bool = False,
) -> HttpResponse:
    """Ask for what the action needs, do it, go on to `done` (or `back`) with a message.

    The caller has checked that the actor may see `obj`. What cannot be done now is said with
    the present state: 409, and 403 where the actor is never entitled. `about` names the object.
    Another frame around the form brings its `template` and `more` context.
    """
    transition = table_of(obj).by_action.get(action)
    if transition is None:
        raise Http404
    previewed = None
    if request.method == "POST":
        form = action_form(transition, obj, request.POST, request.FILES)
        event, previewed = _pressed(form, request, at_desk)
        if event:
            _say_what_was_done(request, form, event, at_desk)
            return redirect(done or back)
    else:
        form = action_form(transition, obj, initial=initial)
        form.refusal = _refusal(form, request.user)
    if at_desk:
        form.offer_texts()
    context = _context(form, request) | {"about": about, "back": back, "previewed": previewed}
    context["has_preview"] = at_desk and can_be_previewed(transition)
    context |= dict(more or {})
    return render(request, template, context, status=status_of(form))


def _pressed(
    form: ActionForm, request: HttpRequest, at_desk: bool
) -> tuple[Event | None, list[Message] | None]:
    """Do what the pressed button says: the event of an action that was done, or what it would
    send, or neither."""
    if at_desk and "fill" in request.POST:
        form.refusal = _refusal(form, request.user)
        if form.refusal is None:
            form.fill_in(request.POST["fill"])
        return None, None
    if at_desk and "preview" in request.POST and can_be_previewed(form.transition):
        return None, would_send(form, by=request.user)
    return attempt(form, by=request.user), None


def _context(form: ActionForm, request: HttpRequest) -> dict[str, Any]:
    return {
        "form": form,
        "transition": form.transition,
        "object": form.obj,
        "gone": _is_gone(form.refusal),
        "typed": _typed(form),
        "free_text": any(one.kind == Kind.TEXT for one in form.transition.inputs),
        "meanwhile": _meanwhile(form, request),
        "is_stale": isinstance(form.refusal, StaleVersion),
        "seen": last_event(),
    }


def _refusal(form: ActionForm, actor: Any) -> Refused | None:
    """What the executor would answer before it looked at the form."""
    try:
        require(form.transition.action, form.obj, actor)
    except Refused as refusal:
        return refusal
    return None


def _is_gone(refusal: Refused | None) -> bool:
    """Is there no point in showing the form again?"""
    return isinstance(refusal, NotPermitted | NotAllowedNow)


def _meanwhile(form: ActionForm, request: HttpRequest) -> Any:
    """For a page that came too late: what happened since its reader opened it, and who did it."""
    if status_of(form) != 409:
        return []
    mark = request.POST.get("seen", "")
    is_number = mark.isascii() and mark.isdigit() and len(mark) <= LONGEST_MARK
    is_stale = isinstance(form.refusal, StaleVersion)
    seen = int(mark) if is_number else None
    return happened_since(form.obj, request.user, seen, or_last=not is_stale)


def _typed(form: ActionForm) -> list[tuple[str, str]]:
    """Text that was typed for an action that can no longer be done: shown, so it is not lost."""
    kinds = {one.name for one in form.transition.inputs if one.kind in {Kind.TEXT, Kind.LINE}}
    fields = [form[name] for name in form.fields if name in kinds]
    return [(str(field.label), str(field.value())) for field in fields if field.value()]


def _say_what_was_done(request: HttpRequest, form: ActionForm, event: Event, at_desk: bool) -> None:
    """The action stands whatever becomes of its mail; the desk reads how that is getting on."""
    says = form.transition.says
    of_it = says(form.obj) if says else ""
    sentences = [of_it or f"{event.label}."]
    owed = Message.objects.filter(event=event).count() if at_desk else 0
    if owed:
        sentence = ngettext(
            "%(count)d message is on its way.", "%(count)d messages are on their way.", owed
        )
        sentences.append(sentence % {"count": owed})
    if owed and Message.objects.filter(state=State.FAILED).exists():
        sentences.append(
            _("The mail server takes no messages now: they wait and are sent as soon as it does.")
        )
        messages.warning(request, " ".join(sentences))
    else:
        messages.success(request, " ".join(sentences))
