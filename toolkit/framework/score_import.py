"""Answers from a workbook: filled in without a connection, looked through, stored at once.

The template names the edition of the assessment; one made for another edition is refused.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history.models import Event
from toolkit import assessing
from toolkit.framework.template import workbook
from toolkit.importing import Column, Importer, NotImported, Problem, read_xlsx
from toolkit.importing.cells import at_most
from toolkit.importing.importer import Values
from toolkit.models import (
    Assessment,
    AssessmentState,
    Edition,
    Import,
    ImportKind,
    Indicator,
    IndicatorKind,
)
from toolkit.models.framework import HIGHEST_SCORE
from toolkit.workflow.assessment_inputs import LONGEST_REMARK
from workflow.executor import perform

_ABSENT, _PRESENT = frozenset({"absent", "0"}), frozenset({"present", "1"})


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 3):
        raise ValueError(_("Give the number of an indicator."))
    return int(text)


def _score(text: str) -> int:
    said = text.strip().casefold()
    if said in _ABSENT | _PRESENT:
        return int(said in _PRESENT)
    if said.isascii() and said.isdigit() and len(said) == 1 and int(said) <= HIGHEST_SCORE:
        return int(said)
    raise ValueError(_("Write 0, 1, 2 or 3; of a document: present or absent."))


COLUMNS = (
    Column(
        key="number", heading="Indicator no.", parse=_number,
        hint=gettext_lazy("As in the template. Rows may be left out; their answers stay."),
    ),
    Column(
        key="title", heading="Indicator", required=False,
        hint=gettext_lazy("To read; it is not stored."),
    ),
    Column(
        key="kind", heading="Kind", required=False, hint=gettext_lazy("To read; it is not stored."),
    ),
    Column(
        key="score", heading="Score", parse=_score, required=False,
        hint=gettext_lazy("EA: 0 to 3. PA: present or absent. DA: empty. Empty: not assessed."),
    ),
    Column(
        key="words", heading="Remark or data", parse=at_most(LONGEST_REMARK), required=False,
        hint=gettext_lazy("Of a DA indicator the data, in words."),
    ),
)  # fmt: skip


def importer_of(edition: Edition) -> Importer:
    """For assessments by that edition."""
    return Importer(
        kind=ImportKind.SCORES,
        title=gettext_lazy("Answers from a workbook"),
        columns=COLUMNS,
        read=partial(read_xlsx, edition=_label(edition)),
        judge=_judge,
        write=_write,
    )


def template_of(assessment: Assessment) -> bytes:
    """Every indicator of the edition, with the answers that are stored already."""
    stored = assessing.stored_of(assessment)
    rows = []
    for one in Indicator.objects.filter(edition=assessment.edition_id):
        score = stored.get(one.number)
        row: dict[str, Any] = {"number": one.number, "title": one.title, "kind": one.kind}
        if score:
            row |= {"score": score.value, "words": score.words}
        rows.append(row)
    return workbook(COLUMNS, rows, _label(assessment.edition))


def _label(edition: Edition | None) -> str:
    return f"Answers, edition {edition.key if edition else ''}"


def _judge(rows: Mapping[int, Values], assessment: Any) -> list[Problem]:
    if assessment.state != AssessmentState.DRAFT:
        sentence = _("This assessment is not a draft any more: nothing in it changes.")
        return [Problem(min(rows, default=0), "", "", sentence)]
    known = {one.number: one for one in Indicator.objects.filter(edition=assessment.edition_id)}
    first: dict[int, int] = {}
    found = []
    for row, said in rows.items():
        number = said["number"]
        before = first.setdefault(number, row)
        problem = _what_is_wrong(row, said, known.get(number))
        if before != row:
            sentence = _("This indicator stands in row %(row)d already.") % {"row": before}
            problem = Problem(row, "Indicator no.", str(number), sentence)
        if problem:
            found.append(problem)
    return found


def _what_is_wrong(row: int, said: Values, indicator: Indicator | None) -> Problem | None:
    number, score = said["number"], said["score"]
    if indicator is None:
        sentence = _("The edition has no indicator %(number)s.") % {"number": number}
        return Problem(row, "Indicator no.", str(number), sentence)
    if score is None or score <= assessing.highest(indicator.kind):
        return None
    if indicator.kind == IndicatorKind.DA:
        sentence = _("A DA indicator has no score: write the data under “Remark or data”.")
    else:
        sentence = _("A PA indicator is present or absent.")
    return Problem(row, "Score", str(score), sentence)


def _write(rows: Sequence[Values], assessment: Any, kept: Import) -> int:
    """All rows in one event. What a colleague stored since the file was read is not replaced
    unseen."""
    since = Event.objects.about(assessment).filter(recorded_at__gt=kept.made_at)
    if since.exclude(actor_id=kept.by_id).exists():
        raise NotImported(
            _("A colleague has changed this assessment since the file was read. Send it again.")
        )
    scores = {
        str(said["number"]): {
            "mark": "" if said["score"] is None else str(said["score"]),
            "text": said["words"] or "",
        }
        for said in rows
    }
    perform("score", assessment, by=kept.by, data={"scores": scores})
    return len(rows)
