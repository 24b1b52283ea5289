"""The files of a cycle: judged by content, stored privately, checked for viruses, given back to
those who may read them, and the reading of confidential ones recorded."""

from collections.abc import Iterable
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from history.log import record
from history.models import Event
from partners.access import snapshot
from requests_app.attaching import described, refuse_known_virus, store
from requests_app.downloads import give
from requests_app.readings import FileReading
from toolkit.models import Document, Implementation, Recommendation, StepStatus
from workflow.errors import InvalidInput

MOST = 200  # of one cycle
READ = "toolkit.document_read"
READINGS_SHOWN = 20


def keep(
    implementation: Implementation,
    upload: UploadedFile,
    *,
    by: Any,
    title: str,
    readers: str,
    step: StepStatus | None = None,
    recommendation: Recommendation | None = None,
) -> Document:
    """Store a file with a cycle. Call with the row of the cycle held.

    Raises InvalidInput, at "file", for an unfit file, one that the virus scanner has refused
    before, or one too many.
    """
    of_cycle = implementation.documents.all()
    try:
        row = Document(
            implementation=implementation,
            step=step,
            recommendation=recommendation,
            title=title,
            readers=readers,
            added_by=by,
            **described(upload),
        )
        refuse_known_virus(of_cycle.filter(sha256=row.sha256), row.name)
    except ValidationError as unfit:
        raise InvalidInput({"file": unfit.messages}) from unfit
    if of_cycle.count() >= MOST:
        sentence = _("A cycle can have up to %(most)d documents.")
        raise InvalidInput({"file": [sentence % {"most": MOST}]})
    return store(row, upload)


def visible_of(implementation: Implementation, actor: Any) -> "QuerySet[Document]":
    """Its documents that the actor may know of, newest first; some may wait for a virus check."""
    found = Document.objects.visible_to(actor).filter(implementation=implementation)
    return found.select_related("added_by", "step").order_by("-pk")


def public_of(implementations: Iterable[Implementation], actor: Any) -> dict[int, list[Document]]:
    """By the id of a cycle, the documents that everybody may read: marked public, in a cycle
    whose consent in force covers documents, and free of viruses. One query for all of them.

    For the pages of the public: a reader inside finds the others on the page of each step.
    """
    shown = Document.objects.visible_to(actor).open_to_all().readable()
    shown = shown.filter(implementation__in=list(implementations))
    found: dict[int, list[Document]] = {}
    for document in shown.select_related("step").order_by("-pk"):
        found.setdefault(document.implementation_id, []).append(document)
    return found


def as_download(document: Document, request: Any) -> HttpResponseBase:
    """The file; that the caller is given one that is not public is recorded.

    The caller has asked `Document.objects.visible_to`. Raises as `requests_app.downloads.give`.
    """
    return give(document, request, partial(_note_reading, document, request.user))


def _note_reading(document: Document, reader: Any) -> None:
    if Document.objects.open_to_all().filter(pk=document.pk).exists():
        return
    with transaction.atomic():
        cycles = Implementation._base_manager.select_for_update(no_key=True)
        locked = cycles.get(pk=document.implementation_id)
        said = {"id": document.pk, "title": document.title}
        record(locked, READ, by=snapshot(reader, locked), changes={"document": said})


def readings_of(documents: Iterable[Document], actor: Any) -> list[FileReading]:
    """Who opened these confidential documents of one cycle, newest first, for those inside."""
    known = {document.pk: document for document in documents}
    cycles = {document.implementation_id for document in known.values()}
    inside = Implementation.objects.inside(actor).filter(pk__in=cycles).values("pk")
    events = Event.objects.filter(
        subject_type=Implementation._meta.label_lower,
        subject_id__in=inside,
        kind=READ,
        changes__document__id__in=list(known),
    )
    return [
        FileReading(one.changes["document"]["title"], one.actor_name, one.actor_body,
                    one.recorded_at)
        for one in events.order_by("-pk")[:READINGS_SHOWN]
    ]  # fmt: skip
