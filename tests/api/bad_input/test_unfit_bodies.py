"""What no program should send as a body: an answer that says so, on every route, and no 500."""

import socket
from types import SimpleNamespace
from typing import Any

import pytest

from history.models import Event
from tests import make
from tests.api.bad_input.addresses import filled, is_told
from tests.api.conftest import Caller

pytestmark = pytest.mark.django_db


UNREADABLE = {
    "cut off": b'{"comment": "In M',
    "no UTF-8": b'{"comment": "\xff\xfe"}',
    "UTF-16": '{"comment": "In May."}'.encode("utf-16"),
    "a name twice": b'{"comment": "In May.", "comment": "In June."}',
    "a name twice, deep": b'{"comment": {"a": 1, "a": 2}}',
    "NaN": b'{"comment": NaN}',
    "infinite": b'{"comment": 1e999}',
    "infinite below": b'{"comment": -1e999}',
    "endless number": b'{"comment": ' + b"9" * 5000 + b"}",
    "deep": b"[" * 100_000,
    "deep and whole": b'{"comment": ' + b"[" * 40 + b"]" * 40 + b"}",
    "two values": b"{} {}",
    "half a character": b'{"comment": "\\ud800"}',
}
UNFIT = {
    "NUL": b'{"comment": "a\\u0000b"}',
    "a number": b'{"comment": 17e30, "unknown": 1}',
    "a list": b"[1, 2]",
    "null": b"null",
    "true": b"true",
    "unknown field": b'{"comment": "In May.", "state": "delivered"}',
    "huge number": b'{"comment": {"n": 99999999999999999999999999}}',
}


@pytest.mark.parametrize("name", [*UNREADABLE, *UNFIT])
def test_a_body_that_does_not_do_is_refused_in_words_on_every_route(
    name: str, world: SimpleNamespace, agency: Caller, templates: dict[str, list[str]]
) -> None:
    raw = {**UNREADABLE, **UNFIT}[name]
    before = Event.objects.count()
    for number, template in enumerate(templates["post"], start=len(name)):
        path = filled(template, world)
        headers = {"if-match": "*"} | ({"idempotency-key": "a key"} if number % 2 else {})
        answer = agency.post(path, raw, headers=headers)
        assert is_told(answer), (path, answer.status_code, answer.content[:200])
        assert answer.status_code in {400, 403, 404, 409}, path
    assert Event.objects.count() == before
    accept = f"referrals/{world.referral.pk}/actions/accept/"
    code = agency.post(accept, raw).json()["code"]
    assert code == ("malformed" if name in UNREADABLE else "invalid_input")


def test_a_name_that_stands_twice_is_named(world: SimpleNamespace, agency: Caller) -> None:
    path = f"referrals/{world.referral.pk}/actions/accept/"
    problem = agency.post(path, UNREADABLE["a name twice"]).json()
    assert problem["detail"] == "“comment” stands twice in the body."


def test_a_body_of_10_mb_is_413_on_every_route_and_none_of_it_is_read(
    world: SimpleNamespace, agency: Caller, templates: dict[str, list[str]]
) -> None:
    # Only two bytes are there: whoever read on would find no more and fail the test.
    for template in templates["post"]:
        for content_type in ("application/json", "application/x-www-form-urlencoded", ""):
            answer = agency.client.generic(
                "POST", filled(template, world), b"{}", content_type,
                CONTENT_LENGTH=str(10 * 1024 * 1024), headers={"if-match": "*"},
            )  # fmt: skip
            assert (answer.status_code, answer.json()["code"]) == (413, "too_large"), template


def test_a_large_field_beside_a_file_is_413(world: SimpleNamespace, agency: Caller) -> None:
    path = f"/api/v1/requests/{world.asked_interpol.handle}/attachments/"
    body = {"file": make.pdf(), "title": "x" * (31 * 1024 * 1024)}
    answer = agency.client.post(path, body)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_body_without_a_length_is_411_and_not_an_empty_one(
    world: SimpleNamespace, agency: Caller
) -> None:
    path = f"/api/v1/referrals/{world.referral.pk}/actions/accept/"
    answer = agency.client.generic(
        "POST", path, b"", "application/json",
        headers={"if-match": "*", "transfer-encoding": "chunked"},
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")
    world.referral.refresh_from_db()
    assert world.referral.state == "sent"


@pytest.mark.parametrize("announced", [4000, 200_000])
@pytest.mark.django_db(transaction=True)
def test_a_body_shorter_than_announced_is_malformed_and_does_nothing(
    announced: int, live_server: Any
) -> None:
    referral = make.referral()
    _key, token = make.api_key(referral.agency)
    head = (
        f"POST /api/v1/referrals/{referral.pk}/actions/accept/ HTTP/1.1\r\nHost: localhost\r\n"
        f"Authorization: Api-Key {token}\r\nContent-Type: application/json\r\nIf-Match: *\r\n"
        f"Content-Length: {announced}\r\nConnection: close\r\n\r\n"
    )
    where = (live_server.thread.host, live_server.thread.port)
    with socket.create_connection(where, timeout=20) as line:
        line.sendall(head.encode() + b'{"comment": "In Ma')
        line.shutdown(socket.SHUT_WR)
        said = b"".join(iter(lambda: line.recv(4096), b""))
    assert said.startswith(b"HTTP/1.1 400"), said[:300]
    assert b'"malformed"' in said
    referral.refresh_from_db()
    assert referral.state == "sent"
