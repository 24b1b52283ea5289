"""Lists of activities that wait for an editor's yes."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from record.models.activities import Activity
from workflow.guard import StateField, StatefulQuerySet, VersionField


class ImportState(models.TextChoices):
    WAITING = "waiting", _("waits for a yes")
    TAKEN = "taken", _("taken over")
    DROPPED = "dropped", _("dropped")


class ActivityImport(models.Model):
    """One file, read once; its rows keep what stood in it."""

    name = models.CharField(_("file"), max_length=200)
    sha256 = models.CharField(max_length=64)
    source = models.CharField(_("source"), max_length=300, blank=True)
    encoding = models.CharField(_("read as"), max_length=20)
    state = StateField(
        _("state"), max_length=7, choices=ImportState, default=ImportState.WAITING
    )  # fmt: skip
    version = VersionField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("read"), auto_now_add=True)

    objects = StatefulQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("import of activities")
        verbose_name_plural = _("imports of activities")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.name


class ImportRow(models.Model):
    """One activity read from the file: what stood there, what was understood, what is wrong."""

    class Verdict(models.TextChoices):
        GOOD = "good", _("good")
        ASKED = "asked", _("needs an answer")
        KNOWN = "known", _("is here already")
        REFUSED = "refused", _("cannot be taken")

    batch = models.ForeignKey(ActivityImport, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField(_("line"))  # of the file, where the row begins
    part = models.PositiveSmallIntegerField(_("part"), default=1)  # of several in one cell
    said = models.JSONField(_("as written"))
    understood = models.JSONField(_("understood"), default=dict)
    verdict = models.CharField(_("verdict"), max_length=7, choices=Verdict)
    reasons = models.JSONField(_("reasons"), default=list)
    activity = models.ForeignKey(Activity, models.SET_NULL, null=True, related_name="+")

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        ordering = ["batch", "line", "part"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "line", "part"], name="record_row_once")
        ]

    def __str__(self) -> str:
        return f"{self.line}.{self.part}"
