"""Part 2 of SC66 Inf. 9: where the role of ICCWC was recognized."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models.translated import in_readers_language
from record.models.base import Dated, Titled


class Recognition(Dated, Titled):
    """A resolution, declaration or statement that speaks of ICCWC."""

    class Category(models.TextChoices):
        """The headings of SC66 Inf. 9, Part 2."""

        GOVERNING = "governing_bodies", _("Governing bodies of ICCWC partner organizations")
        GLOBAL = "global", _("Global declarations and statements")
        REGIONAL = "regional", _("Regional declarations and statements")

    category = models.CharField(_("category"), max_length=16, choices=Category)
    body_en = models.CharField(_("body in English"), max_length=200)
    body_fr = models.CharField(_("body in French"), max_length=200, blank=True)
    body_es = models.CharField(_("body in Spanish"), max_length=200, blank=True)
    symbol = models.CharField(_("symbol"), max_length=80, blank=True)
    adopted_as = models.CharField(
        _("symbol as adopted"), max_length=80, blank=True,
        help_text=_("Where the document gives the symbol of a draft."),
    )  # fmt: skip
    place = models.CharField(_("place"), max_length=120, blank=True)
    url = models.URLField(_("link to the text"), max_length=500, blank=True)
    # What it asks, and of whom, in our own words.
    asks_en = models.TextField(_("what it asks, in English"), blank=True)
    asks_fr = models.TextField(_("what it asks, in French"), blank=True)
    asks_es = models.TextField(_("what it asks, in Spanish"), blank=True)
    position = models.PositiveSmallIntegerField(
        _("row in SC66 Inf. 9"), null=True, blank=True, unique=True
    )
    note_en = models.TextField(_("remark in English"), blank=True)
    note_fr = models.TextField(_("remark in French"), blank=True)
    note_es = models.TextField(_("remark in Spanish"), blank=True)

    searched = ("title_", "symbol", "adopted_as", "body_", "place", "asks_", "note_")

    class Meta(Titled.Meta):
        abstract = False
        verbose_name = _("recognition")
        verbose_name_plural = _("recognition")
        ordering = ["-effective_on", "pk"]

    @property
    def body(self) -> str:
        return in_readers_language(self, "body")

    @property
    def asks(self) -> str:
        return in_readers_language(self, "asks")

    @property
    def note(self) -> str:
        return in_readers_language(self, "note")
