"""What agencies write through the API on their referrals: questions, reports, documents."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from history.models import Event
from outbox.models import Message
from requests_app import clock
from requests_app.models import Attachment, DeliveryReport, Referral, Thread
from tests import make
from tests.api.conftest import Caller, names_of, signed_in, with_key
from workflow.executor import perform

pytestmark = pytest.mark.django_db

QUESTION = {"subject": "Dates", "text": "Is the second week of May possible?"}
BEGUN = date(2026, 1, 5)
HELD = {"began_on": "2026-01-12", "ended_on": "2026-01-14", "outcome": "Twenty officers trained."}
NOW = {"headers": {"if-match": "*"}}


def key_of(code: str = "INTERPOL", **kwargs: Any) -> Caller:
    return with_key(make.api_key(make.agency(code), **kwargs)[1])


def act(caller: Caller, referral: Referral, action: str, body: Any) -> Any:
    return caller.post(f"referrals/{referral.pk}/actions/{action}/", body, **NOW)


def send(caller: Caller, handle: str | None, **kwargs: Any) -> Any:
    body = {"file": kwargs.pop("file", None) or make.pdf("mission plan.pdf")}
    address = f"requests/{handle}/attachments/"
    return caller.post(address, body, content_type=MULTIPART_CONTENT, **kwargs)


def test_the_answer_to_a_write_beside_a_referral_is_what_reading_it_then_gives() -> None:
    referral, caller = make.referral(make.agency("INTERPOL")), key_of()
    path = f"referrals/{referral.pk}/"
    before = caller.get(path)
    asked = caller.post(
        f"{path}actions/ask/", QUESTION, headers={"if-match": before.headers["ETag"]}
    )
    after_asking = caller.get(path)
    sent = caller.post(
        f"{path}actions/send_document/",
        {"file": make.pdf("mission plan.pdf")},
        content_type=MULTIPART_CONTENT,
        headers={"if-match": asked.headers["ETag"]},
    )
    after = caller.get(path)
    own = Attachment.objects.filter(agency=referral.agency)
    assert (Thread.objects.count(), own.count()) == (1, 1)
    answers = (before, asked, after_asking, sent, after)
    assert [one.status_code for one in answers] == [200, 201, 200, 201, 200]
    shown = [(one.headers["ETag"], one.json()) for one in answers]
    assert shown == [shown[0]] * 3 + [shown[4]] * 2


# ── questions ────────────────────────────────────────────────────────────────────────────────


def test_a_question_opens_a_conversation_of_country_secretariat_and_that_agency_alone() -> None:
    case = make.request_in("referred", agencies=("INTERPOL", "WCO"))
    referral = case.referrals.get(agency=make.agency("INTERPOL"))
    caller = key_of()
    assert act(caller, referral, "ask", QUESTION).status_code == 201
    thread = Thread.objects.get()
    own = f"conversations/{thread.pk}/"
    asked = caller.get(own).json()
    (post,) = asked["posts"]
    assert (asked["subject"], asked["state"], asked["request"]["reference"]) == (
        "Dates", "open", case.reference,
    )  # fmt: skip
    assert (post["text"], post["author"], post["body"], post["asks"]) == (
        QUESTION["text"], None, "INTERPOL", False,
    )  # fmt: skip
    others = {
        "Kenya": signed_in(make.focal_point()),
        "Secretariat": signed_in(make.officer()),
        "officer": signed_in(make.agency_officer(make.agency("INTERPOL"))),
        "WCO": key_of("WCO"),
        "Viet Nam": signed_in(make.focal_point(make.party("VNM"))),
    }
    found = {name: one.get(own).status_code for name, one in others.items()}
    assert found == {
        "Kenya": 200, "Secretariat": 200, "officer": 200, "WCO": 404, "Viet Nam": 404,
    }  # fmt: skip
    assert {name: one.rows("conversations/", "subject") for name, one in others.items()} == {
        "Kenya": ["Dates"], "Secretariat": ["Dates"], "officer": ["Dates"], "WCO": [],
        "Viet Nam": [],
    }  # fmt: skip


def test_the_question_of_an_agency_leaves_the_clock_running_until_the_secretariat_asks_it() -> None:
    referral = make.referral()
    case, due = referral.support_request, referral.answer_due_on
    act(key_of(), referral, "ask", QUESTION)
    assert not clock.stands_still(case)
    perform("ask_again", Thread.objects.get(), by=make.the_officer(), data={"text": "Please say."})
    assert clock.stands_still(case)
    referral.refresh_from_db()
    assert (referral.state, referral.version, referral.answer_due_on) == ("sent", 0, due)


def test_desk_and_focal_points_are_told_of_a_question_each_with_a_way_to_answer() -> None:
    referral = make.referral()
    focal_point, officer = make.focal_point(), make.officer()
    make.agency_officer()
    act(key_of(), referral, "ask", QUESTION)
    thread = Thread.objects.get()
    event = Event.objects.get(kind="referrals.ask")
    told = {one.recipient: one.text for one in Message.objects.filter(event=event)}
    assert f"user:{focal_point.pk}" in told
    assert f"user:{officer.pk}" in told
    assert thread.get_absolute_url() in told[f"user:{focal_point.pk}"]
    desk = reverse("admin:requests_app_thread_change", args=[thread.pk])
    assert desk in told[f"user:{officer.pk}"]
    for text in told.values():
        assert QUESTION["text"] in text
        assert "INTERPOL has a question" in text


def test_a_question_with_three_people_to_tell_costs_at_most_15_queries() -> None:
    referral = make.referral()
    make.focal_point()
    make.lead()
    caller = key_of()
    caller.get("me/")  # the last use of the key is written down
    with CaptureQueriesContext(connection) as captured:
        assert act(caller, referral, "ask", QUESTION).status_code == 201
    counted = [one["sql"] for one in captured if "SAVEPOINT" not in one["sql"]]
    assert len(counted) <= 15, "\n".join(s[:150] for s in counted)
    assert Message.objects.filter(event__kind="referrals.ask").count() >= 3


def test_the_answer_leads_to_what_was_made() -> None:
    referral, caller = make.referral(), key_of()
    asked = act(caller, referral, "ask", QUESTION)
    assert caller.client.get(asked["Location"]).json()["subject"] == "Dates"
    address = f"referrals/{referral.pk}/actions/send_document/"
    body = {"file": make.pdf("mission plan.pdf")}
    sent = caller.post(address, body, content_type=MULTIPART_CONTENT, **NOW)
    assert sent["Location"] == send(caller, referral.support_request.reference)["Location"]
    assert caller.client.get(sent["Location"])["Content-Type"] == "application/pdf"
    accepted = act(caller, referral, "accept", {})
    assert (accepted.status_code, "Location" in accepted) == (200, False)


@pytest.mark.parametrize("action", ["ask", "write"])
def test_a_conversation_that_people_begin_has_its_address_too(action: str) -> None:
    case = make.request_in("in_review")
    person = {"ask": make.the_officer, "write": make.focal_point}[action]()
    caller = signed_in(person)
    address = f"requests/{case.reference}/actions/{action}/"
    begun = caller.post(address, QUESTION, headers={"if-match": "*"})
    assert begun.status_code == 201, begun.content
    assert caller.client.get(begun["Location"]).json()["subject"] == "Dates"


# ── delivery ─────────────────────────────────────────────────────────────────────────────────


def test_reports_of_a_delivery_are_kept_with_their_days_and_read_where_they_belong() -> None:
    referral, caller = make.referral(state="delivering", begun=BEGUN), key_of()
    answer = act(caller, referral, "report", HELD)
    assert (answer.status_code, answer.json()["state"]) == (200, "delivering")
    more = {"began_on": "2026-02-02", "ended_on": "2026-02-02", "outcome": "Twenty more."}
    reports = act(caller, referral, "report", more).json()["delivery_reports"]
    assert [{name: one[name] for name in HELD} for one in reports] == [HELD, more]
    done = act(caller, referral, "deliver", {"ended_on": "2026-02-03", "outcome": "Forty."}).json()
    assert (done["state"], done["delivered_on"], done["outcome"]) == (
        "delivered", "2026-02-03", "Forty.",
    )  # fmt: skip
    days = Event.objects.about(referral).order_by("pk").values_list("kind", "effective_on")
    assert list(days)[-3:] == [
        ("referrals.report", date(2026, 1, 14)),
        ("referrals.report", date(2026, 2, 2)),
        ("referrals.deliver", date(2026, 2, 3)),
    ]
    desk = reverse("admin:requests_app_supportrequest_change", args=[referral.support_request_id])
    readers = {
        desk: make.the_officer(),
        reverse("admin:requests_app_referral_change", args=[referral.pk]): make.the_officer(),
        referral.get_absolute_url(): make.agency_officer(),
    }
    for address, reader in readers.items():
        client = Client()
        client.force_login(reader)
        page = client.get(address).content.decode()
        assert "Twenty officers trained." in page
        assert "Twenty more." in page


def test_a_report_is_between_the_agency_and_the_secretariat() -> None:
    referral = make.referral(state="delivering", begun=BEGUN)
    act(key_of(), referral, "report", HELD)
    country = signed_in(make.focal_point())
    detail = country.get(f"referrals/{referral.pk}/").json()
    assert (detail["delivery_reports"], detail["started_on"]) == ([], None)
    read = country.get("events/?after=0&page_size=100").content.decode()
    assert "referrals.report" in read
    assert "Twenty officers" not in read


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"ended_on": "2026-01-11"}, "ended_on"),
        ({"ended_on": "2999-01-01"}, "ended_on"),
        ({"began_on": "1960-01-01"}, "began_on"),
        ({"began_on": "yesterday"}, "began_on"),
        ({"outcome": " "}, "outcome"),
        ({"people": 20}, "people"),
    ],
)
def test_a_report_that_cannot_be_is_refused_with_a_sentence(wrong: Any, where: str) -> None:
    referral = make.referral(state="delivering", begun=BEGUN)
    answer = act(key_of(), referral, "report", HELD | wrong)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert list(answer.json()["errors"]) == [where]
    assert not DeliveryReport.objects.exists()


@pytest.mark.parametrize(
    ("action", "state", "said", "field", "sentence"),
    [
        ("report", "delivering", HELD | {"began_on": "1980-01-01"}, "began_on",
         "1 January 1980 lies before 5 January 2026, when the referral was sent."),
        ("report", "delivering", HELD | {"began_on": "2026-01-06", "ended_on": "2026-01-07"},
         "ended_on", "7 January 2026 lies before the start of the delivery on 8 January 2026."),
        ("deliver", "delivering", {"ended_on": "2026-01-07", "outcome": "Done."}, "ended_on",
         "7 January 2026 lies before the start of the delivery on 8 January 2026."),
        ("start", "accepted", {"start_on": "2026-01-04"}, "start_on",
         "4 January 2026 lies before 5 January 2026, when the referral was sent."),
    ],
)  # fmt: skip
def test_no_day_of_a_delivery_lies_before_what_has_to_come_first(
    action: str, state: str, said: Any, field: str, sentence: str
) -> None:
    referral = make.referral(state=state, begun=BEGUN)
    if state == "delivering":
        Referral.objects.filter(pk=referral.pk).update(started_on=date(2026, 1, 8))
    answer = act(key_of(), referral, action, said)
    assert (answer.status_code, answer.json()["errors"]) == (400, {field: [sentence]})
    page = Client()
    page.force_login(make.agency_officer())
    shown = page.post(
        f"{referral.get_absolute_url()}actions/{action}/", said | {"version": referral.version}
    )
    assert sentence in shown.content.decode()
    referral.refresh_from_db()
    assert referral.state == state


def test_a_delivery_can_start_on_a_day_to_come() -> None:
    day = make.in_a_month().isoformat()
    answer = act(key_of(), make.referral(state="accepted"), "start", {"start_on": day})
    assert (answer.status_code, answer.json()["started_on"]) == (200, day)


# ── documents ────────────────────────────────────────────────────────────────────────────────


def test_a_document_of_an_agency_is_read_by_it_and_the_secretariat_alone() -> None:
    case = make.request_in("referred", agencies=("INTERPOL", "WCO"))
    make.open_files(case)
    caller = key_of()
    sent = send(caller, case.reference)
    assert sent.status_code == 201, sent.content
    assert (sent.json()["name"], sent.json()["agency"]["code"]) == ("mission plan.pdf", "INTERPOL")
    assert sent["Location"] == sent.json()["url"]
    readers = {
        "INTERPOL": caller,
        "officer": signed_in(make.agency_officer(make.agency("INTERPOL"))),
        "Secretariat": signed_in(make.officer()),
        "Kenya": signed_in(make.focal_point()),
        "WCO": key_of("WCO"),
    }
    inside = {"INTERPOL", "officer", "Secretariat"}
    for name, reader in readers.items():
        listed = reader.get(f"requests/{case.reference}/").json()["attachments"]
        mine = ["letter.pdf", "mission plan.pdf"] if name in inside else ["letter.pdf"]
        assert [one["name"] for one in listed] == mine, name
        assert reader.get(sent.json()["url"]).status_code == (200 if name in inside else 404), name
    read = readers["Kenya"].get("events/?after=0&page_size=100").content.decode()
    assert "send_document" not in read
    assert "mission plan" not in read


@pytest.mark.parametrize("way", ["attachments", "send_document"])
def test_whoever_copies_referrals_by_their_last_change_learns_of_a_document(way: str) -> None:
    referral, caller = make.referral(), key_of()
    make.referral(make.agency("INTERPOL"))
    before = caller.get(f"referrals/{referral.pk}/").json()["updated_at"]
    if way == "attachments":
        sent = send(caller, referral.support_request.reference)
    else:
        address = f"referrals/{referral.pk}/actions/send_document/"
        body = {"file": make.pdf("mission plan.pdf")}
        sent = caller.post(address, body, content_type=MULTIPART_CONTENT, **NOW)
    assert sent.status_code == 201, sent.content
    after = caller.get(f"referrals/{referral.pk}/").json()
    assert after["updated_at"] > before
    found = caller.rows(f"referrals/?updated_since={after['updated_at']}", "id")
    assert (found, after["version"]) == ([referral.pk], 0)
    # The same file once more changes nothing, so nothing is to be read again.
    send(caller, referral.support_request.reference)
    assert caller.get(f"referrals/{referral.pk}/").json() == after


def test_a_document_stays_out_of_what_the_country_submits_and_copies() -> None:
    case = make.request_in("referred")
    send(key_of(), case.reference)
    assert [one.name for one in case.attachments.all()] == ["letter.pdf"]
    page = Client()
    page.force_login(make.focal_point())
    assert "mission plan" not in page.get(case.get_absolute_url()).content.decode()
    page.force_login(make.the_officer())
    desk = reverse("admin:requests_app_supportrequest_change", args=[case.pk])
    assert "mission plan.pdf" in page.get(desk).content.decode()


def test_the_same_file_is_kept_once_and_a_repeated_call_is_answered_the_same() -> None:
    case = make.request_in("referred")
    caller = key_of()
    headers = {"headers": {"idempotency-key": "first"}}
    answers = [send(caller, case.reference, **headers) for _each in range(2)]
    told = Message.objects.count()
    answers.append(send(caller, case.reference))
    address = f"referrals/{case.referrals.get().pk}/actions/send_document/"
    same = {"file": make.pdf("mission plan.pdf")}
    beside = caller.post(address, same, content_type=MULTIPART_CONTENT, **NOW)
    assert [one.status_code for one in answers] == [201, 201, 200], "made, told again, there before"
    assert (beside.status_code, Message.objects.count()) == (200, told)
    assert {one["Location"] for one in (*answers, beside)} == {answers[0].json()["url"]}
    assert len({one.json()["id"] for one in answers}) == 1
    assert Attachment.objects.exclude(agency=None).count() == 1
    assert Event.objects.filter(kind="referrals.send_document").count() == 1


def test_what_is_no_document_or_nobodys_business_is_refused() -> None:
    case = make.request_in("referred")
    ended = make.referral(state="declined").support_request
    text = make.pdf("notes.pdf")
    text.file.seek(0)
    text.file.truncate()
    text.file.write(b"Not a PDF at all")
    text.size = 16
    text.file.seek(0)
    interpol = key_of()
    found = {
        "no file": interpol.post(
            f"requests/{case.reference}/attachments/", {}, content_type=MULTIPART_CONTENT
        ),
        "text": send(interpol, case.reference, file=text),
        "JSON": interpol.post(f"requests/{case.reference}/attachments/", {"file": "x"}),
        "WCO": send(key_of("WCO"), case.reference),
        "reading key": send(key_of(scopes=["requests:read"]), case.reference),
        "Kenya": send(signed_in(make.focal_point()), case.reference),
        "declined": send(interpol, ended.reference),
        "missing": send(interpol, "ICCWC-1990-0001"),
    }
    assert {name: (one.status_code, one.json()["code"]) for name, one in found.items()} == {
        "no file": (400, "invalid_input"),
        "text": (400, "invalid_input"),
        "JSON": (400, "wrong_content_type"),
        "WCO": (404, "not_found"),
        "reading key": (403, "missing_scope"),
        "Kenya": (403, "not_permitted"),
        "declined": (403, "not_permitted"),
        "missing": (404, "not_found"),
    }
    assert not Attachment.objects.exclude(agency=None).exists()


def test_a_key_is_offered_what_its_scopes_open() -> None:
    referral = make.referral()
    offered = {
        scopes: names_of(
            key_of(scopes=list(scopes)).get(f"referrals/{referral.pk}/").json()["allowed_actions"]
        )
        for scopes in [("requests:read",), ("requests:read", "referrals:write")]
    }
    assert offered == {
        ("requests:read",): [],
        ("requests:read", "referrals:write"): ["accept", "decline", "ask", "send_document"],
    }
