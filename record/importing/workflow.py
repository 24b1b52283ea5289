"""What may happen to an import: its good rows are taken over, what came of them is published, or
all of it is dropped. Nothing of it happens by itself."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from history.models import Event
from partners.access import OFFICER, fresh, snapshot
from record.models import (
    ActivityImport,
    ImportFile,
    ImportRow,
    ImportState,
    Publication,
    Verdict,
)
from workflow.transitions import Act, Data, Table, Transition

S = ImportState
IMPORTED = "record.import"  # of an activity: from a file
ANSWERED = "activity_imports.answer"  # of an import: a question of its file


def good_rows(batch: ActivityImport) -> Any:
    return batch.rows.filter(verdict=Verdict.GOOD)


def unpublished_rows(batch: ActivityImport) -> "Any":
    """Taken over, to be seen as the file says, and never published before."""
    return ImportRow.objects.filter(
        batch=batch,
        verdict=Verdict.TAKEN,
        understood__visible=True,
        activity__state=Publication.DRAFT,
        activity__publish_at=None,
    )


def _is_read(batch: ActivityImport) -> bool:
    return batch.read_at is not None


def _has_good_rows(batch: ActivityImport) -> bool:
    return _is_read(batch) and batch.taken_by_id is None and good_rows(batch).exists()


def _has_unpublished_rows(batch: ActivityImport) -> bool:
    is_at_rest = batch.taken_by_id is None and batch.published_by_id is None
    return is_at_rest and unpublished_rows(batch).exists()


def _take(batch: ActivityImport, act: Act) -> Data:
    batch.taken_by = act.actor
    return {"rows": good_rows(batch).count()}


def _publish(batch: ActivityImport, act: Act) -> Data:
    batch.published_by = act.actor
    return {"rows": unpublished_rows(batch).count()}


def _drop(batch: ActivityImport, act: Act) -> Data:
    ImportFile.objects.filter(batch=batch).delete()  # which is being read
    dropped, _by_model = batch.rows.all().delete()
    return {"rows": dropped}


def _tell_nobody(event: Event, batch: ActivityImport, act: Act) -> None:
    """The Secretariat's own business."""


IMPORTS = Table(
    name="activity_imports",
    model=ActivityImport,
    transitions=(
        Transition(
            action="take",
            label=_("Take the good rows over"),
            done=_("Good rows taken over"),
            sources=frozenset({S.WAITING, S.TAKEN}),
            target=S.TAKEN,
            when=_has_good_rows,
            in_the_way=_("no good row waits."),
            who=OFFICER,
            change=_take,
            warning=_(
                "Each good row becomes a draft, which nobody outside the Secretariat sees. Rows "
                "that need an answer, are here already or cannot be taken stay where they are."
            ),
            is_internal=True,
        ),
        Transition(
            action="publish",
            label=_("Publish what was taken over"),
            done=_("Published"),
            sources=frozenset({S.TAKEN}),
            when=_has_unpublished_rows,
            in_the_way=_("no draft of this import waits."),
            who=OFFICER,
            change=_publish,
            warning=_(
                "Everybody can read the activities then, but for those that the file says are not "
                "to be seen: they stay drafts."
            ),
            is_internal=True,
        ),
        Transition(
            action="drop",
            label=_("Drop this import"),
            done=_("Dropped"),
            sources=frozenset({S.WAITING}),
            target=S.DROPPED,
            who=OFFICER,
            change=_drop,
            warning=_("What was read of the file is deleted. Nothing of it has been taken over."),
            is_internal=True,
        ),
    ),
    snapshot=snapshot,
    fresh=fresh,
    notify=_tell_nobody,
)
