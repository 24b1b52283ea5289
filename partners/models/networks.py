"""Wildlife Enforcement Networks and who belongs to them."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from history.precision import Precision, in_words
from partners.models.bodies import Party


class NetworkQuerySet(models.QuerySet["Network"]):
    def visible_to(self, actor: Any) -> "NetworkQuerySet":
        """Everybody may see which networks there are and who belongs to them."""
        return self


class Network(models.Model):
    """A Wildlife Enforcement Network. A Party may belong to several."""

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    acronym = models.CharField(_("acronym"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=200, unique=True)
    formerly = models.CharField(_("formerly"), max_length=200, blank=True)
    region = models.CharField(_("region"), max_length=120)
    seat = models.CharField(_("seat or host"), max_length=120, blank=True)
    launched_on = models.DateField(_("launched"), null=True, blank=True)
    launched_precision = models.CharField(
        _("how exact"), max_length=5, choices=Precision, default=Precision.DAY
    )
    members = models.ManyToManyField(
        Party, through="partners.NetworkMembership", related_name="networks"
    )
    # Members as a source words them, where it lists none: "the 10 ASEAN Member States at the time".
    members_in_words = models.CharField(_("members in words"), max_length=200, blank=True)
    note = models.TextField(_("remark"), blank=True)
    source = models.CharField(_("source"), max_length=300)

    objects = NetworkQuerySet.as_manager()

    class Meta:
        verbose_name = _("enforcement network")
        verbose_name_plural = _("enforcement networks")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.acronym or self.name

    @property
    def launched_in_words(self) -> str:
        return in_words(self.launched_on, self.launched_precision) if self.launched_on else ""


class NetworkMembership(models.Model):
    """A Party that a source names as a member, or only as a signatory, of a network."""

    class Kind(models.TextChoices):
        MEMBER = "member", _("member")
        SIGNATORY = "signatory", _("signatory only")

    network = models.ForeignKey(Network, models.CASCADE, related_name="memberships")
    party = models.ForeignKey(Party, models.PROTECT, related_name="memberships")
    kind = models.CharField(_("kind"), max_length=9, choices=Kind, default=Kind.MEMBER)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("membership of a network")
        verbose_name_plural = _("memberships of networks")
        ordering = ["network", "party__name_en"]
        constraints = [
            models.UniqueConstraint(fields=["network", "party"], name="partners_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.network}: {self.party}"
