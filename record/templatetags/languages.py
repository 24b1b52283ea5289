"""In which language a text of three really stands: for `lang`, so that it is read out rightly."""

from typing import Any

from django import template
from django.conf import settings
from django.utils.translation import get_language

register = template.Library()


@register.filter
def shown_in(row: Any, text: str) -> str:
    """The code of the language in which `in_readers_language(row, text)` is: the reader's, or
    English where a translation is missing. `<h1 lang="{{ record|shown_in:"title" }}">`"""
    language = (get_language() or settings.LANGUAGE_CODE)[:2]
    return language if getattr(row, f"{text}_{language}", "") else "en"
