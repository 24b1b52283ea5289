"""Who has read which confidential file: recorded at every download, shown to those concerned."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from history.log import record
from history.models import Event
from partners.access import snapshot, standing
from requests_app.models import Attachment, SupportRequest

READ = "files.read"
FILE = Attachment._meta.label_lower


@dataclass(frozen=True)
class FileReading:
    """One download of one file. Names are those that history keeps."""

    file: str
    who: str
    body: str
    at: datetime


def note_reading(attachment: Attachment, reader: Any) -> None:
    """Record that `reader` is given a file that the agencies may not read. What was never
    submitted is its own country's business: nobody else can reach it."""
    if attachment.released_at is None or not attachment.is_confidential:
        return
    with transaction.atomic():
        locked = Attachment.objects.select_for_update(no_key=True).get(pk=attachment.pk)
        by = snapshot(reader, attachment.support_request)
        record(locked, READ, by=by, changes={"name": locked.name})


def readings_of(support_request: SupportRequest) -> "QuerySet[Event]":
    """Every reading of the confidential files of a request, newest first, whoever asks."""
    files = Attachment.objects.filter(support_request=support_request).order_by().values("pk")
    return Event.objects.filter(subject_type=FILE, subject_id__in=files, kind=READ).order_by("-pk")


def readings_open_to(actor: Any, support_request: SupportRequest) -> "QuerySet[Event]":
    """The same for its Party and the Secretariat, and nothing for anybody else."""
    me = standing(actor)
    if me.sees_all or support_request.party_id in me.all_parties:
        return readings_of(support_request)
    return Event.objects.none()


def as_reading(event: Event) -> FileReading:
    return FileReading(event.changes["name"], event.actor_name, event.actor_body, event.recorded_at)
