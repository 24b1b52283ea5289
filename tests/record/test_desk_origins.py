"""What an activity came from is typed by its name, and is no matter of the public."""

import pytest
from django.test import Client

from tests import make
from tests.reading_pages import signed_in
from tests.record.at_desk import faults, opened, page_of, sent, sent_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> Client:
    return signed_in(make.the_officer())


def test_a_request_and_a_recommendation_are_found_by_their_names(officer: Client) -> None:
    case = make.request_in("referred")
    advice = make.recommendation(make.implementation())
    row = make.activity("draft")
    said = {"support_request": case.reference.lower(), "recommendation": "ken 1/1"}
    assert sent(officer, row, opened(officer, row) | said).status_code == 302
    row.refresh_from_db()
    assert (row.support_request, row.recommendation) == (case, advice)
    shown = opened(officer, row)
    assert (shown["support_request"], shown["recommendation"]) == (case.reference, "KEN 1/1")
    assert sent(officer, row, shown | {"support_request": ""}).status_code == 302
    row.refresh_from_db()
    assert (row.support_request, row.recommendation) == (None, advice)


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("support_request", "ICCWC-1999-0001"),
        ("recommendation", "KEN 1/9"),
        ("recommendation", "the third one"),
        ("recommendation", "KEN ²/1"),
    ],
)
def test_a_name_that_nothing_has_is_refused_and_kept(
    officer: Client, field: str, typed: str
) -> None:
    row = make.activity("draft")
    answer = sent(officer, row, opened(officer, row) | {field: typed})
    assert faults(answer) == {field: [f"Nothing is called “{typed}”."]}
    assert sent_with(answer)[field] == typed


def test_an_auditor_reads_where_an_activity_came_from_and_the_public_does_not() -> None:
    case = make.request_in("referred")
    row = make.activity(support_request=case)
    assert case.reference in signed_in(make.auditor()).get(page_of(row)).content.decode()
    for address in (f"/activities/{row.slug}/", "/activities/"):
        answer = Client().get(address)
        assert (answer.status_code, case.reference in answer.content.decode()) == (200, False)
