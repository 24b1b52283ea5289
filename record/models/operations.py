"""Operations that ICCWC coordinated or supported, and what was made known of them."""

from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from partners.models.translated import in_readers_language
from record.models.base import Dated, Lasting, Titled


class Series(models.Model):
    """Operations that follow each other under one name."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=100)
    led_by_en = models.CharField(_("led by, in English"), max_length=300)
    led_by_fr = models.CharField(_("led by, in French"), max_length=300, blank=True)
    led_by_es = models.CharField(_("led by, in Spanish"), max_length=300, blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    position = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("series of operations")
        verbose_name_plural = _("series of operations")
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name

    @property
    def led_by(self) -> str:
        return in_readers_language(self, "led_by")


class Operation(Lasting, Titled):
    series = models.ForeignKey(
        Series, models.PROTECT, null=True, blank=True, related_name="operations",
        verbose_name=_("series"),
    )  # fmt: skip
    led_by_en = models.CharField(_("led by, in English"), max_length=300, blank=True)
    led_by_fr = models.CharField(_("led by, in French"), max_length=300, blank=True)
    led_by_es = models.CharField(_("led by, in Spanish"), max_length=300, blank=True)
    role_en = models.CharField(_("role of ICCWC, in English"), max_length=300, blank=True)
    role_fr = models.CharField(_("role of ICCWC, in French"), max_length=300, blank=True)
    role_es = models.CharField(_("role of ICCWC, in Spanish"), max_length=300, blank=True)
    remark_en = models.TextField(_("remark in English"), blank=True)
    remark_fr = models.TextField(_("remark in French"), blank=True)
    remark_es = models.TextField(_("remark in Spanish"), blank=True)

    searched = ("title_", "led_by_", "role_", "remark_")

    class Meta(Titled.Meta):
        abstract = False
        verbose_name = _("operation")
        verbose_name_plural = _("operations")
        ordering = [models.F("starts_on").desc(nulls_last=True), "pk"]

    @property
    def short_title(self) -> str:
        """The name alone, for charts; names of operations are the same in all languages."""
        return self.title_en.removeprefix("Operation ")

    @property
    def led_by(self) -> str:
        return in_readers_language(self, "led_by")

    @property
    def role(self) -> str:
        return in_readers_language(self, "role")

    @property
    def remark(self) -> str:
        return in_readers_language(self, "remark")


class OperationFigure(Dated, models.Model):
    """One number that a source gives of an operation, with what it counts.

    Measures are never mixed: "suspects identified" is not "arrests". A later source that says
    otherwise is another row.
    """

    class Measure(models.TextChoices):
        COUNTRIES = "countries", _("countries taking part")
        MAP_PLACES = "map_places", _("places on the ICCWC map")  # no count of countries
        SEIZURES = "seizures", _("seizures")
        ARRESTS = "arrests", _("arrests")
        SUSPECTS = "suspects_identified", _("suspects identified")
        OFFENDERS = "offenders_apprehended", _("offenders apprehended")
        COMPANIES = "companies_identified", _("companies identified")
        LIVE_ANIMALS = "live_animals", _("live animals")
        VALUE = "value_usd", _("value in US dollars")

    class Qualifier(models.TextChoices):
        EXACT = "", _("exactly")
        MORE = "more_than", _("more than")
        ABOUT = "about", _("about")
        ALMOST = "almost", _("almost")

    operation = models.ForeignKey(Operation, models.CASCADE, related_name="figures")
    measure = models.CharField(_("what is counted"), max_length=24, choices=Measure)
    number = models.PositiveBigIntegerField(_("number"))
    qualifier = models.CharField(
        _("how the source puts it"), max_length=9, choices=Qualifier, blank=True
    )
    source = models.CharField(_("source"), max_length=300)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("figure of an operation")
        verbose_name_plural = _("figures of operations")
        ordering = ["measure", "effective_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["operation", "measure", "source"], name="record_figure_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.operation}: {self.number} {self.get_measure_display()}"

    @property
    def grouped(self) -> str:
        """The number as the reader's language groups its digits."""
        return str(number_format(self.number, force_grouping=True))

    @property
    def short(self) -> str:
        """The number with a sign for how exact it is: "> 1,800", "≈ 600". What is
        "almost" so many lies near it: "<" alone would leave open how near."""
        signs = {"": "", "more_than": "> ", "about": "≈ ", "almost": "≈ "}
        return f"{signs[self.qualifier]}{self.grouped}"
