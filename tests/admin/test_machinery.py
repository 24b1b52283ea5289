"""Messages, history and heartbeats at the desk."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from history.models import Event
from outbox.models import Heartbeat, Message, State
from outbox.post import Letter, owe
from requests_app.models import RequestState
from tests import make
from workflow.executor import perform

pytestmark = pytest.mark.django_db

MESSAGES = reverse("admin:outbox_message_changelist")


def owed(**said: Any) -> Message:
    words = {"address": "somebody@example.org", "language": "en", "subject": "News"}
    return owe(None, [Letter(recipient="user:1", **{**words, "text": "Words.", **said})])[0]


def given_up(message: Message) -> Message:
    Message.objects.filter(pk=message.pk).update(
        state=State.DEAD, attempts=8, last_error="ConnectionError: nobody there"
    )
    return message


def test_a_message_can_be_read_unless_it_lets_its_reader_in(auditor: Client) -> None:
    plain, secret = owed(text="Plain words."), owed(text="SECRET-LINK", holds_secret=True)
    page = reverse("admin:outbox_message_change", args=[plain.pk])
    assert "Plain words." in auditor.get(page).content.decode()
    page = reverse("admin:outbox_message_change", args=[secret.pk])
    text = auditor.get(page).content.decode()
    assert "SECRET-LINK" not in text
    assert "Not shown" in text


def test_given_up_messages_are_sent_again_by_officers_on_post(officer: Client) -> None:
    first, second, sent = given_up(owed()), given_up(owed()), owed()
    Message.objects.filter(pk=sent.pk).update(state=State.SENT)
    dead = officer.get(MESSAGES, {"state__exact": "dead"})
    assert "Send all again" in dead.content.decode()
    one = reverse("admin:outbox_message_again", args=[first.pk])
    officer.get(one)
    assert Message.objects.filter(state=State.DEAD).count() == 2
    officer.post(one)
    assert set(Message.objects.filter(state=State.DEAD)) == {second}
    officer.post(reverse("admin:outbox_message_all_again"))
    assert set(Message.objects.filter(state=State.DUE)) == {first, second}
    officer.post(reverse("admin:outbox_message_again", args=[sent.pk]))
    sent.refresh_from_db()
    assert sent.state == State.SENT


def test_an_auditor_sends_nothing_again(auditor: Client) -> None:
    message = given_up(owed())
    for address in (
        reverse("admin:outbox_message_all_again"),
        reverse("admin:outbox_message_again", args=[message.pk]),
    ):
        assert {auditor.get(address).status_code, auditor.post(address).status_code} == {403}
    assert "Send all again" not in auditor.get(MESSAGES, {"state__exact": "dead"}).content.decode()
    assert Message.objects.filter(state=State.DEAD).count() == 1


def test_a_late_part_of_the_machinery_is_named_late(auditor: Client) -> None:
    now = timezone.now()
    Heartbeat.objects.create(name="sweep", seen_at=now, every=timedelta(seconds=10))
    page = auditor.get(reverse("admin:outbox_heartbeat_changelist"))
    assert "in time" in page.content.decode()
    Heartbeat.objects.update(seen_at=now - timedelta(hours=1))
    page = auditor.get(reverse("admin:outbox_heartbeat_changelist"))
    assert ">late since " in page.content.decode()


def test_history_is_found_by_reference_kind_and_subject(auditor: Client) -> None:
    case = make.referral().support_request
    make.request_in(RequestState.SUBMITTED)
    address = reverse("admin:history_event_changelist")

    def kinds(**asked: Any) -> list[str]:
        page = auditor.get(address, asked)
        assert page.status_code == 200
        return [event.kind for event in page.context["cl"].result_list]

    assert sorted(kinds(q=case.reference)) == [
        "referrals.sent", "requests.refer", "requests.submit", "requests.take_up",
    ]  # fmt: skip
    assert kinds(kind="referrals.sent") == ["referrals.sent"]
    assert kinds(subject_type="requests_app.referral") == ["referrals.sent"]
    assert kinds(kind="nonsense") == []
    event = Event.objects.about(case).last()
    page = auditor.get(reverse("admin:history_event_change", args=[event.pk])).content.decode()
    assert event.hash in page
    assert event.previous_hash in page


def test_history_of_a_draft_stays_with_its_country(lead: Client) -> None:
    country = make.focal_point()
    draft = make.draft(by=country)
    perform("discard", draft, by=country)
    event = Event.objects.about(draft).get()
    page = lead.get(reverse("admin:history_event_changelist"))
    assert event not in page.context["cl"].result_list
    change = lead.get(reverse("admin:history_event_change", args=[event.pk]))
    assert event.hash not in change.content.decode()


def test_history_and_messages_cannot_be_written(lead: Client) -> None:
    make.request_in(RequestState.SUBMITTED)
    event, message = Event.objects.first(), Message.objects.first()
    before = (list(Event.objects.values()), list(Message.objects.values()))
    for name, row in (("history_event", event), ("outbox_message", message)):
        for door, args in (("add", []), ("change", [row.pk]), ("delete", [row.pk])):
            address = reverse(f"admin:{name}_{door}", args=args)
            answer = lead.post(address, {"kind": "forged", "state": "sent", "post": "yes"})
            assert answer.status_code == 403
    assert (list(Event.objects.values()), list(Message.objects.values())) == before


@pytest.mark.parametrize(
    "name", ["history_event", "outbox_message", "requests_app_referral", "partners_mandate"]
)
def test_lists_cost_the_same_for_many_rows_as_for_few(lead: Client, name: str) -> None:
    address = reverse(f"admin:{name}_changelist")
    make.referral()
    with CaptureQueriesContext(connection) as few:
        assert lead.get(address).status_code == 200
    for code in ("VNM", "BGD", "PER", "GAB"):
        make.referral(of=make.agency("WCO"))
        make.focal_point(make.party(code))
    with CaptureQueriesContext(connection) as many:
        assert lead.get(address).status_code == 200
    assert len(many) == len(few) <= 12
