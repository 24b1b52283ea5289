"""What no program should send: each gets an answer that says so, on every route, and no 500."""

import json
import re
import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.http import urlencode
from drf_spectacular.generators import SchemaGenerator

from history.models import Event
from iccwc_portal.api_problems import PROBLEMS
from partners.rates import KeyThrottle
from tests import make
from tests.api.conftest import Caller, signed_in, with_key

pytestmark = pytest.mark.django_db

TOO_BIG = [2**63, 2**63 - 1, 2**64, 10**40]
NO_JSON = "text/html"


@pytest.fixture(autouse=True)
def unthrottled(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    for name in ("rate", "download_rate"):
        monkeypatch.setattr(KeyThrottle, name, "1000000/min")


@pytest.fixture
def agency(world: SimpleNamespace) -> Caller:
    world.conversation = make.conversation(world.asked_interpol)
    return with_key(make.api_key(world.interpol)[1])


@pytest.fixture(scope="module")
def templates() -> dict[str, list[str]]:
    """Method → every address of the description, with its names in braces."""
    paths = SchemaGenerator().get_schema(request=None, public=True)["paths"]
    return {
        method: [path for path, operations in paths.items() if method in operations]
        for method in ("get", "post")
    }


def filled(template: str, world: SimpleNamespace, other: str = "") -> str:
    """An address of INTERPOL's own rows; with `other`, that in the last place."""
    ids = {
        "referrals": world.referral.pk,
        "conversations": world.conversation.pk,
        "requests": world.letter.pk,
        "toolkit": world.public.steps.get(step="request").pk,
        "webhooks": 1,
    }
    resource = template.split("/")[3]
    known = {"reference": world.asked_interpol.handle, "id": ids.get(resource, 1), "code": "KEN"}
    names = re.findall(r"{(\w+)}", template)
    values = {name: known.get(name, "toolkit") for name in names}
    if other:
        values[names[-1]] = other
    return template.format(**values)


def is_told(answer: Any) -> bool:
    """A refusal with a code of ours and a sentence."""
    if answer.headers.get("Content-Type", "") != "application/problem+json":
        return False
    problem = answer.json()
    known = PROBLEMS.get(problem["code"], (0, ""))[0] == answer.status_code
    return known and bool(problem["detail"])


# ── bodies ───────────────────────────────────────────────────────────────────────────────────

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
}
UNFIT = {
    "NUL": b'{"comment": "a\\u0000b"}',
    "half a character": b'{"comment": "\\ud800"}',
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


# ── addresses ────────────────────────────────────────────────────────────────────────────────


def test_ids_that_no_row_can_have_are_404_like_any_other_missing_one(
    world: SimpleNamespace, agency: Caller, templates: dict[str, list[str]]
) -> None:
    said = agency.get("referrals/999999/").content
    tried = 0
    for method, paths in templates.items():
        for template in [path for path in paths if "{" in path]:
            for strange in [*map(str, TOO_BIG), "0", "-1", "²", "1%00", "%ff", "1e5", "a" * 500]:
                path = filled(template, world, other=strange)
                answer = getattr(agency, method)(path)
                tried += 1
                null = "%00" in strange
                assert answer.status_code == (400 if null else 404), (method, path)
                assert is_told(answer), path
                assert null or answer.content == said, path
    assert tried > 500


def test_a_hidden_row_costs_and_says_what_a_missing_one_does(
    world: SimpleNamespace, agency: Caller
) -> None:
    hidden, wco = world.asked_wco.handle, world.referral_of_wco.pk
    talk = make.conversation(world.asked_wco)
    file = world.asked_wco.attachments.get()
    pairs = {
        f"requests/{hidden}/": "requests/ICCWC-1999-0001/",
        f"requests/{hidden}/attachments/{file.pk}/": "requests/ICCWC-1999-0001/attachments/999999/",
        f"referrals/{wco}/": "referrals/999999/",
        f"conversations/{talk.pk}/": "conversations/999999/",
        f"toolkit/steps/{world.private.steps.last().pk}/": "toolkit/steps/999999/",
    }
    writes = {
        f"requests/{hidden}/actions/start/": "requests/ICCWC-1999-0001/actions/start/",
        f"requests/{hidden}/attachments/": "requests/ICCWC-1999-0001/attachments/",
        f"referrals/{wco}/actions/accept/": "referrals/999999/actions/accept/",
        f"conversations/{talk.pk}/actions/reply/": "conversations/999999/actions/reply/",
    }
    other = with_key(make.api_key(make.agency("UNODC"))[1])
    for method, both in (("get", pairs), ("post", writes)):
        for one, none in both.items():
            caller = other if "steps" in one else agency
            found = [_told(getattr(caller, method), path) for path in (one, one, none)]
            assert found[1] == found[2], one
            assert found[1][0] == 404


def _told(call: Any, path: str) -> tuple[int, bytes, dict[str, str], int]:
    with CaptureQueriesContext(connection) as captured:
        answer = call(path)
    headers = {name: value for name, value in answer.headers.items() if name != "RateLimit"}
    return answer.status_code, answer.content, headers, len(captured)


# ── parameters ───────────────────────────────────────────────────────────────────────────────

STRANGE = ["x=%ff", "%ff=1", "%00=1", "x=%00", "q=%c3%28", "fields=%00", "fields=%ff", "fields="]


def test_parameters_that_are_no_text_are_refused_by_name_on_every_route(
    world: SimpleNamespace, agency: Caller, templates: dict[str, list[str]]
) -> None:
    for template in templates["get"]:
        path = filled(template, world)
        if agency.get(path).headers["Content-Type"].startswith(NO_JSON):
            continue  # the page for people
        for strange in STRANGE:
            answer = agency.get(f"{path}?{strange}")
            assert is_told(answer), (path, strange, answer.content[:300])
            assert answer.status_code in {400, 404}, (path, strange)


def test_text_that_is_no_utf_8_finds_nothing_by_chance(agency: Caller) -> None:
    problem = agency.get("requests/?q=%c3%28").json()
    assert problem["errors"] == {"q": ["This is not UTF-8."]}


def _lists(agency: Caller, templates: dict[str, list[str]]) -> Iterator[str]:
    for template in templates["get"]:
        if "{" not in template and "results" in agency.get(template).content.decode()[:2000]:
            answer = agency.get(template)
            if answer.status_code == 200 and "previous" in answer.json():
                yield template


def test_a_cursor_of_another_list_or_cut_anywhere_is_400(
    world: SimpleNamespace, agency: Caller, templates: dict[str, list[str]]
) -> None:
    officer = signed_in(world.officer)
    lists = list(_lists(officer, templates))
    assert len(lists) >= 9
    cursors = {}
    for path in lists:
        link = officer.get(f"{path}?page_size=1").json()["next"]
        if link:
            cursors[path] = re.findall(r"cursor=([^&]+)", link)[0]
    assert len(cursors) >= 4
    for path in lists:
        own = cursors.get(path, "")
        foreign = [cursor for of, cursor in cursors.items() if of != path]
        cut = [own[:length] for length in range(1, len(own))]
        for cursor in [*foreign, *cut, own + "A", own[::-1] or "x", "%00", "%ff", "0", "W10"]:
            answer = officer.get(f"{path}?page_size=1&cursor={cursor}")
            assert (answer.status_code, list(answer.json()["errors"])) == (400, ["cursor"]), (
                path, cursor,
            )  # fmt: skip


# ── headers ──────────────────────────────────────────────────────────────────────────────────

HEADERS = (
    "authorization", "if-match", "if-none-match", "if-range", "range", "idempotency-key",
    "accept", "accept-language", "accept-encoding", "content-type", "x-forwarded-for",
)  # fmt: skip
JUNK = [
    "a\x00b",
    "\x00",
    "\xff\xfe",
    "é" * 300,
    "x" * 5000,
    '"',
    ",,,;q=",
    "bytes=\x00-",
    "Api-Key \x00",
]


def test_headers_of_rubbish_are_answered_and_never_500(
    world: SimpleNamespace, agency: Caller
) -> None:
    letter = f"requests/{world.asked_interpol.handle}/attachments/{world.letter.pk}/"
    reads = ["requests/", f"requests/{world.asked_interpol.handle}/", letter, "events/"]
    write = f"referrals/{world.referral.pk}/actions/start/"
    for name in HEADERS:
        for junk in JUNK:
            for path in reads:
                assert agency.get(path, headers={name: junk}).status_code < 500, (name, junk)
            answer = agency.post(write, {"start_on": "2030-05-01"}, headers={name: junk})
            assert is_told(answer), (name, junk)


def test_what_is_refused_names_nothing_that_was_not_sent(agency: Caller) -> None:
    address = "requests/?" + urlencode({"party": "VNM", "colour": "x" * 1000})
    said = json.dumps(agency.get(address).json())
    assert len(said) < 2000
    assert "Secret" not in said
