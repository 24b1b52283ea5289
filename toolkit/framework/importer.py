"""Loading the official titles of an edition from a workbook: all of it, or nothing.

What a workbook must hold follows from the Assessment Template: eight desired outcomes, 50
indicators numbered through, and for each expert-based one four answers scored 0 to 3.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history.log import SYSTEM, record
from partners.access import snapshot
from partners.models import User
from toolkit.importing import Column, Importer, NotImported, Problem, read_xlsx
from toolkit.importing.cells import at_most
from toolkit.importing.importer import Values
from toolkit.models import Edition, Import, ImportKind, Indicator, IndicatorKind, Outcome
from toolkit.models.framework import (
    HIGHEST_SCORE,
    INDICATORS,
    OUTCOMES,
    WRITTEN_BY_THE_LOADER,
)
from workflow.guard import may_write

# Of the template, not of the framework: a change of its columns is a new one.
FRAMEWORK_EDITION = "Indicator Framework 2026-11"
LOADED = "toolkit.framework.loaded"
LANGUAGES = ("en", "fr", "es")
_NAMES = {"en": "EN", "fr": "FR", "es": "ES"}
_ANSWERS = range(HIGHEST_SCORE + 1)


def _number_up_to(most: int, text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= 3
    if not is_number or not 1 <= int(text) <= most:
        raise ValueError(_("Give a whole number from 1 to %(most)d.") % {"most": most})
    return int(text)


def _kind(text: str) -> str:
    kind = text.strip().upper()
    if kind not in IndicatorKind.values:
        raise ValueError(_("Write EA, PA or DA."))
    return kind


def _titles(key: str, heading: str, hint: Any) -> list[Column]:
    return [
        Column(
            key=f"{key}_{language}", heading=f"{heading} {_NAMES[language]}", parse=at_most(300),
            required=language == "en", hint=hint,
        )
        for language in LANGUAGES
    ]  # fmt: skip


COLUMNS = (
    Column(
        key="outcome", heading="Outcome no.", parse=partial(_number_up_to, OUTCOMES),
        hint=gettext_lazy("The number of the desired outcome, 1 to 8."),
    ),
    *_titles("outcome", "Outcome title", gettext_lazy("The same in every row of the outcome.")),
    Column(
        key="number", heading="Indicator no.", parse=partial(_number_up_to, INDICATORS),
        hint=gettext_lazy("1 to 50, each once."),
    ),
    Column(
        key="kind", heading="Kind", parse=_kind,
        hint=gettext_lazy(
            "EA: expert-based, four answers. PA: a process or document, present or absent. DA: "
            "data."
        ),
    ),
    *_titles("title", "Title", gettext_lazy("As the official text has it.")),
    *(
        Column(
            key=f"answer{value}_{language}", heading=f"Answer {value} {_NAMES[language]}",
            required=False, hint=gettext_lazy("Only for EA: in English all four."),
        )
        for value in _ANSWERS
        for language in LANGUAGES
    ),
)  # fmt: skip
_HEADINGS = {column.key: column.heading for column in COLUMNS}


# ── what is wrong ────────────────────────────────────────────────────────────────────────────


def _judge(rows: Mapping[int, Values], edition: Any) -> list[Problem]:
    if edition.is_complete:
        return [Problem(min(rows, default=0), "", "", _is_complete(edition))]
    return [*_doubled(rows), *_missing(rows), *_unlike_titles(rows), *_answers(rows)]


def _is_complete(edition: Any) -> str:
    sentence = _("The edition “%(edition)s” is complete and does not change: add a new one.")
    return sentence % {"edition": edition}


def _doubled(rows: Mapping[int, Values]) -> list[Problem]:
    first: dict[int, int] = {}
    found = []
    for row, said in rows.items():
        number = said["number"]
        if number in first:
            sentence = _("This indicator stands in row %(row)d already.") % {"row": first[number]}
            found.append(_at(row, "number", number, sentence))
        first.setdefault(number, row)
    return found


def _missing(rows: Mapping[int, Values]) -> list[Problem]:
    """Said of the rows that are right in themselves; of others nothing is known."""
    last = max(rows, default=2)
    found = []
    for key, most, sentence in (
        ("number", INDICATORS, _("Among the rows without a fault these are missing: %(list)s.")),
        ("outcome", OUTCOMES, _("Among the rows without a fault these are missing: %(list)s.")),
    ):
        left = sorted(set(range(1, most + 1)) - {said[key] for said in rows.values()})
        if left:
            numbers = ", ".join(str(one) for one in left)
            found.append(_at(last, key, "", sentence % {"list": numbers}))
    return found


def _unlike_titles(rows: Mapping[int, Values]) -> list[Problem]:
    first: dict[tuple[int, str], tuple[int, Any]] = {}
    found = []
    for row, said in rows.items():
        for language in LANGUAGES:
            key = f"outcome_{language}"
            before = first.setdefault((said["outcome"], language), (row, said[key]))
            if before[1] != said[key]:
                sentence = _("Row %(row)d gives this outcome another title.") % {"row": before[0]}
                found.append(_at(row, key, said[key] or "", sentence))
    return found


def _answers(rows: Mapping[int, Values]) -> list[Problem]:
    found = []
    for row, said in rows.items():
        for language in LANGUAGES:
            keys = [f"answer{value}_{language}" for value in _ANSWERS]
            given = [key for key in keys if said[key]]
            if said["kind"] != IndicatorKind.EA and given:
                sentence = _("Only an EA indicator has answers.")
                found.append(_at(row, given[0], said[given[0]], sentence))
            elif said["kind"] == IndicatorKind.EA and len(given) < len(keys):
                if not given and language != "en":
                    continue
                empty = next(key for key in keys if key not in given)
                sentence = _("An EA indicator has four answers; this one is empty.")
                found.append(_at(row, empty, "", sentence))
    return found


def _at(row: int, key: str, found: Any, sentence: str) -> Problem:
    return Problem(row, _HEADINGS[key], str(found)[:80], sentence)


# ── what is stored ───────────────────────────────────────────────────────────────────────────


def _write(rows: Sequence[Values], target: Any, kept: Import) -> int:
    return load(rows, target, kept.by)


def load(rows: Sequence[Values], target: Edition, by: User | None) -> int:
    """Store the indicators and close the edition; `by` nobody: a command of the server."""
    edition = Edition.objects.select_for_update(no_key=True).get(pk=target.pk)
    if edition.is_complete:  # by somebody else, a moment ago
        raise NotImported(_is_complete(edition))
    with may_write(*WRITTEN_BY_THE_LOADER):
        outcomes = {said["outcome"]: _outcome(edition, said) for said in rows}
        for said in rows:
            _indicator(edition, outcomes[said["outcome"]], said)
        edition.is_complete = True
        edition.loaded_at = timezone.now()
        edition.loaded_by = by
        edition.save(update_fields=["is_complete", "loaded_at", "loaded_by"])
    actor = snapshot(by, edition) if by else SYSTEM
    record(edition, LOADED, by=actor, changes={"indicators": len(rows), **_translated(rows)})
    return len(rows)


def _translated(rows: Sequence[Values]) -> dict[str, int]:
    return {f"titles_{one}": sum(bool(said[f"title_{one}"]) for said in rows) for one in LANGUAGES}


def _outcome(edition: Edition, said: Values) -> Outcome:
    titles = {f"title_{one}": said[f"outcome_{one}"] or "" for one in LANGUAGES}
    made, _new = Outcome.objects.update_or_create(
        edition=edition, number=said["outcome"], defaults=titles
    )
    return made


def _indicator(edition: Edition, outcome: Outcome, said: Values) -> None:
    answers = {
        language: [said[f"answer{value}_{language}"] for value in _ANSWERS]
        for language in LANGUAGES
        if said[f"answer0_{language}"]
    }
    titles = {f"title_{one}": said[f"title_{one}"] or "" for one in LANGUAGES}
    Indicator.objects.update_or_create(
        edition=edition,
        number=said["number"],
        defaults={"outcome": outcome, "kind": said["kind"], "answers": answers, **titles},
    )


_read: Callable[..., Any] = partial(read_xlsx, edition=FRAMEWORK_EDITION)

FRAMEWORK = Importer(
    kind=ImportKind.FRAMEWORK,
    title=gettext_lazy("Load the indicators"),
    columns=COLUMNS,
    read=_read,
    judge=_judge,
    write=_write,
)
