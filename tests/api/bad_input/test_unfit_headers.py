"""What no program should send as a header: an answer that says so, on every route, and no 500."""

import json
from types import SimpleNamespace

import pytest
from django.utils.http import urlencode

from tests.api.bad_input.addresses import is_told
from tests.api.conftest import Caller

pytestmark = pytest.mark.django_db


HEADERS = (
    "authorization", "if-match", "if-none-match", "if-range", "range", "idempotency-key",
    "accept", "accept-language", "accept-encoding", "content-type", "x-forwarded-for",
)  # fmt: skip
JUNK = [
    "a\x00b",
    "\x00",
    "\xff\xfe",
    "é" * 300,
    "x" * 5000,
    '"',
    ",,,;q=",
    "bytes=\x00-",
    "Api-Key \x00",
]


def test_headers_of_rubbish_are_answered_and_never_500(
    world: SimpleNamespace, agency: Caller
) -> None:
    letter = f"requests/{world.asked_interpol.handle}/attachments/{world.letter.pk}/"
    reads = ["requests/", f"requests/{world.asked_interpol.handle}/", letter, "events/"]
    write = f"referrals/{world.referral.pk}/actions/start/"
    for name in HEADERS:
        for junk in JUNK:
            for path in reads:
                assert agency.get(path, headers={name: junk}).status_code < 500, (name, junk)
            answer = agency.post(write, {"start_on": "2030-05-01"}, headers={name: junk})
            assert is_told(answer), (name, junk)


def test_what_is_refused_names_nothing_that_was_not_sent(agency: Caller) -> None:
    address = "requests/?" + urlencode({"party": "VNM", "colour": "x" * 1000})
    said = json.dumps(agency.get(address).json())
    assert len(said) < 2000
    assert "Secret" not in said
