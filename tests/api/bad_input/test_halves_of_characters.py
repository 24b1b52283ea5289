"""Half of a pair of UTF-16 in a body: refused once, wherever it stands."""

from types import SimpleNamespace

import pytest

from tests.api.conftest import Caller, signed_in

pytestmark = pytest.mark.django_db


def test_half_a_character_is_refused_wherever_it_stands(
    world: SimpleNamespace, agency: Caller
) -> None:
    secretariat = signed_in(world.officer)
    take_up = f"requests/{world.asked_nobody.reference}/actions/take_up/"
    ask = f"referrals/{world.referral.pk}/actions/ask/"
    for caller, path, body in (
        (secretariat, take_up, r'{"assignee": "\ud800"}'),
        (agency, ask, r'{"subject": "a\uDFFF", "text": "b"}'),
        (agency, ask, r'{"\ud800": "a"}'),
        (agency, "webhooks/", r'{"label": "a", "url": "a", "parties": ["\ud800"]}'),
    ):
        refused = caller.post(path, body)
        assert (refused.status_code, refused.json()["code"]) == (400, "malformed"), body


def test_a_whole_pair_is_a_character(world: SimpleNamespace, agency: Caller) -> None:
    path = f"referrals/{world.referral.pk}/actions/ask/"
    asked = agency.post(path, r'{"subject": "\ud83d\ude00", "text": "\\udead"}')
    assert asked.status_code == 201, asked.content
