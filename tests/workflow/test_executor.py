"""What the executor promises: all or nothing, one after the other, by those entitled now."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from history.models import Event
from outbox.models import Message
from partners.models import Mandate
from requests_app.models import RequestState, SupportRequest
from tests import make
from workflow import executor
from workflow.errors import InvalidInput, NotAllowedNow, NotPermitted, Refused, StaleVersion
from workflow.executor import perform
from workflow.guard import StateIsProtected


def all_at_once(jobs: "list[Callable[[], Any]]") -> list[Any]:
    """Run the jobs in threads of their own; each result, or the Refused it ended with."""

    def run(job: Callable[[], Any]) -> Any:
        try:
            return job()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


@pytest.fixture
def failing_effect() -> Iterator[None]:
    def fail(*args: Any) -> None:
        raise RuntimeError("the upper app could not follow")

    executor.register_effect("requests", "take_up", fail)
    yield
    executor.effects()["requests", "take_up"].remove(fail)


@pytest.mark.django_db
def test_an_effect_that_fails_undoes_the_whole_move(failing_effect: None) -> None:
    case = make.request_in("submitted")
    before = (Event.objects.count(), Message.objects.count())
    officer = make.officer()
    with pytest.raises(RuntimeError):
        perform("take_up", case, by=officer, data={"assignee": officer})
    case.refresh_from_db()
    assert case.state == "submitted"
    assert (Event.objects.count(), Message.objects.count()) == before


@pytest.mark.django_db
def test_a_mandate_that_ended_while_the_page_was_open_no_longer_counts() -> None:
    case = make.request_in("submitted")
    officer = make.officer()
    assert executor.can(officer, "take_up", case)
    Mandate.objects.filter(user=officer).update(
        from_on=date(2020, 1, 1), until_on=timezone.now().date() - timedelta(days=1)
    )
    with pytest.raises(NotPermitted):
        perform("take_up", case, by=officer, data={"assignee": officer})


@pytest.mark.django_db
def test_a_decision_on_what_somebody_else_has_changed_is_refused() -> None:
    case = make.request_in("in_review")
    seen = case.version
    perform("advise", case, by=make.officer(), data={"advice": "Write to Customs."})
    with pytest.raises(StaleVersion):
        perform("advise", case, by=make.lead(), data={"advice": "Wait."}, version=seen)
    assert case.version == seen + 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({}, {"agencies", "note", "answer_due_on"}),
        ({"note": "  "}, {"agencies", "note", "answer_due_on"}),
        ({"note": "x" * 4001}, {"agencies", "note", "answer_due_on"}),
        ({"answer_due_on": date(1, 1, 1), "note": "Please."}, {"agencies", "answer_due_on"}),
        ({"answer_due_on": date(9999, 1, 1), "note": "Please."}, {"agencies", "answer_due_on"}),
        ({"state": "completed"}, {"state", "agencies", "note", "answer_due_on"}),
    ],
)
def test_bad_input_is_named_field_by_field_and_changes_nothing(
    data: dict[str, Any], fields: set[str]
) -> None:
    case = make.request_in("in_review")
    with pytest.raises(InvalidInput) as refusal:
        perform("refer", case, by=make.officer(), data=data)
    assert set(refusal.value.fields) == fields
    assert all(sentence.endswith(".") for s in refusal.value.fields.values() for sentence in s)
    if "state" in fields:
        (said,) = refusal.value.fields["state"]
        asked = "agencies, standard, note, answer_due_on, open_files"
        assert said == f"This action has no such field. It has: {asked}."
    case.refresh_from_db()
    assert case.state == "in_review"


@pytest.mark.django_db
def test_the_lead_agency_of_an_accepted_request_is_one_that_can_see_it() -> None:
    data = {"decision": "Granted.", "funding_known": True}
    case = make.request_in("in_review")
    with pytest.raises(InvalidInput) as refusal:
        perform("accept", case, by=make.lead(), data={**data, "lead_agency": make.agency("WCO")})
    assert set(refusal.value.fields) == {"lead_agency"}
    perform("accept", case, by=make.lead(), data={**data, "lead_agency": make.secretariat()})
    assert case.state == "accepted"


@pytest.mark.django_db
def test_a_reopened_request_has_no_lead_agency_until_it_is_accepted_again() -> None:
    case = make.request_in("completed", agencies=("INTERPOL",))
    assert case.lead_agency == make.agency("INTERPOL")
    perform("reopen", case, by=make.lead(), data={"reason": "New facts."})
    assert (case.state, case.lead_agency) == ("in_review", None)


@pytest.mark.django_db
def test_nothing_but_the_executor_changes_a_state_in_bulk() -> None:
    case = make.request_in("submitted")
    with pytest.raises(StateIsProtected):
        SupportRequest.objects.update(state="accepted")
    case.state = RequestState.ACCEPTED
    with pytest.raises(StateIsProtected):
        SupportRequest.objects.bulk_update([case], ["state"])
    assert SupportRequest.objects.get().state == "submitted"


@pytest.mark.django_db(transaction=True)
def test_of_two_officers_who_take_up_the_same_request_one_wins_and_one_is_told() -> None:
    case = make.request_in("submitted")
    officers = [make.officer(), make.officer()]

    def take_up(officer: Any) -> Callable[[], Any]:
        mine = SupportRequest.objects.get(pk=case.pk)
        return lambda: perform("take_up", mine, by=officer, data={"assignee": officer})

    results = all_at_once([take_up(officer) for officer in officers])
    assert sorted(type(result).__name__ for result in results) == ["Event", "NotAllowedNow"]
    loser = next(result for result in results if isinstance(result, NotAllowedNow))
    assert "return" in loser.allowed
    assert Event.objects.filter(kind="requests.take_up").count() == 1


@pytest.mark.django_db(transaction=True)
def test_requests_submitted_at_the_same_moment_get_references_without_gap_or_repeat() -> None:
    focal_point = make.focal_point()
    drafts = [make.draft(focal_point) for _each in range(8)]
    results = all_at_once([lambda d=d: make.submit(d, by=focal_point) for d in drafts])
    assert [type(result).__name__ for result in results] == ["Event"] * 8
    year = timezone.now().year
    assert sorted(SupportRequest.objects.values_list("reference", flat=True)) == [
        f"ICCWC-{year}-{number:04d}" for number in range(1, 9)
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("action", ["recall", "decline"])
def test_the_lead_agency_keeps_its_referral_while_the_request_goes_on(action: str) -> None:
    case = make.request_in("accepted", agencies=("INTERPOL", "WCO"))
    leading, other = (case.referrals.get(agency__code=code) for code in ("INTERPOL", "WCO"))
    by = {"recall": lambda one: make.the_officer(), "decline": lambda one: make.agency_officer(one)}

    def move(referral: Any) -> Any:
        actor = by[action](referral.agency)
        return perform(action, referral, by=actor, data={"reason": "No staff."})

    with pytest.raises(InvalidInput) as refusal:
        move(leading)
    assert refusal.value.fields == {
        "reason": ["INTERPOL leads this request: its referral stays while the request goes on."]
    }
    move(other)
    assert sorted(case.referrals.values_list("state", flat=True)) == sorted(
        ["sent", {"recall": "recalled", "decline": "declined"}[action]]
    )
