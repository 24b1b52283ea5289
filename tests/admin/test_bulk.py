"""Actions on many requests: a page that names every row, and a result for each."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import reverse

from history.log import record
from history.models import Event
from outbox.models import Message
from requests_app.bulk import MOST
from requests_app.models import RequestState, SupportRequest
from tests import make
from tests.reading_pages import table_rows
from workflow.executor import perform

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:requests_app_supportrequest_changelist")
BOX = "_selected_action"


def choose(browser: Client, action: str, *ids: Any, **more: Any) -> Any:
    sent = {"action": action, BOX: [str(one) for one in ids], "index": "0", **more}
    return browser.post(f"{QUEUE}?queue=all", sent)


def confirm_page(key: str, *ids: Any) -> str:
    address = reverse("admin:requests_app_supportrequest_bulk", args=[key])
    return f"{address}?ids={'-'.join(str(one) for one in ids)}&list=queue%3Dall"


def said(answer: Any) -> list[list[str]]:
    """Each row's request and what is said of it."""
    if "outcomes" in answer.context:
        return [row[:2] for row in table_rows(answer, "outcomes-caption")]
    return [[row[0], row[-1]] for row in table_rows(answer, "rows-caption")]


def sent_from(page: Any, **data: Any) -> dict[str, Any]:
    """What the form of a confirm page sends: the version of every row it would touch."""
    plan = page.context["plan"]
    return {row.field: row.obj.version for row in plan.rows if not row.problem} | data


def states(*cases: SupportRequest) -> list[str]:
    for case in cases:
        case.refresh_from_db()
    return [case.state for case in cases]


def test_chosen_rows_are_assigned_and_each_unfit_one_is_named_with_its_reason(
    officer: Client,
) -> None:
    other = make.officer()
    submitted = make.request_in(RequestState.SUBMITTED)
    review = make.request_in(RequestState.IN_REVIEW)
    ended = make.request_in(RequestState.COMPLETED)
    draft = make.draft()
    ids = (review.pk, ended.pk, submitted.pk, draft.pk, 999_999, "x²", "")
    answer = choose(officer, "assign_many", *ids)
    assert answer.status_code == 302
    page = officer.get(answer.url)
    unfit = "“Assign to an officer” cannot be done now: the present state is “completed”."
    assert said(page) == [
        [submitted.reference, "Assign to an officer"],
        [review.reference, "Assign to an officer"],
        [ended.reference, f"Left out: {unfit}"],
    ]
    assert "Not found or not yours: 3." in page.content.decode()
    assert Event.objects.filter(kind="requests.assign").count() == 0

    done = officer.post(answer.url, sent_from(page, assignee=other.email))
    assert said(done) == [
        [submitted.reference, "Given to an officer."],
        [review.reference, "Given to an officer."],
        [ended.reference, f"Not done {unfit}"],
    ]
    assert "Not found or not yours: 3." in done.content.decode()
    assert states(submitted, review, ended, draft) == [
        "submitted", "in_review", "completed", "draft",
    ]  # fmt: skip
    assert [one.assignee for one in (submitted, review, draft)] == [other, other, None]


def test_the_same_form_sent_again_does_nothing_more(officer: Client) -> None:
    make.agency_officer()
    make.agency_officer(make.agency("WCO"))
    case = make.request_in(RequestState.REFERRED, agencies=("INTERPOL", "WCO"))
    address = confirm_page("remind", case.pk)
    page = officer.get(address)
    assert said(page) == [
        [f"{case.reference} → INTERPOL", "Remind the agencies"],
        [f"{case.reference} → WCO", "Remind the agencies"],
    ]
    sent = sent_from(page)
    before = Message.objects.count()
    first = officer.post(address, sent)
    assert [words for _row, words in said(first)] == ["Reminded by the Secretariat."] * 2
    assert Message.objects.count() == before + 2
    again = officer.post(address, sent)
    assert all(words.startswith("Not done") for _row, words in said(again))
    assert Message.objects.count() == before + 2
    assert Event.objects.filter(kind="referrals.remind").count() == 2


def test_a_request_without_waiting_agencies_is_left_out_of_reminding(officer: Client) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    address = confirm_page("remind", case.pk)
    page = officer.get(address)
    assert said(page) == [[case.reference, "Left out: No agency has still to answer."]]
    forged = {f"version_supportrequest_{case.pk}": case.version}
    assert said(officer.post(address, forged)) == [
        [case.reference, "Not done No agency has still to answer."]
    ]


def test_many_are_referred_and_what_was_referred_before_says_so(officer: Client) -> None:
    make.agency("INTERPOL")
    make.agency("WCO")
    fresh = make.request_in(RequestState.IN_REVIEW)
    before = make.request_in(RequestState.REFERRED, agencies=("WCO",))
    address = confirm_page("refer", before.pk, fresh.pk)
    page = officer.get(address)
    data = {"agencies": ["WCO"], "note": "", "answer_due_on": make.in_a_month().isoformat()}
    refused = officer.post(address, sent_from(page, **data))
    assert refused.context["form"].errors == {"note": ["This needs an answer."]}
    assert states(fresh) == ["in_review"]
    done = officer.post(address, sent_from(page, **{**data, "note": "Can you help?"}))
    assert said(done) == [
        [fresh.reference, "Referred to agencies."],
        [before.reference, "Not done Already referred to WCO."],
    ]
    assert states(fresh, before) == ["referred", "referred"]
    assert [one.agency.code for one in before.referrals.all()] == ["WCO"]


def test_closing_offers_each_way_with_how_many_it_is_open_to(lead: Client, officer: Client) -> None:
    review = make.request_in(RequestState.IN_REVIEW)
    way = make.request_in(RequestState.UNDER_WAY)
    answer = choose(lead, "close_many", review.pk, way.pk)
    for browser, decline in ((lead, "1 request of 2"), (officer, "0 requests of 2")):
        page = browser.get(answer.url)
        assert table_rows(page, "ways-caption") == [
            ["Decline", decline],
            ["Redirect to another channel", "1 request of 2"],
            ["Complete", "1 request of 2"],
        ]
    done = lead.get(confirm_page("complete", review.pk, way.pk))
    data = sent_from(done, outcome="Forty trained.")
    lead.post(confirm_page("complete", review.pk, way.pk), data)
    assert states(review, way) == ["in_review", "completed"]


def test_an_officer_declines_nothing_that_a_lead_decides(officer: Client, lead: Client) -> None:
    cases = [make.request_in(RequestState.IN_REVIEW) for _each in range(2)]
    address = confirm_page("decline", *(case.pk for case in cases))
    page = officer.get(address)
    entitled = "You are not entitled to do this."
    assert said(page) == [[case.reference, f"Left out: {entitled}"] for case in cases]
    data = {f"version_supportrequest_{case.pk}": case.version for case in cases}
    data |= {"reason": make.reason().key, "explanation": "No funds."}
    assert said(officer.post(address, data)) == [
        [case.reference, f"Not done {entitled}"] for case in cases
    ]
    assert states(*cases) == ["in_review"] * 2
    lead.post(address, data)
    assert states(*cases) == ["declined"] * 2


def test_what_changed_since_the_page_was_shown_is_not_touched(officer: Client) -> None:
    case, other = (make.request_in(RequestState.IN_REVIEW) for _each in range(2))
    address = confirm_page("assign", case.pk, other.pk)
    sent = sent_from(officer.get(address), assignee=make.officer().email)
    perform("advise", case, by=make.the_lead(), data={"advice": "Wait."})
    changed = "Not done It has changed since the page was shown. Look at it again."
    assert said(officer.post(address, sent)) == [
        [case.reference, changed],
        [other.reference, "Given to an officer."],
    ]


def test_a_row_that_finds_the_database_busy_says_so_and_the_others_are_done(
    officer: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    first, busy, last = (make.request_in(RequestState.IN_REVIEW) for _each in range(3))
    before = SupportRequest.objects.filter(pk=busy.pk).values().get()
    other = make.officer()
    address = confirm_page("assign", first.pk, busy.pk, last.pk)
    sent = sent_from(officer.get(address), assignee=other.email)

    def record_unless_busy(subject: Any, *args: Any, **kwargs: Any) -> Event:
        if subject == busy:
            raise OperationalError("database is locked")
        return record(subject, *args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr("workflow.executor.record", record_unless_busy)
        done = officer.post(address, sent)
    assert done.status_code == 200
    assert said(done) == [
        [first.reference, "Given to an officer."],
        [busy.reference, "Not done The database was busy: try this one again."],
        [last.reference, "Given to an officer."],
    ]
    assert SupportRequest.objects.filter(pk=busy.pk).values().get() == before
    assert set(SupportRequest.objects.filter(assignee=other)) == {first, last}
    logged = [one for one in caplog.records if one.name == "requests_app.bulk"]
    assert [one.getMessage() for one in logged] == [
        f"assign: the database was busy for requests_app.supportrequest {busy.pk}"
    ]
    again = officer.post(address, sent)
    assert [words for _row, words in said(again)][1] == "Given to an officer."


def test_auditors_and_strangers_act_on_nothing(
    auditor: Client, focal_point: Client, agency_officer: Client
) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    assert 'name="action"' not in auditor.get(QUEUE).content.decode()
    for key in ("assign", "remind", "refer", "close", "decline", "redirect", "complete"):
        assert auditor.get(confirm_page(key, case.pk)).status_code == 403
        assert auditor.post(confirm_page(key, case.pk), {}).status_code == 403
        for browser in (focal_point, agency_officer):
            assert browser.post(confirm_page(key, case.pk), {}).status_code == 302
    assert choose(auditor, "assign_many", case.pk).status_code == 200  # the list again
    assert states(case) == ["in_review"]


def test_odd_choices_are_answered_with_a_sentence(officer: Client) -> None:
    case = make.request_in(RequestState.IN_REVIEW)

    def told(answer: Any) -> list[str]:
        page = officer.get(answer.url)
        return [str(one) for one in page.context["messages"]]

    assert told(choose(officer, "explode", case.pk)) == ["Choose what is to be done."]
    too_many = choose(officer, "assign_many", *range(1, MOST + 2))
    at_most = f"At most {MOST} requests can be worked on at once. Choose fewer, or narrow the list."
    assert told(too_many) == [at_most]
    assert told(officer.get(confirm_page("assign", *range(1, MOST + 2)))) == [at_most]
    nothing = officer.get(confirm_page("assign"))
    assert told(nothing) == [
        "Choose the requests first, by the boxes at the beginning of their rows."
    ]
    assert officer.get(confirm_page("explode", case.pk)).status_code == 404
    everything = choose(officer, "assign_many", case.pk, select_across="1")
    assert f"ids={case.pk}&" in everything.url
