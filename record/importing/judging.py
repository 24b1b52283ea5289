"""What becomes of a row: a verdict with its reasons, or one question. No query is asked here."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import override

from partners.models import bodies
from record.importing.files import FileRow, Reason
from record.importing.places import LONGEST_NAME, Names, Place, answered, key_of
from record.importing.positions import NO_PARTY, SEA, looked_at, seems_exchanged
from record.importing.splitting import MOST_PARTS, Part, parts_of
from record.models import Activity, Verdict
from workflow import characters

LONGEST_CELL = 10_000
_LONGEST_PLACE = 150
_LONGEST_LINK = 500
_YES = frozenset({"true", "yes", "y", "1", "oui", "vrai", "si", "verdadero"})
_NO = frozenset({"false", "no", "n", "0", "non", "faux", "falso"})
OUT = "out"  # the answer that leaves rows out, to every question
_link = URLValidator(schemes=["http", "https"])
# The same few words stand in very many rows.
plain_spelling = lru_cache(maxsize=5_000)(bodies.plain_spelling)

# What lists call the three kinds, beside their words in the three languages.
_MORE_KINDS: dict[str, str] = {
    "capacity building and law enforcement support": Activity.Kind.CAPACITY,
    "capacity building": Activity.Kind.CAPACITY,
    "law enforcement support": Activity.Kind.CAPACITY,
    "cross cutting": Activity.Kind.CROSS_CUTTING,
    "analysis of national response": Activity.Kind.ANALYSIS,
}


@dataclass
class Found:
    """What was made of one activity of a row."""

    said: dict[str, str]
    understood: dict[str, Any] = field(default_factory=dict)
    refused: list[Reason] = field(default_factory=list)
    notes: list[Reason] = field(default_factory=list)
    asks: str = ""
    why_asked: list[Reason] = field(default_factory=list)
    key: str = ""  # of the same activity, wherever it stands

    @property
    def verdict(self) -> Verdict:
        if self.refused:
            return Verdict.REFUSED
        return Verdict.ASKED if self.asks else Verdict.GOOD

    @property
    def reasons(self) -> list[Reason]:
        return [*self.refused, *self.why_asked, *self.notes]

    def ask(self, key: str, why: Reason) -> None:
        """One question at a time: the next is asked when this one is answered."""
        if not self.asks:
            self.asks = key
            self.why_asked = [why]

    def leave_out(self) -> None:
        self.refused.append(("left_out", {}))


class Judge:
    """Judges the rows of one file, with the answers that its editor has given so far."""

    def __init__(self, names: Names, answers: Mapping[str, str]) -> None:
        self.names = names
        self.answers = answers
        self.kinds = _in_all_languages(Activity.Kind.choices) | _MORE_KINDS
        self.stages = _in_all_languages(Activity.Stage.choices)

    def judge(self, row: FileRow) -> Iterator[Found]:
        """The activities of a row, in their order; at least one, which may be refused."""
        parts = parts_of(row.cells.get("description", ""))
        if not parts or len(parts) > MOST_PARTS:
            code = "too_many_parts" if parts else "no_description"
            whole = Part(row.cells.get("description", "")[:LONGEST_CELL], "")
            yield self._judge(row, whole, [(code, {"count": len(parts), "most": MOST_PARTS})])
            return
        for part in parts:
            yield self._judge(row, part, [])

    def again(self, number: int, said: dict[str, str]) -> Found:
        """One activity of a row that was judged before; its description is its own text."""
        return next(self.judge(FileRow(number, said)))

    def _judge(self, row: FileRow, part: Part, faults: list[Reason]) -> Found:
        found = Found(said=row.cells | {"description": part.text})
        found.refused += [*row.faults, *faults, *_unfit(row.cells)]
        found.refused += [(code, {"text": text[:80]}) for code, text in part.faults]
        found.notes += [(code, {"text": text[:80]}) for code, text in part.notes]
        when = part.when
        found.understood = {
            "title": part.title,
            "starts": when.starts and when.starts.isoformat(),
            "ends": when.ends and when.ends.isoformat(),
            "precision": when.precision,
            "visible": self._visible(found),
            "link": self._web_address(found),
        }
        places = self._places(found)
        found.understood["places"] = [place.as_kept() for place in places]
        found.understood["at"] = self._position(found, places)
        found.understood["kind"] = self._kind(found)
        found.understood["stage"] = self._stage(found, part)
        if places and not found.refused:
            found.key = fingerprint(key_of(places), part.title, when.years)
        return found

    def _visible(self, found: Found) -> bool:
        text = found.said.get("visible", "")
        plain = plain_spelling(text)
        if text and plain not in _YES | _NO:
            found.refused.append(("visible_unread", {"text": text[:80]}))
        return plain not in _NO

    def _web_address(self, found: Found) -> str:
        text = found.said.get("link", "")
        if not _is_link(text):
            found.refused.append(("no_link", {"text": text[:80]}))
        if len(text) > _LONGEST_LINK:
            found.refused.append(("long_link", {"most": _LONGEST_LINK}))
        return text

    def _places(self, found: Found) -> list[Place]:
        written = found.said.get("place", "")
        plain = plain_spelling(written)
        if not plain or len(written) > _LONGEST_PLACE:
            code = "long_place" if plain else "no_place"
            found.refused.append((code, {"most": _LONGEST_PLACE}))
            return []
        if meant := self.names.meant(written):
            if meant.name:
                code = "territory" if meant.party else "no_party"
                found.notes.append((code, {"name": meant.name, "party": meant.party}))
            return [meant]
        key = f"place:{plain}"[:200]
        if key not in self.answers:
            found.ask(key, ("unknown_place", {"text": written[:LONGEST_NAME]}))
            return []
        places = answered(self.answers[key], written)
        if places is None:
            found.leave_out()
            return []
        found.notes.append(("answered", {"text": written[:LONGEST_NAME]}))
        return places

    def _position(self, found: Found, places: list[Place]) -> list[float] | None:
        at = _numbers(found)
        if at is None or found.refused or not places:
            return at
        codes = tuple(place.party for place in places if place.party)
        there = looked_at(at[0], at[1], codes)
        if there == SEA:
            code = "exchanged" if seems_exchanged(at[0], at[1], codes) else "in_the_sea"
            found.refused.append((code, _as_written(found)))
        if there in {"", SEA} or not codes:
            return at
        if there == NO_PARTY and any(place.name for place in places):
            return at
        return self._elsewhere(found, at, codes, there)

    def _elsewhere(
        self, found: Found, at: list[float], codes: tuple[str, ...], there: str
    ) -> list[float] | None:
        """The editor says which of the two is right: the place or the position."""
        key = f"position:{'+'.join(codes)}>{there}"
        said = _as_written(found) | {"place": codes[0], "there": there}
        code = "on_no_party" if there == NO_PARTY else "lies_elsewhere"
        answer = self.answers.get(key)
        if answer is None:
            found.ask(key, (code, said))
        elif answer == OUT:
            found.leave_out()
        else:
            found.notes.append((f"position_{answer}", said))
        return None if answer == "none" else at

    def _kind(self, found: Found) -> str:
        written = found.said.get("kind", "")
        plain = plain_spelling(written)
        if known := self.kinds.get(plain):
            return known
        key = f"kind:{plain}"[:200]
        if answer := self.answers.get(key):
            if answer == OUT:
                found.leave_out()
                return ""
            found.notes.append(("kind_answered", {"text": written[:80]}))
            return answer
        found.ask(key, ("unknown_kind" if plain else "no_kind", {"text": written[:80]}))
        return ""

    def _stage(self, found: Found, part: Part) -> str:
        """From its own column, else from the words in brackets, else from a star."""
        written = found.said.get("stage", "")
        known = self.stages.get(plain_spelling(written), "")
        if written and not known:
            found.refused.append(("unknown_stage", {"text": written[:80]}))
        stage = known or part.when.stage
        if known and part.when.stage and known != part.when.stage:
            found.refused.append(("two_stages", {"text": written[:80]}))
        if part.is_starred:
            answer = self.answers.get("star")
            if answer is None:
                found.ask("star", ("starred", {}))
            elif answer == OUT:
                found.leave_out()
            elif answer != "nothing":
                found.notes.append(("star_answered", {}))
                stage = stage or answer
        return stage or Activity.Stage.NOT_STATED


def fingerprint(places: str, title: str, years: tuple[int, int]) -> str:
    """The same for the same places, words and years, however they are spelled."""
    said = f"{places}\n{bodies.plain_spelling(title)}\n{years[0]}-{years[1]}"
    return blake2b(said.encode(), digest_size=16).hexdigest()


@lru_cache(maxsize=5_000)
def _is_link(text: str) -> bool:
    try:
        if text:
            _link(text)
    except ValidationError:
        return False
    return True


def _unfit(cells: Mapping[str, str]) -> Iterator[Reason]:
    for column, text in cells.items():
        if len(text) > LONGEST_CELL:
            yield "long_cell", {"column": column, "most": LONGEST_CELL}
        elif characters.problem_with(text):
            yield "control", {"column": column}


def _numbers(found: Found) -> list[float] | None:
    """Longitude and latitude, to two decimals: a position is to the province or port, never
    nearer. None where the row has none, or none that can be read."""
    texts = [found.said.get("longitude", ""), found.said.get("latitude", "")]
    if not any(texts):
        return None
    if not all(texts):
        found.refused.append(("half_a_position", {}))
        return None
    try:
        longitude, latitude = (float(_point(text)) for text in texts)
    except ValueError:
        found.refused.append(("position_unread", _as_written(found)))
        return None
    if not (abs(longitude) <= 180 and abs(latitude) <= 90):  # noqa: PLR2004 - degrees
        found.refused.append(("off_the_globe", _as_written(found)))
        return None
    return [round(longitude, 2), round(latitude, 2)]


def _point(text: str) -> str:
    """With a decimal comma as well; "inf" and "nan" are no degrees."""
    plain = text.replace("−", "-").replace(",", ".")
    if plain.strip("+-.0123456789"):
        raise ValueError(text)
    return plain


def _as_written(found: Found) -> dict[str, str]:
    names = ("longitude", "latitude")
    return {name: found.said.get(name, "")[:40] for name in names}


def _in_all_languages(choices: Any) -> dict[str, str]:
    words: dict[str, str] = {}
    for language in ("en", "fr", "es"):
        with override(language):
            words |= {plain_spelling(str(label)): str(key) for key, label in choices}
    return words | {plain_spelling(str(key)): str(key) for key, _label in choices}
