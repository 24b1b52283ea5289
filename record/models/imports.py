"""Lists of activities that wait for an editor's yes."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.access import standing
from record.models.activities import Activity
from workflow.guard import StateField, StatefulQuerySet, VersionField


class ImportState(models.TextChoices):
    WAITING = "waiting", _("waits for a yes")
    TAKEN = "taken", _("taken over")
    DROPPED = "dropped", _("dropped")


class ImportQuerySet(StatefulQuerySet[Any]):
    def visible_to(self, actor: Any) -> Any:
        """The Secretariat's own business: what nobody said yes to is read by nobody else."""
        return self.all() if standing(actor).sees_all else self.none()


class ActivityImport(models.Model):
    """One file, read once; its rows keep what stood in it.

    Reading, taking over and publishing go on in short pieces, because nobody else can write
    history meanwhile: `read_at` is set when all rows are there, and what is still to do is what
    the rows say (`record/importing/carrying.py`).
    """

    name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64, db_index=True)
    source = models.CharField(_("source"), max_length=300)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    encoding = models.CharField(_("read as"), max_length=20)
    remarks = models.JSONField(default=list)  # on the file as a whole: see importing/sentences.py
    answers = models.JSONField(default=dict)  # of the editor, by the key of a question
    state = StateField(
        _("state"), max_length=7, choices=ImportState, default=ImportState.WAITING
    )  # fmt: skip
    version = VersionField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("sent by")
    )
    made_at = models.DateTimeField(_("sent"), auto_now_add=True)
    read_at = models.DateTimeField(_("read"), null=True, editable=False)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    # Set while published rows are asked for: who said so.
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = ImportQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("import of activities")
        verbose_name_plural = _("imports of activities")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name


class ImportFile(models.Model):
    """The file of an import as it was sent, while a worker reads it: gone when all rows are there,
    or when the import is dropped. An import without both it and `read_at` broke off."""

    batch = models.OneToOneField(
        ActivityImport, models.CASCADE, primary_key=True, related_name="file"
    )  # fmt: skip
    content = models.BinaryField()
    rows = models.PositiveIntegerField()

    def __str__(self) -> str:
        return self.batch.name


class Verdict(models.TextChoices):
    GOOD = "good", _("good")
    ASKED = "asked", _("needs an answer")
    KNOWN = "known", _("is here already")
    REFUSED = "refused", _("cannot be taken")
    TAKEN = "taken", _("taken over")


class ImportRow(models.Model):
    """One activity read from the file: what stood there, what was understood, what is wrong."""

    batch = models.ForeignKey(ActivityImport, models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(_("row"))  # as a spreadsheet counts them
    part = models.PositiveSmallIntegerField(_("part"), default=1)  # of several in one cell
    said = models.JSONField(_("as written"))
    understood = models.JSONField(_("understood"), default=dict)
    verdict = models.CharField(_("verdict"), max_length=7, choices=Verdict)
    reasons = models.JSONField(_("reasons"), default=list)  # see importing/sentences.py
    asks = models.CharField(max_length=200, blank=True)  # the key of the question that is open
    # The same for the same activity: see importing/known.py.
    key = models.CharField(max_length=32, blank=True)
    # What it became, or what it is already.
    activity = models.ForeignKey(Activity, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["batch", "number", "part"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number", "part"], name="record_row_once")
        ]
        indexes = [models.Index(fields=["batch", "verdict", "asks"], name="record_row_verdict")]

    def __str__(self) -> str:
        return f"{self.number}.{self.part}"
