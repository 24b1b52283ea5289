from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.access import standing
from requests_app.models.requests import SupportRequest
from requests_app.models.states import Openness


class Scan(models.TextChoices):
    """What the virus scanner said; see requests_app.scanning."""

    NOT_ASKED = "not_asked", _("no scanner is set up")
    WAITING = "waiting", _("being checked for viruses")
    CLEAN = "clean", _("checked")
    REFUSED = "refused", _("refused by the virus scanner")


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
        return self.filter(scan__in=[Scan.NOT_ASKED, Scan.CLEAN])


def private_path(attachment: "Attachment", name: str) -> str:
    """Stored under the hash of the content: a name from outside never reaches the disk."""
    return f"attachments/{attachment.sha256[:2]}/{attachment.sha256}"


class Attachment(models.Model):
    """A file that belongs to a request; kept privately, downloaded through the request's rule."""

    class AttachmentKind(models.TextChoices):
        LETTER = "letter", _("signed letter")
        OTHER = "other", _("attachment")

    support_request = models.ForeignKey(SupportRequest, models.PROTECT, related_name="attachments")
    kind = models.CharField(_("kind"), max_length=6, choices=AttachmentKind)
    file = models.FileField(upload_to=private_path, max_length=200)
    name = models.CharField(_("name"), max_length=150)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("added"), auto_now_add=True)
    # Since when others than the Party may read it: the submission, or the sending of the letter.
    released_at = models.DateTimeField(_("submitted"), null=True, editable=False)

    openness = models.CharField(
        _("who may read it"), max_length=10, choices=Openness, default=Openness.AS_REQUEST,
        editable=False,
    )  # fmt: skip
    scan = models.CharField(
        _("virus check"), max_length=9, choices=Scan, default=Scan.NOT_ASKED, editable=False
    )
    scanned_at = models.DateTimeField(_("checked"), null=True, editable=False)

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

    def __str__(self) -> str:
        return self.name

    @property
    def is_confidential(self) -> bool:
        """As `confidential` has it."""
        said = self.openness
        if said == Openness.AS_REQUEST:
            said = self.support_request.documents
        return said != Openness.OPEN

    @property
    def is_readable(self) -> bool:
        """As `readable` has it."""
        return self.scan in {Scan.NOT_ASKED, Scan.CLEAN}
