"""The page of one request: what an officer reads there, and what it costs."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from history.models import Event
from outbox.models import Message
from requests_app import drafts
from requests_app.models import Criterion, Reason, RequestState, SupportRequest
from tests import make
from workflow.executor import perform

pytestmark = pytest.mark.django_db


def address(case: SupportRequest) -> str:
    return reverse("admin:requests_app_supportrequest_change", args=[case.pk])


def read(browser: Client, case: SupportRequest) -> str:
    page = browser.get(address(case))
    assert page.status_code == 200
    return page.content.decode()


def buttons(browser: Client, case: SupportRequest) -> list[str]:
    return [button.url.split("/")[-2] for button in browser.get(address(case)).context["buttons"]]


def test_it_tells_what_is_asked_by_whom_and_what_happened(officer: Client) -> None:
    earlier = make.request_in(RequestState.COMPLETED)
    make.implementation()
    case = make.referral(
        state="accepted", situation="Pangolin scales in containers"
    ).support_request
    text = read(officer, case)
    for words in (
        "Pangolin scales in containers",
        "submitted by Focal point, Kenya",
        earlier.reference,
        "Toolkit request received",
        "Please say whether you can help.",
        "letter.pdf",
        "Taken up by the Secretariat",
        "Accepted by the agency (INTERPOL)",
    ):
        assert words in text


def test_it_shows_what_the_country_corrected(officer: Client) -> None:
    country = make.focal_point()
    case = make.request_in(RequestState.RETURNED, by=country, asked="Thirty radios")
    drafts.write(case, by=country, answers={"asked": "Forty radios"})
    case.refresh_from_db()
    make.submit(case, by=country)
    page = officer.get(address(case))
    (change,) = page.context["differences"]
    assert (change.before, change.after) == ("Thirty radios", "Forty radios")


def test_answers_that_are_being_corrected_are_not_read_before_they_are_submitted(
    officer: Client,
) -> None:
    country = make.focal_point()
    case = make.request_in(RequestState.RETURNED, by=country, asked="Thirty radios")
    drafts.write(case, by=country, answers={"asked": "UNSENT"})
    text = read(officer, case)
    assert "Thirty radios" in text
    assert "UNSENT" not in text


def test_only_actions_allowed_now_are_buttons(
    lead: Client, officer: Client, auditor: Client
) -> None:
    submitted = make.request_in(RequestState.SUBMITTED)
    review = make.request_in(RequestState.IN_REVIEW)
    completed = make.request_in(RequestState.COMPLETED)
    assert buttons(officer, submitted) == ["take_up", "ask", "return"]
    assert buttons(officer, review) == ["refer", "ask", "advise", "return", "redirect"]
    assert buttons(lead, review) == [
        "refer", "ask", "accept", "advise", "return", "decline", "redirect"
    ]  # fmt: skip
    assert buttons(officer, completed) == []
    assert buttons(lead, completed) == ["reopen"]
    for case in (submitted, review, completed):
        assert buttons(auditor, case) == []


def test_severe_actions_stand_last_and_are_marked(lead: Client) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    shown = lead.get(address(case)).context["buttons"]
    assert [one.is_severe for one in shown] == [False] * 5 + [True] * 2


def test_requests_that_look_alike_are_pointed_out_with_links(officer: Client) -> None:
    case = make.request_in(RequestState.SUBMITTED)
    alike = make.request_in(RequestState.DECLINED)
    long_ago = make.request_in(RequestState.COMPLETED)
    SupportRequest.objects.filter(pk=long_ago.pk).update(
        submitted_at=timezone.now() - timedelta(days=400)
    )
    other_support = make.request_in(RequestState.SUBMITTED, support_key="wist")
    make.request_in(RequestState.SUBMITTED, of=make.party("VNM"))
    make.draft()
    page = officer.get(address(case))
    beside = page.context["beside"]
    assert [one.pk for one in beside.alike] == [alike.pk]
    assert {one.pk for one in beside.others} == {long_ago.pk, other_support.pk}
    assert address(alike) in page.content.decode()


def test_agencies_that_are_not_asked_yet_are_one_click_away(officer: Client) -> None:
    for code in ("INTERPOL", "UNODC", "WCO"):
        make.agency(code)
    case = make.request_in(RequestState.REFERRED, agencies=("INTERPOL",))
    case.support.usual_lead = make.agency("INTERPOL")
    case.support.save()
    case.support.usual_others.add(make.agency("WCO"))
    page = officer.get(address(case))
    assert [(one.code, one.is_usual) for one in page.context["not_asked"]] == [
        ("WCO", True), ("UNODC", False)
    ]  # fmt: skip
    refer = reverse("admin:requests_app_supportrequest_act", args=[case.pk, "refer"])
    assert f'href="{refer}?agencies=WCO"' in page.content.decode()
    form = officer.get(f"{refer}?agencies=WCO&agencies=nonsense&note=Words").context["form"]
    assert form["agencies"].value() == ["WCO", "nonsense"]
    assert not form["note"].value()


def test_an_agency_that_declined_or_was_recalled_has_been_asked(officer: Client) -> None:
    for code in ("UNODC", "WCO"):
        make.agency(code)
    for state in ("declined", "recalled"):
        case = make.referral(state=state).support_request
        make.referral(make.agency("UNODC"))  # of another request
        not_asked = officer.get(address(case)).context["not_asked"]
        assert [one.code for one in not_asked] == ["UNODC", "WCO"]


def test_what_every_agency_has_answered_is_in_the_hands_of_the_secretariat(
    officer: Client,
) -> None:
    case = make.request_in(RequestState.REFERRED, agencies=("INTERPOL", "WCO"))
    mine = f"{make.the_officer().name}, for the CITES Secretariat"
    told = []
    for code in ("INTERPOL", "WCO"):
        referral = case.referrals.get(agency__code=code)
        perform("accept", referral, by=make.agency_officer(make.agency(code)))
        now = officer.get(address(case)).context["whereabouts"]
        case.refresh_from_db()
        told.append((case.waits_for, now.place, now.holder))
    assert told == [
        ("partners", "With partner agencies, for their answers.", "WCO"),
        ("secretariat", "At the CITES Secretariat, which decides what comes next.", mine),
    ]


@pytest.mark.parametrize("state", ["in_review", "awaiting_funds", "accepted", "under_way"])
def test_in_whose_hands_it_is_agrees_with_for_whom_it_waits(officer: Client, state: str) -> None:
    case = make.request_in(state)
    case.refresh_from_db()
    holders = {"partners": "INTERPOL, as lead agency",
               "secretariat": f"{make.the_officer().name}, for the CITES Secretariat"}  # fmt: skip
    assert officer.get(address(case)).context["whereabouts"].holder == holders[case.waits_for]


def test_a_new_request_that_has_its_officer_does_not_wait_for_one(officer: Client) -> None:
    case = make.request_in(RequestState.SUBMITTED)
    before = officer.get(address(case)).context["whereabouts"].place
    perform("assign", case, by=make.the_lead(), data={"assignee": make.the_officer()})
    after = officer.get(address(case)).context["whereabouts"].place
    assert (before, after) == (
        "At the CITES Secretariat, waiting for an officer to take it up.",
        "At the CITES Secretariat. An officer will look at it.",
    )


def test_what_was_sent_is_told_with_its_state_and_why_it_waits(officer: Client) -> None:
    make.focal_point(language="fr")
    case = make.request_in(RequestState.IN_REVIEW)
    other = make.request_in(RequestState.SUBMITTED, of=make.party("VNM"))
    newest = Message.objects.filter(event__kind="requests.take_up").latest("pk")
    newest.state, newest.last_error = "failed", "ConnectionRefusedError: [Errno 111]"
    newest.save()
    sent = officer.get(address(case)).context["sent"].rows
    assert [one.pk for one in sent] == list(
        Message.objects.filter(subject__startswith=case.reference).values_list("pk", flat=True)
    )
    assert (sent[0].address, sent[0].state) == (newest.address, "failed")
    text = read(officer, case)
    assert "The mail server cannot be reached." in text
    assert "Errno" not in text
    assert other.reference not in text


def test_the_record_of_the_party_holds_its_toolkit_cycles_and_what_is_open_of_them(
    officer: Client,
) -> None:
    case = make.request_in(RequestState.SUBMITTED)
    cycle = make.implementation()
    for state in ("proposed", "under_way", "verified"):
        make.recommendation(cycle, state)
    make.recommendation(make.implementation(make.party("VNM")))
    (line,) = officer.get(address(case)).context["record"]
    assert (line.label, line.text) == (
        "Toolkit, cycle 1", "Toolkit request received; 2 open recommendations"
    )  # fmt: skip


def test_internal_events_read_well_in_the_history(officer: Client) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    Criterion.objects.create(key="funds", name_en="Funds")
    Criterion.objects.create(key="urgency", name_en="Urgency")
    urgent = {"urgency": {"mark": "yes", "text": ""}}
    marks = {"funds": {"mark": "no", "text": "None in sight."}}
    mentioned = make.the_lead()
    for action, data in (
        ("assign", {"assignee": mentioned}),
        ("assess", {"marks": marks | urgent}),
        ("assess", {"marks": urgent}),
        ("note", {"text": "Ask the donor.", "mentions": [mentioned]}),
        ("release", {}),
    ):
        perform(action, case, by=make.the_officer(), data=data)
    told = [(one.what, one.words) for one in officer.get(address(case)).context["timeline"]]
    assert told[:5] == [
        ("Released: nobody’s now", []),
        (
            "Internal note kept",
            [("Who should read it?", "Lead, CITES"), ("Internal note", "Ask the donor.")],
        ),
        ("Assessment recorded", [("Funds", "no longer said")]),
        ("Assessment recorded", [("Funds", "no – None in sight."), ("Urgency", "yes")]),
        ("Given to an officer", [("Officer in charge", "Lead, CITES")]),
    ]


def test_a_long_history_comes_in_pages(officer: Client) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    for number in range(60):
        perform("advise", case, by=make.the_officer(), data={"advice": f"Advice {number}."})
    first = officer.get(address(case))
    assert len(first.context["timeline"]) == 25
    second = officer.get(address(case), {"before": first.context["older"]})
    third = officer.get(address(case), {"before": second.context["older"]})
    told = [
        entry.words[0][1]
        for page in (first, second, third)
        for entry in page.context["timeline"]
        if entry.what == "Advised on next steps"
    ]
    assert told == [f"Advice {number}." for number in reversed(range(60))]
    assert third.context["older"] is None
    assert officer.get(address(case), {"before": "nonsense"}).status_code == 200


def test_a_case_with_everything_in_it_costs_18_queries_however_much_there_is(
    officer: Client,
) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    make.implementation()
    interpol, desk = make.agency(), make.the_officer()
    refer = {"agencies": [interpol], "note": "Please.", "answer_due_on": make.in_a_month()}
    criterion = Criterion.objects.create(key="funds", name_en="Funds")
    reply = Reason.objects.create(key="reply", use="reply", name_en="Reply")
    letter = reverse(
        "admin:requests_app_supportrequest_file", args=[case.pk, case.attachments.get().pk]
    )

    def everything(times: int) -> None:
        for number in range(times):
            perform("refer", case, by=desk, data=refer)
            perform("recall", case.referrals.first(), by=desk, data={"reason": "Sent in error."})
            perform("note", case, by=desk, data={"text": "A note.", "mentions": [desk]})
            mark = {criterion.key: {"mark": "yes", "text": str(number)}}
            perform("assess", case, by=desk, data={"marks": mark})
            perform("advise", case, by=desk, data={"advice": "Wait.", "standard": reply})
            make.conversation(case)
            officer.get(letter)

    everything(10)
    with CaptureQueriesContext(connection) as ten:
        read(officer, case)
    everything(20)
    with CaptureQueriesContext(connection) as thirty:
        read(officer, case)
    assert len(thirty) == len(ten) <= 18
    shown = officer.get(address(case)).context
    counts = [len(shown[name]) for name in ("referrals", "threads", "timeline", "read")]
    assert counts + [len(shown["notes"].rows), len(shown["sent"].rows)] == [12, 12, 25, 10, 10, 10]


def test_files_come_as_attachments_to_the_secretariat_alone(
    auditor: Client, focal_point: Client, agency_officer: Client
) -> None:
    case = make.request_in(RequestState.SUBMITTED)
    other = make.request_in(RequestState.SUBMITTED)
    letter, foreign = case.attachments.get(), other.attachments.get()
    url = reverse("admin:requests_app_supportrequest_file", args=[case.pk, letter.pk])
    given = auditor.get(url)
    assert given.status_code == 200
    assert given["Content-Disposition"].startswith("attachment")
    assert given["X-Content-Type-Options"] == "nosniff"
    assert b"".join(given).startswith(b"%PDF")
    assert {focal_point.get(url).status_code, agency_officer.get(url).status_code} == {302}
    crossed = reverse("admin:requests_app_supportrequest_file", args=[case.pk, foreign.pk])
    assert auditor.get(crossed).status_code == 404


@pytest.mark.parametrize("wrong", ["0", "999999", "abc", "1%2F2"])
def test_a_request_that_is_not_there_is_not_found(lead: Client, wrong: str) -> None:
    page = lead.get(f"/admin/requests_app/supportrequest/{wrong}/change/")
    assert page.status_code == 404


def test_reading_changes_nothing(lead: Client) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    before: tuple[Any, int] = (case.version, Event.objects.count())
    read(lead, case)
    for action in ("refer", "accept", "decline", "take_up"):
        lead.get(reverse("admin:requests_app_supportrequest_act", args=[case.pk, action]))
    case.refresh_from_db()
    assert (case.version, Event.objects.count()) == before
