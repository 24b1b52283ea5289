"""A webhook tells what its agency may read when it is sent, as a key with its scopes reads."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest

from partners.granting import revoke_key, rotate_key
from partners.models import Scope
from tests import make
from tests.api.conftest import signed_in, with_key
from tests.webhooks.conftest import deliver, other_agency, subscribe
from tests.webhooks.receiver import Receiver, answers
from toolkit import feed
from webhooks import pausing, subscribing
from webhooks.models import Delivery, Webhook
from workflow.executor import perform

pytestmark = pytest.mark.django_db


def _make_everything() -> dict[str, Any]:
    """Something of every kind, for two agencies and for nobody."""
    kenya, vietnam = make.party("KEN"), make.party("VNM")
    ours = make.request_in("referred", of=kenya)
    theirs = make.request_in("referred", of=vietnam, agencies=("WCO",))
    make.request_in("submitted", of=make.party("PER"))
    make.conversation(theirs)
    make.implementation(kenya, lead_agency=make.agency("WCO"))
    return {"ours": ours, "theirs": theirs}


def test_each_agency_is_told_what_the_feed_of_its_key_says_and_nothing_else(
    interpol: SimpleNamespace, receiver: Receiver
) -> None:
    agency, key, _caller = other_agency()
    reading = make.api_key(agency, [Scope.WEBHOOKS_MANAGE, Scope.TOOLKIT_READ])[0]
    with Receiver() as of_wco, Receiver() as of_toolkit:
        marks = {
            one: subscribe(of, one.url).told_up_to
            for one, of in ((receiver, interpol.key), (of_wco, key), (of_toolkit, reading))
        }
        _make_everything()
        deliver()
        for one, of in ((receiver, interpol.key), (of_wco, key), (of_toolkit, reading)):
            readable = set(feed.after(of, marks[one]).values_list("pk", flat=True))
            assert one.events() == readable
        assert receiver.events() != of_wco.events() != of_toolkit.events()
        subjects = {one["data"]["subject"]["type"] for one in of_toolkit.messages()}
        assert subjects <= {"implementation", "recommendation", "assessment", "party"}
        assert of_toolkit.events()


def test_a_key_that_may_read_nothing_is_told_nothing(receiver: Receiver) -> None:
    key = make.api_key(make.agency("INTERPOL"), [Scope.WEBHOOKS_MANAGE])[0]
    webhook = subscribe(key, receiver.url)
    assert webhook.scopes == []
    make.request_in("referred")
    deliver()
    public = {one["data"]["subject"]["type"] for one in receiver.messages()}
    assert public <= {"implementation", "party"}


def test_what_is_closed_before_it_is_sent_is_dropped(receiver: Receiver) -> None:
    _agency, key, _caller = other_agency()
    receiver.behave = answers(500)
    webhook = subscribe(key, receiver.url)
    case = make.request_in("referred", agencies=("WCO",))
    deliver()
    referral = case.referrals.get()
    officer = make.officer()
    perform("recall", referral, by=officer, data={"reason": "Sent in error."})
    receiver.behave = answers(204)
    receiver.got.clear()
    Webhook.objects.update(next_try_at=webhook.created_at)
    Delivery.objects.update(next_try_at=webhook.created_at)

    deliver()

    assert receiver.events() == set(
        feed.after(key, webhook.told_up_to).values_list("pk", flat=True)
    ), "of the recalled referral what its agency may still read"
    assert {one["data"]["subject"]["type"] for one in receiver.messages()} == {"referral"}
    closed = Delivery.objects.filter(webhook=webhook, state="closed")
    assert closed.exists()
    assert not closed.filter(event__in=receiver.events()).exists()


def test_filters_choose_kinds_and_parties(interpol: SimpleNamespace) -> None:
    make.party("KEN")
    vietnam = make.party("VNM")
    with Receiver() as accepted, Receiver() as of_vietnam, Receiver() as all_of_referrals:
        subscribe(interpol.key, accepted.url, kinds=["referrals.accept"])
        subscribe(interpol.key, of_vietnam.url, parties=[vietnam])
        subscribe(interpol.key, all_of_referrals.url, kinds=["referrals.*"])
        make.referral(state="accepted")
        make.request_in("referred", of=vietnam)
        deliver()
        assert accepted.kinds() == ["referrals.accept"]
        assert {one["data"]["subject"]["party"] for one in of_vietnam.messages()} == {"VNM"}
        assert {kind.partition(".")[0] for kind in all_of_referrals.kinds()} == {"referrals"}
        assert len(all_of_referrals.kinds()) > 2


# ── keys ─────────────────────────────────────────────────────────────────────────────────────


def test_a_revoked_key_leaves_no_ear_behind(interpol: SimpleNamespace, receiver: Receiver) -> None:
    key, token = make.api_key(interpol.agency)
    webhook = subscribe(key, receiver.url)
    kept = subscribe(interpol.key, receiver.url, label="Made with another key")
    revoke_key(key, by=make.lead())
    make.request_in("referred")

    deliver()  # before anybody has looked after keys

    assert set(receiver.counts()) == {
        one.message_id for one in Delivery.objects.filter(webhook=kept)
    }
    pausing.follow_keys()
    webhook.refresh_from_db()
    assert (webhook.state, webhook.paused_why) == ("paused", "key_ended")
    receiver.got.clear()
    path = f"webhooks/{webhook.pk}/actions/resume/"
    assert with_key(token).post(path, {}).status_code == 401
    assert interpol.caller.post(path, {}).status_code == 200
    deliver()
    webhook.refresh_from_db()
    assert webhook.created_with == interpol.key
    assert len(receiver.got) > 0, "nothing was lost while it was paused"


@pytest.mark.parametrize(
    ("action", "said"),
    [
        ("change", {"url": "http://127.0.0.1:9/elsewhere"}),
        ("rotate_secret", {}),
        ("replay", {"since": "2020-01-01T00:00:00Z"}),
    ],
)
def test_whoever_takes_a_webhook_over_takes_it_along_when_their_key_ends(
    interpol: SimpleNamespace, receiver: Receiver, action: str, said: dict[str, str]
) -> None:
    webhook = subscribe(interpol.key, receiver.url)
    path = f"webhooks/{webhook.pk}/actions/{action}/"
    narrow, token_of_narrow = make.api_key(interpol.agency, ["webhooks:manage"])
    refused = with_key(token_of_narrow).post(path, said)
    assert (refused.status_code, refused.json()["code"]) == (403, "not_permitted")
    offered = with_key(token_of_narrow).get(f"webhooks/{webhook.pk}/").json()["allowed_actions"]
    assert [one["action"] for one in offered] == ["pause", "send_test", "end"]

    leaked, token = make.api_key(interpol.agency)
    assert with_key(token).post(path, said).status_code == 200
    revoke_key(leaked, by=make.lead())
    make.request_in("referred")
    deliver()

    assert receiver.got == []
    pausing.follow_keys()
    webhook.refresh_from_db()
    assert (webhook.state, webhook.paused_why) == ("paused", "key_ended")
    assert webhook.scopes == ["requests:read", "toolkit:read"]


def test_what_a_replaced_key_takes_over_afterwards_does_not_pass_to_the_new_one(
    interpol: SimpleNamespace, receiver: Receiver
) -> None:
    webhook = subscribe(interpol.key, receiver.url)
    old, token = make.api_key(interpol.agency)
    lead = make.lead()
    rotate_key(old, last_day=webhook.created_at.date(), by=lead)
    with_key(token).post(f"webhooks/{webhook.pk}/actions/rotate_secret/", {})
    pausing.follow_keys()
    revoke_key(old, by=lead)
    pausing.follow_keys()
    webhook.refresh_from_db()
    assert (webhook.state, webhook.paused_why) == ("paused", "key_ended")


def test_a_webhook_of_an_officer_ends_with_the_mandate(
    interpol: SimpleNamespace, receiver: Receiver
) -> None:
    officer = make.agency_officer(interpol.agency)
    webhook = subscribing.make(by=officer, label="By hand", url=receiver.url)
    make.request_in("referred")
    assert deliver() == len(receiver.got) > 0
    receiver.got.clear()

    officer.mandates.update(from_on=date(2020, 1, 1), until_on=date(2020, 1, 2))
    make.request_in("referred", of=make.party("VNM"))
    deliver()  # before anybody has looked

    assert receiver.got == []
    pausing.follow_keys()
    webhook.refresh_from_db()
    assert (webhook.state, webhook.paused_why) == ("paused", "left")
    path = f"webhooks/{webhook.pk}/actions/resume/"
    assert signed_in(make.lead()).post(path, {}).status_code == 403
    assert signed_in(officer).post(path, {}).status_code == 404
    assert interpol.caller.post(path, {}).status_code == 200
    assert deliver() == len(receiver.got) > 0


def test_webhooks_pass_to_the_key_that_replaces_theirs(
    interpol: SimpleNamespace, receiver: Receiver
) -> None:
    before = subscribe(interpol.key, receiver.url, label="Before")
    lead = make.lead()
    new, _token = rotate_key(interpol.key, last_day=before.created_at.date(), by=lead)
    after = subscribe(interpol.key, receiver.url, label="Made with the old key after that")

    pausing.follow_keys()
    revoke_key(interpol.key, by=lead)
    pausing.follow_keys()

    before.refresh_from_db()
    after.refresh_from_db()
    assert (before.state, before.created_with) == ("active", new)
    assert (after.state, after.paused_why) == ("paused", "key_ended")
