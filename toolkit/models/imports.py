"""A file that was looked through and waits for its sender to say: import it."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _


class ImportKind(models.TextChoices):
    OBSERVATIONS = "observations", _("observations in documents")
    PLAN = "plan", _("action plan")
    FRAMEWORK = "framework", _("Indicator Framework")
    SCORES = "scores", _("scores of an assessment")


class Import(models.Model):
    """The rows of one file without a fault, as they will be imported: all of them or none.

    Rows live here between the preview and the confirmation; only who sent the file sees them.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=ImportKind)
    # What the rows are for: a cycle, an edition, an assessment; 0 where there is one place only.
    target_id = models.BigIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    made_at = models.DateTimeField(_("read"), auto_now_add=True)
    file_name = models.CharField(_("file"), max_length=150)
    rows = models.JSONField(default=list, encoder=DjangoJSONEncoder)
    done_at = models.DateTimeField(_("imported"), null=True)

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.kind}: {self.file_name}"
