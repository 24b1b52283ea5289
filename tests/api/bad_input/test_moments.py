"""Moments far from UTC and null characters: an answer on every database."""

from typing import Any
from urllib.parse import quote

import pytest

from iccwc_portal.api_cursor import Cursor
from tests.api.conftest import Caller

pytestmark = pytest.mark.django_db

FAR = ["2026-01-01T00:00:00+23:59", "2026-01-01T00:00:00-16:00", "2199-12-31T23:59:59-14:00"]


@pytest.mark.parametrize("query", ["request=%00", "party=a%00", "page_size=1%00"])
def test_a_null_character_is_refused_at_its_parameter(agency: Caller, query: str) -> None:
    refused = agency.get(f"events/?{query}")
    assert (refused.status_code, list(refused.json()["errors"])) == (400, [query.split("=")[0]])


@pytest.mark.parametrize(
    "parameter",
    [
        "requests/?updated_since=",
        "referrals/?updated_since=",
        "conversations/?updated_since=",
        "toolkit/steps/?updated_since=",
        "toolkit/implementations/?known_at=",
    ],
)
def test_an_offset_that_no_database_knows_is_counted_in_utc(agency: Caller, parameter: str) -> None:
    answers = [agency.get(parameter + quote(moment)).status_code for moment in FAR]
    assert answers == [200, 200, 400]
    assert agency.get(parameter + quote("0001-01-01T00:00:00+14:00")).status_code == 400


@pytest.mark.parametrize("path", ["requests/", "referrals/", "conversations/"])
def test_a_cursor_that_somebody_made_leads_nowhere_or_to_a_place(agency: Caller, path: str) -> None:
    moments = [*FAR, "2026-01-01T00:00:00", "2026-01-01", "0001-01-01T00:00:00+14:00"]
    answers = {}
    for moment in moments:
        cursor = Cursor(False, moment, 1).of(f"/api/v1/{path} updated_at")
        answer = agency.get(f"{path}?ordering=updated_at&cursor={cursor}")
        answers[moment] = answer.status_code
    assert list(answers.values()) == [200, 200, 400, 400, 400, 400]


def test_a_replay_from_a_moment_far_from_utc_is_one(agency: Caller, settings: Any) -> None:
    settings.DEMO = True
    made = agency.post("webhooks/", {"label": "One", "url": "http://127.0.0.1:9/"})
    path = f"webhooks/{made.json()['id']}/actions/replay/"
    answers = [
        agency.post(path, {"since": since}).status_code
        for since in ("2026-01-01T00:00:00+23:59", "0001-01-01T00:00:00+14:00")
    ]
    assert answers == [200, 400]
