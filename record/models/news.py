"""News and events, in three languages, with a picture."""

from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _

from history.precision import Precision, span_in_words
from partners.access import standing
from partners.models import Party
from partners.models.translated import in_readers_language
from record.models.base import Titled
from requests_app.models import StoredFile
from requests_app.models.files import private_path


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


class PictureQuerySet(models.QuerySet["Picture"]):
    def visible_to(self, actor: Any) -> Self:
        """Those of news that the actor may read: the picture of a draft is as hidden as it."""
        return self._of(NewsItem.objects.visible_to(actor))

    def inside(self, actor: Any) -> Self:
        """For the Secretariat all of them, also those that no news shows yet."""
        return self.all() if standing(actor).sees_all else self.visible_to(actor)

    def _of(self, items: Any) -> Self:
        return self.filter(models.Exists(items.filter(picture=models.OuterRef("pk"))))


def small_path(picture: Any, name: str) -> str:
    return f"{private_path(picture, name)}-small"


class Picture(StoredFile):
    """A picture in two sizes, made when it came (record.pictures); the file that came is not kept,
    nor what a camera wrote into it."""

    small = models.FileField(upload_to=small_path, max_length=200, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    small_width = models.PositiveIntegerField(editable=False)
    small_height = models.PositiveIntegerField(editable=False)
    alt_en = models.CharField(_("what it shows, in English"), max_length=300)
    alt_fr = models.CharField(_("what it shows, in French"), max_length=300, blank=True)
    alt_es = models.CharField(_("what it shows, in Spanish"), max_length=300, blank=True)
    credit = models.CharField(_("credit"), max_length=200, blank=True)

    objects = PictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.alt

    @property
    def alt(self) -> str:
        return in_readers_language(self, "alt")

    @property
    def url(self) -> str:
        """With the hash of the content in it: whoever has it need never ask again."""
        return reverse("record:picture", args=[self.sha256])

    @property
    def small_url(self) -> str:
        return reverse("record:picture_small", args=[self.sha256])


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

    searched = ("title_", "lead_", "text_", "event_place")

    class Meta(Titled.Meta):
        abstract = False
        verbose_name = _("news item")
        verbose_name_plural = _("news")
        ordering = ["-dated_on", "-pk"]
        indexes = [models.Index(fields=["-dated_on", "-id"], name="record_news_by_date")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(event_until=None)
                | models.Q(event_from__isnull=False, event_until__gte=models.F("event_from")),
                name="record_event_ends_after_it_begins",
            )
        ]

    def clean(self) -> None:
        super().clean()
        until = self.event_until
        if until and not self.event_from:
            raise ValidationError({"event_from": translate_now("Say on which day it begins.")})
        if until and self.event_from and until < self.event_from:
            raise ValidationError(
                {"event_until": translate_now("The event ends before it begins. Check both days.")}
            )

    @property
    def lead(self) -> str:
        return in_readers_language(self, "lead")

    @property
    def text(self) -> str:
        return in_readers_language(self, "text")

    @property
    def is_event(self) -> bool:
        return self.event_from is not None

    @property
    def is_over(self) -> bool:
        last = self.event_until or self.event_from
        return bool(last and last < timezone.localdate())

    @property
    def event_in_words(self) -> str:
        return span_in_words(self.event_from, Precision.DAY, self.event_until)
