"""The queues beside every page of the desk: what is in each, their counts, and the way through."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from requests_app import queues
from requests_app.admin.figure_filters import OF_REQUESTS
from requests_app.models import RequestState, SupportRequest
from tests import make
from tests.reading_pages import words
from workflow.executor import perform

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:requests_app_supportrequest_changelist")


def page_of(case: SupportRequest) -> str:
    return reverse("admin:requests_app_supportrequest_change", args=[case.pk])


def listed(browser: Client, **asked: Any) -> list[int]:
    return [row.pk for row in browser.get(QUEUE, asked).context["cl"].result_list]


def counted(browser: Client, address: str = QUEUE) -> dict[str, str]:
    """The counts in the sidebar, as they are read."""
    beside = browser.get(address).context["sidebar"]
    return {str(one.label): one.count for one in beside.queues}


def due_in(case: SupportRequest, days: int) -> None:
    due_at = timezone.now() + timedelta(days=days)
    SupportRequest.objects.filter(pk=case.pk).update(due_at=due_at)


@pytest.fixture
def cases() -> dict[str, SupportRequest]:
    """One in every state, drafts too; one of another officer, one with a question that is late
    for nobody, one that is late."""
    made = {str(state): make.request_in(state) for state in RequestState}
    other = make.officer()
    made["another’s"] = make.request_in(RequestState.IN_REVIEW)
    perform("assign", made["another’s"], by=other, data={"assignee": other})
    made["asked"] = make.request_in(RequestState.IN_REVIEW)
    make.conversation(made["asked"])
    made["late"] = make.request_in(RequestState.SUBMITTED)
    for name in ("asked", "late"):
        due_in(made[name], -2)
    return made


IN_QUEUE = {
    "open": {
        "submitted", "in_review", "returned", "referred", "awaiting_funds", "accepted",
        "under_way", "another’s", "asked", "late",
    },
    "mine": {
        "in_review", "returned", "referred", "awaiting_funds", "accepted", "under_way", "asked",
    },
    "unassigned": {"submitted", "late"},
    "new": {"submitted", "late"},
    "country": {"returned", "asked"},
    "partners": {"referred", "accepted", "under_way"},
    "overdue": {"late"},
    "decided": {
        "awaiting_funds", "accepted", "under_way", "completed", "declined", "redirected",
    },
}  # fmt: skip


def test_each_queue_holds_what_its_name_says_and_no_draft(
    officer: Client, cases: dict[str, SupportRequest]
) -> None:
    names = {case.pk: name for name, case in cases.items()}
    found = {key: {names[pk] for pk in listed(officer, queue=key)} for key in queues.BY_KEY}
    assert found == {**IN_QUEUE, "all": set(cases) - {"draft"}}


def test_the_counts_are_the_lengths_of_the_lists_on_every_page_for_every_reader(
    officer: Client, lead: Client, auditor: Client, cases: dict[str, SupportRequest]
) -> None:
    for browser in (officer, lead, auditor):
        lengths = {
            str(queue.label): str(len(listed(browser, queue=queue.key))) for queue in queues.QUEUES
        }
        for address in (QUEUE, reverse("admin:index"), page_of(cases["referred"])):
            assert counted(browser, address) == lengths
    assert counted(officer)["Mine"] == "7"
    assert counted(auditor)["Mine"] == "0"


def test_counts_are_one_query_and_stop_at_their_cap(
    cases: dict[str, SupportRequest], monkeypatch: pytest.MonkeyPatch, officer: Client
) -> None:
    with CaptureQueriesContext(connection) as asked:
        officer.get(reverse("admin:requests_app_supportrequest_views"))
    assert len([one for one in asked.captured_queries if "COUNT" in one["sql"]]) == 1
    monkeypatch.setattr(queues, "COUNTED", 3)
    monkeypatch.setattr("iccwc_portal.sidebar.COUNTED", 3)
    assert counted(officer) == {
        "Open work": "3+", "Mine": "3+", "Unassigned": "2", "New": "2", "Waiting for country": "2",
        "Waiting for partners": "3", "Overdue": "1", "Decided": "3+", "All": "3+",
    }  # fmt: skip


def test_the_open_queue_is_marked_in_the_sidebar_and_names_the_page(officer: Client) -> None:
    case = make.request_in(RequestState.IN_REVIEW)

    def marked(address: str) -> list[str]:
        beside = officer.get(address).context["sidebar"]
        return [str(one.label) for one in beside.queues if one.is_open]

    assert marked(QUEUE) == ["Open work"]
    assert marked(f"{QUEUE}?queue=mine") == ["Mine"]
    assert marked(f"{QUEUE}?q=nothing") == []
    assert marked(f"{page_of(case)}?queue=mine") == ["Mine"]
    assert marked(reverse("admin:index")) == []
    assert "<h1>Mine</h1>" in officer.get(f"{QUEUE}?queue=mine").content.decode()


def test_a_popup_and_a_page_that_leads_on_do_not_ask_for_the_sidebar(officer: Client) -> None:
    popup = officer.get(reverse("admin:partners_party_changelist"), {"_popup": "1"})
    assert "desk-side" not in popup.content.decode()
    with CaptureQueriesContext(connection) as asked:
        assert officer.get(QUEUE, {"p": "999", "nonsense": "1"}).status_code in {302, 400}
    assert not [one for one in asked.captured_queries if "counted" in one["sql"]]


def test_what_figures_link_to_is_looked_for_among_all_requests() -> None:
    for one in OF_REQUESTS:
        assert queues.queue_in({str(one.parameter_name): "x"}) is None


# ── from one to the next ─────────────────────────────────────────────────────────────────────


def walk(queue: str, start: SupportRequest, actor: Any) -> tuple[list[int], list[int]]:
    """The whole way back and the whole way on from a request, step by step."""

    def one_way(which: str) -> list[int]:
        ids: list[int] = []
        beside = getattr(queues.neighbours(queue, start, actor), which)
        while beside:
            ids.append(beside.pk)
            here = SupportRequest.objects.get(pk=beside.pk)
            beside = getattr(queues.neighbours(queue, here, actor), which)
        return ids

    return one_way("previous")[::-1], one_way("following")


def test_the_way_through_a_queue_is_the_order_of_its_list(
    officer: Client, cases: dict[str, SupportRequest]
) -> None:
    for days, name in enumerate(("referred", "under_way", "in_review")):
        due_in(cases[name], days)
    moment = timezone.now()
    some = [cases["accepted"].pk, cases["completed"].pk]
    SupportRequest.objects.filter(pk__in=some).update(state_since=moment)  # a tie
    for key in queues.BY_KEY:
        order = listed(officer, queue=key)
        for place, pk in enumerate(order):
            start = SupportRequest.objects.get(pk=pk)
            back, on = walk(key, start, make.the_officer())
            assert (back, on) == (order[:place], order[place + 1 :]), key


def test_a_step_costs_one_query(cases: dict[str, SupportRequest]) -> None:
    actor = make.the_officer()
    assert queues.submitted_to(actor)  # what the actor may see is known now
    with CaptureQueriesContext(connection) as asked:
        queues.neighbours("open", cases["in_review"], actor)
    assert len(asked) == 1


def test_a_request_opened_from_a_queue_leads_on_in_it_also_when_it_has_left_it(
    officer: Client,
) -> None:
    first, second, third = (make.request_in(RequestState.SUBMITTED) for _each in range(3))
    for days, case in enumerate((first, second, third)):
        due_in(case, days)
    row = words(officer.get(QUEUE, {"queue": "new"}).content.decode())
    assert second.reference in row
    assert f"{page_of(second)}?queue=new" in officer.get(QUEUE, {"queue": "new"}).content.decode()

    def beside(case: SupportRequest) -> list[str | None]:
        nav = officer.get(page_of(case), {"queue": "new"}).context["queue_nav"]
        return [one and one.reference for one in (nav.previous, nav.following)]

    assert beside(first) == [None, second.reference]
    assert beside(second) == [first.reference, third.reference]
    take = reverse("admin:requests_app_supportrequest_take", args=[second.pk])
    done = officer.post(f"{take}?queue=new", {"version": second.version})
    assert done.url == f"{page_of(second)}?queue=new"
    due_in(second, 1)
    assert beside(second) == [first.reference, third.reference]
    assert beside(first) == [None, third.reference]
    assert officer.get(page_of(first), {"queue": "no"}).context["queue_nav"].queue is None


def test_after_an_action_the_way_back_keeps_the_queue(officer: Client) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    act = reverse("admin:requests_app_supportrequest_act", args=[case.pk, "release"])
    done = officer.post(f"{act}?queue=mine", {"version": case.version})
    assert done.url == f"{page_of(case)}?queue=mine"


# ── assign to me ─────────────────────────────────────────────────────────────────────────────


def take(browser: Client, case: SupportRequest, **more: Any) -> list[str]:
    """What is said after the button was pressed on a page that showed this version."""
    address = reverse("admin:requests_app_supportrequest_take", args=[case.pk])
    answer = browser.post(f"{address}?list=queue%3Dnew", {"version": case.version}, follow=True)
    assert answer.redirect_chain[0][0] == f"{QUEUE}?queue=new"
    return [str(one) for one in answer.context["messages"]]


def test_of_two_officers_who_take_one_request_one_has_it_and_the_other_is_told_who(
    browse: Any,
) -> None:
    case = make.request_in(RequestState.SUBMITTED)
    first, second = make.officer(), make.officer()
    assert take(browse(first), case) == [f"{case.reference} is in your hands now."]
    told = take(browse(second), case)
    assert told == [f"{case.reference}: {first.name} has it in hand already."]
    case.refresh_from_db()
    assert (case.state, case.assignee) == (RequestState.IN_REVIEW, first)


def test_what_is_under_way_and_nobodys_changes_hands_only(browse: Any) -> None:
    case = make.request_in(RequestState.REFERRED)
    perform("release", case, by=make.the_officer())
    me = make.officer()
    assert "Assign to me" in browse(me).get(QUEUE).content.decode()
    take(browse(me), case)
    case.refresh_from_db()
    assert (case.state, case.assignee) == (RequestState.REFERRED, me)
    assert "Assign to me" not in browse(me).get(QUEUE).content.decode()


def test_nothing_is_taken_by_a_link_or_by_an_auditor(officer: Client, auditor: Client) -> None:
    case = make.request_in(RequestState.SUBMITTED)
    address = reverse("admin:requests_app_supportrequest_take", args=[case.pk])
    assert officer.get(address).status_code == 405
    assert "Assign to me" not in auditor.get(QUEUE).content.decode()
    assert "You are not entitled to do this." in take(auditor, case)[0]
    assert officer.post(address, {"version": "x"}).status_code == 302
    draft = make.draft()
    address = reverse("admin:requests_app_supportrequest_take", args=[draft.pk])
    assert officer.post(address, {"version": draft.version}).status_code == 404
    case.refresh_from_db()
    assert (case.state, case.assignee) == (RequestState.SUBMITTED, None)


def test_a_request_opened_from_a_queue_stays_within_the_budget_of_its_page(
    officer: Client,
) -> None:
    made = [make.request_in(RequestState.REFERRED, agencies=("INTERPOL", "WCO")) for _n in "abc"]
    make.conversation(made[1])
    with CaptureQueriesContext(connection) as asked:
        assert officer.get(page_of(made[1]), {"queue": "mine"}).status_code == 200
    assert len(asked) <= 18, [one["sql"][:90] for one in asked.captured_queries]
