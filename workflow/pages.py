"""The page of an action, the same for every table: GET shows the form, POST does the action."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import format_lazy

from workflow.doors import attempt, status_of
from workflow.errors import NotAllowedNow, NotPermitted, Refused
from workflow.executor import require, table_of
from workflow.forms import ActionForm, action_form
from workflow.inputs import Kind
from workflow.transitions import Transition


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
) -> HttpResponse:
    """Ask for what the action needs, do it, go on to `done` (or `back`) with a message.

    The caller has checked that the actor may see `obj`. What cannot be done now is said with
    the present state: 409, and 403 where the actor is never entitled. `about` names the object.
    Another frame around the form brings its `template` and `more` context.
    """
    transition = table_of(obj).by_action.get(action)
    if transition is None:
        raise Http404
    if request.method == "POST":
        form = action_form(transition, obj, request.POST, request.FILES)
        if attempt(form, by=request.user):
            messages.success(request, format_lazy("{}.", transition.done))
            return redirect(done or back)
    else:
        form = action_form(transition, obj, initial=initial)
        form.refusal = _refusal(transition, obj, request.user)
    context = {"form": form, "transition": transition, "about": about, "back": back}
    context |= {"gone": _is_gone(form.refusal), "typed": _typed(form), "object": obj}
    context["free_text"] = any(one.kind == Kind.TEXT for one in transition.inputs)
    return render(request, template, context | dict(more or {}), status=status_of(form))


def _refusal(transition: Transition, obj: Any, actor: Any) -> Refused | None:
    """What the executor would answer before it looked at the form."""
    try:
        require(transition.action, obj, actor)
    except Refused as refusal:
        return refusal
    return None


def _is_gone(refusal: Refused | None) -> bool:
    """Is there no point in showing the form again?"""
    return isinstance(refusal, NotPermitted | NotAllowedNow)


def _typed(form: ActionForm) -> list[tuple[str, str]]:
    """Text that was typed for an action that can no longer be done: shown, so it is not lost."""
    kinds = {one.name for one in form.transition.inputs if one.kind in {Kind.TEXT, Kind.LINE}}
    fields = [form[name] for name in form.fields if name in kinds]
    return [(str(field.label), str(field.value())) for field in fields if field.value()]
