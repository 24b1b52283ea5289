"""One Party's page: who sees it, who moves its steps, what is refused."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partners.models import User
from tests import make
from tests.reading_pages import page, signed_in, table_rows, timeline
from tests.toolkit.test_pages import DOCUMENT, observed, table
from toolkit import asof
from toolkit.models import Implementation
from toolkit.steps import Step
from toolkit.workflow import load_table_row

pytestmark = pytest.mark.django_db


@pytest.fixture
def kenya() -> Implementation:
    done = [Step.REQUEST, Step.NOMINATION, Step.PREPARATORY_WORK]
    loaded = load_table_row(make.party(), done, as_of=DOCUMENT, source="CITES SC66 Inf. 9")
    assert loaded is not None
    return loaded


def test_a_partys_page_shows_cycles_dates_sources_and_history(kenya):
    observed(kenya.party)

    shown = Client().get("/toolkit/KEN/")

    read = page(shown)
    assert "Preparatory work done, by 9 November 2015 · CITES SC66 Inf. 9" in read
    assert "Initial meeting not started" in read
    assert table_rows(shown, "observations") == [
        ["October 2018", "Toolkit", "complete", "A page of UNODC"]
    ]
    assert timeline(shown) == ["Printed in a published table, by 9 November 2015"]


def test_an_unknown_code_is_answered_with_a_sentence():
    shown = Client().get("/toolkit/xyz/")

    assert shown.status_code == 404
    assert "No Party to CITES has the code “xyz”." in page(shown)


def test_a_private_implementation_is_seen_by_those_concerned_and_by_nobody_else():
    wco = make.agency("WCO")
    made = make.implementation(lead_agency=wco)
    step = made.steps.get(step=Step.NOMINATION)
    make.move(step, "done", date(2026, 2, 1), note="For insiders alone.")
    readers = {
        "public": Client(),
        "country": signed_in(make.party_viewer()),
        "other country": signed_in(make.focal_point(make.party("VNM"))),
        "lead agency": signed_in(make.agency_viewer(wco)),
        "other agency": signed_in(make.agency_officer(make.agency("UNODC"))),
        "Secretariat": signed_in(make.auditor()),
    }

    def seers() -> tuple[set[str], set[str], set[str]]:
        pages = {name: one.get(made.get_absolute_url()) for name, one in readers.items()}
        listed = {name for name, one in readers.items() if table_rows(table(one), "tracker")}
        steps = {name for name, one in pages.items() if timeline(one)}
        return listed, steps, {n for n, one in pages.items() if "For insiders" in page(one)}

    concerned = {"country", "lead agency", "Secretariat"}
    assert seers() == (concerned, concerned, concerned)
    make.publish(made, by=make.focal_point())
    assert seers() == (set(readers), set(readers), concerned)


def test_moves_are_proposed_by_those_entitled_and_by_nobody_else():
    wco = make.agency("WCO")
    made = make.implementation(lead_agency=wco)
    address = reverse("toolkit:step_action", args=["ken", 1, 4, "propose"])
    said = {"state": "done", "effective_on": "2026-02-28", "precision": "month"}
    proposers = {
        "public": Client(),
        "other country": signed_in(make.focal_point(make.party("VNM"))),
        "other agency": signed_in(make.agency_officer(make.agency("UNODC"))),
        "auditor": signed_in(make.auditor()),
        "viewer": signed_in(make.party_viewer()),
        "viewer of the lead agency": signed_in(make.agency_viewer(wco)),
        "country": signed_in(make.focal_point()),
    }

    answers = {name: one.post(address, {"version": 0, **said}) for name, one in proposers.items()}

    assert {name: answer.status_code for name, answer in answers.items()} == {
        "public": 401, "country": 302, "other country": 404, "other agency": 404, "auditor": 403,
        "viewer": 403, "viewer of the lead agency": 403,
    }  # fmt: skip
    assert "2026-02-28" in page(answers["public"])  # what was typed, to be copied
    step = made.steps.get(step=Step.INITIAL_MEETING)
    assert (step.state, step.waiting and step.waiting.effective_on) == (
        "not_started", date(2026, 2, 28),
    )  # fmt: skip


def test_what_the_lead_agency_has_from_a_letter_the_secretariat_confirms():
    wco = make.agency("WCO")
    made = make.implementation(lead_agency=wco)
    said = {"state": "done", "effective_on": "2026-02-28", "precision": "month"}

    def post(person: User, action: str, **sent: str) -> int:
        address = reverse("toolkit:step_action", args=["ken", 1, 4, action])
        version = made.steps.get(position=4).version
        return signed_in(person).post(address, {"version": version, **sent}).status_code

    officer_of_wco = make.agency_officer(wco)
    assert post(officer_of_wco, "propose", **said) == 302
    assert post(officer_of_wco, "confirm") == 403
    assert post(make.officer(), "confirm") == 302
    step = made.steps.get(step=Step.INITIAL_MEETING)
    assert (step.state, step.effective_on, step.precision) == ("done", date(2026, 2, 28), "month")


def test_a_focal_point_makes_the_implementation_public():
    made = make.implementation()
    address = reverse("toolkit:action", args=["ken", 1, "publish"])
    country = signed_in(make.focal_point())

    warned = page(country.get(address))
    country.get(address)
    assert asof.table(None, timezone.now().date()) == []
    said = {"version": made.version, "with_plan": "no", "with_documents": "no"}
    answer = country.post(address, said)

    assert "Everybody can see the steps of this implementation and their dates." in warned
    assert answer.headers["Location"] == made.get_absolute_url()
    assert [row.implementation for row in asof.table(None, timezone.now().date())] == [made]
