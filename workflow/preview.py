"""What an action would send, found out by doing it and undoing it."""

from django.db import transaction

from outbox.models import Message
from workflow.doors import attempt
from workflow.forms import ActionForm
from workflow.inputs import Kind
from workflow.transitions import Transition


class _Undo(Exception):
    """Ends the transaction of a preview; nothing that was done in it stays."""


def can_be_previewed(transition: Transition) -> bool:
    """A file would lie in the store whatever became of the transaction: so none is sent to see."""
    return all(one.kind != Kind.FILE for one in transition.inputs)


def would_send(form: ActionForm, *, by: object) -> list[Message] | None:
    """The messages, as they would lie in the outbox; None when the form is refused, which then
    says why. The rows are not stored: they have no page, and their ids mean nothing.
    """
    if not can_be_previewed(form.transition):
        raise ValueError(f"{form.transition.action} takes a file")
    owed: list[Message] | None = None
    try:
        with transaction.atomic():
            if event := attempt(form, by=by):
                # Writers of history wait for each other: no event from this one on is another's.
                owed = list(Message.objects.filter(event__gte=event.pk).order_by("pk"))
            raise _Undo
    except _Undo:
        form.obj.refresh_from_db()
    return owed
