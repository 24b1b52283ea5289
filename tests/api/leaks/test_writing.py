"""Answers to a write: what is kept for a repetition, what is offered, and where what was made
stands, are told to whom they are for."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test.client import MULTIPART_CONTENT

from tests import make
from tests.api.conftest import Caller
from tests.api.leaks import world as things
from tests.api.leaks.callers import Key, said, status_expected
from tests.api.leaks.doors import actions_below
from toolkit.models import Implementation
from webhooks.models import Webhook
from workflow.executor import perform

pytestmark = pytest.mark.django_db

QUESTION = {"subject": "Dates", "text": "In May?"}
INTERPOL = ("INTERPOL all", "officer of INTERPOL")
# Of each kind of row: what is posted below its address.
WRITES: dict[str, dict[str, Any]] = {
    "request": {"attachments/": "a file"},
    "referral": {"actions/ask/": QUESTION, "actions/send_document/": "a file"},
    "conversation": {"actions/reply/": {"text": "In May."}},
    "step": {"actions/note/": {"note": "A mission is planned."}},
    "webhook": {"actions/rotate_secret/": {}, "actions/pause/": {}},
}


def addresses(world: SimpleNamespace) -> dict[str, str]:
    """One row of each kind that INTERPOL reads."""
    return {
        "request": f"requests/{world.talked.handle}/",
        "referral": f"referrals/{world.talked.referrals.get().pk}/",
        "conversation": f"conversations/{world.talked.threads.get().pk}/",
        "step": f"toolkit/steps/{world.cycle.steps.get(position=2).pk}/",
        "webhook": f"webhooks/{world.webhook.pk}/",
    }


def close(world: SimpleNamespace) -> None:
    """All of it passes out of INTERPOL's sight."""
    referral = world.talked.referrals.get()
    perform("recall", referral, by=world.officer, data={"reason": "In error."})
    Implementation.objects.filter(pk=world.cycle.pk).update(lead_agency=world.wco)
    Webhook.objects.filter(pk=world.webhook.pk).update(agency=world.wco)


def write(caller: Caller, path: str, body: Any, repetition: str) -> Any:
    headers = {"if-match": "*", "idempotency-key": repetition}
    if body == "a file":
        file = {"file": make.pdf("plan.pdf")}
        return caller.post(path, file, content_type=MULTIPART_CONTENT, headers=headers)
    return caller.post(path, body, headers=headers)


def test_a_kept_answer_is_not_repeated_to_whom_the_row_was_closed_meanwhile(
    whole: SimpleNamespace,
) -> None:
    paths = addresses(whole)
    calls = [
        (name, kind, below, body)
        for name in INTERPOL
        for kind, writes in WRITES.items()
        for below, body in writes.items()
        if (name, below) != ("officer of INTERPOL", "actions/pause/")  # the key has paused it
    ]

    def answers(addresses: dict[str, str]) -> list[Any]:
        return [
            write(whole.keys[name].caller, addresses[kind] + below, body, f"{name} {kind} {below}")
            for name, kind, below, body in calls
        ]

    first, again = answers(paths), answers(paths)
    assert [one.content for one in first if one.status_code not in (200, 201)] == []
    assert {one.get("Idempotent-Replayed") for one in again} == {"true"}
    assert [one.content for one in again] == [one.content for one in first]

    close(whole)

    afterwards = [said(one) for one in answers(paths)]
    nowhere = {
        kind: things.missing(things.Row(kind, path, things.NOBODY)) for kind, path in paths.items()
    }
    assert afterwards == [said(one) for one in answers(nowhere)]
    assert all(one.startswith("404") for one in afterwards)


def test_where_something_was_made_stands_for_its_readers_alone(whole: SimpleNamespace) -> None:
    paths, made = addresses(whole), []
    for name in INTERPOL:
        caller = whole.keys[name].caller
        made += [
            write(caller, f"{paths['referral']}actions/ask/", QUESTION, "ask"),
            write(caller, f"{paths['request']}attachments/", "a file", "send"),
            caller.post("webhooks/", {"label": name, "url": "http://127.0.0.1:9/"}),
        ]
    places = [answer["Location"].removeprefix("http://testserver/api/v1/") for answer in made]
    others = ("INTERPOL events:read", "WCO all", "officer of WCO", "no key")
    read = {
        name: [whole.keys[name].caller.get(place).status_code for place in places]
        for name in (*INTERPOL, *others)
    }
    assert read == {
        **dict.fromkeys(INTERPOL, [200] * len(places)),
        "INTERPOL events:read": [403] * len(places),
        **dict.fromkeys(["WCO all", "officer of WCO"], [404] * len(places)),
        "no key": [401] * len(places),
    }


def test_each_caller_is_offered_what_it_may_do_now_and_nothing_else(
    whole: SimpleNamespace,
) -> None:
    """Where an action is the caller's, the words of the call are judged; those here fit none."""
    differing, offers = [], 0
    for row in things.rows(whole):
        actions = [one for one in actions_below(row.path) if one.startswith("actions/")]
        for name, key in whole.keys.items():
            if not actions or status_expected(key, row) != 200:
                continue
            offered = _offered(key, row)
            offers += len(offered)
            for action in actions:
                status = key.caller.post(row.path + action, {"nonsense": 1}).status_code
                # A file would be a form: 415 for JSON.
                if status not in ((400, 415) if action in offered else (403, 404, 409)):
                    differing.append((row.name, name, action, status, offered))
    assert differing == []
    assert offers > 50


def _offered(key: Key, row: things.Row) -> list[str]:
    """The actions, each at its address below the row's own."""
    own = f"http://testserver/api/v1/{row.path}"
    found = key.caller.get(row.path).json().get("allowed_actions", [])
    assert all(one["url"] == f"{own}actions/{one['action']}/" for one in found)
    return [one["url"].removeprefix(own) for one in found]
