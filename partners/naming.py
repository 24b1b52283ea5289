"""Names as a reader knows them: in the reader's language, and in its order."""

from collections.abc import Iterable
from typing import TypeVar

from django.utils.translation import get_language

from partners.models import Agency, Party
from partners.models.bodies import plain_spelling

Body = TypeVar("Body", Party, Agency)


def in_readers_order(bodies: Iterable[Body]) -> list[Body]:
    """By name in the reader's language, accents aside: Égypte stands near Espagne."""
    return sorted(bodies, key=lambda body: plain_spelling(body.name))


def in_readers_language(bodies: Iterable[str]) -> dict[str, str]:
    """English names of Parties and agencies → names in the reader's language; one query."""
    wanted = {name for name in bodies if name}
    language = (get_language() or "en")[:2]
    if language == "en" or not wanted:
        return {}
    columns = ("name_en", f"name_{language}")
    agencies = Agency.objects.filter(name_en__in=wanted).order_by().values_list(*columns)
    parties = Party.objects.filter(name_en__in=wanted).order_by().values_list(*columns)
    return {english: name for english, name in agencies.union(parties) if name}
