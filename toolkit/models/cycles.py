from typing import TYPE_CHECKING, Any

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from history.precision import Precision, in_words
from partners.access import Standing, standing
from partners.models import Agency, Party
from requests_app.models import SupportRequest
from toolkit.steps import Phase, Step, StepState, number, phase_of
from workflow.guard import FlagField, StateField, StatefulQuerySet, VersionField

if TYPE_CHECKING:
    from toolkit.models.records import Proposal


class ImplementationQuerySet(StatefulQuerySet["Implementation"]):
    protected = frozenset({"state", "version", "plan_is_public", "documents_are_public"})

    def inside(self, actor: Any) -> "ImplementationQuerySet":
        """Of which the actor may read every word: all for the Secretariat, its own for a Party
        and for the lead agency."""
        me = standing(actor)
        return self if me.sees_all else self.filter(_concerned(me))

    def visible_to(self, actor: Any) -> "ImplementationQuerySet":
        """Those of which the public may see something, and all that the actor reads inside."""
        me = standing(actor)
        if me.sees_all:
            return self
        return self.filter(~models.Q(state=Publicity.PRIVATE) | _concerned(me))


def _concerned(me: Standing) -> models.Q:
    return models.Q(party_id__in=me.all_parties) | models.Q(lead_agency_id__in=me.all_agencies)


class Publicity(models.TextChoices):
    """What the public sees of a cycle. See toolkit.models.records.Consent for the acts."""

    PRIVATE = "private", _("not public")
    DOCUMENT = "document", _("what published documents print")
    PUBLIC = "public", _("public")


class Implementation(models.Model):
    """One Toolkit cycle of one Party. Its `state` says what the public may see of it."""

    Publicity = Publicity

    party = models.ForeignKey(Party, models.PROTECT, related_name="implementations")
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)
    support_request = models.OneToOneField(
        SupportRequest, models.PROTECT, null=True, blank=True, related_name="implementation"
    )
    lead_agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, verbose_name=_("lead agency")
    )
    # A row taken over from a published table begins with what the table prints.
    state = StateField(
        _("publicity"), max_length=8, choices=Publicity, default=Publicity.PRIVATE,
        begins={Publicity.PRIVATE, Publicity.DOCUMENT},
    )  # fmt: skip
    # What the consent in force lets the public see besides the steps.
    plan_is_public = FlagField(_("action plan is public"))
    documents_are_public = FlagField(_("documents are public"))
    # Until when the Party and the lead agency have had the report on the action plan.
    reported_until = models.DateField(_("progress reported until"), null=True, editable=False)
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

    def inside(self, actor: Any) -> "StepStatusQuerySet":
        """The steps of every implementation of which the actor may read every word."""
        return self.filter(implementation__in=Implementation.objects.inside(actor))

    def visible_to(self, actor: Any) -> "StepStatusQuerySet":
        """The steps of implementations that the actor reads inside or that are wholly public.
        What a published document prints of others is read through toolkit.asof."""
        public = models.Q(implementation__state=Publicity.PUBLIC)
        inside = models.Q(implementation__in=Implementation.objects.inside(actor))
        return self.filter(public | inside)


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
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("responsible agency"),
    )  # fmt: skip
    national_lead = models.CharField(_("national lead"), max_length=200, blank=True)
    expected_on = models.DateField(_("expected"), null=True, blank=True)
    # When anything last happened to the step: what has lain still too long is reminded of, once.
    moved_at = models.DateTimeField(_("last movement"), default=timezone.now, editable=False)
    reminded_at = models.DateTimeField(_("reminded"), null=True, editable=False)

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
        """The page for those who read the cycle inside; the public reads steps with the Party."""
        one = self.implementation
        return reverse("toolkit:step", args=[one.party.code.lower(), one.cycle, self.position])

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

    @property
    def waiting(self) -> "Proposal | None":
        """The change that waits for a second pair of eyes; ask with select_related("proposal")."""
        one: Proposal | None = getattr(self, "proposal", None)
        return one if one and one.pk else None
