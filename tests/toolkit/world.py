"""What the tracker holds for the matrix of routes: one of everything that could leak, with marks.

Kenya's cycle and its assessments are nobody's but those concerned; Peru's cycle is public, with
words beside it that are not.
"""

from datetime import date
from typing import Any

from partners.models import User
from requests_app.models import Scan
from tests import make
from tests.toolkit import instruments
from tests.toolkit.test_pages import observed
from toolkit.documents import keep
from toolkit.models import Edition, Implementation, Import
from toolkit.workflow.observing import observe_total
from workflow.executor import perform

ADVICE = "RECOMMENDED-TO-KENYA-8"
EVIDENCE = "EVIDENCE-OF-KENYA-11"
PROPOSED = "NOTE-OF-A-WAITING-STEP-12"
REPORT = "REPORT-FOR-THOSE-CONCERNED-13"
CONTACT = "CONTACT-OF-THE-ASSESSMENT-14"
REMARK = "REMARK-ON-INDICATOR-ONE-15"
UNSUBMITTED = "CONTACT-OF-THE-DRAFT-16"
SHEET = "SHEET-OF-THE-OFFICER-17"
EDITION = "SHEET-OF-THE-LEAD-21"
SCORES = "SHEET-OF-A-COLLEAGUE-18"
ELSEWHERE = "BESIDE-A-PUBLIC-CYCLE-19"
PUBLIC = "OPEN-TO-ALL-OF-PERU-20"

_DESK = {"lead", "officer", "auditor"}
# The lead agency of Kenya's cycle, by each of its keys that reads the Toolkit.
_LED_BY = {"INTERPOL", "INTERPOL key", "key without requests"}
CONCERNED = {"focal point", *_LED_BY, *_DESK}
MAY_READ = {
    **dict.fromkeys([ADVICE, EVIDENCE, PROPOSED, REPORT, CONTACT, REMARK], CONCERNED),
    UNSUBMITTED: {"focal point"},
    SHEET: {"officer"},
    EDITION: {"lead"},
    # Another focal point of Kenya sent it.
    SCORES: set(),
    ELSEWHERE: _DESK,
}


def of_the_tracker(cycle: Implementation, by: User) -> dict[str, Any]:
    """By the words of the routes that are about it."""
    country = make.someone("focal_point", cycle.party, "Focal point")
    first = make.recommendation(cycle, text=ADVICE)
    reported = make.recommendation(cycle, "under_way", text=ADVICE)
    perform("finish", reported, by=country, data={"outcome": "Revised.", "evidence": EVIDENCE})
    _wait(cycle, country, PROPOSED)
    assessed = _assessments(cycle)
    _sheets(cycle, by, country, assessed["draft assessment"].pk)
    _beside_a_public_cycle()
    dated = {"effective_on": date(2018, 10, 31), "precision": "month"}
    said = {"date_in_source": "October 2018", "text": "In 10 countries.", "source": "A page"}
    return {
        "recommendation": first,
        "reported": reported,
        "cycle": cycle,
        "document": _document(cycle, by, "concerned", REPORT),
        "observation": observed(cycle.party),
        "total": observe_total(**dated, **said),
        **assessed,
    }


def _wait(cycle: Implementation, by: User, note: str) -> None:
    """The planning has begun, it is said: nobody has confirmed it yet."""
    data = {"state": "under_way", "effective_on": date(2026, 2, 2), "precision": "day"}
    perform("propose", cycle.steps.get(position=2), by=by, data={**data, "note": note})


def _document(cycle: Implementation, by: User, readers: str, title: str) -> Any:
    step = cycle.steps.get(position=2)
    document = keep(cycle, make.pdf(), by=by, title=title, readers=readers, step=step)
    document.scan = Scan.CLEAN
    document.save(update_fields=["scan"])
    return document


def _assessments(cycle: Implementation) -> dict[str, Any]:
    """One that was submitted and one that only the country reads; an edition without titles,
    before the one that they were made with."""
    unfinished = Edition.objects.create(key="unfinished", name="Unfinished edition")
    lead_agency = cycle.lead_agency
    submitted = instruments.draft(cycle.party, contact_person=CONTACT, lead_agency=lead_agency)
    instruments.answer(submitted, {1: (2, REMARK)})
    country = make.someone("focal_point", cycle.party, "Focal point")
    perform("submit", submitted, by=country, data={"not_assessed": "An exercise."})
    later = {"on": date(2025, 5, 20), "lead_agency": lead_agency, "contact_person": UNSUBMITTED}
    return {
        "edition": unfinished,
        "assessment": submitted,
        "draft assessment": instruments.draft(cycle.party, **later),
    }


def _sheets(cycle: Implementation, officer: User, country: User, draft_id: int) -> None:
    """Files that were read and wait for their senders; each kind under the id of its place."""
    edition_id = Edition.objects.get(key="unfinished").pk
    sent: list[tuple[str, int, User, str]] = [
        ("observations", 0, officer, SHEET),
        ("plan", cycle.pk, officer, SHEET),
        ("framework", edition_id, make.the_lead(), EDITION),
        ("scores", draft_id, country, SCORES),
    ]
    # No such cell fits under these headings: the page of the import says what stands there.
    columns = ("instrument", "part", "kind", "score")
    for kind, target, by, mark in sent:
        rows = [{"number": 3, "cells": dict.fromkeys(columns, mark)}]
        Import.objects.create(
            kind=kind, target_id=target, by=by, file_name=f"{mark}.xlsx", rows=rows
        )


def _beside_a_public_cycle() -> None:
    cycle = make.implementation(make.party("PER"))
    make.recommendation(cycle, text=ELSEWHERE)
    make.recommendation(cycle, "under_way", text=PUBLIC, responsible=PUBLIC)
    make.publish(cycle, with_plan=True, with_documents=True)
    officer = make.the_officer()
    make.move(cycle.steps.get(position=2), "done", date(2026, 2, 1), note=ELSEWHERE)
    _wait_of_peru(cycle, officer)
    _document(cycle, officer, "concerned", ELSEWHERE)
    _document(cycle, officer, "public", PUBLIC)


def _wait_of_peru(cycle: Implementation, officer: User) -> None:
    data = {"state": "under_way", "effective_on": date(2026, 2, 2), "precision": "day"}
    step = cycle.steps.get(position=3)
    perform("propose", step, by=officer, data={**data, "note": ELSEWHERE})


# ── addresses ────────────────────────────────────────────────────────────────────────────────

_ABOUT = (
    # part of the route, what it is about, the action to try
    ("recommendations/<int:pk>/", "reported", ""),
    ("recommendations/<int:pk>/actions", "recommendation", "accept"),
    ("toolkit/recommendations/<pk>", "reported", ""),
    ("country/<str:iso3>/assessments/<int:pk>/", "assessment", ""),
    ("assessments/<int:pk>/outcome", "draft assessment", ""),
    ("assessments/<int:pk>/answers", "draft assessment", ""),
    ("assessments/<int:pk>/import", "draft assessment", ""),
    ("assessments/<int:pk>/actions", "draft assessment", "submit"),
    ("toolkit/assessments/<pk>", "assessment", ""),
    ("documents/<int:pk>/", "document", ""),
    ("admin/toolkit/implementation/<int:pk>", "cycle", "recommend"),
    ("admin/toolkit/implementation/<int:pk>/steps", "cycle", "confirm"),
    ("admin/toolkit/edition/<int:pk>", "edition", ""),
    ("admin/toolkit/observation/<int:pk>/actions", "observation", "withdraw"),
    ("admin/toolkit/publishedtotal/<int:pk>/actions", "total", "withdraw"),
    ("toolkit/<slug:code>/<int:cycle>/<slug:action>", "cycle", "recommend"),
    ("toolkit/<slug:code>/<int:cycle>/<int:step>/<slug:action>", "cycle", "confirm"),
)


def values_for(route: str, case: dict[str, Any]) -> dict[str, Any]:
    """What fills the address of a route of the tracker; the last part that fits decides."""
    values: dict[str, Any] = {"name": "requested"}
    if "toolkit" in route:
        values["file"] = case["document"].pk
    for part, name, action in _ABOUT:
        if part in route:
            values |= {"pk": case[name].pk} | ({"action": action} if action else {})
    return values


def query_for(route: str, case: dict[str, Any]) -> str:
    """Pages that are about something by their parameters: a sheet, two assessments, two days."""
    if route.endswith("/import/"):
        kind = next(
            kind
            for part, kind in (
                ("observation", "observations"), ("plan", "plan"), ("edition", "framework"),
                ("assessments", "scores"),
            )
            if part in route
        )  # fmt: skip
        return f"?read={Import.objects.get(kind=kind).pk}"
    if route.endswith("assessments/compare/"):
        return f"?a={case['assessment'].pk}&b={case['draft assessment'].pk}"
    if "toolkit/changes" in route:
        return "?from=2026-01-01&to=2026-03-01"
    return ""
