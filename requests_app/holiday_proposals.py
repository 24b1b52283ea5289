"""Proposals for the desk's days off, so that nobody has to type a year of them.

The Secretariat is part of the United Nations, which sets its own list for Geneva every year. We
have no official source of that list; the public holidays of the canton are close to it, and each
row says that it has to be checked.
"""

from datetime import date

from django.utils import timezone
from holidays import country_holidays

from requests_app.models import Holiday

SOURCE = "holidays package: Switzerland, Geneva; check against the UN list"

# The package has no Spanish for Switzerland: by its English names.
_IN_SPANISH = {
    "New Year's Day": "Año Nuevo",
    "Good Friday": "Viernes Santo",
    "Easter Monday": "Lunes de Pascua",
    "Ascension Day": "Ascensión",
    "Pentecost Monday": "Lunes de Pentecostés",
    "National Day": "Fiesta Nacional",
    "Genevan Fast": "Ayuno ginebrino",
    "Christmas Day": "Navidad",
    "Restoration Day": "Restauración de la República",
}


def propose(year: int) -> list[Holiday]:
    """Add the public holidays of Geneva; what stands on a day stays as it is. Those added."""
    known = set(Holiday.objects.filter(day__year=year).values_list("day", flat=True))
    french = _of_geneva(year, "fr")
    rows = [
        Holiday(
            day=day,
            name_en=name,
            name_fr=french[day],
            name_es=_IN_SPANISH.get(name, name),
            source=SOURCE,
        )
        for day, name in sorted(_of_geneva(year, "en_US").items())
        if day not in known
    ]
    # Somebody else may propose the same year at this moment.
    Holiday.objects.bulk_create(rows, ignore_conflicts=True)
    days = [one.day for one in rows]
    return list(Holiday.objects.filter(day__in=days).order_by("day"))


def _of_geneva(year: int, language: str) -> dict[date, str]:
    found = country_holidays("CH", subdiv="GE", years=year, language=language, expand=False)
    return dict(found)


def years_without_holidays() -> list[int]:
    """Of this year and the next, those for which no day off is known; one query."""
    this_year = timezone.now().year
    known = set(Holiday.objects.values_list("day__year", flat=True))
    return [year for year in (this_year, this_year + 1) if year not in known]
