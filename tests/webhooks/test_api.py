"""Webhooks through the API: made, changed, tested, replayed and ended; by whom, and by whom not."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from history.models import Event
from partners.models import Scope
from tests import make
from tests.api.conftest import signed_in, with_key
from tests.webhooks.conftest import deliver, other_agency, secret_of, subscribe
from tests.webhooks.receiver import Receiver, answers
from webhooks.models import Webhook

pytestmark = pytest.mark.django_db

ANY = {"if-match": "*"}


def test_a_key_makes_a_webhook_and_reads_its_secret_once(
    interpol: SimpleNamespace, receiver: Receiver
) -> None:
    body = {"label": "Case system", "url": receiver.url, "kinds": ["referrals.*"], "parties": []}
    made = interpol.caller.post("webhooks/", body)

    assert made.status_code == 201, made.content
    said = made.json()
    webhook = Webhook.objects.get()
    assert said["secret"] == secret_of(webhook)
    assert said["secret"].startswith("whsec_")
    assert webhook.secret not in made.content.decode()
    again = interpol.caller.get(made["Location"])
    assert again.json() == {name: said[name] for name in said if name != "secret"}
    assert again["ETag"] == made["ETag"]
    assert {name: said[name] for name in ("agency", "kinds", "scopes", "state")} == {
        "agency": "INTERPOL",
        "kinds": ["referrals.*"],
        "scopes": ["requests:read", "toolkit:read"],
        "state": "active",
    }
    assert [one["action"] for one in said["allowed_actions"]] == [
        "change", "pause", "rotate_secret", "send_test", "replay", "end",
    ]  # fmt: skip
    listed = interpol.caller.get("webhooks/").json()["results"]
    assert [one["id"] for one in listed] == [webhook.pk]
    assert "secret" not in listed[0]


def test_the_same_call_repeated_makes_one_webhook_and_gives_the_same_secret(
    interpol: SimpleNamespace, receiver: Receiver
) -> None:
    body = {"label": "Case system", "url": receiver.url}
    headers = {"idempotency-key": "one"}
    first = interpol.caller.post("webhooks/", body, headers=headers)
    second = interpol.caller.post("webhooks/", body, headers=headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert Webhook.objects.count() == 1


def test_a_repetition_tells_no_secret_to_whoever_is_no_officer_any_more(
    interpol: SimpleNamespace, receiver: Receiver
) -> None:
    officer = make.agency_officer(interpol.agency)
    caller = signed_in(officer)
    body, headers = {"label": "By hand", "url": receiver.url}, {"idempotency-key": "one"}
    made = caller.post("webhooks/", body, headers=headers)
    rotate = f"webhooks/{made.json()['id']}/actions/rotate_secret/"
    assert caller.post(rotate, {}, headers=headers | ANY).status_code == 422
    headers_of_rotation = {"idempotency-key": "two"} | ANY
    assert caller.post(rotate, {}, headers=headers_of_rotation).status_code == 200

    officer.mandates.update(from_on=date(2020, 1, 1), until_on=date(2020, 1, 2))

    again = caller.post("webhooks/", body, headers=headers)
    assert (again.status_code, again.json()["code"]) == (403, "not_permitted")
    assert caller.post(rotate, {}, headers=headers_of_rotation).status_code == 404


def test_another_agency_finds_nothing_and_the_public_nothing_either(
    webhook: Webhook, interpol: SimpleNamespace
) -> None:
    _agency, _key, wco = other_agency()
    paths = [
        f"webhooks/{webhook.pk}/",
        f"webhooks/{webhook.pk}/progress/",
        f"webhooks/{webhook.pk}/deliveries/",
    ]
    actions = ["change", "pause", "resume", "rotate_secret", "send_test", "replay", "end"]
    for path in paths:
        assert wco.get(path).status_code == 404
    for action in actions:
        answer = wco.post(f"webhooks/{webhook.pk}/actions/{action}/", {}, headers=ANY)
        assert (action, answer.status_code) == (action, 404)
    assert wco.rows("webhooks/", "id") == []
    without = with_key(make.api_key(interpol.agency, [Scope.REQUESTS_READ])[1])
    assert without.get("webhooks/").json()["code"] == "missing_scope"
    viewer = signed_in(make.agency_viewer(interpol.agency))
    assert viewer.rows("webhooks/", "id") == []
    officer = signed_in(make.agency_officer(interpol.agency))
    assert officer.rows("webhooks/", "id") == [webhook.pk]
    country = signed_in(make.focal_point())
    assert country.rows("webhooks/", "id") == []
    auditor = signed_in(make.auditor())
    assert auditor.rows("webhooks/", "id") == [webhook.pk]
    refused = auditor.post(f"webhooks/{webhook.pk}/actions/pause/", {}, headers=ANY)
    assert refused.status_code == 403


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("url", "ftp://example.org/", "https://"),
        ("url", "https://", "name of a host"),
        ("url", "https://a:b@example.org/", "user name"),
        ("url", "https://example.org/#part", "from # on"),
        ("url", "https://exämple.org/", "plain ASCII"),
        ("url", "https://no-such-name.invalid/", "No address is known"),
        ("url", "https://example.org:99999/", "no address that can be called"),
        ("url", "", ""),
        ("kinds", ["no.such"], "no kind of event"),
        ("kinds", "referrals.*", ""),
        ("parties", ["XXX"], "cannot be chosen"),
        ("label", "two\nlines", "one line"),
        ("secret", "whsec_mine", "no such field"),
    ],
)
def test_what_does_not_do_is_said_at_its_field(
    interpol: SimpleNamespace, receiver: Receiver, field: str, value: Any, words: str
) -> None:
    body = {"label": "Case system", "url": receiver.url, field: value}
    answer = interpol.caller.post("webhooks/", body)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert list(answer.json()["errors"]) == [field]
    assert words in answer.json()["errors"][field][0]
    assert not Webhook.objects.exists()


def test_an_agency_has_twenty_webhooks_at_most(
    interpol: SimpleNamespace, receiver: Receiver
) -> None:
    made = [subscribe(interpol.key, receiver.url, label=f"No. {n}") for n in range(20)]
    body = {"label": "One more", "url": receiver.url}
    refused = interpol.caller.post("webhooks/", body)
    assert refused.status_code == 400
    assert "20 webhooks" in refused.json()["errors"]["label"][0]
    interpol.caller.post(f"webhooks/{made[0].pk}/actions/end/", {}, headers=ANY)
    assert interpol.caller.post("webhooks/", body).status_code == 201


def test_what_is_changed_counts_from_the_next_event_on(
    webhook: Webhook, interpol: SimpleNamespace, receiver: Receiver
) -> None:
    path = f"webhooks/{webhook.pk}/actions/change/"
    assert interpol.caller.post(path, {}, headers={}).status_code == 428
    read = interpol.caller.get(f"webhooks/{webhook.pk}/")
    changed = interpol.caller.post(
        path, {"kinds": ["referrals.accept"]}, headers={"if-match": read["ETag"]}
    )
    assert changed.status_code == 200, changed.content
    assert changed.json()["kinds"] == ["referrals.accept"]
    late = interpol.caller.post(path, {"label": "X"}, headers={"if-match": read["ETag"]})
    assert (late.status_code, late.json()["code"]) == (412, "stale")
    make.referral(state="accepted")
    deliver()
    assert set(receiver.kinds()) == {"referrals.accept"}


def test_deliveries_do_not_change_what_if_match_is_judged_by(
    webhook: Webhook, interpol: SimpleNamespace
) -> None:
    make.party()
    before = interpol.caller.get(f"webhooks/{webhook.pk}/")["ETag"]
    make.request_in("referred")
    deliver()
    assert interpol.caller.get(f"webhooks/{webhook.pk}/")["ETag"] == before


def test_both_secrets_sign_while_one_replaces_the_other(
    webhook: Webhook, interpol: SimpleNamespace, receiver: Receiver
) -> None:
    old = secret_of(webhook)
    rotated = interpol.caller.post(
        f"webhooks/{webhook.pk}/actions/rotate_secret/", {}, headers=ANY
    ).json()
    new = rotated["secret"]
    assert new == secret_of(webhook) != old
    make.request_in("referred")
    deliver()
    assert receiver.all_signed_with(old)
    assert receiver.all_signed_with(new)

    Webhook.objects.update(previous_until=timezone.now())
    receiver.got.clear()
    make.referral(state="accepted")
    deliver()
    assert receiver.all_signed_with(new)
    assert all(" " not in headers["webhook-signature"] for headers, _body in receiver.got)


def test_a_replay_sends_the_same_ids_again_and_what_was_never_told(
    interpol: SimpleNamespace, receiver: Receiver
) -> None:
    make.referral(state="accepted")  # before there was a webhook
    begin = Event.objects.order_by("pk").first().recorded_at  # type: ignore[union-attr]
    webhook = subscribe(interpol.key, receiver.url)
    make.request_in("referred")
    deliver()
    before = receiver.counts()
    path = f"webhooks/{webhook.pk}/actions/replay/"
    for wrong in ("yesterday", "2026-03-02", "2999-01-01T00:00:00Z"):
        refused = interpol.caller.post(path, {"since": wrong}, headers=ANY)
        assert (wrong, refused.status_code) == (wrong, 400)

    said = interpol.caller.post(path, {"since": begin.isoformat()}, headers=ANY)
    assert said.status_code == 200, said.content
    deliver()

    after = receiver.counts()
    assert {one: times for one, times in after.items() if one in before} == dict.fromkeys(before, 2)
    assert len(after) > len(before)
    assert set(after.values()) == {1, 2}


def test_paused_it_is_told_nothing_and_resumed_everything(
    webhook: Webhook, interpol: SimpleNamespace, receiver: Receiver
) -> None:
    interpol.caller.post(f"webhooks/{webhook.pk}/actions/pause/", {}, headers=ANY)
    make.request_in("referred")
    assert deliver() == 0
    again = interpol.caller.post(f"webhooks/{webhook.pk}/actions/pause/", {}, headers=ANY)
    assert (again.status_code, again.json()["code"]) == (409, "not_allowed_now")
    interpol.caller.post(f"webhooks/{webhook.pk}/actions/resume/", {}, headers=ANY)
    assert deliver() == len(receiver.got) > 0


def test_the_deliveries_say_what_became_of_each(
    webhook: Webhook, interpol: SimpleNamespace, receiver: Receiver
) -> None:
    receiver.behave = answers(302, location="http://127.0.0.1:1/")
    make.request_in("referred")
    deliver()
    rows = interpol.caller.get(f"webhooks/{webhook.pk}/deliveries/?state=failed").json()["results"]
    assert len(rows) == 1
    assert (rows[0]["attempts"], rows[0]["sent_at"]) == (1, None)
    assert "302, a redirect. It is not followed" in rows[0]["error"]
    progress = interpol.caller.get(f"webhooks/{webhook.pk}/progress/").json()
    assert progress["failures"] == 1
    assert progress["waiting"] >= 1
    assert "redirect" in progress["last_error"]
    unknown = interpol.caller.get(f"webhooks/{webhook.pk}/deliveries/?sort=1")
    assert unknown.json()["code"] == "invalid_parameter"
    half = interpol.caller.get(f"webhooks/{webhook.pk}/deliveries/?cursor=abc")
    assert half.json()["code"] == "invalid_parameter"


def test_an_ended_webhook_keeps_no_secret_and_takes_no_action(
    webhook: Webhook, interpol: SimpleNamespace
) -> None:
    ended = interpol.caller.post(f"webhooks/{webhook.pk}/actions/end/", {}, headers=ANY)
    assert ended.json()["state"] == "ended"
    assert ended.json()["allowed_actions"] == []
    webhook.refresh_from_db()
    assert (webhook.secret, webhook.previous_secret) == ("", "")


def test_nobody_acts_in_the_name_of_the_portal(webhook: Webhook, interpol: SimpleNamespace) -> None:
    path = f"webhooks/{webhook.pk}/actions/suspend/"
    assert interpol.caller.post(path, {"why": "gone"}, headers=ANY).status_code == 404
