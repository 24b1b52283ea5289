"""Assessments in the API: all of it inside, the bare fact outside, nothing of a draft."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import make
from tests.api.conftest import Caller
from tests.toolkit import instruments
from workflow.executor import perform

LIST = "toolkit/assessments/"
CONTACT, SECRET = "CONTACT-OF-KENYA-3", "REMARK-OF-KENYA-5"


@pytest.fixture
def three(world: SimpleNamespace) -> SimpleNamespace:
    """Of Kenya, led by INTERPOL: a draft, one that was submitted, one that is disclosed too."""
    said = {"of": world.kenya, "lead_agency": world.interpol, "contact_person": CONTACT}
    draft = instruments.draft(on=date(2025, 5, 1), **said)
    instruments.answer(draft, {1: (3, SECRET)})
    sent = instruments.draft(on=date(2024, 5, 1), **said)
    instruments.answer(sent, {**instruments.full(), 1: (3, SECRET)})
    perform("submit", sent, by=world.focal_point, data={"not_assessed": ""})
    public = instruments.draft(on=date(2023, 5, 1), **said)
    instruments.answer(public, {**instruments.full(), 1: (3, SECRET)})
    perform("submit", public, by=world.focal_point, data={"not_assessed": ""})
    perform("disclose", public, by=world.focal_point)
    return SimpleNamespace(draft=draft, sent=sent, public=public)


INSIDE = {
    "INTERPOL", "reading key", "officer of INTERPOL", "Secretariat",
}  # fmt: skip


def test_who_lists_and_reads_what(three: SimpleNamespace, callers: dict[str, Caller]) -> None:
    every = [three.draft.pk, three.sent.pk, three.public.pk]
    expected: dict[str, Any] = dict.fromkeys(callers, ([every[2]], [404, 404, 200]))
    for name in INSIDE:
        expected[name] = (every[1:], [404, 200, 200])
    expected["Kenya"] = (every, [200, 200, 200])
    for name in ("expired key", "revoked key"):
        del expected[name]
        assert callers[name].get(LIST).status_code == 401
    found = {}
    for name in expected:
        listed = callers[name].get(LIST)
        whole = [callers[name].get(f"{LIST}{pk}/") for pk in every]
        found[name] = (
            [row["id"] for row in listed.json()["results"]],
            [answer.status_code for answer in whole],
        )
        said = listed.content + b"".join(answer.content for answer in whole)
        if name not in INSIDE | {"Kenya"}:
            assert CONTACT.encode() not in said, name
            assert SECRET.encode() not in said, name
    assert found == expected


def test_everybody_reads_date_instrument_and_lead_of_a_disclosed_one_and_null_for_the_rest(
    three: SimpleNamespace,
) -> None:
    answer = Caller().get(f"{LIST}{three.public.pk}/").json()
    party = answer.pop("party")
    assert party["code"] == "KEN"
    assert answer == {
        "id": three.public.pk, "instrument": "indicator_framework", "is_joint": False,
        "held_on": "2023-05-01", "precision": "day", "lead_agency": "INTERPOL",
        "is_disclosed": True, "is_inside": False, "state": None, "edition": None, "cycle": None,
        "national_bodies": None, "agencies": None, "contact_person": None,
        "contact_details": None, "scores": None,
    }  # fmt: skip


def test_the_lead_agency_reads_head_contact_and_answers(
    three: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    answer = callers["INTERPOL"].get(f"{LIST}{three.sent.pk}/").json()
    assert (answer["state"], answer["edition"], answer["is_inside"]) == (
        "submitted", "exercise", True,
    )  # fmt: skip
    assert answer["contact_person"] == CONTACT
    assert len(answer["scores"]) == 50
    first = {"indicator": 1, "kind": "EA", "value": 3, "words": SECRET}
    assert answer["scores"][0] == first
    assert answer["scores"][49] == {
        "indicator": 50, "kind": "DA", "value": None, "words": "Forty seizures.",
    }  # fmt: skip


def test_the_feed_names_the_assessment_and_its_party_to_those_inside_alone(
    three: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    def subjects(caller: Caller) -> set[tuple[int, str]]:
        rows = caller.get("events/?page_size=100").json()["results"]
        about = [row["subject"] for row in rows]
        return {(one["id"], one["party"]) for one in about if one["type"] == "assessment"}

    both = {(three.sent.pk, "KEN"), (three.public.pk, "KEN")}
    assert subjects(callers["INTERPOL"]) == both
    assert subjects(callers["Secretariat"]) == both
    assert subjects(callers["Kenya"]) == both | {(three.draft.pk, "KEN")}
    assert subjects(callers["WCO"]) == set()
    assert subjects(callers["Viet Nam"]) == set()


def test_lists_and_details_cost_the_same_however_many_there_are(
    three: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    caller = callers["INTERPOL"]

    def counted(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert caller.get(path).status_code == 200
        return len(captured)

    pages = [LIST, f"{LIST}{three.sent.pk}/", f"{LIST}?party=KEN&held_since=2020-01-01"]
    caller.get(LIST)
    few = [counted(path) for path in pages]
    for year in range(2010, 2020):
        one = instruments.draft(
            of=make.party("KEN"), on=date(year, 1, 1), lead_agency=make.agency("INTERPOL")
        )
        instruments.answer(one, {1: (2, "")})
        perform("submit", one, by=make.focal_point(), data={"not_assessed": "A first sitting."})
    assert [counted(path) for path in pages] == few
    assert few[0] <= 5
    assert few[1] <= 8
