from typing import Any

from django.apps import apps
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.access import standing
from partners.models import Agency
from requests_app.models.requests import SupportRequest
from requests_app.models.states import ReferralState, ThreadState
from workflow.guard import StateField, StatefulQuerySet, VersionField

NOT_LIVE = [ReferralState.RECALLED, ReferralState.DECLINED]


def _question_is_open() -> models.Exists:
    thread = apps.get_model("requests_app", "Thread")  # declared further down this app
    return models.Exists(
        thread._default_manager.filter(
            support_request=models.OuterRef("support_request"), state=ThreadState.WAITING
        )
    )


class ReferralQuerySet(StatefulQuerySet["Referral"]):
    def visible_to(self, actor: Any) -> "ReferralQuerySet":
        """All for the Secretariat; an agency's own that were not recalled; for a Party those of
        its requests; nothing for anybody else."""
        me = standing(actor)
        if me.sees_all:
            return self
        own = models.Q(agency_id__in=me.all_agencies) & ~models.Q(state=ReferralState.RECALLED)
        return self.filter(own | models.Q(support_request__party_id__in=me.all_parties))

    def live(self) -> "ReferralQuerySet":
        """Neither declined nor recalled: the agency has, or had, a part in the support."""
        return self.exclude(state__in=NOT_LIVE)

    def open(self) -> "ReferralQuerySet":
        """Still in the agency's hands."""
        return self.filter(
            state__in=[ReferralState.SENT, ReferralState.ACCEPTED, ReferralState.DELIVERING]
        )

    def while_clock_runs(self) -> "ReferralQuerySet":
        """Without those whose country has been asked a question: see requests_app.clock."""
        return self.exclude(_question_is_open())

    def with_clock(self) -> "ReferralQuerySet":
        """Each with `clock_stands`."""
        return self.annotate(clock_stands=_question_is_open())

    def overdue(self) -> "ReferralQuerySet":
        """Not answered on the day that was set, and nobody else has to move first."""
        late = self.filter(state=ReferralState.SENT, answer_due_on__lt=timezone.now().date())
        return late.while_clock_runs()


class Referral(models.Model):
    """The passing on of a request to one agency, with the agency's own answer."""

    support_request = models.ForeignKey(SupportRequest, models.PROTECT, related_name="referrals")
    agency = models.ForeignKey(Agency, models.PROTECT, verbose_name=_("agency"))
    state = StateField(_("state"), max_length=10, choices=ReferralState, default=ReferralState.SENT)
    version = VersionField()
    note = models.TextField(_("note to the agency"))
    answer_due_on = models.DateField(_("answer due"))
    answer = models.TextField(_("answer"), blank=True, editable=False)
    started_on = models.DateField(_("delivery begins"), null=True, editable=False)
    delivered_on = models.DateField(_("delivery ended"), null=True, editable=False)
    outcome = models.TextField(_("what was delivered"), blank=True, editable=False)
    sent_at = models.DateTimeField(_("sent"), auto_now_add=True)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)
    reminded_at = models.DateTimeField(_("reminded"), null=True, editable=False)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["support_request", "agency"],
                condition=~models.Q(state__in=NOT_LIVE),
                name="requests_one_live_referral_per_agency",
            )
        ]
        indexes = [
            models.Index(fields=["agency", "state", "-id"], name="referrals_by_agency"),
            models.Index(fields=["updated_at", "id"], name="referrals_by_change"),
        ]

    def __str__(self) -> str:
        return f"{self.support_request.handle} → {self.agency.code}"

    def get_absolute_url(self) -> str:
        return reverse("inbox:detail", args=[self.pk])

    @property
    def is_live(self) -> bool:
        """As `live` has it."""
        return self.state not in NOT_LIVE

    @property
    def party_id(self) -> int:
        return self.support_request.party_id


class DeliveryReportQuerySet(models.QuerySet["DeliveryReport"]):
    def visible_to(self, actor: Any) -> "DeliveryReportQuerySet":
        """As the words of the referral: all for the Secretariat, an agency's own, else nothing."""
        me = standing(actor)
        if me.sees_all:
            return self
        mine = Referral.objects.visible_to(actor).filter(agency_id__in=me.all_agencies)
        return self.filter(referral__in=mine)


class DeliveryReport(models.Model):
    """What an agency delivered from one day to another; written once, never changed."""

    referral = models.ForeignKey(Referral, models.PROTECT, related_name="delivery_reports")
    began_on = models.DateField(_("from"))
    ended_on = models.DateField(_("to"))
    outcome = models.TextField(_("what was delivered"))
    reported_at = models.DateTimeField(_("reported"), auto_now_add=True)

    objects = DeliveryReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery report")
        verbose_name_plural = _("delivery reports")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ended_on__gte=models.F("began_on")),
                name="requests_delivery_ends_after_it_began",
            )
        ]

    def __str__(self) -> str:
        return f"{self.referral_id}: {self.began_on}–{self.ended_on}"
