"""Assessments of a Party by the Toolkit or the Indicator Framework. Confidential by default."""

from functools import partial
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from history.precision import Precision, in_words
from partners.access import standing
from partners.models import Agency, Party
from toolkit.models.cycles import Implementation
from toolkit.models.framework import Edition, Indicator
from toolkit.models.observations import Observation
from workflow.guard import (
    FlagField,
    StateField,
    StatefulQuerySet,
    StateIsProtected,
    VersionField,
    kept,
)


class AssessmentState(models.TextChoices):
    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    DISCARDED = "discarded", _("discarded")


# What an assessment says of itself is altered by its actions alone, while it is a draft.
_head = partial(kept, from_the_start=False)


class AssessmentQuerySet(StatefulQuerySet["Assessment"]):
    protected = frozenset({"state", "version", "is_disclosed", "edition", "edition_id", "held_on"})

    def inside(self, actor: Any) -> "AssessmentQuerySet":
        """Of which the actor may read everything, the scores too: the Party's people; and once it
        is submitted the Secretariat and the lead agency."""
        me = standing(actor)
        submitted = models.Q(state=AssessmentState.SUBMITTED)
        own = models.Q(party_id__in=me.all_parties)
        if me.sees_all:
            return self.filter(submitted | own)
        return self.filter(own | submitted & models.Q(lead_agency_id__in=me.all_agencies))

    def visible_to(self, actor: Any) -> "AssessmentQuerySet":
        """Those the actor reads inside; and that one was made and when, never its scores or its
        contact, where the country has disclosed it."""
        inside = models.Q(pk__in=self.model._base_manager.inside(actor).values("pk"))  # type: ignore[attr-defined]
        return self.filter(inside | models.Q(state=AssessmentState.SUBMITTED, is_disclosed=True))


class Assessment(models.Model):
    """One assessment of one Party. The head has the fields of the Assessment Template: date,
    agency or agencies, contact person, contact details. Frozen, with its edition, on submission."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="assessments")
    implementation = models.ForeignKey(
        Implementation, models.PROTECT, null=True, blank=True, related_name="assessments",
        verbose_name=_("Toolkit implementation"),
    )  # fmt: skip
    # Both: carried out jointly.
    instrument = models.CharField(_("instrument"), max_length=30, choices=Observation.Instrument)
    edition = _head(models.ForeignKey)(
        Edition, models.PROTECT, null=True, blank=True, related_name="assessments",
        verbose_name=_("edition of the Indicator Framework"),
    )  # fmt: skip
    held_on = _head(models.DateField)(_("date of assessment"))
    precision = models.CharField(
        _("how exactly is the date known"), max_length=5, choices=Precision, default=Precision.DAY
    )
    national_bodies = models.CharField(_("agency or agencies"), max_length=500, blank=True)
    contact_person = models.CharField(_("contact person"), max_length=200, blank=True)
    contact_details = models.CharField(_("contact details"), max_length=300, blank=True)
    lead_agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("lead agency"),
    )  # fmt: skip
    agencies = models.ManyToManyField(
        Agency, blank=True, related_name="+", verbose_name=_("ICCWC agencies that took part")
    )
    state = StateField(
        _("state"), max_length=9, choices=AssessmentState, default=AssessmentState.DRAFT
    )
    is_disclosed = FlagField(_("its date is public"))
    version = VersionField()
    updated_at = models.DateTimeField(_("last change"), auto_now=True)

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return f"{self.party}: {self.get_instrument_display()}, {self.when_in_words}"

    @property
    def is_joint(self) -> bool:
        return self.instrument == Observation.Instrument.BOTH

    @property
    def when_in_words(self) -> str:
        return in_words(self.held_on, self.precision)


class ScoreQuerySet(StatefulQuerySet["Score"]):
    protected = frozenset({"assessment", "assessment_id", "indicator", "indicator_id", "value"})
    protected |= {"words"}

    def delete(self) -> tuple[int, dict[str, int]]:
        raise StateIsProtected({"scores"})


class Score(models.Model):
    """The answer to one indicator: EA 0 to 3, PA 0 (absent) or 1 (present), DA words.

    Only the workflow writes one, while the assessment is a draft (toolkit.workflow.assessments):
    what was submitted stays as it was. An answer that is taken back stays as an empty row.
    """

    assessment = kept(models.ForeignKey)(Assessment, models.PROTECT, related_name="scores")
    indicator = kept(models.ForeignKey)(Indicator, models.PROTECT, related_name="+")
    value = kept(models.PositiveSmallIntegerField)(_("score"), null=True)
    words = kept(models.TextField)(_("remark or data"), blank=True)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        ordering = ["assessment", "indicator__number"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "indicator"], name="toolkit_score_once")
        ]

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.value}"

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise StateIsProtected({"scores"})
