"""What somebody typed, as it is looked for: words in their stems, Parties in all their spellings.

"Laos", "Lao PDR" and "Lao People's Democratic Republic" are one Party: a row is found that says any
of them. "elephants" finds "elephant", "organisation" finds "organization".
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from partners.models import Party, PartyAlias
from partners.models.bodies import plain_spelling
from partners.models.folded import folded

_LONGEST_NAME = 8  # words: more than any name of a Party has
_SHORT = 3  # letters: "and" is Andorra's code, "per" Peru's, "sur" Suriname's
# Words that say nothing of what is looked for, in the three languages.
_SAY_NOTHING = frozenset({
    "a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with",
    "au", "aux", "d", "de", "des", "du", "en", "et", "l", "la", "le", "les", "ou", "par", "pour",
    "sur", "un", "une", "al", "con", "del", "e", "el", "las", "los", "o", "para", "por", "una", "y",
})  # fmt: skip
_SPELLED_TWICE = (
    ("ization", "isation"), ("izing", "ising"), ("ized", "ised"), ("ize", "ise"),
    ("centre", "center"), ("defence", "defense"), ("licence", "license"), ("behaviour", "behavior"),
    ("programme", "program"), ("labour", "labor"), ("analyse", "analyze"), ("harbour", "harbor"),
)  # fmt: skip


@dataclass(frozen=True)
class Unit:
    """One thing that a row has to be about: a word, or a Party."""

    stems: tuple[str, ...]  # beginnings of words, any of which will do
    names: tuple[str, ...] = ()  # whole words, any of which will do: spellings of the Parties
    parties: frozenset[int] = frozenset()

    @property
    def patterns(self) -> tuple[str, ...]:
        """What to look for in folded words."""
        return (*(f" {stem}" for stem in self.stems), *(f" {name} " for name in self.names))

    def within(self, column: str, *party_paths: str) -> Q:
        """That a row is about it: by the folded words of a column, or by a link to the Party."""
        found = Q()
        for pattern in self.patterns:
            found |= Q(**{f"{column}__contains": pattern})
        for path in party_paths if self.parties else ():
            found |= Q(**{f"{path}__in": self.parties})
        return found

    def is_in(self, words: str, parties: Iterable[int] = ()) -> bool:
        """The same of words at hand."""
        return not self.parties.isdisjoint(parties) or any(one in words for one in self.patterns)


@dataclass(frozen=True)
class Term:
    """All that was typed. A row is found when it is about each of the units."""

    typed: str
    units: tuple[Unit, ...] = ()
    parties: tuple[Party, ...] = ()  # named, or spelled as far as was typed

    def within(self, column: str, *party_paths: str) -> Q:
        return Q(*(unit.within(column, *party_paths) for unit in self.units))

    def is_in(self, words: str, parties: Iterable[int] = ()) -> bool:
        at = frozenset(parties)
        return all(unit.is_in(words, at) for unit in self.units)


@dataclass(frozen=True)
class _Alias:
    """A spelling of a Party; the table holds some thousand, which are read whole: to compare them
    here takes a millisecond, and a planner without statistics may take minutes."""

    party: int
    spelling: str
    code: str
    iso2: str

    @property
    def joined(self) -> str:
        return self.spelling.replace(" ", "")

    @property
    def is_code(self) -> bool:
        return self.spelling in {self.code.lower(), self.iso2.lower()}

    def is_begun(self, words: Sequence[str]) -> bool:
        """Each word that was typed begins one of the name: "tanz"."""
        padded = f" {self.spelling}"
        return not self.is_code and all(f" {word}" in padded for word in words)


def read(typed: str, actor: Any) -> Term:
    """What was typed, with the Parties that it names; one query, two where it names any."""
    words = folded(typed).split()
    aliases = [
        _Alias(*row)
        for row in PartyAlias.objects.order_by("party__name_en", "spelling").values_list(
            "party_id", "spelling", "party__code", "party__iso2"
        )
    ]
    units = _units(words, aliases, {one.joined: one for one in _meant(aliases, typed, words)})
    begun = [one.party for one in aliases if one.is_begun(words)]
    parties = dict.fromkeys([*(pk for unit in units for pk in unit.parties), *begun])
    telling = [one for one in units if one.parties or one.stems[0] not in _SAY_NOTHING]
    once = tuple(dict.fromkeys(telling or units))  # a word said twice costs as much as once
    return Term(typed, once, _in_order(parties, actor))


def _in_order(ids: Iterable[int], actor: Any) -> tuple[Party, ...]:
    visible = Party.objects.visible_to(actor).select_related("region")
    known = visible.in_bulk(list(ids))
    return tuple(known[pk] for pk in ids if pk in known)


def _units(words: Sequence[str], aliases: Sequence[_Alias], named: dict[str, _Alias]) -> list[Unit]:
    """At each place the longest name of a Party that begins there, else the word."""
    units: list[Unit] = []
    at = 0
    while at < len(words):
        lengths = range(min(_LONGEST_NAME, len(words) - at), 0, -1)
        runs = (words[at : at + length] for length in lengths)
        run = next((one for one in runs if "".join(one) in named), None)
        units.append(_of_party(run, named, aliases) if run else Unit(_stems(words[at])))
        at += len(run or "1")
    return units


def _of_party(run: Sequence[str], named: dict[str, _Alias], aliases: Iterable[_Alias]) -> Unit:
    party = named["".join(run)].party
    names = (one.spelling for one in aliases if one.party == party and not one.is_code)
    return Unit((" ".join(run),), tuple(names), frozenset({party}))


def _meant(aliases: Iterable[_Alias], typed: str, words: Sequence[str]) -> Iterable[_Alias]:
    """Without codes and short names that are words of a sentence: those count in capitals, or
    where nothing else was typed."""
    capitals = {plain_spelling(one) for one in re.findall(r"\b[^\W\d_]+\b", typed) if one.isupper()}
    for one in aliases:
        is_short = len(one.joined) <= _SHORT
        if not is_short or len(words) == 1 or one.spelling in capitals:
            yield one


def _stems(word: str) -> tuple[str, ...]:
    """Beginnings that singular and plural share, in both spellings of English."""
    if len(word) > 4 and word.endswith("ies"):  # noqa: PLR2004 - "ties" stays
        word = word.removesuffix("ies")
    elif len(word) > 3 and word.endswith(("s", "x")) and not word.endswith(("ss", "us", "is")):  # noqa: PLR2004
        word = word[:-1]
    both = [word]
    for here, there in _SPELLED_TWICE:
        for old, new in ((here, there), (there, here)):
            if old in word:
                both.append(word.replace(old, new))
    return tuple(dict.fromkeys(both))
