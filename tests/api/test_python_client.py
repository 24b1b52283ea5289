"""The Python client, against the portal itself, over a way that loses calls and answers."""

import io
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django.test
import httpx
import pytest
from django.utils.http import http_date
from standardwebhooks.webhooks import Webhook

import iccwc_client.trying
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
from iccwc_client.mirror import Mirror
from iccwc_client.store import OtherSource, Store
from iccwc_client.webhooks import WebhookVerificationError, verified
from partners.models import Scope
from requests_app.models import Attachment, Referral
from tests import make
from workflow.executor import perform

PORTAL = "http://testserver"


class Way(httpx.BaseTransport):
    """The way to the portal. Of each kind of trouble one comes at each of the next calls: `lost`
    before the portal heard of it, `unanswered` after it was done, or an answer of a proxy."""

    def __init__(self) -> None:
        self.portal = django.test.Client()
        self.trouble: list[str | httpx.Response] = []
        self.calls: list[httpx.Request] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.calls.append(request)
        trouble = self.trouble.pop(0) if self.trouble else ""
        if trouble == "lost":
            raise httpx.ConnectError("No way.", request=request)
        if isinstance(trouble, httpx.Response):
            return trouble
        answer = self._at_the_portal(request)
        if trouble == "unanswered":
            raise httpx.ReadTimeout("Too long.", request=request)
        return answer

    def _at_the_portal(self, request: httpx.Request) -> httpx.Response:
        headers = {name: said for name, said in request.headers.items() if name != "content-type"}
        found: Any = self.portal.generic(
            str(request.method),
            request.url.raw_path.decode(),
            request.read(),
            request.headers.get("Content-Type", ""),
            headers=headers,
        )
        body = b"".join(found.streaming_content) if found.streaming else found.content
        said = {**found.headers, "Date": http_date()}  # which a server adds
        return httpx.Response(found.status_code, headers=said, content=body)


@pytest.fixture
def way(db: None, monkeypatch: pytest.MonkeyPatch) -> Way:
    monkeypatch.setattr(iccwc_client.trying.time, "sleep", lambda seconds: None)
    return Way()


@pytest.fixture
def referral(db: None) -> Referral:
    return make.referral(make.agency("INTERPOL"))


def client(way: Way, scopes: "list[str] | None" = None, **more: Any) -> Client:
    token = make.api_key(make.agency("INTERPOL"), scopes)[1]
    return Client(PORTAL, token, transport=way, **more)


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


# ── the copy ─────────────────────────────────────────────────────────────────────────────────


def copied(path: Path) -> dict[str, list[str]]:
    with closing(sqlite3.connect(path)) as db:
        return {
            "requests": [row[0] for row in db.execute("SELECT id FROM requests")],
            "referrals": [
                f"{body['id']} {body['state']}"
                for body in (json.loads(row[0]) for row in db.execute("SELECT body FROM referrals"))
            ],
            "conversations": [row[0] for row in db.execute("SELECT id FROM conversations")],
            "events": [row[0] for row in db.execute("SELECT kind FROM events ORDER BY id")],
        }


def test_the_copy_loses_what_was_recalled_and_gains_the_history_of_what_is_sent(
    way: Way, referral: Referral, tmp_path: Path
) -> None:
    make.conversation(referral.support_request, agencies=("INTERPOL",))
    path = tmp_path / "copy.sqlite3"
    store = Store(path)
    with client(way) as portal, closing(store):
        mirror = Mirror(portal, store, PORTAL)
        mirror.catch_up()
        before = copied(path)
        perform("recall", referral, by=make.the_officer(), data={"reason": "Sent in error."})
        mirror.catch_up()
        without = copied(path)
        later = make.referral(make.agency("INTERPOL"))
        mirror.catch_up()
        after = copied(path)
    assert before["referrals"] == [f"{referral.pk} sent"]
    assert len(before["conversations"]) == 1
    assert without == {
        "requests": [], "referrals": [], "conversations": [],
        "events": ["referrals.sent", "referrals.recall"],
    }  # fmt: skip
    assert after["referrals"] == [f"{later.pk} sent"]
    assert after["events"][2:] == ["requests.submit", "referrals.sent"]


def test_a_pass_that_brings_nothing_reads_nothing_twice(
    way: Way, referral: Referral, tmp_path: Path
) -> None:
    store = Store(tmp_path / "copy.sqlite3")
    with client(way) as portal, closing(store):
        mirror = Mirror(portal, store, PORTAL)
        mirror.catch_up()
        way.calls.clear()
        assert mirror.catch_up(whole_lists=False) == 0
    details = [call for call in way.calls if "If-None-Match" in call.headers]
    others = sorted({call.url.path for call in way.calls if call not in details})
    assert len(details) == 2  # one request and its referral, both unchanged
    assert others == [f"/api/v1/{name}/" for name in (
        "conversations", "events", "referrals", "requests"
    )]  # fmt: skip


def test_a_copy_of_another_portal_is_refused_and_other_scopes_begin_anew(
    way: Way, referral: Referral, tmp_path: Path
) -> None:
    path = tmp_path / "copy.sqlite3"
    store = Store(path)
    with closing(store):
        with client(way) as portal:
            Mirror(portal, store, PORTAL).catch_up()
            with pytest.raises(OtherSource, match="copy of http://testserver"):
                Mirror(portal, store, "https://portal.example.org")
        assert copied(path)["requests"] != []
        with client(way, [Scope.EVENTS_READ]) as portal:
            Mirror(portal, store, PORTAL).catch_up()
    nothing: dict[str, list[str]] = {
        "requests": [], "referrals": [], "conversations": [], "events": []
    }  # fmt: skip
    assert copied(path) == nothing
