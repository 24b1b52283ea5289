"""The ICCWC Indicator Framework as an instrument: editions, outcomes, indicators.

Eight desired outcomes and 50 indicators; kinds EA (expert-based, four answers scored 0 to 3) and PA
(process or document: present or absent). Source: ICCWC Indicator Framework, Assessment Template.
DA (data-based) is not in the part of the Template that could be read. The official titles are
loaded by the Secretariat; none is invented here.
"""

from typing import Any, Generic, TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models.translated import in_readers_language
from workflow.guard import FlagField, StatefulQuerySet, StateIsProtected, kept

M = TypeVar("M", bound=models.Model)

OUTCOMES = 8
INDICATORS = 50
HIGHEST_SCORE = 3  # of an expert-based indicator

# What the loader (toolkit.framework.importer) alone writes, of an edition that is not complete.
WRITTEN_BY_THE_LOADER = (
    "edition", "number", "kind", "title_en", "title_fr", "title_es", "answers", "outcome",
    "is_complete",
)  # fmt: skip


class IndicatorKind(models.TextChoices):
    EA = "EA", _("expert-based assessment")
    PA = "PA", _("process or document-based assessment")
    DA = "DA", _("data-based assessment")


class KeptQuerySet(StatefulQuerySet[M], Generic[M]):
    """What an edition holds is never deleted: assessments were made with it."""

    protected = frozenset(WRITTEN_BY_THE_LOADER) | {"edition_id", "outcome_id"}

    def delete(self) -> tuple[int, dict[str, int]]:
        raise StateIsProtected({"edition"})


class OutcomeQuerySet(KeptQuerySet["Outcome"]):
    pass


class IndicatorQuerySet(KeptQuerySet["Indicator"]):
    pass


class EditionQuerySet(KeptQuerySet["Edition"]):
    protected = frozenset({"key", "name", "source", "is_complete"})

    def visible_to(self, actor: Any) -> "EditionQuerySet":
        """Everybody: the instrument is a published document."""
        return self

    def usable(self) -> "EditionQuerySet":
        """With every title: an assessment can be scored by it."""
        return self.filter(is_complete=True)


class Edition(models.Model):
    """One edition of the framework. Once it is complete nothing in it changes: a new text is a
    new edition, and assessments keep the one they were made with."""

    key = kept(models.SlugField, from_the_start=False)(_("key"), max_length=30, unique=True)
    name = kept(models.CharField, from_the_start=False)(_("name"), max_length=200)
    issued_on = models.DateField(_("issued"), null=True, blank=True)
    source = kept(models.CharField, from_the_start=False)(_("source"), max_length=300, blank=True)
    is_complete = FlagField(_("complete"))
    loaded_at = models.DateTimeField(_("loaded"), null=True, editable=False)
    loaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = EditionQuerySet.as_manager()

    class Meta:
        verbose_name = _("edition of the Indicator Framework")
        verbose_name_plural = _("editions of the Indicator Framework")
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name


class Outcome(models.Model):
    """One of the eight desired outcomes. Without a title until the official one is loaded."""

    edition = kept(models.ForeignKey)(Edition, models.PROTECT, related_name="outcomes")
    number = kept(models.PositiveSmallIntegerField)(_("number"))
    title_en = kept(models.CharField)(_("title in English"), max_length=300, blank=True)
    title_fr = kept(models.CharField)(_("title in French"), max_length=300, blank=True)
    title_es = kept(models.CharField)(_("title in Spanish"), max_length=300, blank=True)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("desired outcome")
        verbose_name_plural = _("desired outcomes")
        ordering = ["edition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="toolkit_outcome_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def title(self) -> str:
        return in_readers_language(self, "title")


class Indicator(models.Model):
    """One of the 50 indicators. `answers` are the four texts of an EA indicator, by language."""

    edition = kept(models.ForeignKey)(Edition, models.PROTECT, related_name="indicators")
    outcome = kept(models.ForeignKey)(Outcome, models.PROTECT, null=True, related_name="indicators")
    number = kept(models.PositiveSmallIntegerField)(_("number"))
    kind = kept(models.CharField)(_("kind"), max_length=2, choices=IndicatorKind, blank=True)
    title_en = kept(models.CharField)(_("title in English"), max_length=300, blank=True)
    title_fr = kept(models.CharField)(_("title in French"), max_length=300, blank=True)
    title_es = kept(models.CharField)(_("title in Spanish"), max_length=300, blank=True)
    answers = kept(models.JSONField)(_("answers"), default=dict, blank=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        ordering = ["edition", "number"]
        constraints = [
            models.UniqueConstraint(fields=["edition", "number"], name="toolkit_indicator_once")
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()

    @property
    def title(self) -> str:
        return in_readers_language(self, "title")

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise StateIsProtected({"edition"})
