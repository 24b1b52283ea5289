from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from history.models import Event
from history.precision import Precision, in_words
from partners.access import standing
from partners.models import Agency, Party
from requests_app.models import SupportRequest
from toolkit.steps import Phase, Step, StepState, number, phase_of
from workflow.guard import StateField, StatefulQuerySet, VersionField


class ImplementationQuerySet(StatefulQuerySet["Implementation"]):
    def visible_to(self, actor: Any) -> "ImplementationQuerySet":
        """Public ones for everybody; all for the Secretariat; its own for a Party and for the
        lead agency."""
        me = standing(actor)
        if me.sees_all:
            return self
        return self.filter(
            models.Q(state=Implementation.Publicity.PUBLIC)
            | models.Q(party_id__in=me.all_parties)
            | models.Q(lead_agency_id__in=me.all_agencies)
        )


class Implementation(models.Model):
    """One Toolkit cycle of one Party. Its `state` says only whether the public may see its row."""

    class Publicity(models.TextChoices):
        PRIVATE = "private", _("not public")
        PUBLIC = "public", _("public")

    party = models.ForeignKey(Party, models.PROTECT, related_name="implementations")
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)
    support_request = models.OneToOneField(
        SupportRequest, models.PROTECT, null=True, blank=True, related_name="implementation"
    )
    lead_agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, verbose_name=_("lead agency")
    )
    # Public from the start where the document is from which it was taken over.
    state = StateField(
        _("publicity"), max_length=7, choices=Publicity, default=Publicity.PRIVATE,
        begins=set(Publicity),
    )  # fmt: skip
    version = VersionField()
    updated_at = models.DateTimeField(_("last change"), auto_now=True)

    objects = ImplementationQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("Toolkit implementation")
        verbose_name_plural = _("Toolkit implementations")
        ordering = ["party__name_en", "cycle"]
        constraints = [
            models.UniqueConstraint(fields=["party", "cycle"], name="toolkit_cycle_once")
        ]

    def __str__(self) -> str:
        return f"{self.party} ({self.cycle})"

    def get_absolute_url(self) -> str:
        return reverse("toolkit:party", args=[self.party.code.lower()])

    @property
    def phase(self) -> Phase | None:
        return phase_of([one.step for one in self.steps.all() if one.state == StepState.DONE])


class StepStatusQuerySet(StatefulQuerySet["StepStatus"]):
    protected = frozenset({"state", "version", "effective_on", "precision"})

    def visible_to(self, actor: Any) -> "StepStatusQuerySet":
        """The steps of every implementation that the actor may see."""
        return self.filter(implementation__in=Implementation.objects.visible_to(actor))


class StepStatus(models.Model):
    """Where one step of one implementation stands now: a projection of its history."""

    implementation = models.ForeignKey(Implementation, models.PROTECT, related_name="steps")
    step = models.CharField(_("step"), max_length=30, choices=Step)
    position = models.PositiveSmallIntegerField()
    state = StateField(
        _("state"), max_length=15, choices=StepState, default=StepState.NOT_STARTED,
        begins={StepState.NOT_STARTED, StepState.DONE},
    )  # fmt: skip
    version = VersionField()
    effective_on = models.DateField(_("date"), null=True, editable=False)
    precision = models.CharField(
        max_length=5, choices=Precision, default=Precision.DAY, editable=False
    )
    note = models.TextField(_("note"), blank=True, editable=False)
    source = models.CharField(_("source"), max_length=300, blank=True, editable=False)

    objects = StepStatusQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("step")
        verbose_name_plural = _("steps")
        ordering = ["implementation", "position"]
        constraints = [
            models.UniqueConstraint(fields=["implementation", "step"], name="toolkit_step_once")
        ]

    def __str__(self) -> str:
        return f"{self.implementation}: {self.get_step_display()}"

    def get_absolute_url(self) -> str:
        return self.implementation.get_absolute_url()

    @property
    def number(self) -> int:
        return number(self.step)

    @property
    def party_id(self) -> int:
        return self.implementation.party_id

    @property
    def lead_agency_id(self) -> int | None:
        return self.implementation.lead_agency_id

    @property
    def when_in_words(self) -> str:
        return in_words(self.effective_on, self.precision) if self.effective_on else ""


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
