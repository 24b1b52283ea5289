"""What was found, as the page shows it: with the words marked that were looked for."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from iccwc_portal.search.terms import Term
from partners.models.folded import folded

_AROUND = 90  # characters on each side of the first word that was found
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Text:
    """Words in a language, "" where it is not known."""

    words: str
    language: str = ""

    @property
    def foreign(self) -> str:
        """The language, where it is not the page's."""
        return "" if self.language == (get_language() or "")[:2] else self.language


@dataclass(frozen=True)
class Result:
    """One row: where it is, how it is called, and texts from which to show the words found."""

    url: str
    title: Text
    texts: tuple[Text, ...] = ()
    when: str = ""
    remark: str = ""  # "draft", for whoever may read one

    def shown(self, term: Term) -> "Shown":
        text = _telling(self.texts, term)
        return Shown(
            self.url,
            marked(self.title.words, term),
            self.title.foreign,
            marked(_cut(text.words, term), term),
            text.foreign,
            self.when,
            self.remark,
        )


@dataclass(frozen=True)
class Shown:
    url: str
    title: SafeString
    title_language: str
    snippet: SafeString
    snippet_language: str
    when: str
    remark: str


@dataclass(frozen=True)
class Found:
    """A stretch of what was found of one kind, and how much there is in all."""

    total: int
    results: Sequence[Result]
    is_more: bool = False  # than are counted


def in_languages(texts: Sequence[str]) -> tuple[Text, ...]:
    """Texts in English, French and Spanish, the reader's language first; empty ones left out."""
    mine = (get_language() or "en")[:2]
    pairs = zip(texts, ("en", "fr", "es"), strict=True)
    known = [Text(words, code) for words, code in pairs if words]
    return tuple(sorted(known, key=lambda one: one.language != mine))


def title_of(texts: Sequence[str]) -> Text:
    """In the reader's language, else in English."""
    known = in_languages(texts)
    mine = [one for one in known if not one.foreign]
    return next((one for one in (*mine, *known) if one in mine or one.language == "en"), Text(""))


def marked(text: str, term: Term) -> SafeString:
    """The text, escaped, with <mark> around what was looked for."""
    pieces, at = [], 0
    for begin, end in _hits(text, term):
        pieces += [escape(text[at:begin]), "<mark>", escape(text[begin:end]), "</mark>"]
        at = end
    return mark_safe("".join([*pieces, escape(text[at:])]))  # noqa: S308 - each piece is escaped


def _telling(texts: Sequence[Text], term: Term) -> Text:
    """The first text with something of what was looked for, else the first."""
    with_hit = (one for one in texts if next(_hits(one.words, term), None))
    return next(with_hit, texts[0] if texts else Text(""))


def _cut(text: str, term: Term) -> str:
    """The words around the first hit."""
    text = " ".join(text.split())
    begin, end = next(_hits(text, term), (0, 0))
    first = text.rfind(" ", 0, begin - _AROUND) + 1 if begin > _AROUND else 0
    last = text.find(" ", max(end, first + _AROUND) + _AROUND)
    cut = text[first : last if last > 0 else None]
    return f"{'… ' if first else ''}{cut}{' …' if last > 0 else ''}"


def _hits(text: str, term: Term) -> Iterator[tuple[int, int]]:
    """Where the words stand that were looked for, one after the other."""
    words = [(folded(one.group()).strip(), one.start(), one.end()) for one in _WORD.finditer(text)]
    at = 0
    while at < len(words):
        length = max((_length_of_hit(words, at, unit.patterns) for unit in term.units), default=0)
        if length:
            yield words[at][1], words[at + length - 1][2]
        at += length or 1


def _length_of_hit(words: Sequence[tuple[str, int, int]], at: int, patterns: Iterable[str]) -> int:
    """How many words from there on are one of the patterns; 0 for none."""
    longest = 0
    for pattern in patterns:
        length = len(pattern.split())
        here = "".join(f" {word}" for word, _start, _end in words[at : at + length])
        if f"{here} ".startswith(pattern):
            longest = max(longest, length)
    return longest
