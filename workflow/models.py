from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class KeptAnswer(models.Model):
    """What a call with an Idempotency-Key was answered, so that its repetition is told the same.

    The row is written before the work of the call and filled after it, all in the transaction of
    the work: see `workflow.once`.
    """

    caller = models.CharField(_("who called"), max_length=40)  # "apikey:12", "user:5"
    key = models.CharField(_("key of the call"), max_length=255)
    content = models.CharField(_("fingerprint of what was sent"), max_length=64)
    status = models.PositiveSmallIntegerField(_("status"), default=0)
    headers = models.JSONField(_("headers"), default=dict)
    # Sealed: answers hold what was asked of a country, and once the secret of a webhook.
    body = models.TextField(_("answer, sealed"), blank=True)
    kept_at = models.DateTimeField(_("kept"), default=timezone.now, db_index=True)

    class Meta:
        verbose_name = _("kept answer of the API")
        verbose_name_plural = _("kept answers of the API")
        constraints = [
            models.UniqueConstraint(fields=["caller", "key"], name="one_answer_a_key"),
        ]

    def __str__(self) -> str:
        return f"{self.caller} {self.kept_at:%Y-%m-%d %H:%M} {self.status}"
