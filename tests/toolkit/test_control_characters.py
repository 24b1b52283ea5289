"""Control characters, which no XML may hold: refused where something is typed, and left out of
what is handed on of an older record."""

from datetime import date
from xml.etree import ElementTree

import pytest
from django.test import Client

from history.models import Event
from tests import make
from tests.api.conftest import with_key
from tests.reading_pages import errors_at, signed_in
from toolkit.models import Edition, Implementation, Observation, Proposal, PublishedTotal
from toolkit.steps import Step
from toolkit.workflow import load_table_row
from workflow.errors import InvalidInput
from workflow.executor import perform

pytestmark = pytest.mark.django_db

REFUSED = [
    "“Letter� of 3 May” holds a control character, which cannot be kept. Type these words again."
]
TYPED = "Letter\x0b of 3 May"
STEP = {"state": "done", "effective_on": "2026-02-02", "precision": "day"}


def test_a_page_refuses_them_at_the_field_and_keeps_the_rest_of_what_was_typed() -> None:
    cycle = make.implementation()
    step = cycle.steps.get(step=Step.MISSION)
    sent = {**STEP, "version": step.version, "source": TYPED, "note": "All went well."}
    answer = signed_in(make.the_officer()).post("/toolkit/ken/1/5/propose/", sent)
    assert errors_at(answer) == {"source": REFUSED}
    assert "All went well." in answer.content.decode()
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("letter", ["\x00", "\x01", "\x0b", "\x1f", "\ufffe", "\ud800"])
def test_no_door_of_the_workflow_takes_one_in(letter: str) -> None:
    step = make.implementation().steps.get(step=Step.MISSION)
    said = {**STEP, "effective_on": date(2026, 2, 2), "note": f"Letter{letter} of 3 May"}
    with pytest.raises(InvalidInput) as refused:
        perform("propose", step, by=make.the_officer(), data=said)
    assert refused.value.fields == {"note": REFUSED}


def test_a_line_is_one_line_and_a_text_may_have_several() -> None:
    step = make.implementation().steps.get(step=Step.MISSION)
    said = {**STEP, "effective_on": date(2026, 2, 2)}
    officer = make.the_officer()
    with pytest.raises(InvalidInput) as refused:
        perform("propose", step, by=officer, data={**said, "source": "A letter\nBcc: all"})
    assert refused.value.fields == {"source": ["Write this in one line."]}
    perform("propose", step, by=officer, data={**said, "note": "First.\n\tSecond.\r\nThird."})
    assert Proposal.objects.get().note == "First.\n\tSecond.\r\nThird."


OBSERVED = {"party": "KEN", "instrument": "toolkit", "status": "complete", "written": "2018"}
TOTAL = {"text": "12 countries", "instrument": "toolkit", "in_all": "12", "written": "2018"}


@pytest.mark.parametrize(
    ("page", "sent", "field"),
    [
        ("observation/add/", OBSERVED, "source"),
        ("observation/add/", {**OBSERVED, "source": "SC70 Doc. 20"}, "note"),
        ("publishedtotal/add/", TOTAL, "source"),
        ("publishedtotal/add/", {**TOTAL, "source": "SC70 Doc. 20"}, "text"),
        ("implementation/open/", {"requested_on": "2026-05-03"}, "source"),
        ("edition/add/", {"name": "2016", "key": "2016"}, "source"),
    ],
)
def test_every_form_of_the_desk_refuses_them(page: str, sent: dict[str, str], field: str) -> None:
    party = make.party()
    if page == "implementation/open/":
        sent = {**sent, "party": str(party.pk)}
    lead = signed_in(make.the_lead())
    answer = lead.post(f"/admin/toolkit/{page}", {**sent, field: TYPED})
    assert errors_at(answer) == {field: REFUSED}
    stored = (Observation, PublishedTotal, Implementation, Edition)
    assert [one.objects.count() for one in stored] == [0, 0, 0, 0]


def test_the_api_refuses_them_at_the_field() -> None:
    referral, agency = make.referral(), with_key(make.api_key(make.agency("INTERPOL"))[1])
    answer = agency.post(f"referrals/{referral.pk}/actions/accept/", {"comment": TYPED})
    assert (answer.status_code, answer.json()["errors"]) == (400, {"comment": REFUSED})
    referral.refresh_from_db()
    assert referral.state == "sent"


def test_what_the_log_holds_already_breaks_no_feed_no_map_and_no_csv() -> None:
    load_table_row(make.party(), [Step.REQUEST], as_of=date(2015, 11, 9), source="SC66\x0b Inf. 9")
    assert Event.objects.get().source == "SC66\x0b Inf. 9"
    for name in ("feed.atom", "map.svg"):
        read = Client().get(f"/toolkit/{name}")
        ElementTree.fromstring(read.content)  # noqa: S314 - the portal's own
        assert "SC66 Inf. 9" in read.content.decode()
    assert "SC66 Inf. 9" in Client().get("/toolkit/table.csv").content.decode()
