"""Who is told what: design §5, last column, and each person once and in their language."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from history.models import Event
from outbox.models import Message
from requests_app import lateness
from tests import make
from workflow.executor import perform

pytestmark = pytest.mark.django_db

DESK = {"lead", "officer", "another officer"}
COUNTRY = {"focal point", "deputy"}
AGENCIES = {"INTERPOL", "WCO"}
BEGUN = date(2026, 1, 5)
HELD = {"ended_on": date(2026, 1, 16), "outcome": "Forty trained."}


@pytest.fixture
def cast() -> dict[str, Any]:
    """Everybody who could be told, and some who never may be."""
    people = {
        "focal point": make.focal_point(language="fr"),
        "deputy": make.focal_point(language="es"),
        "contributor": make.contributor(),
        "other country": make.focal_point(make.party("VNM")),
        "lead": make.lead(),
        "officer": make.officer(),
        "another officer": make.officer(),
        "auditor": make.auditor(),
        "INTERPOL": make.agency_officer(make.agency("INTERPOL")),
        "INTERPOL viewer": make.agency_viewer(make.agency("INTERPOL")),
        "WCO": make.agency_officer(make.agency("WCO")),
        "UNODC": make.agency_officer(make.agency("UNODC")),
    }
    left = make.person("Left last year")
    make.mandate(left, "focal_point", make.party(), from_on="2020-01-01", until_on="2021-01-01")
    return people | {"left": left}


def _told(event: Event, cast: dict[str, Any]) -> set[str]:
    keys = {f"user:{person.pk}": name for name, person in cast.items()}
    return {keys[m.recipient] for m in Message.objects.filter(event=event)}


def _data(action: str, cast: dict[str, Any]) -> dict[str, Any]:
    return {
        "submit": {"declared": True},
        "take_up": {"assignee": cast["officer"]},
        "return": {"to_correct": "Name the ports."},
        "refer": {
            "agencies": [make.agency("UNODC")],
            "note": "Please help.",
            "answer_due_on": make.in_a_month(),
        },
        "advise": {"advice": "Tell Customs."},
        "accept": {
            "lead_agency": make.agency("INTERPOL"),
            "decision": "Granted.",
            "funding_known": True,
        },
        "fund": {"source_of_funds": "A donor"},
        "decline": {"reason": make.reason(), "explanation": "No mandate."},
        "redirect": {"channel": "ncb", "explanation": "Use the NCB."},
        "start": {"start_on": make.in_a_month()},
        "complete": {"outcome": "Held."},
        "withdraw": {"reason": "Solved."},
        "reopen": {"reason": "New facts."},
        "ask": {"subject": "Ports", "text": "Which ports?"},
        "write": {"subject": "Dates", "text": "When does it begin?"},
        "assign": {"assignee": cast["another officer"]},
        "note": {"text": "Ask the lead.", "mentions": [cast["lead"], cast["another officer"]]},
        "assess": {"marks": {make.criterion().key: {"mark": "yes", "text": "Staff is named."}}},
        "open_documents": {"documents": "open"},
    }.get(action, {})


@pytest.mark.parametrize(
    ("action", "state", "by", "told"),
    [
        ("submit", "draft", "focal point", COUNTRY | DESK),
        ("submit", "returned", "focal point", COUNTRY | DESK),
        ("take_up", "submitted", "officer", COUNTRY),
        ("return", "in_review", "officer", COUNTRY),
        ("refer", "referred", "officer", COUNTRY | {"UNODC"}),
        ("advise", "referred", "officer", COUNTRY),
        ("accept", "referred", "lead", COUNTRY | AGENCIES),
        ("fund", "awaiting_funds", "lead", COUNTRY | {"INTERPOL"}),
        ("decline", "referred", "lead", COUNTRY | AGENCIES),
        ("redirect", "referred", "officer", COUNTRY),
        ("start", "accepted", "INTERPOL", COUNTRY | AGENCIES),
        ("complete", "under_way", "officer", COUNTRY | AGENCIES),
        ("discard", "draft", "focal point", set()),
        ("withdraw", "submitted", "focal point", DESK),
        ("withdraw", "referred", "focal point", DESK | AGENCIES),
        ("reopen", "declined", "lead", COUNTRY),
        ("ask", "referred", "officer", COUNTRY),
        ("write", "referred", "contributor", DESK),
        ("assign", "referred", "officer", {"another officer"}),
        ("release", "referred", "officer", set()),
        ("note", "referred", "officer", {"lead", "another officer"}),
        ("assess", "referred", "officer", set()),
        ("open_documents", "referred", "officer", set()),
    ],
)
def test_who_is_told_of_a_move_of_a_request(
    action: str, state: str, by: str, told: set[str], cast: dict[str, Any]
) -> None:
    case = make.request_in(state, by=cast["focal point"], agencies=("INTERPOL", "WCO"))
    event = perform(action, case, by=cast[by], data=_data(action, cast))
    assert _told(event, cast) == told


@pytest.mark.parametrize(
    ("action", "state", "by", "data", "told"),
    [
        ("accept", "sent", "INTERPOL", {"comment": "Gladly."}, DESK),
        ("decline", "sent", "INTERPOL", {"reason": "No staff."}, DESK),
        ("start", "accepted", "INTERPOL", {"start_on": make.in_a_month()}, DESK),
        ("report", "delivering", "INTERPOL", HELD | {"began_on": date(2026, 1, 12)}, DESK),
        ("deliver", "delivering", "INTERPOL", HELD, DESK),
        ("ask", "sent", "INTERPOL", {"subject": "Dates", "text": "When?"}, DESK | COUNTRY),
        ("send_document", "sent", "INTERPOL", {"file": make.pdf()}, DESK),
        ("recall", "sent", "officer", {"reason": "In error."}, {"INTERPOL"}),
        ("remind", "sent", "officer", {}, {"INTERPOL"}),
        ("prolong", "sent", "officer", {"answer_due_on": make.in_a_month()}, {"INTERPOL"}),
    ],
)
def test_who_is_told_of_a_move_of_a_referral(
    action: str, state: str, by: str, data: dict[str, Any], told: set[str], cast: dict[str, Any]
) -> None:
    referral = make.referral(make.agency("INTERPOL"), state, BEGUN, by=cast["focal point"])
    event = perform(action, referral, by=cast[by], data=data)
    assert _told(event, cast) == told


def test_who_takes_a_request_for_themselves_needs_no_mail_about_it(cast: dict[str, Any]) -> None:
    case = make.request_in("submitted", by=cast["focal point"])
    event = perform("assign", case, by=cast["officer"], data={"assignee": cast["officer"]})
    assert _told(event, cast) == set()


def test_an_officer_with_two_hats_gets_one_message(cast: dict[str, Any]) -> None:
    make.mandate(cast["INTERPOL"], "officer", make.agency("WCO"))
    case = make.request_in("referred", by=cast["focal point"], agencies=("INTERPOL", "WCO"))
    event = perform("accept", case, by=cast["lead"], data=_data("accept", cast))
    addresses = list(Message.objects.filter(event=event).values_list("address", flat=True))
    assert sorted(addresses) == sorted({person.email for n, person in cast.items()
                                        if n in COUNTRY | AGENCIES})  # fmt: skip


def test_a_message_quotes_the_words_the_reference_and_a_link(cast: dict[str, Any]) -> None:
    case = make.request_in("in_review", by=cast["focal point"])
    perform("return", case, by=cast["officer"], data={"to_correct": "Name the <ports>."})
    message = Message.objects.filter(recipient=f"user:{cast['deputy'].pk}").latest("pk")
    assert case.reference in message.subject
    for words in ("Name the <ports>.", case.reference, f"/requests/{case.reference}/"):
        assert words in message.text
    assert "Name the &lt;ports&gt;." in message.html
    assert message.language == "es"


def test_the_note_to_agencies_is_not_quoted_to_the_country(cast: dict[str, Any]) -> None:
    case = make.request_in("in_review", by=cast["focal point"])
    event = perform("refer", case, by=cast["officer"], data=_data("refer", cast))
    texts = {m.recipient: m.text for m in Message.objects.filter(event=event)}
    assert "Please help." in texts[f"user:{cast['UNODC'].pk}"]
    assert "Please help." not in texts[f"user:{cast['focal point'].pk}"]


def test_a_lead_that_lost_its_referral_after_the_end_hears_no_more(cast: dict[str, Any]) -> None:
    case = make.request_in("under_way", by=cast["focal point"], agencies=("INTERPOL", "WCO"))
    perform("withdraw", case, by=cast["focal point"], data={"reason": "Solved."})
    referral = case.referrals.get(agency__code="INTERPOL")
    perform("recall", referral, by=cast["officer"], data={"reason": "Over."})
    perform("reopen", case, by=cast["lead"], data={"reason": "New facts."})
    event = perform("withdraw", case, by=cast["focal point"], data={"reason": "Solved again."})
    assert _told(event, cast) == DESK | {"WCO"}


def test_a_mail_to_an_agency_does_not_say_who_else_was_asked(cast: dict[str, Any]) -> None:
    case = make.request_in("in_review", by=cast["focal point"])
    asked = [make.agency("UNODC"), make.agency("WCO")]
    event = perform(
        "refer", case, by=cast["officer"], data={**_data("refer", cast), "agencies": asked}
    )
    mails = {m.recipient: m.text + m.html for m in Message.objects.filter(event=event)}
    to = {name: mails[f"user:{cast[name].pk}"] for name in ("UNODC", "WCO", "focal point")}
    assert {name: ("UNODC" in mail, "WCO" in mail) for name, mail in to.items()} == {
        "UNODC": (False, False),
        "WCO": (False, False),
        "focal point": (True, True),
    }


def test_the_mail_of_a_recall_links_to_a_page_that_its_reader_can_open(
    cast: dict[str, Any], client: Client
) -> None:
    referral = make.referral(make.agency("INTERPOL"), by=cast["focal point"])
    event = perform("recall", referral, by=cast["officer"], data={"reason": "In error."})
    (mail,) = Message.objects.filter(event=event)
    links = set(re.findall(r"http://testserver(/[^\s\"<]*)", mail.text + mail.html))
    assert "/inbox/" in links
    client.force_login(cast["INTERPOL"])
    assert {link: client.get(link).status_code for link in links} == dict.fromkeys(links, 200)


def _links(event: Event, cast: dict[str, Any]) -> dict[str, set[str]]:
    """The pages of requests to which each one's message leads."""
    keys = {f"user:{person.pk}": name for name, person in cast.items()}
    page = re.compile(r"http://testserver(/[^\s\"<]*)")
    return {
        keys[m.recipient]: {link for link in page.findall(m.text + m.html) if "request" in link}
        for m in Message.objects.filter(event=event)
    }


def _desk(case: Any) -> str:
    return reverse("admin:requests_app_supportrequest_change", args=[case.pk])


@pytest.mark.parametrize(
    ("action", "state", "by"),
    [
        ("submit", "draft", "focal point"),
        ("withdraw", "referred", "focal point"),
        ("assign", "referred", "officer"),
        ("note", "referred", "officer"),
        ("accept", "referred", "lead"),
    ],
)
def test_the_secretariat_is_led_to_its_desk_and_all_others_to_the_portal(
    action: str, state: str, by: str, cast: dict[str, Any]
) -> None:
    case = make.request_in(state, by=cast["focal point"], agencies=("INTERPOL", "WCO"))
    event = perform(action, case, by=cast[by], data=_data(action, cast))
    told = _links(event, cast)
    portal, desk = {case.get_absolute_url()}, {_desk(case)}
    assert told == {name: desk if name in DESK else portal for name in told}


def test_an_officer_who_hears_of_it_as_the_country_is_led_to_the_page_of_the_country(
    cast: dict[str, Any],
) -> None:
    both_hats = cast["officer"]
    make.mandate(both_hats, "contributor", make.party())
    case = make.draft(cast["focal point"])
    assert _links(make.submit(case, cast["focal point"]), cast)["officer"] == {_desk(case)}
    both_hats.wants_moves = True
    both_hats.save()
    case = make.request_in("referred", by=cast["focal point"], agencies=("WCO",))
    submitted = Event.objects.filter(kind="requests.submit").latest("pk")
    assert _links(submitted, cast)["officer"] == {case.get_absolute_url()}
    thread = make.conversation(case, agencies=("WCO",))
    event = perform("reply", thread, by=cast["WCO"], data={"text": "Thank you."})
    assert _links(event, cast)["officer"] == {thread.get_absolute_url()}


def test_answers_of_agencies_lead_the_secretariat_to_its_desk(cast: dict[str, Any]) -> None:
    referral = make.referral(make.agency("INTERPOL"), by=cast["focal point"])
    case = referral.support_request
    event = perform("remind", referral, by=cast["officer"])
    assert _links(event, cast) == {"INTERPOL": {case.get_absolute_url()}}
    event = perform("accept", referral, by=cast["INTERPOL"], data={"comment": "Gladly."})
    assert _links(event, cast) == dict.fromkeys(DESK, {_desk(case)})


def test_messages_of_conversations_lead_the_secretariat_to_its_desk(
    cast: dict[str, Any], client: Client
) -> None:
    case = make.request_in("referred", by=cast["focal point"], agencies=("WCO",))
    begun = perform("write", case, by=cast["contributor"], data=_data("write", cast))
    at_the_desk = reverse("admin:requests_app_thread_change", args=[case.threads.get().pk])
    assert _links(begun, cast) == dict.fromkeys(DESK, {at_the_desk})
    thread = make.conversation(case, agencies=("WCO",))
    event = perform("reply", thread, by=cast["focal point"], data={"text": "All of them."})
    at_the_desk = reverse("admin:requests_app_thread_change", args=[thread.pk])
    assert _links(event, cast) == {
        **dict.fromkeys(DESK, {at_the_desk}), "WCO": {thread.get_absolute_url()},
    }  # fmt: skip
    client.force_login(cast["officer"])
    assert client.get(at_the_desk).status_code == 200
    event = perform("reply", thread, by=cast["WCO"], data={"text": "Thank you."})
    assert _links(event, cast) == {
        **dict.fromkeys(DESK, {at_the_desk}),
        **dict.fromkeys(COUNTRY, {thread.get_absolute_url()}),
    }


def test_what_is_nearly_due_or_overdue_leads_to_the_desk(cast: dict[str, Any]) -> None:
    case = make.request_in("submitted", by=cast["focal point"])
    case.due_at = timezone.now() - timedelta(days=1)
    case.save(update_fields=["due_at"])
    assert (lateness.remind_officers(), lateness.tell_leads()) == (1, 1)
    nearly, over = (
        Event.objects.get(kind=kind) for kind in (lateness.NEARLY_DUE, lateness.OVERDUE)
    )
    assert _links(nearly, cast) == dict.fromkeys(DESK, {_desk(case)})
    assert _links(over, cast) == {"lead": {_desk(case)}}


def test_a_corrected_request_is_not_announced_as_a_new_one(cast: dict[str, Any]) -> None:
    case = make.draft(cast["focal point"])
    first = make.submit(case, cast["focal point"])
    perform("return", case, by=cast["officer"], data=_data("return", cast))
    again = make.submit(case, cast["focal point"])
    mails = Message.objects.filter(recipient=f"user:{cast['lead'].pk}")
    new, corrected = (mails.get(event=event) for event in (first, again))
    assert new.subject == f"{case.reference}: new request from Kenya"
    assert corrected.subject == f"{case.reference}: corrected request from Kenya"
    assert "Kenya has corrected its request for “Basic training” and submitted it again." in (
        corrected.text
    )
    to_the_country = Message.objects.get(event=again, recipient=f"user:{cast['deputy'].pk}")
    assert "corrected request" not in to_the_country.text
