"""When an activity was: "(2016-2017)", "(May 2018)", "(2019, planned)", or a year at the end.

What has one meaning only is read; whatever has two, or none, is a fault with a sentence.
"""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from history.precision import Precision
from partners.models.bodies import plain_spelling
from record.models import Activity

FIRST_YEAR = 2010  # ICCWC was founded in November 2010: the letter of understanding (SC66 Inf. 9)
_YEARS_AHEAD = 20
_DECEMBER = 12

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan janvier enero", "february feb fevrier febrero", "march mar mars marzo",
            "april apr avril abril", "may mai mayo", "june jun juin junio",
            "july jul juillet julio", "august aug aout agosto",
            "september sept sep septembre septiembre", "october oct octobre octubre",
            "november nov novembre noviembre", "december dec decembre diciembre",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_STAGES = {
    Activity.Stage.PLANNED: "planned|prévue?s?|planifiée?s?|previst[oa]s?|planificad[oa]s?",
    Activity.Stage.ONGOING: "ongoing|under way|underway|en cours|en curso|to date|present",
    Activity.Stage.COMPLETED: "completed?|achevée?s?|terminée?s?|concluid[oa]s?|terminad[oa]s?",
}
_STAGE = {key: re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.I) for key, words in _STAGES.items()}
_YEAR = r"(?:19|20)\d\d"
_HAS_YEAR = re.compile(rf"(?<!\d){_YEAR}(?!\d)")
_TO = r"\s*(?:-|/|to|à|a|al)\s*"


class Unread(Exception):
    """A text that should be a date and is none, or more than one; `code` is of `sentences`."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(code)
        self.code, self.text = code, text


@dataclass(frozen=True)
class When:
    """As exact as it was written. The stored day is the last of a year or month, the first on
    which it is certainly true (see history.precision)."""

    starts: date | None = None
    ends: date | None = None
    precision: str = Precision.YEAR
    stage: str = ""
    notes: tuple[str, ...] = ()  # codes of `sentences`: what was read in a way to be looked at

    @property
    def years(self) -> tuple[int, int]:
        """The first and the last; 0 where none was written."""
        first = self.starts.year if self.starts else 0
        return first, self.ends.year if self.ends else first


def looks_dated(text: str) -> bool:
    """Is the inside of a pair of brackets about time at all? "(WENs)" is not."""
    return bool(_HAS_YEAR.search(text)) or _stage_in(text)[1].strip(" ,;-") == ""


def read(text: str) -> When:
    """The inside of a pair of brackets that `looks_dated`. Raises Unread."""
    stage, rest = _stage_in(text)
    rest = re.sub(r"[‐‑‒–—−]", "-", rest).strip(" ,;")
    if rest.strip("-") == "":
        return When(stage=stage)
    if (opened := _open_ended(rest, stage)) is not None:
        return opened
    for pattern, make in _SHAPES:
        found = pattern.fullmatch(rest)
        if found:
            try:
                return _plausible(replace(make(found), stage=stage), text)
            except Unread as wrong:
                raise Unread(wrong.code, text) from None
    raise Unread("several_years" if len(_HAS_YEAR.findall(rest)) > 1 else "date_unread", text)


def _stage_in(text: str) -> tuple[str, str]:
    """The stage that is named, or "", and the text without it."""
    for stage, pattern in _STAGE.items():
        if pattern.search(text):
            return stage, pattern.sub("", text)
    return "", text


def _open_ended(rest: str, stage: str) -> When | None:
    """ "2016-", "since 2016": what has begun and has no end yet is ongoing."""
    found = re.fullmatch(rf"(?:(?:since|from|depuis|desde)\s+({_YEAR})|({_YEAR})\s*-)", rest, re.I)
    if not found:
        return None
    year = int(found[1] or found[2])
    return _plausible(
        When(_last_day(year), stage=stage or Activity.Stage.ONGOING, notes=("open_end",)), rest
    )


def _one_year(found: "re.Match[str]") -> When:
    return When(_last_day(int(found[1])))


def _two_years(found: "re.Match[str]") -> When:
    first, last = int(found[1]), int(found[2])
    if last < first:
        raise Unread("backwards", found[0])
    return When(_last_day(first), _last_day(last) if last > first else None)


def _short_range(found: "re.Match[str]") -> When:
    """ "2016-17" is a range; "2011-12" might be a month as well."""
    first, short = int(found[1]), int(found[2])
    if short <= _DECEMBER and found[0][4] == "-":
        raise Unread("month_or_range", found[0])
    last = first // 100 * 100 + short
    if last < first:
        raise Unread("backwards", found[0])
    return When(_last_day(first), _last_day(last), notes=("short_range",))


def _one_month(found: "re.Match[str]") -> When:
    return When(_last_day(int(found[2]), _month(found[1])), precision=Precision.MONTH)


def _two_months(found: "re.Match[str]") -> When:
    """ "May - June 2018", "December 2013 - January 2014"."""
    last_year = int(found[4])
    first = _last_day(int(found[2] or last_year), _month(found[1]))
    last = _last_day(last_year, _month(found[3]))
    if last < first:
        raise Unread("backwards", found[0])
    return When(first, last, precision=Precision.MONTH)


def _one_day(found: "re.Match[str]") -> When:
    return When(_day(int(found[3]), _month(found[2]), int(found[1])), precision=Precision.DAY)


def _days_of_a_month(found: "re.Match[str]") -> When:
    year, month = int(found[4]), _month(found[3])
    first, last = _day(year, month, int(found[1])), _day(year, month, int(found[2]))
    if last < first:
        raise Unread("backwards", found[0])
    return When(first, last, precision=Precision.DAY)


def _iso_day(found: "re.Match[str]") -> When:
    day = _day(int(found[1]), int(found[2]), int(found[3]))
    return When(day, precision=Precision.DAY)


_WORD = r"([^\W\d_]+)\.?"
_SHAPES: tuple[tuple["re.Pattern[str]", "Callable[[re.Match[str]], When]"], ...] = tuple(
    (re.compile(pattern, re.I), make)
    for pattern, make in (
        (rf"({_YEAR})", _one_year),
        (rf"({_YEAR}){_TO}({_YEAR})", _two_years),
        (r"((?:19|20)\d\d)[-/](\d\d)", _short_range),
        (rf"{_WORD}\s+({_YEAR})", _one_month),
        (rf"{_WORD}(?:\s+({_YEAR}))?{_TO}{_WORD}\s+({_YEAR})", _two_months),
        (rf"(\d\d?)\s+{_WORD}\s+({_YEAR})", _one_day),
        (rf"(\d\d?){_TO}(\d\d?)\s+{_WORD}\s+({_YEAR})", _days_of_a_month),
        (r"((?:19|20)\d\d)-(\d\d)-(\d\d)", _iso_day),
    )
)


def _month(word: str) -> int:
    month = _MONTHS.get(plain_spelling(word))
    if month is None:
        raise Unread("date_unread", word)
    return month


def _last_day(year: int, month: int = _DECEMBER) -> date:
    return date(year, month, monthrange(year, month)[1])


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Unread("date_unread", f"{year}-{month:02}-{day:02}") from None


def _plausible(when: When, text: str) -> When:
    """Nothing that ICCWC did lies before it was founded. Raises Unread."""
    first, last = when.years
    if first < FIRST_YEAR:
        raise Unread("before_iccwc", text)
    if last > date.today().year + _YEARS_AHEAD:  # noqa: DTZ011 - years need no time zone
        raise Unread("far_ahead", text)
    return when
