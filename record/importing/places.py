"""Where an activity was: Parties in any spelling, territories and States by their name, or a
question. A territory is kept by its name with its Party and is never a Party of its own (Hong Kong
has a place of its own on lists of ICCWC, and counts within China among Parties to CITES).
"""

import difflib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.conf import settings

from partners.models import Party, PartyAlias
from partners.models.bodies import plain_spelling

LONGEST_NAME = 120  # of ActivityPlace.name
_OFFERED = 5
_ALIKE = 0.72  # how near a spelling must be to be offered; it is never taken
_BETWEEN_SEVERAL = re.compile(r"\s*(?:[,;/&\n]|\band\b|\bet\b|\by\b)\s*", re.I)


@dataclass(frozen=True)
class Place:
    """A Party, a named place of one, or a named place that is in none."""

    party: str = ""  # the code
    name: str = ""

    @property
    def key(self) -> str:
        return f"{self.party}/{plain_spelling(self.name)}"

    def as_kept(self) -> dict[str, str]:
        return {"party": self.party, "name": self.name}


@dataclass(frozen=True)
class Offer:
    """A question's answer that the editor may choose: how it is sent, and what it is."""

    value: str
    places: tuple[Place, ...]


@dataclass
class Names:
    """All spellings, read once for a file: no row asks the database."""

    parties: dict[str, int]  # ids by code
    spelled: dict[str, str]  # codes by plain spelling
    _meant: dict[str, Place | None] = field(default_factory=dict)
    _offers: dict[str, list[Offer]] = field(default_factory=dict)

    @classmethod
    def now(cls) -> "Names":
        parties = dict(Party.objects.order_by().values_list("code", "pk"))
        spellings = PartyAlias.objects.order_by().values_list("spelling", "party__code")
        return cls(parties, dict(spellings))

    def meant(self, written: str) -> Place | None:
        """What these words say and nothing else; None where that is a question."""
        if written not in self._meant:
            self._meant[written] = self._say(plain_spelling(written))
        return self._meant[written]

    def _say(self, plain: str) -> Place | None:
        if code := self.spelled.get(plain):
            return Place(code)
        if place := _territories().get(plain):
            known = place.party in self.parties or not place.party
            return place if known else None
        article, _space, rest = plain.partition(" ")
        if article == "the" and (code := self.spelled.get(rest)):
            return Place(code)
        return None

    def offers(self, written: str) -> list[Offer]:
        """What may have been meant: several countries in one cell, or spellings that are near."""
        plain = plain_spelling(written)
        if plain not in self._offers:
            self._offers[plain] = [*self._several(written), *self._alike(plain)]
        return self._offers[plain]

    def _several(self, written: str) -> list[Offer]:
        words = [one for one in _BETWEEN_SEVERAL.split(written) if one]
        found = [self.meant(one) for one in words]
        places = tuple(one for one in found if one)
        if len(words) < 2 or len(places) < len(words):  # noqa: PLR2004 - several is two or more
            return []
        value = "+".join(sorted({place.party for place in places if place.party}))
        return [Offer(f"parties:{value}", places)] if all(one.party for one in places) else []

    def _alike(self, plain: str) -> list[Offer]:
        near = difflib.get_close_matches(plain, self.spelled, n=3 * _OFFERED, cutoff=_ALIKE)
        codes = list(dict.fromkeys(self.spelled[one] for one in near))
        return [Offer(f"parties:{code}", (Place(code),)) for code in codes[:_OFFERED]]


def answered(value: str, written: str) -> list[Place] | None:
    """What an answer makes of the words it was given for; None for "leave these rows out"."""
    kind, _colon, rest = value.partition(":")
    name = " ".join(written.split())[:LONGEST_NAME]
    match kind:
        case "parties":
            return [Place(code) for code in rest.split("+")]
        case "within":
            return [Place(rest, name)]
        case "name":
            return [Place("", name)]
    return None


@cache
def _territories() -> dict[str, Place]:
    file = settings.BASE_DIR / "fixtures" / "territories.json"
    rows: list[dict[str, Any]] = json.loads(file.read_text(encoding="utf-8"))
    return {
        plain_spelling(written): Place(row["party"], row["name"])
        for row in rows
        for written in (row["name"], *row["written"])
    }


def called() -> dict[str, str]:
    """The names of Parties in the reader's language, by code."""
    return {party.code: party.name for party in Party.objects.order_by()}


def key_of(places: Iterable[Place]) -> str:
    """The same places in whatever order."""
    return "|".join(sorted(place.key for place in places))
