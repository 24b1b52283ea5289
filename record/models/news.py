"""News and events, in three languages, with a picture."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models import Party
from partners.models.translated import in_readers_language
from record.models.base import Titled


class Topic(models.Model):
    key = models.SlugField(max_length=40, unique=True)
    name_en = models.CharField(_("name in English"), max_length=80)
    name_fr = models.CharField(_("name in French"), max_length=80)
    name_es = models.CharField(_("name in Spanish"), max_length=80)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name_en"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_readers_language(self, "name")


class Picture(models.Model):
    """A picture, made small enough for slow links when it is stored (record.pictures)."""

    file = models.FileField(_("picture"), upload_to="pictures/")
    small = models.FileField(upload_to="pictures/", editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    alt_en = models.CharField(_("what it shows, in English"), max_length=300)
    alt_fr = models.CharField(_("what it shows, in French"), max_length=300, blank=True)
    alt_es = models.CharField(_("what it shows, in Spanish"), max_length=300, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.alt

    @property
    def alt(self) -> str:
        return in_readers_language(self, "alt")


class NewsItem(Titled):
    """A short piece of news, or the announcement of an event (then with days and a place)."""

    dated_on = models.DateField(_("date"))
    lead_en = models.TextField(_("first sentences in English"), max_length=600)
    lead_fr = models.TextField(_("first sentences in French"), max_length=600, blank=True)
    lead_es = models.TextField(_("first sentences in Spanish"), max_length=600, blank=True)
    # Markdown; record.markup makes clean HTML of it.
    text_en = models.TextField(_("text in English"), blank=True)
    text_fr = models.TextField(_("text in French"), blank=True)
    text_es = models.TextField(_("text in Spanish"), blank=True)
    picture = models.ForeignKey(
        Picture, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("picture")
    )
    event_from = models.DateField(_("event from"), null=True, blank=True)
    event_until = models.DateField(_("event until"), null=True, blank=True)
    event_place = models.CharField(_("place of the event"), max_length=120, blank=True)
    parties = models.ManyToManyField(Party, blank=True, related_name="+", verbose_name=_("Parties"))
    topics = models.ManyToManyField(
        Topic, blank=True, related_name="news", verbose_name=_("topics")
    )

    class Meta(Titled.Meta):
        abstract = False
        verbose_name = _("news item")
        verbose_name_plural = _("news")
        ordering = ["-dated_on", "-pk"]

    @property
    def lead(self) -> str:
        return in_readers_language(self, "lead")

    @property
    def text(self) -> str:
        return in_readers_language(self, "text")
