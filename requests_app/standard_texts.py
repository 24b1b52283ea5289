"""Texts of the catalogue with the facts of a case: {reference}, {party}, {support}."""

import re
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

PLACEHOLDERS = ("reference", "party", "support")
_KNOWN = re.compile(r"\{(reference|party|support)\}")


def filled(text: str, facts: Mapping[str, str]) -> str:
    """The text with each known placeholder replaced; everything else stays as it was written."""
    return _KNOWN.sub(lambda found: facts[found[1]], text)


def judge(text: str) -> None:
    """Raise ValidationError for braces that would be sent to somebody as they stand."""
    left = _KNOWN.sub("", text)
    unknown = re.search("{[^{}]*}?|}", left)
    if unknown:
        raise ValidationError(
            _("“%(part)s” cannot be filled in. Use %(known)s, with both braces.")
            % {
                "part": unknown[0],
                "known": ", ".join(f"{{{name}}}" for name in PLACEHOLDERS),
            }
        )
