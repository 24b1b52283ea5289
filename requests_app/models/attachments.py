from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.access import standing
from partners.models import Agency
from requests_app.models.files import READABLE, StoredFile
from requests_app.models.requests import SupportRequest
from requests_app.models.states import Openness

_OPEN = models.Q(openness=Openness.OPEN) | models.Q(
    openness=Openness.AS_REQUEST, support_request__documents=Openness.OPEN
)


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def visible_to(self, actor: Any) -> "AttachmentQuerySet":
        """Of requests that the actor may see: its Party's people see all that is the country's;
        the Secretariat what was submitted or sent after; an agency, of that, what is not
        confidential. What an agency brought in is between it and the Secretariat, as its words
        are: see requests_app.reading.words_open_to."""
        me = standing(actor)
        of_requests = self.filter(support_request__in=SupportRequest.objects.visible_to(actor))
        sent = models.Q(released_at__isnull=False)
        if me.sees_all:
            return of_requests.filter(sent)
        of_country = models.Q(agency=None)
        own = of_country & models.Q(support_request__party_id__in=me.all_parties)
        opened = of_country & sent & _OPEN
        brought_in = models.Q(agency_id__in=me.all_agencies)
        return of_requests.filter(own | opened | brought_in)

    def of_country(self) -> "AttachmentQuerySet":
        """What the country attached: its letters and its further files."""
        return self.filter(agency=None)

    def confidential(self) -> "AttachmentQuerySet":
        """Of the country's, those closed to the agencies: as each is until an officer opens it."""
        return self.of_country().exclude(_OPEN)

    def readable(self) -> "AttachmentQuerySet":
        """Not being checked for viruses and not refused: what may be downloaded or submitted."""
        return self.filter(scan__in=READABLE)


class Attachment(StoredFile):
    """A file that belongs to a request; kept privately, downloaded through the request's rule."""

    class AttachmentKind(models.TextChoices):
        LETTER = "letter", _("signed letter")
        OTHER = "other", _("attachment")

    support_request = models.ForeignKey(SupportRequest, models.PROTECT, related_name="all_files")
    # Which agency brought it in; without one it is the country's.
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, related_name="+", verbose_name=_("agency")
    )
    # Nobody, for what an agency's own system brought in.
    added_by = models.ForeignKey(  # type: ignore[assignment]
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
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
        if self.agency_id is not None:
            return False
        said = self.openness
        if said == Openness.AS_REQUEST:
            said = self.support_request.documents
        return said != Openness.OPEN
