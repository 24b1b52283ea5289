from typing import Any

from django.conf import settings
from django.utils.translation import get_language


def in_readers_language(row: Any, field: str) -> str:
    """`field_fr` for a French reader; English where a translation is missing."""
    language = (get_language() or settings.LANGUAGE_CODE)[:2]
    return getattr(row, f"{field}_{language}", "") or getattr(row, f"{field}_en")
