"""What a record must say before it can be published."""

from typing import Any

from django.utils.translation import gettext as _

from record.models import NewsItem, Record


def missing(obj: Record) -> list[str]:
    """Sentences about what is missing; none when nothing is."""
    found = []
    if not isinstance(obj, NewsItem) and not obj.source:
        found.append(_("Name the source: nothing is shown to the public without one."))
    picture = getattr(obj, "picture", None)
    if picture and not picture.alt_en:
        found.append(_("Say in words what the picture shows."))
    return found


def languages_missing(obj: Any) -> list[str]:
    """The languages in which some text stands in English only, for editors."""
    fields = [one.name for one in obj._meta.concrete_fields if one.name.endswith("_en")]
    return [
        language
        for language in ("fr", "es")
        if any(getattr(obj, name) and not getattr(obj, f"{name[:-2]}{language}") for name in fields)
    ]
