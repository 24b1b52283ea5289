"""What all records have in common: a life, a source, a date, three languages."""

from datetime import datetime
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Coalesce, Greatest
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from history.precision import Precision, first_possible_day, in_words, span_in_words
from partners.access import standing
from partners.models.folded import Folded
from partners.models.translated import in_readers_language
from workflow.guard import StateField, StatefulQuerySet, VersionField


class Publication(models.TextChoices):
    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", _("withdrawn")


class Confidence(models.TextChoices):
    """How sure the portal is of what a record says."""

    CONFIRMED = "confirmed", _("confirmed by the source")
    PARTLY = "partly", _("partly confirmed")
    UNCONFIRMED = "unconfirmed", _("not confirmed")


class RecordQuerySet(StatefulQuerySet[Any]):
    def public(self, now: datetime | None = None) -> Self:
        return self.filter(state=Publication.PUBLISHED, publish_at__lte=now or timezone.now())

    def visible_to(self, actor: Any) -> Self:
        """What is published, from its moment on; the same for everybody. Lists, search, feeds,
        downloads and the API begin here."""
        return self.public()

    def inside(self, actor: Any) -> Self:
        """With drafts and what was withdrawn, for the Secretariat; for others what is public."""
        return self.all() if standing(actor).sees_all else self.public()


class Record(models.Model):
    """Something the Secretariat keeps for everybody to read.

    Published is not a job that runs: a record is read from `publish_at` on while its state says
    `published`. The preview of a draft is its own address, for the Secretariat alone.
    """

    slug = models.SlugField(_("address"), max_length=80, unique=True)
    state = StateField(
        _("state"), max_length=9, choices=Publication, default=Publication.DRAFT
    )  # fmt: skip
    version = VersionField()
    publish_at = models.DateTimeField(_("public from"), null=True, editable=False)
    source = models.CharField(_("source"), max_length=300, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    confidence = models.CharField(
        _("how sure"), max_length=11, choices=Confidence, default=Confidence.CONFIRMED
    )
    editors_note = models.TextField(
        _("note for editors"), blank=True, help_text=_("Never shown outside the Secretariat.")
    )
    edited_at = models.DateTimeField(_("edited"), auto_now=True)
    # Since when readers could see it as it is: what was edited before its moment changes then.
    updated_at = models.GeneratedField(
        expression=Greatest("edited_at", Coalesce("publish_at", "edited_at")),
        output_field=models.DateTimeField(_("changed")),
        db_persist=True,
        verbose_name=_("changed"),
    )
    # What a search looks through: the columns that `searched` names, the title first, never a note
    # for editors. `save` and bulk inserts write it, `update()` does not.
    search_text = Folded()
    searched: ClassVar[tuple[str, ...]] = ()

    objects = RecordQuerySet.as_manager()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    @property
    def public_from(self) -> str:
        """The moment in words, by Geneva's clock, by which it was typed."""
        if self.publish_at is None:
            return ""
        moment = self.publish_at.astimezone(ZoneInfo(settings.DESK_TIME_ZONE))
        return gettext("%(moment)s (Geneva)") % {"moment": date_format(moment, "DATETIME_FORMAT")}

    @property
    def is_public(self) -> bool:
        from_when = self.publish_at
        return self.state == Publication.PUBLISHED and bool(
            from_when and from_when <= timezone.now()
        )


class Titled(Record):
    """A record with a title in three languages."""

    title_en = models.CharField(_("title in English"), max_length=300)
    title_fr = models.CharField(_("title in French"), max_length=300, blank=True)
    title_es = models.CharField(_("title in Spanish"), max_length=300, blank=True)

    class Meta(Record.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_readers_language(self, "title")


class Dated(models.Model):
    """A date as exact as the document gives it."""

    effective_on = models.DateField(_("date"))
    precision = models.CharField(
        _("how exact"), max_length=5, choices=Precision, default=Precision.DAY
    )

    class Meta:
        abstract = True

    @property
    def when_in_words(self) -> str:
        return in_words(self.effective_on, self.precision)


class Lasting(models.Model):
    """A stretch of time. An open end is none; the last day is as exact as the first, unless
    `ends_precision` says otherwise."""

    starts_on = models.DateField(_("from"), null=True, blank=True)
    precision = models.CharField(
        _("how exact"), max_length=5, choices=Precision, default=Precision.DAY
    )
    ends_on = models.DateField(_("until"), null=True, blank=True)
    ends_precision = models.CharField(
        _("how exact the end is"), max_length=5, choices=Precision, blank=True
    )

    class Meta:
        abstract = True

    def clean(self) -> None:
        super().clean()
        if not (self.starts_on and self.ends_on):
            return
        if first_possible_day(self.starts_on, self.precision) > self.ends_on:
            raise ValidationError({"ends_on": gettext("This lies before the beginning.")})

    @property
    def when_in_words(self) -> str:
        return span_in_words(self.starts_on, self.precision, self.ends_on, self.ends_precision)
