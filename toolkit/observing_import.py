"""Observations from a CSV file: each row one statement of a document about one Party."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history.precision import Precision
from partners.models import Party, PartyAlias
from partners.models.bodies import plain_spelling
from toolkit.importing import Column, Importer, Problem, read_csv
from toolkit.importing.cells import at_most, one_of, yes_or_no
from toolkit.models import Import, ImportKind, Observation, StatementState
from toolkit.steps import Step
from toolkit.workflow.observing import SAME, observe_many
from toolkit.workflow.observing_rules import dated, faults, question, written_date

Values = dict[str, Any]
_is_address = URLValidator(schemes=["http", "https"])


def _address(text: str) -> str:
    try:
        _is_address(text)
    except ValidationError as wrong:
        raise ValueError(_("Write the whole address, beginning with https://.")) from wrong
    return at_most(500)(text)


def _label(choices: Any) -> Any:
    return lambda key: choices(key).label


def _in_words(said: bool) -> str:
    return _("Yes") if said else _("No")


COLUMNS = (
    Column(
        key="party", heading="Party", parse=at_most(150),
        hint=gettext_lazy(
            "In any spelling that the portal knows, in English, French or Spanish, or the ISO code."
        ),
    ),
    Column(
        key="instrument", heading="Instrument", parse=one_of(Observation.Instrument.choices),
        show=_label(Observation.Instrument),
        hint=", ".join(Observation.Instrument.values),
    ),
    Column(
        key="status", heading="Status", parse=one_of(Observation.Status.choices),
        show=_label(Observation.Status), hint=", ".join(Observation.Status.values),
    ),
    Column(
        key="step", heading="Step", parse=one_of(Step.choices), show=_label(Step), required=False,
        hint=format_lazy(
            "{} {}",
            gettext_lazy("Only where the document names one (status step_event):"),
            ", ".join(Step.values),
        ),
    ),
    Column(
        key="effective_on", heading="Date", parse=written_date,
        hint=gettext_lazy("As exact as the document gives it: 2018, 2018-10 or 2018-10-05."),
    ),
    Column(
        key="precision", heading="Precision", parse=one_of(Precision.choices), required=False,
        show=_label(Precision),
        hint=gettext_lazy(
            "Left empty: as the date is written. Otherwise day, month, year, or by (on or before "
            "that day)."
        ),
    ),
    Column(
        key="is_approximate", heading="Approximate", parse=yes_or_no, show=_in_words,
        required=False, hint=gettext_lazy("yes or no; left empty: no"),
    ),
    Column(
        key="date_in_source", heading="Date in source", parse=at_most(60), required=False,
        hint=gettext_lazy("In the words of the document, for example “5-7 Oct 2015”."),
    ),
    Column(
        key="note", heading="Note", parse=at_most(2000), required=False,
        hint=gettext_lazy("Everybody can read it."),
    ),
    Column(
        key="source", heading="Source", parse=at_most(300),
        hint=gettext_lazy("Title and date of the document, the same for all its statements."),
    ),
    Column(
        key="source_url", heading="Address", parse=_address, required=False,
        hint=gettext_lazy("Where the document can be read."),
    ),
)  # fmt: skip


def _judge(values: Mapping[int, Values], target: Any) -> list[Problem]:
    """Two queries for any number of rows."""
    if not values:
        return []
    known = _Known()
    return [
        OBSERVATIONS.problem(number, key, found, sentence)
        for number, said in values.items()
        for key, found, sentence in known.judge(number, said)
    ]


class _Known:
    """What the rows of one file are judged by: the Parties by every spelling, what is stored, and
    the rows before."""

    def __init__(self) -> None:
        aliases = PartyAlias.objects.select_related("party")
        self.parties = {alias.spelling: alias.party for alias in aliases}
        stored = Observation.objects.filter(state=StatementState.STANDS)
        self.stored = set(stored.order_by().values_list("party_id", *SAME))
        self.row_of: dict[tuple[Any, ...], int] = {}

    def judge(self, number: int, said: Values) -> Iterator[tuple[str, Any, str]]:
        """What is wrong with one row: the column, what stands there, a sentence. The values become
        those of an observation."""
        written = said["effective_on"]
        _fill(said)
        party = self.parties.get(plain_spelling(said["party"]))
        if party is None:
            yield (
                "party",
                said["party"],
                _("No Party is known by this name. Use another spelling, or the ISO code."),
            )
        for key, sentence in faults(said):
            yield key, said[key], sentence
        try:
            said["effective_on"] = dated(written, said["precision"])
        except ValueError as wrong:
            yield "effective_on", written, str(wrong)
            return
        if party is not None:
            said["party"], said["precision"] = party, said["effective_on"].precision
            yield from self._judge_known(number, said, party, written)

    def _judge_known(
        self, number: int, said: Values, party: Party, written: Any
    ) -> Iterator[tuple[str, Any, str]]:
        asked = question(party, said["effective_on"].day)
        if asked:
            yield "effective_on", written, asked + " " + _("With a reason it is entered by itself.")
        same = (party.pk, *(said[name] for name in SAME))
        if same in self.stored:
            yield "", party.name, _("This statement is stored already.")
        elif same in self.row_of:
            sentence = _("This is said in row %(row)d already.") % {"row": self.row_of[same]}
            yield "", party.name, sentence
        self.row_of.setdefault(same, number)


def _fill(said: Values) -> None:
    """What stands where a cell is empty."""
    said["date_in_source"] = said["date_in_source"] or said["effective_on"].text
    said["is_approximate"] = bool(said["is_approximate"])
    for name in ("step", "note", "source_url"):
        said[name] = said[name] or ""


def _write(rows: Sequence[Values], target: Any, kept: Import) -> int:
    stored = [
        {**said, "effective_on": said["effective_on"].day, "precision": said["precision"]}
        for said in rows
    ]
    return observe_many(stored, by=kept.by, file_name=kept.file_name)


OBSERVATIONS = Importer(
    kind=ImportKind.OBSERVATIONS,
    title=gettext_lazy("Import observations"),
    columns=COLUMNS,
    read=read_csv,
    judge=_judge,
    write=_write,
)


def template() -> str:
    """The headings, in the order in which they are explained; with the mark by which spreadsheets
    know UTF-8."""
    text = io.StringIO()
    csv.writer(text).writerow([column.heading for column in COLUMNS])
    return "\ufeff" + text.getvalue()
