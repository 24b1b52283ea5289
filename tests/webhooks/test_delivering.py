"""What a receiver gets: the events that its agency may read, signed, and no word of a case."""

import json
from types import SimpleNamespace

import pytest

from tests import make
from tests.webhooks.conftest import deliver, secret_of, subscribe
from tests.webhooks.receiver import Receiver
from toolkit import feed

pytestmark = pytest.mark.django_db


def test_a_receiver_gets_every_event_of_its_agency_signed_and_without_words(
    interpol: SimpleNamespace, receiver: Receiver
) -> None:
    webhook = subscribe(interpol.key, receiver.url)
    start = webhook.told_up_to
    make.request_in("referred", situation="Secret of Kenya.")
    make.request_in("referred", of=make.party("VNM"), agencies=("WCO",), situation="Not theirs.")

    made = deliver()

    readable = list(feed.after(interpol.key, start))
    assert made == len(readable) > 0
    assert receiver.events() == {event.pk for event in readable}
    assert set(receiver.counts().values()) == {1}
    assert receiver.all_signed_with(secret_of(webhook))
    sent = next(one for one in receiver.messages() if one["data"]["subject"]["type"] == "referral")
    event = feed.visible_to(interpol.key).get(pk=sent["data"]["event"])
    assert sent == {
        "type": event.kind,
        "timestamp": event.recorded_at.isoformat().replace("+00:00", "Z"),
        "data": {
            "event": event.pk,
            "subject": {
                "type": "referral",
                "id": event.subject_id,
                "request": sent["data"]["subject"]["request"],
                "party": "KEN",
            },
        },
    }
    assert "Secret" not in json.dumps(receiver.messages())
    assert "VNM" not in json.dumps(receiver.messages())


def test_a_second_round_sends_nothing_again(interpol: SimpleNamespace, receiver: Receiver) -> None:
    subscribe(interpol.key, receiver.url)
    make.request_in("referred")
    assert deliver() > 0
    before = len(receiver.got)

    assert deliver() == 0
    assert len(receiver.got) == before
