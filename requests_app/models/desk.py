"""What the Secretariat keeps about a request for itself: no country and no agency reads it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.access import standing
from requests_app.models.catalogue import Entry
from requests_app.models.requests import SupportRequest


class OfTheDesk(models.QuerySet[Any]):
    def visible_to(self, actor: Any) -> "OfTheDesk":
        """The Secretariat's own; nothing for anybody else."""
        return self if standing(actor).sees_all else self.none()


class Note(models.Model):
    """An internal note. Written once; who is mentioned is told by mail."""

    support_request = models.ForeignKey(SupportRequest, models.PROTECT, related_name="notes")
    text = models.TextField(_("text"))
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    mentions = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")
    written_at = models.DateTimeField(_("written"), auto_now_add=True)

    objects = OfTheDesk.as_manager()

    class Meta:
        verbose_name = _("internal note")
        verbose_name_plural = _("internal notes")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.support_request_id}/{self.pk}"


class Criterion(Entry):
    """One thing the Secretariat weighs before it decides."""

    is_offered = models.BooleanField(_("is asked"), default=True)

    class Meta(Entry.Meta):
        verbose_name = _("triage criterion")
        verbose_name_plural = _("triage criteria")


class Mark(models.TextChoices):
    """How a request stands with a criterion."""

    YES = "yes", _("yes")
    PARTLY = "partly", _("partly")
    NO = "no", _("no")
    UNKNOWN = "unknown", _("not known")


class Assessment(models.Model):
    """How a request stands with one criterion, and why. History keeps what was said before."""

    support_request = models.ForeignKey(SupportRequest, models.PROTECT, related_name="assessments")
    criterion = models.ForeignKey(Criterion, models.PROTECT, related_name="+")
    mark = models.CharField(_("answer"), max_length=7, choices=Mark)
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(_("said"))

    objects = OfTheDesk.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["criterion__position", "criterion__key"]
        constraints = [
            models.UniqueConstraint(
                fields=["support_request", "criterion"], name="requests_one_mark_per_criterion"
            )
        ]

    def __str__(self) -> str:
        return f"{self.support_request_id} {self.criterion_id}: {self.mark}"


class SavedView(models.Model):
    """An officer's own way to look at the queue: the filters, search and order of its address."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000, blank=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="requests_view_names_differ")
        ]

    def __str__(self) -> str:
        return self.name
