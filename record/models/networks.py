"""What is recorded of Wildlife Enforcement Networks beside their members (partners.Network)."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.access import standing
from partners.models import Network, NetworkMembership
from partners.models.translated import in_readers_language
from record.models.base import Dated, Lasting, Record


def _joined_by(parties: frozenset[int]) -> "models.QuerySet[Any]":
    """The networks to which one of those Parties belongs; to have signed alone is not enough."""
    memberships = NetworkMembership.objects.filter(party__in=parties)
    return memberships.filter(kind=NetworkMembership.Kind.MEMBER).values("network")


class NetworkContactQuerySet(models.QuerySet["NetworkContact"]):
    def visible_to(self, actor: Any) -> "NetworkContactQuerySet":
        """For the Secretariat, the agencies, and whoever holds a mandate of a member Party."""
        me = standing(actor)
        if me.sees_all or me.all_agencies:
            return self
        return (
            self.filter(network__in=_joined_by(me.all_parties)) if me.all_parties else self.none()
        )


class NetworkContact(models.Model):
    """The focal point of a network: a person or an office, for those entitled."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="contacts")
    office = models.CharField(_("office"), max_length=200)
    name = models.CharField(_("name"), max_length=150, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    telephone = models.CharField(_("telephone"), max_length=60, blank=True)
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)

    objects = NetworkContactQuerySet.as_manager()

    class Meta:
        verbose_name = _("focal point of a network")
        verbose_name_plural = _("focal points of networks")
        ordering = ["network", "office"]

    def __str__(self) -> str:
        return self.office


class NetworkAssessmentQuerySet(models.QuerySet["NetworkAssessment"]):
    def visible_to(self, actor: Any) -> "NetworkAssessmentQuerySet":
        """That there is one, its date and source, for everybody; without what it found."""
        return self.defer(*NetworkAssessment.Head.values)

    def inside(self, actor: Any) -> "NetworkAssessmentQuerySet":
        """Those whose findings the actor may read: what a network says of its own weaknesses is
        for its members and the Secretariat."""
        me = standing(actor)
        if me.sees_all:
            return self
        return (
            self.filter(network__in=_joined_by(me.all_parties)) if me.all_parties else self.none()
        )


class NetworkAssessment(Dated, models.Model):
    """A network's assessment of itself by the ICCWC Guidelines for WENs, under five heads."""

    class Head(models.TextChoices):
        MEMBERSHIP = "membership", _("membership")
        GOVERNANCE = "governance", _("governance")
        FINANCE = "finance", _("finance")
        SUPPORT = "support", _("support")
        DELIVERABLES = "deliverables", _("deliverables")

    network = models.ForeignKey(Network, models.CASCADE, related_name="assessments")
    # What the network says of itself; for those entitled: see `inside`.
    membership = models.TextField(Head.MEMBERSHIP.label, blank=True)
    governance = models.TextField(Head.GOVERNANCE.label, blank=True)
    finance = models.TextField(Head.FINANCE.label, blank=True)
    support = models.TextField(Head.SUPPORT.label, blank=True)
    deliverables = models.TextField(Head.DELIVERABLES.label, blank=True)
    source = models.CharField(_("source"), max_length=300)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)

    objects = NetworkAssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("self-assessment of a network")
        verbose_name_plural = _("self-assessments of networks")
        ordering = ["-effective_on"]

    def __str__(self) -> str:
        return f"{self.network}: {self.when_in_words}"

    @property
    def findings(self) -> list[tuple[Any, str]]:
        """By head what was found, where something is said; only of rows read `inside`."""
        said = [(head.label, str(getattr(self, head))) for head in self.Head]
        return [(head, words) for head, words in said if words]


class GlobalMeeting(Lasting, Record):
    """A global meeting of Wildlife Enforcement Networks."""

    number = models.PositiveSmallIntegerField(_("number"), unique=True)
    place = models.CharField(_("place"), max_length=120)
    beside = models.CharField(_("beside"), max_length=40, blank=True, help_text="CoP16")
    attendance = models.PositiveIntegerField(_("participants"), null=True, blank=True)
    attendance_qualifier = models.CharField(
        _("how the source puts it"), max_length=9, blank=True, choices=[("over", _("over"))]
    )
    note_en = models.TextField(_("remark in English"), blank=True)
    note_fr = models.TextField(_("remark in French"), blank=True)
    note_es = models.TextField(_("remark in Spanish"), blank=True)

    searched = ("place", "beside", "note_")

    class Meta(Record.Meta):
        abstract = False
        verbose_name = _("global meeting of networks")
        verbose_name_plural = _("global meetings of networks")
        ordering = ["number"]

    def __str__(self) -> str:
        return f"{self.number}: {self.place}"

    @property
    def note(self) -> str:
        return in_readers_language(self, "note")
