from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.access import standing
from requests_app.models.files import READABLE, StoredFile
from requests_app.models.requests import SupportRequest
from requests_app.models.states import Openness

_OPEN = models.Q(openness=Openness.OPEN) | models.Q(
    openness=Openness.AS_REQUEST, support_request__documents=Openness.OPEN
)


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, actor: Any) -> "AttachmentQuerySet":
        """Of requests that the actor may see: its Party's people see all; the Secretariat what
        was submitted or sent after; an agency, of that, what is not confidential."""
        me = standing(actor)
        of_requests = self.filter(support_request__in=SupportRequest.objects.visible_to(actor))
        own = models.Q(support_request__party_id__in=me.all_parties)
        sent = models.Q(released_at__isnull=False)
        return of_requests.filter(own | (sent if me.sees_all else sent & _OPEN))

    def confidential(self) -> "AttachmentQuerySet":
        """Closed to the agencies: as every file is until an officer opens it."""
        return self.exclude(_OPEN)

    def readable(self) -> "AttachmentQuerySet":
        """Not being checked for viruses and not refused: what may be downloaded or submitted."""
        return self.filter(scan__in=READABLE)


class Attachment(StoredFile):
    """A file that belongs to a request; kept privately, downloaded through the request's rule."""

    class AttachmentKind(models.TextChoices):
        LETTER = "letter", _("signed letter")
        OTHER = "other", _("attachment")

    support_request = models.ForeignKey(SupportRequest, models.PROTECT, related_name="attachments")
    kind = models.CharField(_("kind"), max_length=6, choices=AttachmentKind)
    # Since when others than the Party may read it: the submission, or the sending of the letter.
    released_at = models.DateTimeField(_("submitted"), null=True, editable=False)

    openness = models.CharField(
        _("who may read it"), max_length=10, choices=Openness, default=Openness.AS_REQUEST,
        editable=False,
    )  # fmt: skip
    objects = AttachmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")
        ordering = ["pk"]
        indexes = [
            models.Index(
                fields=["id"], name="attachments_to_scan", condition=models.Q(scan="waiting")
            )
        ]

    @property
    def is_confidential(self) -> bool:
        """As `confidential` has it."""
        said = self.openness
        if said == Openness.AS_REQUEST:
            said = self.support_request.documents
        return said != Openness.OPEN
