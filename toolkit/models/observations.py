"""What published documents say of Parties, and of all of them together."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from history.models import Event
from history.precision import Precision, in_words
from partners.models import Party
from toolkit.steps import Step


class ObservationQuerySet(models.QuerySet["Observation"]):
    def visible_to(self, actor: Any) -> "ObservationQuerySet":
        """Everybody: observations are taken from published documents only."""
        return self


class Observation(models.Model):
    """What a published document says about a Party, on a date, with its source.

    Observations stand beside the steps and never change them; documents may disagree.
    """

    class Instrument(models.TextChoices):
        TOOLKIT = "toolkit", _("Toolkit")
        FRAMEWORK = "indicator_framework", _("Indicator Framework")
        BOTH = "toolkit+indicator_framework", _("Toolkit and Indicator Framework")

    class Status(models.TextChoices):
        REQUEST_RECEIVED = "request_received", _("request received")
        IN_PROCESS = "in_process", _("in process")
        COMPLETE = "complete", _("complete")
        STEP = "step_event", _("a step was reached")
        FOLLOW_UP = "follow_up_event", _("follow-up to recommendations")
        PUBLISHED = "published", _("report made public")
        ON_MAP = "activity_shown_on_iccwc_map", _("activity shown on the ICCWC map")

    party = models.ForeignKey(Party, models.PROTECT, related_name="observations")
    instrument = models.CharField(_("instrument"), max_length=30, choices=Instrument)
    status = models.CharField(_("what it says"), max_length=30, choices=Status)
    step = models.CharField(_("step"), max_length=30, choices=Step, blank=True)
    effective_on = models.DateField(_("as of"))
    precision = models.CharField(max_length=5, choices=Precision)
    is_approximate = models.BooleanField(_("date approximate"), default=False)
    date_in_source = models.CharField(_("date as the source gives it"), max_length=60)
    note = models.TextField(_("note"), blank=True)
    source = models.CharField(_("source"), max_length=300)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    objects = ObservationQuerySet.as_manager()

    class Meta:
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["effective_on", "party__name_en", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "instrument", "status", "step", "date_in_source", "source"],
                name="toolkit_observation_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.party.code} {self.status} {self.date_in_source}"

    @property
    def when_in_words(self) -> str:
        return in_words(self.effective_on, self.precision)


class PublishedTotalQuerySet(models.QuerySet["PublishedTotal"]):
    def visible_to(self, actor: Any) -> "PublishedTotalQuerySet":
        """Everybody: totals are taken from published documents only."""
        return self


class PublishedTotal(models.Model):
    """What a published document says of all countries together, on a date.

    `text` is what it says; the numbers are those that stand in it, None where it gives none.
    Documents count differently (some the Toolkit alone, some with the Indicator Framework): their
    totals are no one series, and never added up.
    """

    effective_on = models.DateField(_("as of"))
    precision = models.CharField(max_length=5, choices=Precision)
    is_approximate = models.BooleanField(_("date approximate"), default=False)
    date_in_source = models.CharField(_("date as the source gives it"), max_length=60)
    text = models.CharField(_("what it says"), max_length=300)
    in_all = models.PositiveIntegerField(_("in all"), null=True, blank=True)
    complete = models.PositiveIntegerField(_("complete"), null=True, blank=True)
    under_way = models.PositiveIntegerField(
        _("under way or at other stages"), null=True, blank=True
    )
    # "More than 12", "around 20": the numbers are not exact.
    is_rough = models.BooleanField(_("numbers not exact"), default=False)
    instrument = models.CharField(
        _("instrument"), max_length=30, choices=Observation.Instrument,
        default=Observation.Instrument.TOOLKIT,
    )  # fmt: skip
    source = models.CharField(_("source"), max_length=300)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)

    objects = PublishedTotalQuerySet.as_manager()

    class Meta:
        verbose_name = _("total in a document")
        verbose_name_plural = _("totals in documents")
        ordering = ["effective_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["date_in_source", "source", "text"], name="toolkit_total_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.date_in_source}: {self.text}"

    @property
    def when_in_words(self) -> str:
        return in_words(self.effective_on, self.precision)
