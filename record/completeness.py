"""What a record must say before it can be published, and while it is."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from partners.desk_words import LANGUAGE_NAMES
from record.models import NewsItem, Record

OTHER_LANGUAGES = tuple(code for code in LANGUAGE_NAMES if code != "en")


def problems(obj: Record) -> dict[str, str]:
    """By column, a sentence about what is missing; none when nothing is."""
    found = {}
    if not isinstance(obj, NewsItem) and not obj.source.strip():
        found["source"] = _("Name the source: nothing is shown to the public without one.")
    picture = getattr(obj, "picture", None)
    if picture and not picture.alt_en:
        found["picture"] = _("Say in words what the picture shows.")
    return found


def missing(obj: Record) -> list[str]:
    """Sentences about what is missing; none when nothing is."""
    return list(problems(obj).values())


def texts_of(model: type[models.Model]) -> list[str]:
    """The columns of a model that stand in three languages, without the language."""
    names = {one.name for one in model._meta.concrete_fields}
    return [
        name.removesuffix("_en")
        for name in sorted(names)
        if name.endswith("_en") and f"{name.removesuffix('_en')}_fr" in names
    ]


def is_untranslated(obj: Any, text: str, language: str) -> bool:
    """Does that text stand in English only?"""
    return bool(getattr(obj, f"{text}_en") and not getattr(obj, f"{text}_{language}"))


def languages_missing(obj: Any) -> list[str]:
    """The languages in which some text stands in English only, for editors."""
    texts = texts_of(type(obj))
    return [
        language
        for language in OTHER_LANGUAGES
        if any(is_untranslated(obj, text, language) for text in texts)
    ]


def not_translated_into(model: type[models.Model], language: str) -> models.Q:
    """In the terms of a query what `languages_missing` says in those of one row."""
    untranslated = models.Q(pk__in=())
    for text in texts_of(model):
        untranslated |= ~models.Q(**{f"{text}_en": ""}) & models.Q(**{f"{text}_{language}": ""})
    return untranslated
