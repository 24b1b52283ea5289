"""What an action plan recommends, and how far it has been carried out."""

from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.access import standing
from partners.models import Agency
from toolkit.models.cycles import Implementation
from workflow.guard import StateField, StatefulQuerySet, VersionField


class Part(models.TextChoices):
    """The five parts of the Toolkit. Source: Toolkit fact sheet; CITES site, "ICCWC Tools"."""

    LEGISLATION = "legislation", _("Legislation")
    ENFORCEMENT = "enforcement", _("Enforcement")
    PROSECUTION = "prosecution", _("Prosecution and judiciary")
    DRIVERS = "drivers", _("Drivers and prevention")
    DATA = "data", _("Data and analysis")


class RecommendationState(models.TextChoices):
    PROPOSED = "proposed", _("proposed")
    ACCEPTED = "accepted", _("accepted")
    UNDER_WAY = "under_way", _("under way")
    DONE = "done", _("reported as done")
    VERIFIED = "verified", _("verified")
    NOT_ACCEPTED = "not_accepted", _("not accepted")


class RecommendationQuerySet(StatefulQuerySet["Recommendation"]):
    def visible_to(self, actor: Any) -> "RecommendationQuerySet":
        """For the Secretariat all; for a Party its own; for an agency those of the cycles it
        leads. A public cycle does not make its recommendations public."""
        me = standing(actor)
        if me.sees_all:
            return self
        return self.filter(
            models.Q(implementation__party_id__in=me.all_parties)
            | models.Q(implementation__lead_agency_id__in=me.all_agencies)
        )

    def open(self) -> "RecommendationQuerySet":
        """Still something to do."""
        return self.filter(
            state__in=[
                RecommendationState.PROPOSED,
                RecommendationState.ACCEPTED,
                RecommendationState.UNDER_WAY,
            ]
        )


class Recommendation(models.Model):
    """One numbered recommendation of the action plan of one cycle."""

    implementation = models.ForeignKey(
        Implementation, models.PROTECT, related_name="recommendations",
        verbose_name=_("Toolkit implementation"),
    )  # fmt: skip
    number = models.PositiveSmallIntegerField(_("number"))
    part = models.CharField(_("part of the Toolkit"), max_length=11, choices=Part)
    text = models.TextField(_("recommendation"))
    responsible = models.CharField(_("responsible national body"), max_length=200, blank=True)
    supporting = models.ManyToManyField(
        Agency, blank=True, related_name="+", verbose_name=_("supporting agencies")
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    state = StateField(
        _("state"), max_length=12, choices=RecommendationState,
        default=RecommendationState.PROPOSED,
    )  # fmt: skip
    version = VersionField()
    # Whoever reported it as done does not verify it.
    reported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("reported by"),
    )  # fmt: skip
    updated_at = models.DateTimeField(_("last change"), auto_now=True)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("recommendation")
        verbose_name_plural = _("recommendations")
        ordering = ["implementation", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["implementation", "number"], name="toolkit_recommendation_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.implementation}: {self.number}"

    @property
    def party_id(self) -> int:
        return self.implementation.party_id

    @property
    def lead_agency_id(self) -> int | None:
        return self.implementation.lead_agency_id
