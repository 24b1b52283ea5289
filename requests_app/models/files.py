"""What every file has that people bring into the portal, whatever it belongs to."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Scan(models.TextChoices):
    """What the virus scanner said; see requests_app.scanning."""

    NOT_ASKED = "not_asked", _("no scanner is set up")
    WAITING = "waiting", _("being checked for viruses")
    CLEAN = "clean", _("checked")
    REFUSED = "refused", _("refused by the virus scanner")


READABLE = (Scan.NOT_ASKED, Scan.CLEAN)


def private_path(file: Any, name: str) -> str:
    """Stored under the hash of the content: a name from outside never reaches the disk."""
    return f"attachments/{file.sha256[:2]}/{file.sha256}"


class StoredFile(models.Model):
    """A file kept privately under the hash of its content, open once it is free of viruses."""

    file = models.FileField(upload_to=private_path, max_length=200)
    name = models.CharField(_("name"), max_length=150)
    content_type = models.CharField(_("type"), max_length=100)
    size = models.PositiveBigIntegerField(_("size in bytes"))
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(_("added"), auto_now_add=True)
    scan = models.CharField(
        _("virus check"), max_length=9, choices=Scan, default=Scan.NOT_ASKED, editable=False
    )
    scanned_at = models.DateTimeField(_("checked"), null=True, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def is_readable(self) -> bool:
        """Not being checked for viruses and not refused."""
        return self.scan in READABLE
