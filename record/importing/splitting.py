"""A cell of a list → the activities in it, each with its words and when it was.

Lists put several into one cell: a line each, or one behind the other, "Training (2018) Workshop
(2019)". Where one ends is where its date stands in brackets and a capital follows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from record.importing.dates import Unread, When, looks_dated, read

MOST_PARTS = 100  # in a cell
LONGEST_TITLE = 300

_BRACKETS = re.compile(r"\(([^()]*)\)")
_BETWEEN = re.compile(r"\s*\*?\s*[;,.]?\s+")
_YEAR = r"(?:19|20)\d\d"
_BARE = re.compile(rf"(?<![\d(])({_YEAR}(?:\s*[-–/]\s*(?:{_YEAR}|\d\d))?)$")
_ANY_YEAR = re.compile(rf"(?<!\d){_YEAR}(?!\d)")
_BULLET = re.compile(r"^(?:[•·‣▪–—-]\s+)+")


@dataclass(frozen=True)
class Part:
    """One activity: the text as it stood, its words, when it was, whether a star marks it.

    `faults` and `notes` are codes of `sentences`, with the text they are about.
    """

    text: str
    title: str
    when: When = When()
    is_starred: bool = False
    faults: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, str], ...] = ()


def parts_of(cell: str) -> list[Part]:
    """Those of one cell, in their order; none of an empty one."""
    parts = []
    for line, was_joined in _lines(cell):
        pieces = list(_pieces(line))
        notes = [("joined_lines", "")] if was_joined else []
        notes += [("split_line", "")] if len(pieces) > 1 else []
        parts += [_part(piece, notes) for piece in pieces]
    return parts


def _lines(cell: str) -> Iterator[tuple[str, bool]]:
    """The lines, where one goes on in lower case joined to the one before it, which has no date."""
    held, was_joined = "", False
    for line in (" ".join(one.split()) for one in cell.splitlines()):
        if not line:
            continue
        if held and line[0].islower() and not _date_at_end(held):
            held, was_joined = f"{held} {line}", True
            continue
        if held:
            yield held, was_joined
        held, was_joined = line, False
    if held:
        yield held, was_joined


def _date_at_end(line: str) -> bool:
    words = line.rstrip(" *.,;")
    found = list(_BRACKETS.finditer(words))
    in_brackets = bool(found) and found[-1].end() == len(words) and looks_dated(found[-1][1])
    return in_brackets or bool(_BARE.search(words))


def _pieces(line: str) -> Iterator[str]:
    """A line cut after each date in brackets that a capital or a number follows."""
    begin = 0
    for found in _BRACKETS.finditer(line):
        if not looks_dated(found[1]):
            continue
        between = _BETWEEN.match(line, found.end())
        if between and between.end() < len(line) and _begins(line[between.end()]):
            yield line[begin : between.end()].strip()
            begin = between.end()
    yield line[begin:].strip()


def _begins(letter: str) -> bool:
    return letter.isupper() or letter.isdigit() or letter in "“\"«‘'"


def _part(text: str, notes: list[tuple[str, str]]) -> Part:
    words = _BULLET.sub("", text)
    is_starred = words.startswith("*") or words.rstrip(" .;,").endswith("*")
    words = words.strip(" *;,")
    faults: list[tuple[str, str]] = []
    notes = list(notes)
    title, when = words, When()
    try:
        title, when, more = _dated(words)
        notes += more
    except Unread as wrong:
        faults.append((wrong.code, wrong.text))
    is_starred = is_starred or title.strip().endswith("*")
    title = title.strip(" *;,:–—-").strip()
    if not title:
        faults.append(("no_words", text))
    if len(title) > LONGEST_TITLE:
        faults.append(("long_title", str(len(title))))
    if not faults and when.starts is None:
        notes.append(("no_date", ""))
    notes += [(code, "") for code in when.notes]
    return Part(text, title, when, is_starred, tuple(faults), tuple(notes))


def _dated(words: str) -> tuple[str, When, list[tuple[str, str]]]:
    """The words without their date, the date, and what to look at. Raises Unread."""
    dated = [one for one in _BRACKETS.finditer(words) if looks_dated(one[1])]
    if len(dated) > 1:
        raise Unread("several_years", words)
    if not dated:
        return _with_a_bare_year(words)
    found = dated[0]
    when = read(found[1])
    before, after = words[: found.start()].rstrip(), words[found.end() :].strip(" *.;,–—-")
    if not after:
        return before, when, []
    return words, when, [("date_inside", found[0])]


def _with_a_bare_year(words: str) -> tuple[str, When, list[tuple[str, str]]]:
    """ "Operation Cobra - 2013": a year that ends the words is theirs, and is said to be read
    so; with a second one before it there may be two activities."""
    found = _BARE.search(words.rstrip(" ."))
    if not found:
        return words, When(), []
    if _ANY_YEAR.search(words[: found.start()]):
        raise Unread("two_bare_years", words)
    return words[: found.start()], read(found[1]), [("bare_year", found[1])]
