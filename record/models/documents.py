"""The library: documents with their language versions, and whether links still lead anywhere."""

from typing import Any, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import get_language_info
from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _

from history.precision import Precision, in_words
from partners.models.translated import in_readers_language
from record.models.base import Titled
from record.models.news import Topic
from requests_app.models import StoredFile
from requests_app.models.files import private_path


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

    searched = ("title_", "symbol", "note_")

    class Meta(Titled.Meta):
        abstract = False
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = [models.F("effective_on").desc(nulls_last=True), "pk"]

    @property
    def note(self) -> str:
        return in_readers_language(self, "note")

    @property
    def when_in_words(self) -> str:
        return in_words(self.effective_on, self.precision) if self.effective_on else ""


def name_of_language(code: str) -> str:
    """In its own words, as whoever can read it looks for it; the code where it is unknown."""
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return code


def known_language(code: str) -> None:
    """Raises ValidationError for what is no code (BCP 47) of a language the portal can name."""
    try:
        get_language_info(code)
    except KeyError:
        sentence = translate_now("“%(code)s” is no code of a language such as en, fr, es or ar.")
        raise ValidationError(sentence % {"code": code}) from None


class VersionQuerySet(models.QuerySet["DocumentVersion"]):
    def visible_to(self, actor: Any) -> Self:
        return self.filter(document__in=Document.objects.visible_to(actor))

    def inside(self, actor: Any) -> Self:
        return self.filter(document__in=Document.objects.inside(actor))


class DocumentVersion(StoredFile):
    """The document in one language: a link, or a file kept here.

    Without a file what describes one is empty. A file that the virus scanner refused is gone; its
    hash stays.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="versions")
    language = models.CharField(_("language"), max_length=10, validators=[known_language])
    url = models.URLField(_("link"), max_length=500, blank=True)
    file = models.FileField(_("file"), upload_to=private_path, max_length=200, blank=True)
    name = models.CharField(_("name"), max_length=150, blank=True, editable=False)
    content_type = models.CharField(_("type"), max_length=100, blank=True, editable=False)
    size = models.PositiveBigIntegerField(_("size in bytes"), default=0, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, editable=False)
    added_by = models.ForeignKey(  # type: ignore[assignment]  # nobody brings in a link
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = VersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("language version")
        verbose_name_plural = _("language versions")
        ordering = ["document", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["document", "language"],
                name="record_one_version_a_language",
                violation_error_message=_("There is a version in this language already."),
            ),
            models.CheckConstraint(
                condition=~models.Q(url="") | ~models.Q(sha256=""),
                name="record_version_has_either",
                violation_error_message=_("Give a link, or choose a file."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} ({self.language})"

    @property
    def file_is_open(self) -> bool:
        """There is a file, and it is not being checked for viruses."""
        return bool(self.file) and self.is_readable

    @property
    def language_name(self) -> str:
        return name_of_language(self.language)


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
