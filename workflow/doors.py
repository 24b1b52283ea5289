"""How a page does an action: the form goes in, and every refusal comes back as words on it."""

from typing import Any

from history.models import Event
from workflow.errors import InvalidInput, NotPermitted, Refused, StaleVersion
from workflow.executor import perform, require
from workflow.forms import ActionForm


def attempt(form: ActionForm, *, by: Any) -> Event | None:
    """Do the form's action. None when it was refused: the form then says why, at the field or
    above it, `form.refusal` holds the error, and everything typed is still there.
    """
    try:
        require(form.transition.action, form.obj, by)
        if not form.is_valid():
            return None
        return perform(
            form.transition.action,
            form.obj,
            by=by,
            data=form.said,
            version=form.cleaned_data["version"],
        )
    except Refused as refusal:
        form.refusal = refusal
        _show(refusal, form)
        return None


def status_of(form: ActionForm) -> int:
    """The HTTP status of a page that shows a form again."""
    if isinstance(form.refusal, NotPermitted):
        return 403
    if form.refusal is None or isinstance(form.refusal, InvalidInput):
        return 200
    return 409


def _show(refusal: Refused, form: ActionForm) -> None:
    if isinstance(refusal, InvalidInput):
        elsewhere: list[str] = []
        for name, sentences in refusal.fields.items():
            if name in form.fields:
                form.add_error(name, sentences)
            else:
                elsewhere += sentences
        if elsewhere:
            form.add_error(None, [refusal.sentence, *dict.fromkeys(elsewhere)])
        return
    form.obj.refresh_from_db()
    form.add_error(None, refusal.sentence)
    if isinstance(refusal, StaleVersion):
        form.look_again()
