from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from history import kinds
from history.precision import Precision, in_words


class AppendOnly(RuntimeError):
    """History was about to be changed. It never is: add an event that corrects instead."""


class Check(models.Model):
    """What one run of verify_history found."""

    ran_at = models.DateTimeField(_("checked"))
    events = models.PositiveBigIntegerField(_("events looked at"))
    fault = models.CharField(_("fault"), max_length=300, blank=True)  # empty when none was found

    class Meta:
        verbose_name = _("check of the history")
        verbose_name_plural = _("checks of the history")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.ran_at:%Y-%m-%d %H:%M} {self.fault or 'intact'}"


class EventQuerySet(models.QuerySet["Event"]):
    def about(self, subject: models.Model) -> "EventQuerySet":
        """Events of one subject, oldest first."""
        return self.filter(subject_type=subject._meta.label_lower, subject_id=subject.pk).order_by(
            "sequence"
        )

    def update(self, **kwargs: Any) -> int:
        raise AppendOnly

    def delete(self) -> tuple[int, dict[str, int]]:
        raise AppendOnly

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        raise AppendOnly


class Event(models.Model):
    """One thing that happened: when it was true, when we learned it, who says so.

    Rows are only ever added, by `history.log.record`. Triggers in the database refuse UPDATE
    and DELETE, and each row carries the hash of the one before it in its subject.
    """

    subject_type = models.CharField(_("subject type"), max_length=60)
    subject_id = models.BigIntegerField(_("subject"))
    sequence = models.PositiveIntegerField(_("number in the subject"))
    kind = models.CharField(_("what happened"), max_length=60)
    effective_on = models.DateField(_("true from"))
    precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    recorded_at = models.DateTimeField(_("recorded"))
    actor_kind = models.CharField(_("kind of actor"), max_length=10)
    actor_id = models.BigIntegerField(_("number of the actor"), null=True)
    actor_name = models.CharField(_("by"), max_length=200)
    actor_body = models.CharField(_("for"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    changes = models.JSONField(_("what changed"), default=dict)
    previous_hash = models.CharField(_("hash of the event before"), max_length=64, blank=True)
    hash = models.CharField(_("hash"), max_length=64)

    # Not kept: it was there before, and whoever acted finds it again (workflow.errors.DoneBefore).
    was_there = False

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "sequence"], name="history_event_in_order"
            )
        ]
        indexes = [models.Index(fields=["subject_type", "effective_on"], name="history_as_of")]

    def __str__(self) -> str:
        return f"{self.label} ({self.pk})"

    @property
    def label(self) -> str:
        return kinds.label(self.kind)

    @property
    def effective_in_words(self) -> str:
        return in_words(self.effective_on, self.precision)
