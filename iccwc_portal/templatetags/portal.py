from typing import Any

from django import template

from history.precision import in_words

register = template.Library()


@register.filter
def when(dated: Any) -> str:
    """The `as_of` of a dated figure in words, never more exact than its source."""
    return in_words(dated.as_of, dated.precision)
