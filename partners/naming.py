"""Names that history keeps in English, as a reader of another language knows them."""

from collections.abc import Iterable

from django.utils.translation import get_language

from partners.models import Agency, Party


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
