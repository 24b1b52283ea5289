"""Calls with one Idempotency-Key that meet: done once, whoever is first; on both databases."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from history.models import Event
from outbox.models import Message
from requests_app.api import ReferralActionView
from tests import make
from tests.api.conftest import with_key
from workflow.models import KeptAnswer

pytestmark = pytest.mark.django_db(transaction=True)

CALLS = 6
HEADERS = {"if-match": "*", "idempotency-key": "met"}


def at_once(path: str, token: str, bodies: list[dict[str, str]]) -> list[Any]:
    """The answers to calls that are sent in the same moment, each from a thread of its own."""
    start = threading.Barrier(len(bodies))

    def call(body: dict[str, str]) -> Any:
        try:
            caller = with_key(token)
            start.wait(10)
            return caller.post(path, body, headers=HEADERS)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(bodies)) as pool:
        return list(pool.map(call, bodies))


def slow_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever comes first takes its time before the end, so that the others surely meet it."""
    real = ReferralActionView.represent

    def late(view: Any, obj: Any) -> Any:
        time.sleep(0.3)
        return real(view, obj)

    monkeypatch.setattr(ReferralActionView, "represent", late)


def test_they_all_get_the_one_answer_and_one_action_was_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    referral = make.referral()
    make.the_officer()
    _key, token = make.api_key(referral.agency)
    owed = Message.objects.count()
    slow_answers(monkeypatch)

    answers = at_once(
        f"referrals/{referral.pk}/actions/accept/", token, [{"comment": "In May."}] * CALLS
    )

    assert {answer.status_code for answer in answers} == {200}
    assert len({(answer.content, answer["ETag"]) for answer in answers}) == 1
    replayed = Counter(answer.get("Idempotent-Replayed") for answer in answers)
    assert replayed == {None: 1, "true": CALLS - 1}
    assert Event.objects.filter(kind="referrals.accept").count() == 1
    assert Message.objects.count() - owed == 1
    assert KeptAnswer.objects.count() == 1


def test_of_two_that_say_different_things_one_is_done_and_the_other_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    referral = make.referral()
    _key, token = make.api_key(referral.agency)
    slow_answers(monkeypatch)

    answers = at_once(
        f"referrals/{referral.pk}/actions/accept/",
        token,
        [{"comment": "In May."}, {"comment": "In June."}],
    )

    assert sorted(answer.status_code for answer in answers) == [200, 422]
    (done,) = [answer for answer in answers if answer.status_code == 200]
    referral.refresh_from_db()
    assert referral.answer == done.json()["answer"]


def test_what_breaks_off_leaves_neither_work_nor_key_and_can_be_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    referral = make.referral()
    caller = with_key(make.api_key(referral.agency)[1])
    path = f"referrals/{referral.pk}/actions/accept/"

    def broken(view: Any, obj: Any) -> Any:
        raise ConnectionError("the machine went away")

    with monkeypatch.context() as patch:
        patch.setattr(ReferralActionView, "represent", broken)
        with pytest.raises(ConnectionError):
            caller.post(path, {}, headers=HEADERS)
    referral.refresh_from_db()
    assert (referral.state, KeptAnswer.objects.count()) == ("sent", 0)
    assert not Event.objects.filter(kind="referrals.accept").exists()
    again = caller.post(path, {}, headers=HEADERS)
    assert (again.status_code, again.json()["state"]) == (200, "accepted")


def test_a_key_whose_first_call_was_refused_serves_the_next_one_at_once() -> None:
    referral = make.referral()
    _key, token = make.api_key(referral.agency)
    path = f"referrals/{referral.pk}/actions/decline/"
    answers = at_once(path, token, [{"reason": ""}] * 3)
    assert {answer.status_code for answer in answers} == {400}
    done = with_key(token).post(path, {"reason": "No staff."}, headers=HEADERS)
    assert done.status_code == 200
