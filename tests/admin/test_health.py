"""Messages in words, sending several again, and the health of the portal on one page."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from history import triggers
from history.models import Check, Event
from iccwc_portal import health
from iccwc_portal.tasks import check_history
from outbox.models import Heartbeat, Message, State, beat
from outbox.post import Letter, owe
from requests_app.models import Attachment, RequestState, Scan
from tests import make
from workflow.executor import perform

pytestmark = pytest.mark.django_db

MESSAGES = reverse("admin:outbox_message_changelist")
HEALTH = reverse("admin:health")
GIVEN_UP = {"state": State.DEAD, "attempts": 8}


def owed(state: str = State.DUE, **said: Any) -> Message:
    words = {"address": "somebody@example.org", "language": "en", "subject": "News", "text": "T."}
    kept = {name: said.pop(name) for name in ("last_error", "created_at") if name in said}
    made = owe(None, [Letter(**{"recipient": "user:1", **words, **said})])[0]
    Message.objects.filter(pk=made.pk).update(state=state, **kept)
    made.refresh_from_db()
    return made


def listed(browser: Client, **asked: Any) -> Any:
    page = browser.get(MESSAGES, asked)
    assert page.status_code == 200
    return page


def subjects(browser: Client, **asked: Any) -> set[str]:
    return {one.subject for one in listed(browser, **asked).context["cl"].result_list}


# ── messages ─────────────────────────────────────────────────────────────────────────────────


def test_a_message_leads_to_its_reader_and_to_the_case(auditor: Client) -> None:
    case = make.referral(state="accepted").support_request
    text = listed(auditor).content.decode()
    told = Message.objects.filter(event__subject_type="requests_app.referral").first()
    reader = reverse("admin:partners_user_change", args=[told.recipient.partition(":")[2]])
    assert f'<a href="{reader}">{told.address}</a>' in text
    page = reverse("admin:requests_app_supportrequest_change", args=[case.pk])
    assert f'<a href="{page}">{case.reference}</a>' in text
    of_case = {one.subject for one in Message.objects.all()}
    make.request_in(RequestState.SUBMITTED)
    assert subjects(auditor, q=case.reference) == of_case
    one = auditor.get(reverse("admin:outbox_message_change", args=[told.pk])).content.decode()
    assert page in one
    assert reverse("admin:history_event_change", args=[told.event_id]) in one


def test_messages_are_narrowed_by_state_language_and_what_they_are_about(auditor: Client) -> None:
    make.referral(state="accepted")
    of_cases = {one.subject for one in Message.objects.all()}
    owed(subject="Summary", language="fr")
    owed(State.SENT, subject="Gone")
    owed(State.DEAD, subject="Dead")
    make.invitation()
    assert subjects(auditor, about="nothing") == {"Summary", "Gone", "Dead"}
    assert subjects(auditor, language="fr") == {"Summary"}
    assert subjects(auditor, state__exact="dead") == {"Dead"}
    assert subjects(auditor, about="people") == {
        "Invitation to the ICCWC support portal: contributor, Kenya"
    }
    both = subjects(auditor, about="requests") | subjects(auditor, about="referrals")
    assert both == of_cases
    assert not {"Gone", "Dead"} & subjects(auditor, owed="yes")
    assert subjects(auditor, about="nonsense") == subjects(auditor)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("ConnectionRefusedError: [Errno 111]", "The mail server cannot be reached."),
        ("TimeoutError: timed out", "The mail server did not answer in time."),
        ("SMTPRecipientsRefused: {'x': (550, b'no')}", "The mail server refused the address."),
        ("the worker was lost while sending it", "The portal was stopped while sending it."),
        ("KeyError: 'copy'", "It could not be sent."),
    ],
)
def test_why_a_message_failed_is_said_in_words(auditor: Client, error: str, words: str) -> None:
    message = owed(State.DEAD, last_error=error)
    assert words in listed(auditor).content.decode()
    page = auditor.get(reverse("admin:outbox_message_change", args=[message.pk]))
    text = page.content.decode().replace("&#x27;", "'")
    assert words in text
    assert error in text


def send_again(browser: Client, chosen: list[Message], **more: str) -> Any:
    data = {"action": "send_again", "_selected_action": [one.pk for one in chosen], **more}
    return browser.post(MESSAGES, data)


def test_several_are_sent_again_after_a_question_and_what_is_left_out_is_named(
    officer: Client,
) -> None:
    first, second = owed(State.DEAD, subject="First"), owed(State.DEAD, subject="Second")
    unchosen, sent = owed(State.DEAD), owed(State.SENT, subject="Sent before")
    secret = owed(State.DEAD, subject="Link", holds_secret=True)
    chosen = [first, second, sent, secret]

    asked = send_again(officer, chosen)

    assert Message.objects.filter(state=State.DEAD).count() == 4
    assert [one.subject for one in asked.context["open_ones"]] == ["First", "Second"]
    assert {one.subject: why for one, why in asked.context["left_out"]} == {
        "Sent before": "It was not given up: sent.",
        "Link": "It held a link that lets its reader in: send the invitation again instead.",
    }
    done = send_again(officer, chosen, sure="yes")
    assert "2 messages go out again." in officer.get(done["Location"]).content.decode()
    states = {one.pk: one.state for one in Message.objects.all()}
    assert states == {
        first.pk: "due", second.pk: "due", unchosen.pk: "dead", sent.pk: "sent", secret.pk: "dead",
    }  # fmt: skip


def test_an_auditor_is_offered_no_sending_again(auditor: Client) -> None:
    message = owed(State.DEAD)
    assert 'value="send_again"' not in listed(auditor).content.decode()
    send_again(auditor, [message], sure="yes")
    message.refresh_from_db()
    assert message.state == State.DEAD


def test_the_list_costs_the_same_for_many_messages(auditor: Client) -> None:
    make.referral(state="accepted")
    with CaptureQueriesContext(connection) as few:
        listed(auditor)
    for _number in range(5):
        make.referral(state="accepted")
    with CaptureQueriesContext(connection) as many:
        listed(auditor)
    assert len(many) == len(few) <= 12


# ── health ───────────────────────────────────────────────────────────────────────────────────


def lines(browser: Client) -> dict[str, tuple[str, str]]:
    page = browser.get(HEALTH)
    assert page.status_code == 200
    return {
        str(line.name): (line.tone, line.words)
        for _heading, group in page.context["groups"]
        for line in group
    }


def test_the_health_of_a_portal_at_work(auditor: Client) -> None:
    make.request_in(RequestState.SUBMITTED)
    Message.objects.update(state=State.SENT, sent_at=timezone.now())
    beat("sweep", timedelta(seconds=10))
    assert check_history()
    found = lines(auditor)
    assert {name: tone for name, (tone, _words) in found.items()} == {
        "Database": "good", "Queue of tasks": "good", "Virus scanner": "ended",
        "Waiting to be sent": "good", "Failed, will be tried again": "good", "Given up": "good",
        "Last one sent": "good", "Active": "ended", "Failing now, will be tried again": "good",
        "Paused by the portal": "good", "Last check": "good",
    }  # fmt: skip
    assert found["Waiting to be sent"][1] == "0 messages"
    assert f"intact ({Event.objects.count()} event" in found["Last check"][1]
    text = auditor.get(HEALTH).content.decode()
    for words in ("Sending messages that wait", "in time", "Django", "Python"):
        assert words in text


def test_what_is_wrong_is_said(auditor: Client, monkeypatch: Any, settings: Any) -> None:
    long_ago = timezone.now() - timedelta(hours=2)
    owed(created_at=long_ago)
    Message.objects.update(next_try_at=long_ago)
    owed(State.DEAD)
    Heartbeat.objects.create(name="sweep", seen_at=long_ago, every=timedelta(seconds=10))
    settings.CLAMAV_URL = "tcp://127.0.0.1:1"
    case = make.request_in(RequestState.DRAFT)
    Attachment.objects.filter(support_request=case).update(scan=Scan.WAITING)

    def gone() -> str:
        raise ConnectionError

    monkeypatch.setattr(health, "broker", gone)
    found = lines(auditor)
    assert found["Queue of tasks"] == ("attention", "not reached")
    assert found["Virus scanner"] == ("attention", "not reached; 1 file waits for it")
    assert found["Given up"] == ("attention", "1 message")
    assert found["Waiting to be sent"][0] == "attention"
    assert found["Waiting to be sent"][1].startswith("1 message; the oldest since ")
    assert found["Last check"] == ("waiting", "It has not run yet.")
    assert "late since " in auditor.get(HEALTH).content.decode()


def parts(browser: Client) -> dict[str, str]:
    return {name: words for name, _seen, (_tone, words) in browser.get(HEALTH).context["parts"]}


def test_parts_that_have_not_run_yet_are_named(auditor: Client) -> None:
    assert "no worker is running" in auditor.get(HEALTH).content.decode()
    for name, every in (("sweep", 10), ("people", 3600), ("digest", 86400)):
        beat(name, timedelta(seconds=every))
    Heartbeat.objects.filter(name="digest").update(seen_at=timezone.now() - timedelta(days=4))
    shown = list(parts(auditor).items())
    name, words = shown[0]
    assert (name, words[:10]) == ("The daily summary for the desk", "late since")
    waiting = "not run yet"
    assert shown[1:] == [
        ("Checking the history every night", waiting),
        ("Finishing imports of activities", waiting),
        ("Forgetting answers that the API kept for a day", waiting),
        ("Forgetting files that nobody imported", waiting),
        ("Forgetting what webhooks were sent a month ago", waiting),
        ("Looking at the links of the public record every night", waiting),
        ("Reminding agencies of answers", waiting),
        ("Reminding of API keys that end", waiting),
        ("Reminding of Toolkit steps that stand still", waiting),
        ("Reminding of action plans, and reporting on them each quarter", waiting),
        ("Reminding of mandates to be confirmed", waiting),
        ("Telling agencies’ systems of events", waiting),
        ("The clock that starts everything below", waiting),
        ("The weekly summary for countries", waiting),
        ("Ending sessions and forgetting unconfirmed requests for access", "in time"),
        ("Sending messages that wait", "in time"),
    ]


def test_a_virus_scanner_is_a_part_only_where_one_is_set_up(auditor: Client, settings: Any) -> None:
    beat("sweep", timedelta(seconds=10))
    settings.CLAMAV_URL = "tcp://127.0.0.1:1"
    assert parts(auditor)["The virus scanner"] == "not run yet"
    beat("virus scanner", timedelta(minutes=1))
    assert parts(auditor)["The virus scanner"] == "in time"
    settings.CLAMAV_URL = ""
    assert "The virus scanner" not in parts(auditor)


@pytest.mark.parametrize("who", ["focal_point", "agency_officer"])
def test_the_health_page_is_for_the_secretariat(who: str, request: Any) -> None:
    assert request.getfixturevalue(who).get(HEALTH).status_code == 302


def test_the_parts_read_in_words_in_their_list_too(auditor: Client) -> None:
    beat("history-check", timedelta(days=1))
    page = auditor.get(reverse("admin:outbox_heartbeat_changelist")).content.decode()
    assert "Checking the history every night" in page
    assert HEALTH in page


def break_the_history() -> Event:
    event = Event.objects.about(make.request_in(RequestState.SUBMITTED)).get()
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE history_event SET source = 'x' WHERE id = %s", [event.pk])
    triggers.install(connection)
    return event


def test_every_check_of_the_history_is_kept(auditor: Client) -> None:
    perform("discard", make.draft(), by=make.focal_point())
    call_command("verify_history", stdout=StringIO())
    event = break_the_history()
    with pytest.raises(CommandError):
        call_command("verify_history", stdout=StringIO())
    assert not check_history()
    fault = (
        f"requests_app.supportrequest {event.subject_id}, 1: its content does not match its hash"
    )
    kept = Check.objects.order_by("pk").values_list("events", "fault")
    assert list(kept) == [(1, ""), (2, fault), (2, fault)]
    tone, words = lines(auditor)["Last check"]
    assert tone == "attention"
    assert words.endswith(f"broken. {fault}")
