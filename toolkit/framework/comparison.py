"""Two assessments of a Party side by side, like with like.

Expert-based answers (0 to 3) and processes or documents (present or absent) are never mixed. An
outcome's mean counts the indicators answered at both dates, and says how many those are. Between
two editions only indicators with the same number, the same kind and the same English title are
compared; the others are named.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toolkit import assessing
from toolkit.models import Assessment, Indicator, IndicatorKind, Outcome, Score

UP = pgettext_lazy("a change", "up")
DOWN = pgettext_lazy("a change", "down")
SAME = pgettext_lazy("a change", "same")
IN_WORDS_ONLY = _("data, not scored")
NOT_AT_BOTH = _("not comparable: not assessed at both dates")
MISSING_THERE = _("not in the other edition")
ANOTHER_TITLE = _("another text in the other edition")


@dataclass(frozen=True)
class Line:
    """One indicator at both dates. `change` is one of the words above."""

    indicator: Indicator
    before: str
    after: str
    change: Any
    values: tuple[int, int] | None  # where both dates have a score


@dataclass(frozen=True)
class Unlike:
    """An indicator of one edition that has no equal in the other."""

    indicator: Indicator
    why: Any


@dataclass
class Group:
    """One outcome: its indicators, and its figures for each kind of score."""

    outcome: Outcome
    lines: list[Line] = field(default_factory=list)

    def of_kind(self, kind: str) -> list[tuple[int, int]]:
        return [line.values for line in self.lines if line.values and line.indicator.kind == kind]

    def asked(self, kind: str) -> int:
        return sum(line.indicator.kind == kind for line in self.lines)

    @property
    def means(self) -> tuple[float, float] | None:
        """Of the expert-based indicators answered at both dates."""
        pairs = self.of_kind(IndicatorKind.EA)
        if not pairs:
            return None
        return (
            sum(one for one, _other in pairs) / len(pairs),
            sum(other for _one, other in pairs) / len(pairs),
        )

    @property
    def means_of(self) -> int:
        return len(self.of_kind(IndicatorKind.EA))

    @property
    def scored(self) -> int:
        return self.asked(IndicatorKind.EA)

    @property
    def change_of_means(self) -> Any:
        return _compared(*self.means) if self.means else None

    @property
    def present(self) -> tuple[int, int] | None:
        """How many processes or documents are present, of those assessed at both dates."""
        pairs = self.of_kind(IndicatorKind.PA)
        if not pairs:
            return None
        return sum(one for one, _other in pairs), sum(other for _one, other in pairs)

    @property
    def present_of(self) -> int:
        return len(self.of_kind(IndicatorKind.PA))

    @property
    def documents(self) -> int:
        return self.asked(IndicatorKind.PA)

    @property
    def change_of_present(self) -> Any:
        return _compared(*self.present) if self.present else None


@dataclass(frozen=True)
class Comparison:
    """`before` is the earlier of the two."""

    before: Assessment
    after: Assessment
    groups: list[Group]
    unlike: list[Unlike]

    @property
    def same_edition(self) -> bool:
        return self.before.edition_id == self.after.edition_id

    @property
    def compared(self) -> int:
        return sum(len(group.lines) for group in self.groups)


def compare(one: Assessment, other: Assessment) -> Comparison:
    """The earlier first; of two on one day, the one that was made first. Three queries."""
    before, after = sorted((one, other), key=lambda each: (each.held_on, each.pk))
    indicators = _indicators(before, after)
    answers = {each.pk: _answers(each) for each in (before, after)}
    groups: dict[int, Group] = {}
    unlike: list[Unlike] = []
    theirs = {each.number: each for each in indicators if each.edition_id == before.edition_id}
    ours = [each for each in indicators if each.edition_id == after.edition_id]
    for each in ours:
        earlier = theirs.pop(each.number, None)
        why = _why_unlike(each, earlier)
        if why:
            unlike.append(Unlike(each, why))
            unlike += [Unlike(earlier, why)] if earlier else []
            continue
        group = groups.setdefault(each.outcome.number, Group(each.outcome))
        scores = answers[before.pk].get(each.number), answers[after.pk].get(each.number)
        group.lines.append(_line(each, *scores))
    unlike += [Unlike(each, MISSING_THERE) for each in theirs.values()]
    unlike.sort(key=lambda one: (one.indicator.number, one.indicator.edition_id))
    return Comparison(before, after, [groups[number] for number in sorted(groups)], unlike)


def _indicators(*assessments: Assessment) -> list[Any]:
    editions = {one.edition_id for one in assessments}
    found = Indicator.objects.filter(edition__in=editions, outcome__isnull=False)
    return list(found.select_related("outcome", "edition").order_by("number"))


def _answers(assessment: Assessment) -> dict[int, Score]:
    return assessing.answers_of(assessment)


def _why_unlike(one: Indicator, other: Indicator | None) -> Any:
    if other is None:
        return MISSING_THERE
    if (one.kind, one.title_en) != (other.kind, other.title_en):
        return ANOTHER_TITLE
    return ""


def _line(indicator: Indicator, before: Score | None, after: Score | None) -> Line:
    words = assessing.briefly(before, indicator), assessing.briefly(after, indicator)
    if indicator.kind == IndicatorKind.DA:
        return Line(indicator, *words, IN_WORDS_ONLY, None)
    if before is None or after is None or before.value is None or after.value is None:
        return Line(indicator, *words, NOT_AT_BOTH, None)
    values = before.value, after.value
    return Line(indicator, *words, _compared(*values), values)


def _compared(before: float, after: float) -> Any:
    if before == after:
        return SAME
    return UP if after > before else DOWN


def figures(groups: Iterable[Group]) -> list[Group]:
    """The outcomes of which at least one figure can be drawn."""
    return [group for group in groups if group.means or group.present]
