"""What a write of the API costs: so many queries, however many people are told."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from outbox.models import Message
from tests import make
from tests.api.conftest import Caller, with_key

QUESTION = {"subject": "Ports", "text": "Which ports are meant?"}
ACTIONS = {"ask": QUESTION, "accept": {"comment": "We can help."}}
MORE = {"ask": 6, "accept": 3}  # of three leads and three focal points
MOST = {"ask": 15, "accept": 19}


@pytest.fixture
def caller(world: SimpleNamespace) -> Caller:
    """Warm: that a key was used is kept to the minute, and languages load their words once."""
    caller = with_key(make.api_key(world.interpol)[1])
    caller.get(f"referrals/{world.referral.pk}/")
    return caller


def _written(caller: Caller, referral: Any, action: str) -> tuple[int, int]:
    """Queries of the action, without those that only mark where its transaction begins and ends,
    and how many people were told."""
    before = Message.objects.count()
    tag = caller.get(f"referrals/{referral.pk}/")["ETag"]
    with CaptureQueriesContext(
        connection,
    ) as captured:
        answer = caller.post(
            f"referrals/{referral.pk}/actions/{action}/", ACTIONS[action], headers={"If-Match": tag}
        )
    assert answer.status_code in {200, 201}, answer.content
    queries = sum(not one["sql"].startswith(("SAVEPOINT", "RELEASE")) for one in captured)
    return queries, Message.objects.count() - before


@pytest.mark.parametrize("action", ACTIONS)
def test_a_write_that_tells_more_people_asks_no_more(
    world: SimpleNamespace, caller: Caller, action: str
) -> None:
    few, told_few = _written(caller, world.referral, action)
    for language in ("en", "fr", "es"):
        make.lead(language)
        make.focal_point(world.kenya, language)
    other = make.request_in("referred", of=world.kenya).referrals.get()
    many, told_many = _written(caller, other, action)
    assert (many, few <= MOST[action], told_many - told_few) == (few, True, MORE[action])
