"""An action plan from a workbook: what its cells mean, and what is wrong with them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Max, TextChoices
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from openpyxl import load_workbook

from partners.models import Agency
from toolkit.importing import Column, Importer, Problem, Sheet, Unreadable, read_xlsx
from toolkit.importing.cells import at_most, one_of
from toolkit.models import Horizon, Implementation, Import, ImportKind, Part, Priority
from toolkit.workflow import recommending
from workflow.executor import perform
from workflow.inputs import convention_began, in_twenty_years

# Changed with every change of the columns or of what may stand in them.
PLAN_EDITION = "plan-2026"
LABEL_PARTY, LABEL_CYCLE = "Party", "Cycle"  # in the first line, after the edition
MOST_ROWS = 500  # the longest plan is far shorter; each row is an event of its own
Values = dict[str, Any]


def importer(cycle: Implementation) -> Importer:
    """The importer of one cycle's plan; the agencies are read once."""
    book = _Workbook(cycle)
    return Importer(
        kind=ImportKind.PLAN,
        title=gettext_lazy("Import an action plan"),
        columns=columns(),
        read=book.read,
        judge=book.judge,
        write=_write,
    )


def columns() -> tuple[Column, ...]:
    agencies = {agency.code.casefold(): agency for agency in Agency.objects.all()}
    return (
        Column(
            key="number",
            heading="No.",
            parse=_whole_number,
            required=False,
            hint=gettext_lazy("May be left out. Numbers go on from those of the plan."),
        ),
        Column(
            key="part",
            heading="Part",
            parse=one_of(Part.choices),
            show=partial(_label, Part),
            hint=gettext_lazy("One of the five parts of the Toolkit, as the list offers it."),
        ),
        Column(
            key="text",
            heading="Recommendation",
            parse=at_most(recommending.LONGEST_TEXT),
            hint=gettext_lazy("As the action plan has it."),
        ),
        Column(
            key="priority",
            heading="Priority",
            parse=one_of(Priority.choices),
            show=partial(_label, Priority),
            hint=gettext_lazy("high, medium or low"),
        ),
        Column(
            key="horizon",
            heading="Horizon",
            parse=one_of(Horizon.choices),
            show=partial(_label, Horizon),
            required=False,
            hint=gettext_lazy("immediate, medium term or long term"),
        ),
        Column(
            key="responsible",
            heading="Responsible national body",
            parse=at_most(200),
            required=False,
            hint=gettext_lazy("The office or body in the country, not a person."),
        ),
        Column(
            key="supporting",
            heading="Supporting agencies",
            parse=partial(_agencies, agencies),
            required=False,
            hint=gettext_lazy("Their codes, with commas between them, for example UNODC, WCO."),
        ),
        Column(
            key="due_on",
            heading="Due",
            parse=_day,
            required=False,
            hint=gettext_lazy("A date, as year-month-day: 2027-06-30."),
        ),
    )


# ── what a cell means ────────────────────────────────────────────────────────────────────────


def _whole_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 5):
        raise ValueError(_("This is not a whole number."))
    return int(text)


def in_english(kind: type[TextChoices]) -> list[str]:
    """The words of a list as the workbook offers them, whatever its reader speaks."""
    with override("en"):
        return [str(one.label) for one in kind]


def _label(kind: type[TextChoices], key: str | None) -> str:
    return str(kind(key).label) if key else "–"


def _agencies(by_code: Mapping[str, Agency], text: str) -> list[Agency]:
    codes = [code.strip() for code in text.replace(";", ",").split(",") if code.strip()]
    unknown = [code for code in codes if code.casefold() not in by_code]
    if unknown:
        raise ValueError(
            _("No agency has the code %(found)s. Known are: %(codes)s.")
            % {
                "found": ", ".join(unknown)[:60],
                "codes": ", ".join(agency.code for agency in by_code.values()),
            }
        )
    return list({code.casefold(): by_code[code.casefold()] for code in codes}.values())


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError as wrong:
        raise ValueError(_("Give the date as year-month-day, for example 2027-06-30.")) from wrong
    first, last = convention_began(), in_twenty_years()
    if not first <= day <= last:
        raise ValueError(
            _("Give a date between %(first)s and %(last)s.")
            % {"first": date_format(first), "last": date_format(last)}
        )
    return day


# ── the file and its rows ────────────────────────────────────────────────────────────────────


class _Workbook:
    """The file of one cycle's plan, from reading to judging."""

    def __init__(self, cycle: Implementation) -> None:
        self.cycle = cycle
        # By its number in the file, the how manieth row it is. A kept file is judged without being
        # read again: none of its rows is missing then.
        self.places: dict[int, int] = {}

    def read(self, upload: UploadedFile, wanted: Sequence[Column]) -> Sheet:
        sheet = read_xlsx(upload, wanted, PLAN_EDITION)
        if len(sheet.rows) > MOST_ROWS:
            sentence = _("A plan can have up to %(most)d recommendations at a time.")
            raise Unreadable(sentence % {"most": MOST_ROWS})
        upload.seek(0)
        head = next(iter(load_workbook(upload, read_only=True).worksheets[0].values))
        _refuse_another_plan([str(cell) for cell in head], self.cycle)
        self.places = {row.number: place for place, row in enumerate(sheet.rows, start=1)}
        return sheet

    def judge(self, rows: Mapping[int, Values], cycle: Implementation) -> list[Problem]:
        places = self.places or {row: place for place, row in enumerate(rows, start=1)}
        return [*_not_in_order(rows, places, cycle), *_doubled(rows, cycle)]


def _refuse_another_plan(head: Sequence[str], cycle: Implementation) -> None:
    """The first line of a template says whose it is."""
    said = dict(zip(head[2:], head[3:], strict=False))
    meant = {LABEL_PARTY: cycle.party.code, LABEL_CYCLE: str(cycle.cycle)}
    if all(said.get(name, value) == value for name, value in meant.items()):
        return
    raise Unreadable(
        _(
            "This is the template of the plan of %(found)s, cycle %(its_cycle)s; you are "
            "importing the plan of %(party)s, cycle %(cycle)s. Nothing was imported."
        )
        % {
            "found": said.get(LABEL_PARTY, "–")[:40],
            "its_cycle": said.get(LABEL_CYCLE, "–")[:10],
            "party": cycle.party.code,
            "cycle": cycle.cycle,
        }
    )


def _not_in_order(
    rows: Mapping[int, Values], places: Mapping[int, int], cycle: Implementation
) -> Iterable[Problem]:
    """Numbers that were typed have to be the ones that the rows will get."""
    last = cycle.recommendations.aggregate(Max("number"))["number__max"] or 0
    for row, said in rows.items():
        following = last + places[row]
        if said["number"] in {None, following}:
            continue
        there = said["number"] <= last
        sentence = (
            _("The plan has a recommendation %(found)d already; this row will be number %(next)d.")
            if there
            else _("This row will be number %(next)d: correct the number, or leave it out.")
        )
        words = sentence % {"found": said["number"], "next": following}
        yield Problem(row, "No.", str(said["number"]), words)


def _doubled(rows: Mapping[int, Values], cycle: Implementation) -> Iterable[Problem]:
    """The same words twice, in the file or in the plan: most likely the same file sent twice."""
    known: dict[str, int] = {
        _plain(text): number for number, text in cycle.recommendations.values_list("number", "text")
    }
    first: dict[str, int] = {}
    for row, said in rows.items():
        plain = _plain(said["text"])
        if plain in known:
            sentence = _("The plan has this recommendation already: it is number %(number)d.")
            words = sentence % {"number": known[plain]}
            yield Problem(row, "Recommendation", said["text"][:80], words)
        elif plain in first:
            words = _("The same recommendation stands in row %(row)d.") % {"row": first[plain]}
            yield Problem(row, "Recommendation", said["text"][:80], words)
        first.setdefault(plain, row)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _write(rows: Sequence[Values], cycle: Implementation, kept: Import) -> int:
    said = [{name: row[name] for name in recommending.ENTERED_NAMES} for row in rows]
    perform("enter_plan", cycle, by=kept.by, data={"rows": said})
    return len(said)
