"""Bodies that take part: Parties to CITES, the five agencies, enforcement networks."""

import unicodedata
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from history.precision import Precision
from partners.models.translated import in_readers_language


def plain_spelling(name: str) -> str:
    """A name without accents, case, punctuation or doubled spaces, for comparing spellings."""
    decomposed = unicodedata.normalize("NFKD", name.replace("’", "'"))
    letters = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return " ".join(letters.casefold().split())


class Region(models.Model):
    """A CITES region."""

    key = models.SlugField(max_length=60, unique=True)
    name_en = models.CharField(max_length=100)
    name_fr = models.CharField(max_length=100)
    name_es = models.CharField(max_length=100)

    class Meta:
        verbose_name = _("CITES region")
        verbose_name_plural = _("CITES regions")
        ordering = ["name_en"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_readers_language(self, "name")


class PartyQuerySet(models.QuerySet["Party"]):
    def visible_to(self, actor: Any) -> "PartyQuerySet":
        """Everybody may see the list of Parties."""
        return self

    def called(self, spelling: str) -> "Party | None":
        """The Party meant by a name or code in any of the three languages, or by an alias."""
        alias = PartyAlias.objects.filter(spelling=plain_spelling(spelling)).first()
        return self.filter(pk=alias.party_id).first() if alias else None


class Party(models.Model):
    """A State or regional organization that is Party to CITES."""

    class PartyKind(models.TextChoices):
        STATE = "state", _("State")
        REIO = "reio", _("Regional economic integration organization")

    code = models.CharField(
        _("code"),
        max_length=3,
        unique=True,
        help_text=_("ISO 3166-1 alpha-3; EU for the European Union"),
    )
    iso2 = models.CharField(_("ISO 3166-1 alpha-2"), max_length=2, unique=True)
    m49 = models.CharField(_("UN M49 code"), max_length=3, blank=True)
    kind = models.CharField(_("kind"), max_length=5, choices=PartyKind, default=PartyKind.STATE)
    region = models.ForeignKey(Region, models.PROTECT, verbose_name=_("CITES region"))
    region_confirmed = models.BooleanField(
        _("region confirmed"),
        default=False,
        help_text=_("Tick when a CITES list confirms the region; until then it is derived."),
    )
    name_en = models.CharField(_("name in English"), max_length=100)
    name_fr = models.CharField(_("name in French"), max_length=100)
    name_es = models.CharField(_("name in Spanish"), max_length=100)
    party_since = models.DateField(_("Party since"), null=True, blank=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("Party")
        verbose_name_plural = _("Parties")
        ordering = ["name_en"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_readers_language(self, "name")


class PartyAlias(models.Model):
    """Another spelling of a Party's name, as documents and people write it ("Vietnam", "DRC")."""

    party = models.ForeignKey(Party, models.CASCADE, related_name="aliases")
    written = models.CharField(_("as written"), max_length=150)
    spelling = models.CharField(max_length=150, unique=True, editable=False)

    class Meta:
        verbose_name = _("other spelling")
        verbose_name_plural = _("other spellings")
        ordering = ["written"]

    def __str__(self) -> str:
        return self.written

    def clean(self) -> None:
        self.spelling = plain_spelling(self.written)


class AgencyQuerySet(models.QuerySet["Agency"]):
    def visible_to(self, actor: Any) -> "AgencyQuerySet":
        """Everybody may see who the partners are."""
        return self

    def coordinator(self) -> "Agency":
        """The CITES Secretariat."""
        return self.get(is_coordinator=True)

    def partners(self) -> "AgencyQuerySet":
        """The agencies to which a request can be referred: all but the coordinator."""
        return self.filter(is_coordinator=False)


class Agency(models.Model):
    """One of the five ICCWC partners."""

    code = models.CharField(_("code"), max_length=10, unique=True)
    is_coordinator = models.BooleanField(_("coordinates ICCWC"), default=False)
    name_en = models.CharField(_("name in English"), max_length=100)
    name_fr = models.CharField(_("name in French"), max_length=100)
    name_es = models.CharField(_("name in Spanish"), max_length=100)
    full_name_en = models.CharField(max_length=200)
    full_name_fr = models.CharField(max_length=200, blank=True)
    full_name_es = models.CharField(max_length=200, blank=True)
    mandate_en = models.TextField(_("mandate in English"), blank=True)
    mandate_fr = models.TextField(_("mandate in French"), blank=True)
    mandate_es = models.TextField(_("mandate in Spanish"), blank=True)
    services_en = models.JSONField(_("services in English"), default=list, blank=True)
    services_fr = models.JSONField(_("services in French"), default=list, blank=True)
    services_es = models.JSONField(_("services in Spanish"), default=list, blank=True)
    seat = models.CharField(_("seat"), max_length=120)
    # Of its town, for the map of the network.
    seat_latitude = models.DecimalField(
        _("latitude of the seat"), max_digits=6, decimal_places=3, null=True, blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )  # fmt: skip
    seat_longitude = models.DecimalField(
        _("longitude of the seat"), max_digits=6, decimal_places=3, null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )  # fmt: skip
    presence_en = models.CharField(_("presence in English"), max_length=200, blank=True)
    presence_fr = models.CharField(_("presence in French"), max_length=200, blank=True)
    presence_es = models.CharField(_("presence in Spanish"), max_length=200, blank=True)
    secure_channel = models.CharField(_("secure channel"), max_length=200, blank=True)
    channel_serves_en = models.TextField(_("whom the channel serves, in English"), blank=True)
    channel_serves_fr = models.TextField(_("whom the channel serves, in French"), blank=True)
    channel_serves_es = models.TextField(_("whom the channel serves, in Spanish"), blank=True)
    national_counterpart = models.CharField(_("national counterpart"), max_length=200, blank=True)
    address = models.TextField(_("address for visits"), blank=True)
    postal_address = models.TextField(_("postal address"), blank=True)
    telephone = models.CharField(_("telephone"), max_length=60, blank=True)
    fax = models.CharField(_("fax"), max_length=60, blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True)
    # Where one document says them; empty means that `source` as a whole stands for them.
    seat_source = models.CharField(_("source of the seat"), max_length=300, blank=True)
    address_source = models.CharField(_("source of the addresses"), max_length=300, blank=True)

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        ordering = ["-is_coordinator", "name_en"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_coordinator"],
                condition=models.Q(is_coordinator=True),
                name="partners_one_coordinator",
            ),
            models.CheckConstraint(
                condition=models.Q(seat_latitude__isnull=True, seat_longitude__isnull=True)
                | models.Q(seat_latitude__isnull=False, seat_longitude__isnull=False),
                name="partners_seat_position_whole",
                violation_error_message=_("Give both latitude and longitude, or neither."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_readers_language(self, "name")

    @property
    def full_name(self) -> str:
        return in_readers_language(self, "full_name")

    @property
    def mandate(self) -> str:
        return in_readers_language(self, "mandate")

    @property
    def services(self) -> list[str]:
        return list(in_readers_language(self, "services"))

    @property
    def presence(self) -> str:
        return in_readers_language(self, "presence")

    @property
    def channel_serves(self) -> str:
        return in_readers_language(self, "channel_serves")


class MembershipFigure(models.Model):
    """How many members an agency had, on a date, by a source. Never shown without both."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="figures")
    count = models.PositiveIntegerField(_("figure"))
    unit_en = models.CharField(max_length=60)
    unit_fr = models.CharField(max_length=60)
    unit_es = models.CharField(max_length=60)
    as_of = models.DateField(_("as of"))
    precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    is_approximate = models.BooleanField(
        _("date or figure approximate"),
        default=False,
        help_text=_("The source is undated or weak; the page says so."),
    )
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        verbose_name = _("membership figure")
        verbose_name_plural = _("membership figures")
        ordering = ["as_of"]
        constraints = [
            models.UniqueConstraint(fields=["agency", "as_of"], name="partners_one_figure_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.agency.code} {self.count} ({self.as_of})"

    @property
    def unit(self) -> str:
        return in_readers_language(self, "unit")


class Office(models.Model):
    """A regional office, bureau or hub of an agency."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="offices")
    kind = models.CharField(_("kind"), max_length=80)
    place = models.CharField(_("place"), max_length=120)
    party = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="offices",
        verbose_name=_("Party in which it lies"),
    )  # fmt: skip
    # Of the town, for the map of the network; none for an office that is at another body.
    latitude = models.DecimalField(
        _("latitude"), max_digits=6, decimal_places=3, null=True, blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )  # fmt: skip
    longitude = models.DecimalField(
        _("longitude"), max_digits=6, decimal_places=3, null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )  # fmt: skip
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        ordering = ["agency", "kind", "place"]
        constraints = [
            models.UniqueConstraint(
                fields=["agency", "kind", "place"], name="partners_office_once"
            ),
            models.CheckConstraint(
                condition=models.Q(latitude__isnull=True, longitude__isnull=True)
                | models.Q(latitude__isnull=False, longitude__isnull=False),
                name="partners_office_position_whole",
                violation_error_message=_("Give both latitude and longitude, or neither."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency.code}: {self.place}"
