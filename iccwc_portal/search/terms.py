"""What somebody typed, as it is looked for: words in their stems, Parties in all their spellings.

"Laos", "Lao PDR" and "Lao People's Democratic Republic" are one Party: a row is found that says any
of them. "elephants" finds "elephant", "organisation" finds "organization".
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, Value
from django.db.models.functions import Concat, Replace

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


def read(typed: str, actor: Any) -> Term:
    """What was typed, with the Parties that it names; one query."""
    words = folded(typed).split()
    aliases = _aliases(words, actor)
    named = {one.spelling.replace(" ", ""): one for one in _meant(aliases, typed, words)}
    units: list[Unit] = []
    at = 0
    while at < len(words):
        unit, length = _unit_at(words, at, named, aliases)
        units.append(unit)
        at += length
    known = {one.party_id: one.party for one in aliases}
    begun = [one.party_id for one in aliases if _is_begun(one, words)]
    parties = dict.fromkeys([*(pk for unit in units for pk in unit.parties), *begun])
    telling = [one for one in units if one.parties or one.stems[0] not in _SAY_NOTHING]
    return Term(typed, tuple(telling or units), tuple(known[pk] for pk in parties))


def _unit_at(
    words: Sequence[str], at: int, named: dict[str, PartyAlias], aliases: Iterable[PartyAlias]
) -> tuple[Unit, int]:
    """The longest name of a Party that begins there, else the word; and how many words it is."""
    for length in range(min(_LONGEST_NAME, len(words) - at), 0, -1):
        run = words[at : at + length]
        alias = named.get("".join(run))
        if alias:
            names = (one.spelling for one in aliases if one.party_id == alias.party_id)
            telling = tuple(one for one in names if not _is_code(one, alias.party))
            return Unit((" ".join(run),), telling, frozenset({alias.party_id})), length
    return Unit(_stems(words[at])), 1


def _aliases(words: Sequence[str], actor: Any) -> list[PartyAlias]:
    """Every spelling of the Parties that the words name, or whose name they begin."""
    runs = {
        "".join(words[at : at + length])
        for at in range(len(words))
        for length in range(1, _LONGEST_NAME + 1)
    }
    begun = Q(*(Q(padded__contains=f" {word}") for word in words))
    spelled = PartyAlias.objects.annotate(
        joined=Replace("spelling", Value(" "), Value("")),
        padded=Concat(Value(" "), "spelling"),
    ).filter(Q(joined__in=runs) | begun)
    visible = Party.objects.visible_to(actor).filter(pk__in=spelled.values("party"))
    rows = PartyAlias.objects.filter(party__in=visible)
    return list(rows.select_related("party__region").order_by("party__name_en", "spelling"))


def _is_begun(alias: PartyAlias, words: Sequence[str]) -> bool:
    """Each word that was typed begins one of the name: "tanz"."""
    return not _is_code(alias.spelling, alias.party) and all(
        f" {word}" in f" {alias.spelling}" for word in words
    )


def _meant(aliases: Iterable[PartyAlias], typed: str, words: Sequence[str]) -> Iterable[PartyAlias]:
    """Without codes and short names that are words of a sentence: those count in capitals, or
    where nothing else was typed."""
    capitals = {plain_spelling(one) for one in re.findall(r"\b[^\W\d_]+\b", typed) if one.isupper()}
    for one in aliases:
        is_short = len(one.spelling.replace(" ", "")) <= _SHORT
        if not is_short or len(words) == 1 or one.spelling in capitals:
            yield one


def _is_code(spelling: str, party: Party) -> bool:
    return spelling in {party.code.lower(), party.iso2.lower()}


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
