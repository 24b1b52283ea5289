"""Names that history keeps in English, as a reader of another language knows them."""

from collections.abc import Iterable

from django.utils.translation import get_language

from partners.models import Agency, Party


def in_readers_language(bodies: Iterable[str]) -> dict[str, str]:
    """English names of Parties and agencies → names in the reader's language; two queries."""
    wanted = {name for name in bodies if name}
    if (get_language() or "en").startswith("en") or not wanted:
        return {}
    known: list[Agency | Party] = [
        *Agency.objects.filter(name_en__in=wanted),
        *Party.objects.filter(name_en__in=wanted),
    ]
    return {body.name_en: body.name for body in known}
