"""What waits while a receiver fails is counted, and goes as soon as it is seen to be back."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests import make
from tests.webhooks.conftest import deliver, subscribe
from tests.webhooks.receiver import Receiver
from webhooks.models import Delivery, Webhook

pytestmark = pytest.mark.django_db


def _fails(interpol: SimpleNamespace, down: Receiver, **said: Any) -> Webhook:
    """A webhook whose receiver has been away for a while: the next try is tomorrow."""
    webhook = subscribe(interpol.key, down.url, kinds=["referrals.*"], **said)
    make.referral()
    deliver()
    tomorrow = timezone.now() + timedelta(days=1)
    Webhook.objects.filter(pk=webhook.pk).update(next_try_at=tomorrow, failures=9)
    Delivery.objects.filter(webhook=webhook).update(next_try_at=tomorrow)
    return webhook


@pytest.mark.parametrize("parties", [[], ["KEN"]])
def test_events_that_nobody_looks_at_while_a_receiver_fails_are_counted_among_what_waits(
    interpol: SimpleNamespace, parties: list[str]
) -> None:
    webhook = _fails(interpol, Receiver(), parties=[make.party(code) for code in parties])
    for _each in range(3):
        make.referral()
    make.referral(make.agency("WCO"))
    deliver()
    progress = interpol.caller.get(f"webhooks/{webhook.pk}/progress/").json()
    assert (progress["waiting"], Delivery.objects.count()) == (4, 1)


@pytest.mark.parametrize("action", ["send_test", "change"])
def test_a_receiver_that_is_seen_to_be_back_gets_at_once_what_waits(
    interpol: SimpleNamespace, action: str
) -> None:
    down = Receiver()
    webhook = _fails(interpol, down)
    make.referral()
    act = f"webhooks/{webhook.pk}/actions/{action}/"
    body = {"label": "Mended"} if action == "change" else {}
    with Receiver(port=down.port) as back:
        answer = interpol.caller.post(act, body, headers={"if-match": "*"})
        assert answer.status_code == 200, answer.content
        progress = interpol.caller.get(f"webhooks/{webhook.pk}/progress/").json()
        assert (progress["failures"], progress["failing_since"]) == (0, None)
        assert deliver() == 2
        sent = {one.message_id for one in Delivery.objects.filter(state="sent")}
        assert sent <= set(back.counts())
    assert interpol.caller.get(f"webhooks/{webhook.pk}/progress/").json()["waiting"] == 0


def test_a_test_that_does_not_arrive_leaves_the_next_try_where_it_was(
    interpol: SimpleNamespace,
) -> None:
    webhook = _fails(interpol, Receiver())
    before = Webhook.objects.values("failures", "next_try_at").get()
    act = f"webhooks/{webhook.pk}/actions/send_test/"
    tried = interpol.caller.post(act, {}, headers={"if-match": "*"}).json()["test"]
    assert not tried["delivered"]
    assert Webhook.objects.values("failures", "next_try_at").get() == before


def test_all_that_does_not_do_is_named_at_once(interpol: SimpleNamespace) -> None:
    body = {"url": "ftp://example.org", "kinds": ["nonsense"], "parties": ["XXX"], "color": "red"}
    refused = interpol.caller.post("webhooks/", body)
    assert refused.status_code == 400
    assert set(refused.json()["errors"]) == {"label", "url", "kinds", "parties", "color"}


def test_the_desk_lists_webhooks_in_a_room_of_their_own_and_shows_what_never_was_as_a_dash(
    interpol: SimpleNamespace, client: Client
) -> None:
    webhook = subscribe(interpol.key, "http://127.0.0.1:9/")
    client.force_login(make.lead())
    address = reverse("admin:webhooks_webhook_change", args=[webhook.pk])
    page = client.get(address)
    lit = [str(one.label) for one in page.context["sidebar"].rooms if one.is_open]
    assert lit == ["Webhooks"]
    assert "None" not in page.content.decode()


def test_deliveries_can_be_had_as_a_table_like_every_list(interpol: SimpleNamespace) -> None:
    webhook = _fails(interpol, Receiver())
    answer = interpol.caller.get(f"webhooks/{webhook.pk}/deliveries/?format=csv")
    assert answer["Content-Type"].startswith("text/csv")
    names, row = b"".join(answer).decode("utf-8-sig").splitlines()
    assert names.startswith("message_id,event,state")
    assert row.startswith(Delivery.objects.get().message_id)
