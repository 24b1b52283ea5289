"""A call that is repeated with its Idempotency-Key is done once and answered the same."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import MULTIPART_CONTENT
from django.utils import timezone

from history.models import Event
from outbox.models import Heartbeat
from tests import make
from tests.api.conftest import recalled, signed_in, with_key
from tests.api.test_actions import act, interpol
from workflow.models import KeptAnswer
from workflow.tasks import forget_answers

pytestmark = pytest.mark.django_db

KEY = "7f9c8a52-first"


def repeatable(key: str = KEY, tag: str = "*") -> dict[str, str]:
    return {"if-match": tag, "idempotency-key": key}


def accepted(referral: Any) -> int:
    return Event.objects.about(referral).filter(kind="referrals.accept").count()


def said(answer: Any) -> tuple[int, bytes, str | None]:
    return answer.status_code, answer.content, answer.get("ETag")


def test_the_same_call_again_is_answered_the_same_and_done_once() -> None:
    referral, caller = make.referral(), interpol()
    tag = caller.get(f"referrals/{referral.pk}/")["ETag"]
    first, again = (
        act(caller, referral, "accept", body, headers=repeatable(tag=tag))
        for body in ({"comment": "In May."}, ' { "comment":"In May." } ')
    )
    assert first.status_code == 200
    assert said(again) == said(first)
    assert [a.get("Idempotent-Replayed") for a in (first, again)] == [None, "true"]
    assert accepted(referral) == 1


def test_the_key_with_another_body_address_or_method_is_422_and_does_nothing() -> None:
    one, other, caller = make.referral(), make.referral(), interpol()
    assert act(caller, one, "accept", {"comment": "In May."}, headers=repeatable()).status_code
    answers = [
        act(caller, one, "accept", {"comment": "In June."}, headers=repeatable()),
        act(caller, one, "decline", {"comment": "In May."}, headers=repeatable()),
        act(caller, other, "accept", {"comment": "In May."}, headers=repeatable()),
    ]
    assert [(a.status_code, a.json()["code"]) for a in answers] == [(422, "key_reused")] * 3
    other.refresh_from_db()
    assert other.state == "sent"


def test_a_key_is_its_callers_own() -> None:
    case = make.request_in("referred", agencies=("INTERPOL", "WCO"))
    officer = signed_in(make.agency_officer(make.agency("INTERPOL")))
    mine = case.referrals.get(agency__code="INTERPOL")
    first = act(interpol(), mine, "accept", headers=repeatable())
    # The same words from somebody else: not the answer of the first, but what is so now.
    second = act(officer, mine, "accept", headers=repeatable())
    assert (first.status_code, second.status_code) == (200, 409)


def test_a_refusal_is_not_kept_so_that_the_same_key_may_try_again() -> None:
    referral, caller = make.referral(), interpol()
    early = act(caller, referral, "start", {"start_on": "2030-05-01"}, headers=repeatable())
    act(caller, referral, "accept")
    later = act(caller, referral, "start", {"start_on": "2030-05-01"}, headers=repeatable())
    assert (early.status_code, later.status_code) == (409, 200)
    assert KeptAnswer.objects.count() == 1


def test_a_repetition_after_a_recall_is_told_what_anybody_is(world: Any) -> None:
    caller = with_key(make.api_key(world.wco)[1])
    first = act(caller, world.referral_of_wco, "accept", headers=repeatable())
    recalled(world)
    again = act(caller, world.referral_of_wco, "accept", headers=repeatable())
    missing = caller.post("referrals/999999/actions/accept/", headers=repeatable())
    assert (first.status_code, again.status_code) == (200, 404)
    assert again.content == missing.content


@pytest.mark.parametrize("key", ["", "x" * 256, "caf\u00e9", "a\tb", "\x7f"])
def test_what_cannot_be_a_key_is_refused_in_words(key: str) -> None:
    referral = make.referral()
    answer = act(interpol(), referral, "accept", headers=repeatable(key))
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["Idempotency-Key"])
    referral.refresh_from_db()
    assert referral.state == "sent"


def test_what_is_kept_cannot_be_read_in_the_database() -> None:
    referral = make.referral()
    act(interpol(), referral, "accept", {"comment": "Confidential words."}, headers=repeatable())
    kept = KeptAnswer.objects.get()
    assert "Confidential" not in f"{kept.body} {kept.headers} {kept.content}"
    assert kept.caller.startswith("apikey:")


def test_a_file_is_known_by_its_content() -> None:
    focal_point = make.focal_point()
    case = make.request_in("submitted", by=focal_point, support_key="wist", letter=False)
    caller = signed_in(focal_point)

    def send(letter: Any) -> Any:
        return act(
            caller, case, "send_letter", {"letter": letter},
            content_type=MULTIPART_CONTENT, headers=repeatable(),
        )  # fmt: skip

    other = SimpleUploadedFile("letter.pdf", b"%PDF-1.7 another", "application/pdf")
    first, again, another = send(make.pdf()), send(make.pdf()), send(other)
    assert (first.status_code, another.status_code) == (200, 422)
    assert said(again) == said(first)
    assert case.attachments.count() == 1


def test_an_answer_is_kept_for_a_day_and_forgotten_by_the_hour() -> None:
    referral, caller = make.referral(), interpol()
    act(caller, referral, "accept", headers=repeatable())
    act(caller, make.referral(), "accept", headers=repeatable("second"))
    KeptAnswer.objects.filter(key=KEY).update(kept_at=timezone.now() - timedelta(hours=24))
    late = act(caller, referral, "accept", headers=repeatable())
    assert (late.status_code, late.json()["code"]) == (409, "not_allowed_now")
    assert KeptAnswer.objects.filter(key=KEY).count() == 0
    KeptAnswer.objects.update(kept_at=timezone.now() - timedelta(hours=25))
    assert (forget_answers(), forget_answers()) == (1, 0)
    assert Heartbeat.objects.get(name="kept-answers").every == timedelta(hours=1)


def test_an_answer_sealed_under_another_pepper_says_so_and_does_nothing_twice(
    settings: Any,
) -> None:
    referral, officer = make.referral(), signed_in(make.agency_officer())
    act(officer, referral, "accept", headers=repeatable())
    settings.API_KEY_PEPPER = "another pepper"
    again = act(officer, referral, "accept", headers=repeatable())
    assert (again.status_code, again.json()["code"]) == (422, "key_reused")
    assert accepted(referral) == 1
