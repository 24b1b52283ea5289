from typing import Any

from django import template

from history.precision import in_words
from iccwc_portal import devices

register = template.Library()


@register.filter
def when(dated: Any) -> str:
    """The `as_of` of a dated figure in words, never more exact than its source."""
    return in_words(dated.as_of, dated.precision)


@register.filter
def as_device(user_agent: str) -> str:
    return devices.in_words(user_agent)


@register.filter
def in_fours(key: str) -> str:
    """A long key in groups, so that it can be typed without losing one's place."""
    return " ".join(key[start : start + 4] for start in range(0, len(key), 4))
