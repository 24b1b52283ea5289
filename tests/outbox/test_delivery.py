"""What becomes of a message: sent, tried again, given up, sent again by hand."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import IntegrityError, transaction
from django.utils import timezone

from history.models import Event
from outbox import delivery
from outbox.models import Heartbeat, Message, State
from outbox.post import Letter, owe
from outbox.tasks import deliver, sweep
from tests import make
from tests.servers.mailbox import Mailbox

pytestmark = pytest.mark.django_db(transaction=True)


def _letter(person: int = 1, **fields: Any) -> Letter:
    return Letter(
        f"user:{person}",
        f"person{person}@example.org",
        fields.pop("language", "fr"),
        fields.pop("subject", "Your request"),
        fields.pop("text", "It was taken up."),
        **fields,
    )


def _owed(**fields: Any) -> Message:
    (message,) = owe(None, [_letter(**fields)])
    return message


def _wait_is_over(message: Message) -> None:
    """Move the waiting on, instead of waiting."""
    Message.objects.filter(pk=message.pk).update(next_try_at=timezone.now())


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    """A real mail server, and the portal's real way of sending to it."""
    with Mailbox() as running:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", running.port
        settings.EMAIL_TIMEOUT = 5
        yield running


class Unforeseen(BaseEmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise ZeroDivisionError("nobody thought of this")


class TakesNothing(BaseEmailBackend):
    def send_messages(self, messages: Any) -> None:
        return None


def test_a_letter_arrives_as_it_was_written(mailbox: Mailbox) -> None:
    message = _owed(subject="Votre demande\n  a été reçue", html="<p>Prise en charge</p>")

    deliver(message.pk)

    (arrived,) = mailbox.messages
    message.refresh_from_db()
    assert message.state == State.SENT
    assert message.sent_at is not None
    assert arrived["Message-ID"] == message.message_id
    assert arrived["To"] == "person1@example.org"
    assert arrived["Content-Language"] == "fr"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in arrived.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert message.subject == "Votre demande a été reçue"


def test_a_message_that_was_sent_is_not_sent_again(mailbox: Mailbox) -> None:
    message = _owed()

    for _each in range(3):
        deliver(message.pk)
        sweep()

    assert mailbox.counts() == {message.message_id: 1}


def test_a_refusal_of_the_mail_server_is_kept_and_tried_again_later(mailbox: Mailbox) -> None:
    message = _owed()
    mailbox.refusal = "451 come back later"

    deliver(message.pk)

    message.refresh_from_db()
    assert (message.state, message.attempts) == (State.FAILED, 1)
    assert "come back later" in message.last_error
    assert timedelta(0) < message.next_try_at - timezone.now() <= timedelta(seconds=75)
    mailbox.refusal = ""
    assert sweep() == 0
    _wait_is_over(message)
    assert sweep() == 1
    assert mailbox.counts() == {message.message_id: 1}


@pytest.mark.parametrize(
    ("backend", "error"),
    [
        ("Unforeseen", "ZeroDivisionError: nobody thought of this"),
        ("TakesNothing", "ConnectionError: the mail server took no message"),
    ],
)
def test_only_an_explicit_success_is_success(settings: Any, backend: str, error: str) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.{backend}"
    message = _owed()

    deliver(message.pk)

    message.refresh_from_db()
    assert (message.state, message.sent_at, message.last_error) == (State.FAILED, None, error)


def test_one_bad_message_does_not_hold_up_the_others(settings: Any) -> None:
    bad, good = owe(None, [_letter(1), _letter(2)])
    Message.objects.filter(pk=bad.pk).update(channel="pigeon")

    assert sweep() == 1

    assert set(Message.objects.values_list("pk", "state")) == {
        (bad.pk, State.FAILED),
        (good.pk, State.SENT),
    }


def test_a_message_is_given_up_after_the_last_try_and_can_be_sent_again(
    settings: Any,
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Unforeseen"
    message = _owed()
    tries = 0
    while Message.objects.owed().exists():
        _wait_is_over(message)
        deliver(message.pk)
        tries += 1

    message.refresh_from_db()
    assert (message.state, message.attempts, tries) == (State.DEAD, 8, 8)
    assert timedelta(hours=20) < sum(delivery.WAITS, timedelta(0)) < timedelta(hours=28)
    assert sweep() == 0

    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert delivery.resend([message.pk]) == 1
    assert sweep() == 1
    assert [one.extra_headers["Message-ID"] for one in mail.outbox] == [message.message_id]
    assert delivery.resend([message.pk]) == 0, "what was sent is not sent again"


def test_a_lease_keeps_others_away_until_it_runs_out(mailbox: Mailbox) -> None:
    message = _owed()
    claimed = delivery.claim(message.pk)

    assert claimed is not None
    assert delivery.claim(message.pk) is None
    assert sweep() == 0

    Message.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert sweep() == 1
    assert mailbox.counts() == {message.message_id: 1}


def test_a_worker_whose_lease_ran_out_does_not_overwrite_what_the_next_one_noted() -> None:
    message = _owed()
    slow = delivery.claim(message.pk)
    assert slow is not None
    Message.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    sweep()

    delivery._note_failure(slow, TimeoutError("too late"))

    message.refresh_from_db()
    assert (message.state, message.last_error) == (State.SENT, "")


def test_a_secret_leaves_the_row_once_it_is_sent() -> None:
    message = _owed(text="Your link: /secret/", html="<a>secret</a>", holds_secret=True)

    deliver(message.pk)

    message.refresh_from_db()
    assert (message.state, message.text, message.html) == (State.SENT, "", "")
    assert "/secret/" in mail.outbox[0].body


def test_a_message_owed_in_a_transaction_that_fails_is_not_owed() -> None:
    @transaction.atomic
    def change_that_fails() -> None:
        _owed()
        raise KeyError

    with pytest.raises(KeyError):
        change_that_fails()

    assert not Message.objects.exists()


def test_nobody_is_owed_two_mails_about_one_event() -> None:
    make.request_in("submitted")
    event = Event.objects.latest("pk")
    Message.objects.all().delete()

    with pytest.raises(IntegrityError), transaction.atomic():
        owe(event, [_letter(1), _letter(1)])

    assert not Message.objects.exists()


def test_each_sweep_leaves_a_heartbeat() -> None:
    sweep()

    heartbeat = Heartbeat.objects.get()
    assert (heartbeat.name, heartbeat.is_late) == ("sweep", False)
    heartbeat.seen_at -= timedelta(minutes=2)
    assert heartbeat.is_late


@pytest.mark.parametrize("how", ["refused", "lost"])
def test_a_secret_leaves_the_row_when_it_is_given_up(settings: Any, how: str) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Unforeseen"
    message = _owed(text="Your link: /secret/", html="<a>secret</a>", holds_secret=True)
    Message.objects.update(attempts=len(delivery.WAITS) + (how == "lost"))

    deliver(message.pk)

    message.refresh_from_db()
    assert (message.state, message.text, message.html) == (State.DEAD, "", "")
    assert delivery.resend([message.pk]) == 0, "an empty mail helps nobody"


def test_a_message_that_loses_its_worker_every_time_is_given_up() -> None:
    message = Message.objects.create(
        channel="email", recipient="user:1", address="a@example.org", language="en", subject="s",
        text="t", state=State.LEASED, attempts=8, lease_until=timezone.now() - timedelta(seconds=1),
    )  # fmt: skip
    assert not deliver(message.pk)
    message.refresh_from_db()
    assert (message.state, message.last_error) == ("dead", "the worker was lost while sending it")
    assert mail.outbox == []
