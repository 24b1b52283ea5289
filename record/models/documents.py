"""The library: documents with their language versions, and whether links still lead anywhere."""

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from history.precision import Precision, in_words
from record.models.base import Titled
from record.models.news import Topic


class Document(Titled):
    class Kind(models.TextChoices):
        FOUNDING = "founding", _("founding instrument")
        STRATEGY = "strategy", _("strategy")
        REPORT = "report", _("report")
        TOOL = "tool", _("tool or guidelines")
        MEETING = "meeting", _("meeting document")
        OTHER = "other", _("other")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    symbol = models.CharField(_("symbol"), max_length=80, blank=True)
    effective_on = models.DateField(_("date"), null=True, blank=True)  # some bear none
    precision = models.CharField(
        _("how exact"), max_length=5, choices=Precision, default=Precision.DAY
    )
    topics = models.ManyToManyField(
        Topic, blank=True, related_name="documents", verbose_name=_("topics")
    )
    note_en = models.TextField(_("remark in English"), blank=True)
    note_fr = models.TextField(_("remark in French"), blank=True)
    note_es = models.TextField(_("remark in Spanish"), blank=True)

    class Meta(Titled.Meta):
        abstract = False
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = [models.F("effective_on").desc(nulls_last=True), "pk"]

    @property
    def when_in_words(self) -> str:
        return in_words(self.effective_on, self.precision) if self.effective_on else ""


class DocumentVersion(models.Model):
    """The document in one language: a link, or a file kept here."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="versions")
    language = models.CharField(_("language"), max_length=5)  # as BCP 47 writes it
    url = models.URLField(_("link"), max_length=500, blank=True)
    file = models.FileField(_("file"), upload_to="library/", blank=True)

    class Meta:
        verbose_name = _("language version")
        verbose_name_plural = _("language versions")
        ordering = ["document", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "language"], name="record_one_version_a_language"
            ),
            models.CheckConstraint(
                condition=~models.Q(url="") | ~models.Q(file=""), name="record_version_has_either"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} ({self.language})"

    @property
    def language_name(self) -> str:
        """In its own words, as whoever can read it looks for it; the code where it is unknown."""
        try:
            return str(get_language_info(self.language)["name_local"]).capitalize()
        except KeyError:
            return self.language


class CheckedLink(models.Model):
    """An address that some record leads to, and what the nightly look at it found.

    One that is dead is marked for editors. The public keeps the words of the link, without it.
    """

    url = models.URLField(max_length=500, unique=True)
    checked_at = models.DateTimeField(_("looked at"), null=True)
    answer = models.CharField(_("found"), max_length=200, blank=True)
    failures = models.PositiveSmallIntegerField(_("in vain, in a row"), default=0)
    dead_since = models.DateTimeField(_("dead since"), null=True)
    first_seen_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("link")
        verbose_name_plural = _("links")
        ordering = ["-dead_since", "url"]

    def __str__(self) -> str:
        return self.url
