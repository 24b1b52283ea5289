"""The five original documents: every group of facts that they show to the public stands on a page
of the portal, in English, with its date.

tests/data/documents/ holds a list for each document. A fact names its page, the words that stand
there and the date that stands with them: its own or its source's, or that the source is undated
("–" in a table); `together` asks for all of them in one row of a table or one item of a list,
`steps` for the number of steps that the row of a Party has done.
"""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from tests.reading_pages import words

pytestmark = pytest.mark.django_db

LISTS = sorted((Path(__file__).parent.parent / "data" / "documents").glob("*.json"))
FACTS = [
    pytest.param(one, id=f"{path.stem}: {one['fact']}")
    for path in LISTS
    for one in json.loads(path.read_text(encoding="utf-8"))["facts"]
]


@pytest.fixture(scope="module")
def portal(django_db_setup: None, django_db_blocker: Any) -> Any:
    """The reference data, once for all facts; gone again at the end."""
    from django.db import transaction  # noqa: PLC0415

    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        try:
            call_command("load_reference", stdout=io.StringIO())
            yield dict[str, str]()
        finally:
            transaction.set_rollback(True)
            whole.__exit__(None, None, None)


def plain(text: str) -> str:
    return " ".join(text.replace("’", "'").casefold().split())


def page(portal: dict[str, str], address: str) -> str:
    if address not in portal:
        answer = Client(headers={"accept-language": "en"}).get(address)
        assert answer.status_code == 200, address
        html = answer.content.decode()
        assert '<html lang="en"' in html
        portal[address] = html.partition("<main")[2].partition("</main>")[0]
    return portal[address]


def pieces(html: str) -> list[str]:
    """Rows of tables, items of lists, what is said of a term."""
    rows = re.finditer(r"<(?P<tag>tr|li|dd)\b.*?</(?P=tag)>", html, re.DOTALL)
    return [words(one[0]) for one in rows]


@pytest.mark.parametrize("fact", FACTS)
def test_a_fact_of_the_documents_stands_on_a_page_with_its_date(
    portal: dict[str, str], fact: dict[str, Any]
) -> None:
    html = page(portal, fact["page"])
    asked = [plain(one) for one in [*fact["words"], fact["date"]]]
    whole = plain(words(html))
    assert [one for one in asked if one not in whole] == []
    if fact.get("together"):
        assert any(all(one in plain(piece) for one in asked) for piece in pieces(html))
    if "steps" in fact:
        row = next(one for one in pieces(html) if one.startswith(fact["words"][0]))
        assert row.count("done") == fact["steps"], row


def test_every_document_has_its_list() -> None:
    assert {path.stem for path in LISTS} == {
        "what-is-iccwc", "partners", "sc66-inf-9", "implementation-support", "news-2024-05-01",
    }  # fmt: skip
    assert len(FACTS) > 100
