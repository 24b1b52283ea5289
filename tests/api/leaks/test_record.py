"""The public record says the same to everybody, and nothing of what is held back."""

from types import SimpleNamespace
from typing import Any

import pytest

from tests import make
from tests.api.conftest import Caller, signed_in
from tests.api.leaks import record
from tests.api.leaks.callers import said
from tests.api.leaks.doors import lists, variations
from tests.api.leaks.world import PUBLIC

pytestmark = pytest.mark.django_db

CONDITIONS: list[dict[str, str]] = [
    {},
    {"if-none-match": "*"},
    {"accept-language": "fr"},
    {"accept": "text/csv"},
    {"accept": "application/geo+json"},
]


def everybody(world: SimpleNamespace) -> dict[str, Caller]:
    """One of each kind: whoever asks, nothing here looks at scopes, agencies or roles."""
    keys = {name: world.keys[name].caller for name in ("INTERPOL all", "key of the Secretariat")}
    country = signed_in(make.focal_point(make.party("KEN")))
    return {
        "no key": Caller(), **keys, "country": country, "Secretariat": signed_in(world.officer),
    }  # fmt: skip


def without_place(words: str, slug: str) -> str:
    return words.replace(slug, "")


def test_what_is_held_back_answers_everybody_like_an_address_that_never_was(
    whole: SimpleNamespace,
) -> None:
    """To the Secretariat too: the desk is where it reads drafts."""
    differing, tried = [], 0
    for name, caller in everybody(whole).items():
        for kind, slug in whole.held_back:
            for headers in CONDITIONS if name in {"no key", "Secretariat"} else CONDITIONS[:1]:
                there, nowhere = (
                    caller.get(f"{kind}/{one}/", headers=headers) for one in (slug, "never-was")
                )
                tried += 1
                words = without_place(said(there), slug), without_place(said(nowhere), "never-was")
                if there.status_code != nowhere.status_code or words[0] != words[1]:
                    differing.append((name, kind, slug, words))
                assert nowhere.status_code in {404, 406}
    assert differing == []
    assert tried > 200


def doors() -> list[str]:
    """Every list of the record with every parameter and form, and a detail of each kind."""
    kinds = {f"/api/v1/{kind}/" for kind in (*record.KINDS, "networks", "offices", "agencies")}
    listed = [
        path + query
        for path, parameters in lists().items()
        if path in kinds
        for query in variations(parameters)
        if "xlsx" not in query  # which holds the moment it was made
    ]
    return [*listed, *PUBLIC]


def test_everybody_is_answered_the_same_byte_for_byte(whole: SimpleNamespace) -> None:
    found: dict[str, set[str]] = {}
    for caller in everybody(whole).values():
        for door in doors():
            found.setdefault(door, set()).add(_body(caller.get(door)))
    assert {door for door, answers in found.items() if len(answers) > 1} == set()
    assert len(found) > 80


def _body(answer: Any) -> str:
    body = b"".join(answer) if answer.streaming else answer.content
    return f"{answer.status_code} {answer.headers.get('ETag')} {body.decode()}"


def test_nothing_that_is_held_back_has_an_event_in_the_feed_of_anybody(
    whole: SimpleNamespace,
) -> None:
    kinds = set()
    for caller in everybody(whole).values():
        answer = caller.get("events/?page_size=100")
        if answer.status_code == 200:
            kinds |= {row["kind"].partition(".")[0] for row in answer.json()["results"]}
    assert kinds
    assert kinds & {"recognition", "operations", "activities", "network_meetings", "news",
                    "library", "record"} == set()  # fmt: skip


@pytest.mark.parametrize("name", ["editors_note", "support_request", "recommendation", "state",
                                  "contacts", "findings", "publish_at", "search_text"])  # fmt: skip
def test_what_is_not_for_readers_is_no_field_no_filter_and_no_order(
    world: SimpleNamespace, name: str
) -> None:
    for kind in (*record.KINDS, "networks"):
        answers = [
            Caller().get(f"{kind}/?{name}=1"),
            Caller().get(f"{kind}/?ordering={name}"),
            Caller().get(f"{kind}/?fields={name}"),
            Caller().get(f"{kind}/?format=csv&fields={name}"),
        ]
        assert {answer.status_code for answer in answers} == {400}
