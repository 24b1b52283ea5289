"""What the page of an import shows: counts, questions, and its rows as they were understood."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from partners.desk import address_of
from record.admin.import_forms import Asked, choices_for
from record.importing.answering import questions
from record.importing.carrying import rows_to_do
from record.importing.places import Names, called
from record.importing.sentences import sentences
from record.models import Activity, ActivityImport, ImportFile, ImportRow, Verdict

ON_A_PAGE = 50
_TONES = {
    Verdict.GOOD: "good",
    Verdict.ASKED: "active",
    Verdict.KNOWN: "ended",
    Verdict.REFUSED: "attention",
    Verdict.TAKEN: "ended",
}


@dataclass(frozen=True)
class Tally:
    """How many rows have a verdict, and where they are listed."""

    label: str
    count: int
    tone: str
    url: str
    is_shown: bool


@dataclass(frozen=True)
class Shown:
    """A row: what stood there, what was understood, and why it is not good."""

    row: ImportRow
    tone: str
    facts: list[tuple[str, str]]
    reasons: list[str]
    activity_page: str


def context_of(
    request: HttpRequest, batch: ActivityImport, may_answer: bool, wrong: Mapping[str, str]
) -> dict[str, Any]:
    """`wrong`: of an answer that did not do its key, what was chosen and typed, and a sentence."""
    names = called()
    shown = _verdict_in(request)
    page = _page(request, batch, shown)
    asked, how_many = questions(batch)
    return {
        "batch": batch,
        "remarks": sentences(batch.remarks, names),
        "counts": _counts(batch, shown),
        "all_rows": address_of(batch, "change"),
        "shown": shown,
        "to_do": rows_to_do(batch),
        "being_read": _being_read(batch),
        "questions": _asked(asked, names, wrong) if may_answer else [],
        "more_questions": how_many - len(asked),
        "page": page,
        "rows": [_shown(row, names) for row in page],
        "link": address_of(batch, "change") + _link(shown),
    }


def _being_read(batch: ActivityImport) -> dict[str, int]:
    """How far a worker is with the file; empty where none is at it."""
    kept = ImportFile.objects.filter(batch=batch).values_list("rows", flat=True).first()
    if batch.read_at or kept is None:
        return {}
    read = ImportRow.objects.filter(batch=batch).order_by().values("number").distinct().count()
    return {"done": read, "all": kept}


def _verdict_in(request: HttpRequest) -> str:
    shown = request.GET.get("show", "")
    if shown and shown not in Verdict.values:
        raise Http404
    return shown


def _page(request: HttpRequest, batch: ActivityImport, shown: str) -> "Page[ImportRow]":
    rows = ImportRow.objects.filter(batch=batch).select_related("activity")
    rows = rows.filter(verdict=shown) if shown else rows
    return Paginator(rows.order_by("number", "part"), ON_A_PAGE).get_page(request.GET.get("page"))


def _link(shown: str) -> str:
    """The beginning of the address of another page of the same rows."""
    return f"?{urlencode({'show': shown})}&page=" if shown else "?page="


def _counts(batch: ActivityImport, shown: str) -> list[Tally]:
    rows = ImportRow.objects.filter(batch=batch).order_by()
    found = dict(rows.values_list("verdict").annotate(Count("pk")))
    here = address_of(batch, "change")
    return [
        Tally(
            str(verdict.label), found[verdict], _TONES[verdict],
            f"{here}?{urlencode({'show': verdict.value})}", verdict == shown,
        )
        for verdict in Verdict
        if found.get(verdict)
    ]  # fmt: skip


def _asked(asked: list[Any], names: dict[str, str], wrong: Mapping[str, str]) -> list[Asked]:
    spelled = Names.now() if asked else None
    return [
        Asked(
            question=one,
            number=number,
            choices=choices_for(one, spelled, names) if spelled else [],
            sentences=sentences(one.why, names),
            **(
                {k: v for k, v in wrong.items() if k != "key"}
                if wrong.get("key") == one.key
                else {}
            ),
        )
        for number, one in enumerate(asked, start=1)
    ]


def _shown(row: ImportRow, names: dict[str, str]) -> Shown:
    page = ""
    if row.activity_id:
        page = reverse("admin:record_activity_change", args=[row.activity_id])
    return Shown(
        row=row,
        tone=_TONES[Verdict(row.verdict)],
        facts=_facts(row.understood, names),
        reasons=sentences(row.reasons, names),
        activity_page=page,
    )


def _facts(said: Mapping[str, Any], names: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was understood, in words, but for what is empty."""
    if not said:
        return []
    activity = Activity(
        starts_on=_day(said["starts"]),
        ends_on=_day(said["ends"]),
        precision=said["precision"],
        kind=said["kind"],
        stage=said["stage"],
    )
    places = [
        ", ".join(filter(None, [one["name"], names.get(one["party"], "")]))
        for one in said["places"]
    ]
    facts = [
        (_("Place"), "; ".join(places)),
        (_("Activity"), said["title"]),
        (_("Date"), activity.when_in_words),
        (_("Kind"), activity.get_kind_display()),
        (_("Stage"), activity.get_stage_display()),
        (_("Position"), " / ".join(f"{one:.2f}" for one in said["at"] or [])),
        (_("Link"), said["link"]),
        (_("To be seen"), "" if said["visible"] else _("no: stays a draft")),
    ]
    return [(label, words) for label, words in facts if words]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
