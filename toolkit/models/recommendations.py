"""What an action plan recommends, and how far it has been carried out."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from partners.models import Agency
from partners.models.folded import Folded
from requests_app.models import SupportRequest
from toolkit.models.cycles import Implementation, Publicity
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
    SUPERSEDED = "superseded", _("superseded")
    NOT_ACCEPTED = "not_accepted", _("not accepted")


TO_DO = frozenset(
    {
        RecommendationState.PROPOSED,
        RecommendationState.ACCEPTED,
        RecommendationState.UNDER_WAY,
    }
)
_NOT_ACCEPTED = frozenset({RecommendationState.PROPOSED, RecommendationState.NOT_ACCEPTED})
SETTLED = frozenset(
    {
        RecommendationState.VERIFIED,
        RecommendationState.SUPERSEDED,
        RecommendationState.NOT_ACCEPTED,
    }
)


class Priority(models.TextChoices):
    HIGH = "high", _("high")
    MEDIUM = "medium", _("medium")
    LOW = "low", _("low")


class Horizon(models.TextChoices):
    IMMEDIATE = "immediate", _("immediate")
    MEDIUM = "medium", _("medium term")
    LONG = "long", _("long term")


class RecommendationQuerySet(StatefulQuerySet["Recommendation"]):
    def visible_to(self, actor: Any) -> "RecommendationQuerySet":
        """Those of cycles that the actor reads inside; and, where the consent in force covers the
        action plan, those that the country has accepted, for everybody: their words and states,
        not what was written about them (see toolkit.timeline)."""
        return self.filter(_public() | _inside(actor))

    def inside(self, actor: Any) -> "RecommendationQuerySet":
        """Of which the actor may read every word."""
        return self.filter(_inside(actor))

    def open(self) -> "RecommendationQuerySet":
        """Still something to do."""
        return self.filter(state__in=TO_DO)

    def overdue(self, today: date) -> "RecommendationQuerySet":
        return self.open().filter(due_on__lt=today)


def _public() -> models.Q:
    """The country consents to the publication of its plan, and has accepted the recommendation."""
    cycle = models.Q(implementation__state=Publicity.PUBLIC, implementation__plan_is_public=True)
    return cycle & ~models.Q(state__in=_NOT_ACCEPTED)


def _inside(actor: Any) -> models.Q:
    return models.Q(implementation__in=Implementation.objects.inside(actor))


class Recommendation(models.Model):
    """One numbered recommendation of the action plan of one cycle."""

    implementation = models.ForeignKey(
        Implementation, models.PROTECT, related_name="recommendations",
        verbose_name=_("Toolkit implementation"),
    )  # fmt: skip
    number = models.PositiveSmallIntegerField(_("number"))
    part = models.CharField(_("part of the Toolkit"), max_length=11, choices=Part)
    text = models.TextField(_("recommendation"))
    priority = models.CharField(
        _("priority"), max_length=6, choices=Priority, default=Priority.MEDIUM
    )
    horizon = models.CharField(_("horizon"), max_length=9, choices=Horizon, blank=True)
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
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("superseded by"),
    )  # fmt: skip
    # Requests for support that grew out of it.
    support_requests = models.ManyToManyField(
        SupportRequest, blank=True, editable=False, related_name="recommendations"
    )
    # The date in `due_on` of which the country was reminded ahead, and the one of which it and the
    # lead agency were told that it has passed: once each for every date.
    reminded_of = models.DateField(_("reminded of"), null=True, editable=False)
    told_late_of = models.DateField(_("told of its lateness"), null=True, editable=False)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)
    search_text = Folded("text")

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
        return f"{self.implementation}: {self.number}. {Truncator(self.text).chars(110)}"

    def get_absolute_url(self) -> str:
        """One page for everybody who reads the cycle inside."""
        code = self.implementation.party.code.lower()
        return reverse("country_recommendation", args=[code, self.pk])

    @property
    def is_public(self) -> bool:
        """In the terms of one row what `_public` says in those of a query."""
        cycle = self.implementation
        agreed = cycle.state == Publicity.PUBLIC and cycle.plan_is_public
        return agreed and self.state not in _NOT_ACCEPTED

    def is_overdue(self, today: date) -> bool:
        return self.state in TO_DO and self.due_on is not None and self.due_on < today

    @property
    def party_id(self) -> int:
        return self.implementation.party_id

    @property
    def lead_agency_id(self) -> int | None:
        return self.implementation.lead_agency_id
