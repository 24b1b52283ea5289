"""Part 4 of SC66 Inf. 9: the support that ICCWC has given, gives and plans."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models import Agency, Party
from partners.models.translated import in_readers_language
from record.models.base import Lasting, Titled
from requests_app.models import Support, SupportRequest
from toolkit.models import Recommendation


class Activity(Lasting, Titled):
    """One piece of support, in a country or in several, or for all."""

    class Kind(models.TextChoices):
        """The three headings of the maps of SC66 Inf. 9 and of the implementation page."""

        ANALYSIS = "analysis", _("Analysis of national responses")
        CAPACITY = "capacity", _("Law enforcement support and capacity building")
        CROSS_CUTTING = "cross_cutting", _("Cross-cutting activities")

    class Stage(models.TextChoices):
        PLANNED = "planned", _("planned")
        ONGOING = "ongoing", _("ongoing")
        COMPLETED = "completed", _("completed")
        NOT_STATED = "not_stated", _("not stated")

    kind = models.CharField(_("kind"), max_length=13, choices=Kind)
    stage = models.CharField(_("stage"), max_length=10, choices=Stage, default=Stage.NOT_STATED)
    support = models.ForeignKey(
        Support, models.PROTECT, null=True, blank=True, related_name="activities",
        verbose_name=_("kind of support"),
    )  # fmt: skip
    agencies = models.ManyToManyField(
        Agency, blank=True, related_name="activities", verbose_name=_("agencies")
    )
    text_en = models.TextField(_("description in English"), blank=True)
    text_fr = models.TextField(_("description in French"), blank=True)
    text_es = models.TextField(_("description in Spanish"), blank=True)
    link = models.URLField(_("link"), max_length=500, blank=True)
    # Where it came from: never shown to the public, whatever is public of the activity.
    support_request = models.ForeignKey(
        SupportRequest, models.PROTECT, null=True, blank=True, related_name="activities",
        verbose_name=_("request that it answers"),
    )  # fmt: skip
    recommendation = models.ForeignKey(
        Recommendation, models.PROTECT, null=True, blank=True, related_name="activities",
        verbose_name=_("recommendation that it carries out"),
    )  # fmt: skip

    searched = ("title_", "text_")

    class Meta(Titled.Meta):
        abstract = False
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["-starts_on", "pk"]
        # For whoever keeps a copy: an import brings ten thousands at once.
        indexes = [models.Index(fields=["updated_at", "id"], name="record_activities_by_change")]

    @property
    def text(self) -> str:
        return in_readers_language(self, "text")


class ActivityPlace(models.Model):
    """Where an activity is: a Party, a named place of one, or a place that is no Party.

    A position is to the province or port, never nearer: seizures and stocks have addresses.
    """

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="places")
    party = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("Party")
    )
    name = models.CharField(
        _("place"), max_length=120, blank=True,
        help_text=_("A town or province, or a territory that is no Party of its own."),
    )  # fmt: skip
    latitude = models.DecimalField(
        _("latitude"), max_digits=7, decimal_places=4, null=True, blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )  # fmt: skip
    longitude = models.DecimalField(
        _("longitude"), max_digits=7, decimal_places=4, null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )  # fmt: skip

    class Meta:
        verbose_name = _("place of an activity")
        verbose_name_plural = _("places of activities")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(party__isnull=False) | ~models.Q(name=""),
                name="record_place_somewhere",
                violation_error_message=_("Name a Party or a place."),
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="record_position_whole",
                violation_error_message=_("Give both latitude and longitude, or neither."),
            ),
        ]

    def __str__(self) -> str:
        return ", ".join(filter(None, [self.name, self.party.name if self.party else ""]))
