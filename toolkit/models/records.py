"""The tracker's own record of the log: what each event says of a step, and what is public.

All of it follows from the log; `manage.py recompute_tracker --check` proves it.
"""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _

from history.models import Event
from history.precision import Precision, in_words
from partners.models import Agency
from toolkit.models.cycles import Implementation, Publicity
from toolkit.steps import Step, StepState
from workflow.guard import StatefulQuerySet, kept


class StepRecordQuerySet(StatefulQuerySet["StepRecord"]):
    protected = frozenset({"is_published"})

    def known_at(self, moment: datetime | None) -> "StepRecordQuerySet":
        """What was recorded by then and not yet corrected; now when left out."""
        if moment is None:
            return self.filter(replaced_at=None)
        return self.filter(
            models.Q(replaced_at=None) | models.Q(replaced_at__gt=moment), recorded_at__lte=moment
        )

    def visible_to(self, actor: Any, known_at: datetime | None = None) -> "StepRecordQuerySet":
        """All of the implementations that the actor reads inside; of others what a published
        document prints, and the rest where the consent is in force and was so at `known_at`."""
        inside = models.Q(implementation__in=Implementation.objects.inside(actor))
        consented = models.Q(implementation__state=Publicity.PUBLIC)
        if known_at:
            then = Consent.objects.in_force_at(known_at).values("implementation")
            consented &= models.Q(implementation__in=then)
        return self.filter(inside | models.Q(is_published=True) | consented)


class StepRecord(models.Model):
    """What one event says of one step. Two clocks: true from `effective_on`; what we took for
    true from `recorded_at` until `replaced_at`, when a correction replaced it."""

    implementation = models.ForeignKey(Implementation, models.PROTECT, related_name="records")
    step = models.CharField(_("step"), max_length=30, choices=Step)
    state = models.CharField(_("state"), max_length=15, choices=StepState)
    effective_on = models.DateField(_("date"))
    precision = models.CharField(max_length=5, choices=Precision)
    source = models.CharField(_("source"), max_length=300, blank=True)
    event = models.ForeignKey(Event, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(_("recorded"))
    replaced_at = models.DateTimeField(_("corrected"), null=True)
    # Taken over from a published table, or a correction of what was.
    is_published = kept(models.BooleanField, from_the_start=False)(
        _("printed in a published document"), default=False
    )

    objects = StepRecordQuerySet.as_manager()

    class Meta:
        verbose_name = _("record of a step")
        verbose_name_plural = _("records of steps")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "step"], name="toolkit_record_once")
        ]
        indexes = [
            models.Index(
                fields=["implementation", "step", "-event"],
                name="toolkit_records_now",
                condition=models.Q(replaced_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.implementation_id} {self.step} {self.state} {self.effective_on}"

    @property
    def when_in_words(self) -> str:
        return in_words(self.effective_on, self.precision)


class ConsentQuerySet(models.QuerySet["Consent"]):
    def in_force(self) -> "ConsentQuerySet":
        return self.filter(withdrawn_at=None)

    def in_force_at(self, moment: datetime) -> "ConsentQuerySet":
        return self.filter(
            models.Q(withdrawn_at=None) | models.Q(withdrawn_at__gt=moment), given_at__lte=moment
        )


class Consent(models.Model):
    """A recorded act by which a cycle was made public, and its end.

    The Party gives it here, or by a letter that the Secretariat records with its source.
    """

    implementation = models.ForeignKey(Implementation, models.PROTECT, related_name="consents")
    with_plan = models.BooleanField(_("with the action plan"), default=False)
    with_documents = models.BooleanField(_("with the documents marked public"), default=False)
    given_at = models.DateTimeField(_("given"))
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("recorded by")
    )
    source = models.CharField(_("letter of consent"), max_length=300, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent to publication")
        verbose_name_plural = _("consents to publication")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["implementation"],
                name="toolkit_one_consent",
                condition=models.Q(withdrawn_at=None),
            )
        ]

    def __str__(self) -> str:
        return f"{self.implementation}: {self.given_at:%Y-%m-%d}"


class Proposal(models.Model):
    """A change of a step that somebody proposed and that waits for a second pair of eyes."""

    step = models.OneToOneField("toolkit.StepStatus", models.PROTECT, related_name="proposal")
    state = models.CharField(_("state"), max_length=15, choices=StepState)
    effective_on = models.DateField(_("date"))
    precision = models.CharField(max_length=5, choices=Precision)
    note = models.TextField(_("note"), blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    is_correction = models.BooleanField(_("correction"), default=False)
    # Why it may be so although a rule speaks against it; see toolkit.workflow.rules.
    despite = models.TextField(_("why all the same"), blank=True)
    # What came through a key is its agency's: `by` is who holds the key, nobody for a system's own.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("proposed"))
    # Those who can confirm are reminded once of what waits for long.
    reminded_at = models.DateTimeField(_("reminded"), null=True, editable=False)

    class Meta:
        verbose_name = _("proposed change")
        verbose_name_plural = _("proposed changes")
        ordering = ["at"]

        constraints = [
            models.CheckConstraint(
                condition=models.Q(by__isnull=False) | models.Q(agency__isnull=False),
                name="toolkit_proposed_by_somebody",
            )
        ]

    def __str__(self) -> str:
        return f"{self.step}: {self.get_state_display()}"

    @property
    def who(self) -> str:
        """Who proposed it, in the reader's language; ask with select_related("by", "agency")."""
        if self.agency:
            return translate_now("%(agency)s (by its own system)") % {"agency": self.agency.name}
        return self.by.name if self.by else ""

    @property
    def when_in_words(self) -> str:
        return in_words(self.effective_on, self.precision)
