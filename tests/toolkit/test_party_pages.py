"""One Party's page: who sees it, who moves its steps, what is refused."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from tests.reading_pages import errors_at, page, signed_in, table_rows, timeline
from tests.toolkit.test_pages import DOCUMENT, ISO, observed, table
from toolkit import asof
from toolkit.models import Implementation
from toolkit.steps import Step
from toolkit.workflow import load_table_row
from workflow.executor import perform

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
    on = {"effective_on": date(2026, 2, 1), "precision": "day", "note": "For insiders alone."}
    perform("complete", step, by=make.officer(), data=on)
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


def test_steps_are_moved_by_those_entitled_and_by_nobody_else():
    wco = make.agency("WCO")
    made = make.implementation(lead_agency=wco)
    address = reverse("toolkit:step_action", args=["ken", 1, 4, "complete"])
    sent = {"version": 0, "effective_on": "2026-02-28", "precision": "month"}
    answers = {
        "public": Client().post(address, sent),
        "country": signed_in(make.focal_point()).post(address, sent),
        "other country": signed_in(make.focal_point(make.party("VNM"))).post(address, sent),
        "other agency": signed_in(make.agency_officer(make.agency("UNODC"))).post(address, sent),
        "auditor": signed_in(make.auditor()).post(address, sent),
        "lead agency": signed_in(make.agency_officer(wco)).post(address, sent),
    }

    assert {name: answer.status_code for name, answer in answers.items()} == {
        "public": 302, "country": 403, "other country": 404, "other agency": 404, "auditor": 403,
        "lead agency": 302,
    }  # fmt: skip
    assert answers["public"].headers["Location"].startswith(reverse("account_login"))
    step = made.steps.get(step=Step.INITIAL_MEETING)
    assert (step.state, step.effective_on, step.precision) == ("done", date(2026, 2, 28), "month")


def test_what_is_no_step_or_no_date_is_refused():
    make.implementation()
    client = signed_in(make.officer())
    tomorrow = (timezone.now().date() + timedelta(days=1)).isoformat()

    def post(step: int, day: str, action: str = "complete"):
        address = reverse("toolkit:step_action", args=["KEN", 1, step, action])
        return client.post(address, {"version": 0, "effective_on": day, "precision": "day"})

    assert {post(step, "2026-02-01").status_code for step in (0, 10, 99)} == {404}
    assert post(3, "2026-02-01", "jump").status_code == 404
    assert errors_at(post(3, "0000-01-01")) == {"effective_on": [ISO]}
    assert errors_at(post(3, tomorrow))["effective_on"][0].startswith("Give a date between")
    first, second = post(3, "2026-02-01"), post(3, "2026-02-01")
    assert (first.status_code, second.status_code) == (302, 409)
    assert "is not needed: the present state is already “done”." in page(second)


def test_a_focal_point_makes_the_implementation_public():
    made = make.implementation()
    address = reverse("toolkit:action", args=["ken", 1, "publish"])
    country = signed_in(make.focal_point())

    warned = page(country.get(address))
    country.get(address)
    assert asof.table(None, timezone.now().date()) == []
    answer = country.post(address, {"version": made.version})

    assert "Everybody can see the steps of this implementation and their dates." in warned
    assert answer.headers["Location"] == made.get_absolute_url()
    assert [row.implementation for row in asof.table(None, timezone.now().date())] == [made]
