"""The Python client, against the portal itself, over a way that loses calls and answers."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from standardwebhooks.webhooks import Webhook

from history.models import Event
from iccwc_client import (
    Client,
    Conflict,
    Forbidden,
    Invalid,
    NotAuthenticated,
    NotFound,
    Stale,
    Throttled,
    Unreachable,
)
from iccwc_client.webhooks import WebhookVerificationError, verified
from partners.models import Scope
from requests_app.models import Attachment, Referral
from tests import make
from tests.api.lossy_way import PORTAL, Way, client
from workflow.executor import perform


def test_a_list_is_read_to_its_end_over_several_pages(way: Way) -> None:
    asked = [make.request_in("referred").reference for _each in range(3)]
    with client(way) as portal:
        found = [row["reference"] for row in portal.list("requests", page_size=2)]
    assert found == asked[::-1]
    assert len(way.calls) == 2


def test_an_action_is_done_once_though_its_answer_was_lost(way: Way, referral: Referral) -> None:
    with client(way) as portal:
        read = portal.get(f"referrals/{referral.pk}")
        way.trouble = ["lost", "unanswered", httpx.Response(503)]
        done = portal.act(read, "accept", comment="In May.")
        assert (done["state"], done["answer"]) == ("accepted", "In May.")
        again = portal.get_if_changed(done.url, done.etag)
    posts = [call for call in way.calls if call.method == "POST"]
    assert len(posts) == 4
    assert len({call.headers["Idempotency-Key"] for call in posts}) == 1
    assert {call.headers["If-Match"] for call in posts} == {read.etag}
    assert Event.objects.filter(kind="referrals.accept").count() == 1
    assert again is None


def test_an_action_on_what_was_read_too_long_ago_is_not_done(way: Way, referral: Referral) -> None:
    with client(way) as portal:
        read = portal.get(f"referrals/{referral.pk}")
        perform("remind", referral, by=make.the_officer(), data={})
        officer = make.agency_officer(referral.agency)
        perform("accept", referral, by=officer, data={})
        with pytest.raises((Stale, Conflict)) as refused:
            portal.act(read, "decline", reason="No.")
    assert refused.value.status in {409, 412}
    referral.refresh_from_db()
    assert referral.state == "accepted"


def test_refusals_are_exceptions_that_say_what_the_portal_said(
    way: Way, referral: Referral
) -> None:
    other = make.referral(make.agency("WCO"))
    with client(way) as portal:
        read = portal.get(f"referrals/{referral.pk}")
        with pytest.raises(NotFound, match="404 not_found"):
            portal.get(f"referrals/{other.pk}")
        with pytest.raises(Invalid, match="invalid_parameter") as unknown:
            list(portal.list("referrals", colour="red"))
        with pytest.raises(Invalid) as empty:
            portal.act(read, "decline")
    assert list(unknown.value.errors) == ["colour"]
    assert (empty.value.code, list(empty.value.errors)) == ("invalid_input", ["reason"])
    with client(way, [Scope.EVENTS_READ]) as portal, pytest.raises(Forbidden, match="missing_"):
        portal.get("requests")
    with Client(PORTAL, "nobody", transport=way) as portal, pytest.raises(NotAuthenticated):
        portal.get("requests")


def test_who_cannot_be_reached_or_stays_busy_is_given_up(way: Way) -> None:
    with client(way, tries=2) as portal:
        way.trouble = ["lost", "lost"]
        with pytest.raises(Unreachable, match="No way"):
            portal.get("referrals")
        way.trouble = [httpx.Response(429, headers={"Retry-After": "1"}) for _each in range(2)]
        with pytest.raises(Throttled):
            portal.get("referrals")
    assert len(way.calls) == 4


def test_the_key_goes_nowhere_else_whatever_an_answer_links_to(way: Way) -> None:
    with client(way) as portal:
        portal.get("https://elsewhere.example.org/api/v1/referrals/?state=sent")
    assert str(way.calls[0].url) == "http://testserver/api/v1/referrals/?state=sent"


def test_a_file_goes_up_and_comes_down_as_it_was(
    way: Way, referral: Referral, tmp_path: Path
) -> None:
    sent = tmp_path / "agenda.pdf"
    sent.write_bytes(make.pdf().read())
    received = io.BytesIO()
    with client(way) as portal:
        address = f"requests/{referral.support_request.reference}/attachments"
        way.trouble = ["unanswered"]
        made = portal.upload(address, sent, "application/pdf")
        size = portal.download(made["url"], received)
        with pytest.raises(NotFound):
            portal.download(f"{address}/999999", received)
    assert received.getvalue() == sent.read_bytes()
    assert size == made["size"] == sent.stat().st_size
    assert Attachment.objects.filter(name="agenda.pdf").count() == 1


def test_the_feed_is_followed_from_its_end(way: Way, referral: Referral) -> None:
    with client(way) as portal:
        events: Iterator[dict[str, Any]] = portal.follow(after=portal.end_of_feed())
        perform("accept", referral, by=make.agency_officer(referral.agency), data={})
        make.referral(make.agency("WCO"))
        assert next(events)["kind"] == "referrals.accept"


def test_a_follower_without_a_place_comes_back_when_the_portal_says(
    way: Way, referral: Referral, settings: Any
) -> None:
    settings.FEED_WAITS = 0
    with client(way) as portal:
        events = portal.follow(after=portal.end_of_feed())
        way.meanwhile[3] = lambda: perform(
            "accept", referral, by=make.agency_officer(referral.agency), data={}
        )
        assert next(events)["kind"] == "referrals.accept"
    assert way.pauses == [5.0, 5.0, 5.0]
    assert len(way.calls) == 5


def test_a_webhook_is_known_by_its_signature() -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    body, now = b'{"type": "referrals.sent"}', datetime.now(UTC)
    signature = Webhook(secret).sign("msg_1", now, body.decode())
    headers = {
        "Webhook-Id": "msg_1",
        "Webhook-Timestamp": str(int(now.timestamp())),
        "Webhook-Signature": signature,
    }
    assert verified(secret, headers, body) == {"type": "referrals.sent"}
    with pytest.raises(WebhookVerificationError):
        verified(secret, headers, body + b" ")
