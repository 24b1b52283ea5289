"""Reader × kind: what is found is what that reader may open, and it is counted no higher.

What may be opened is asked of the pages themselves, so that a rule of the search that differs from
the rule of the page is seen here, whichever of the two is wrong.
"""

import pytest
from django.test import Client

from iccwc_portal.search import sources
from iccwc_portal.search import views as search_views
from partners.rates import Rate
from tests.portal.searching import KEEPER, MARK, World, ask, counts, world

pytestmark = pytest.mark.django_db

DESK = {"lead", "officer", "auditor"}
# Kinds that everybody reads alike, and whose words the world does not carry.
ALIKE = {"parties", "pages", "agencies", "offices", "networks", "supports"}
RECORDS = {"activities", "operations", "news", "documents", "recognition", "meetings"}


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(search_views, "RATE", Rate(100_000, 60))
    return world()


def opened(reader: Client, addresses: set[str]) -> set[str]:
    return {one for one in addresses if reader.get(one).status_code == 200}


def found(reader: Client, kind: str) -> set[str]:
    """On a page of its own; assessments are found by their Party and instrument."""
    words = "indicator framework assessment" if kind == "assessments" else MARK
    return set(ask(reader, words, kind=kind)[kind])


def test_every_kind_is_looked_at(whole: World) -> None:
    assert set(whole.addresses) | ALIKE == set(sources.LABELS)


def test_whoever_asks_finds_what_they_may_open_and_nothing_else(whole: World) -> None:
    """Of each kind there are rows that some may read and others may not: nothing is compared with
    nothing. What the public reads of a plan stands with the Party: see the next test."""
    wrong = {}
    for kind, addresses in whole.addresses.items():
        read = {who: opened(reader, addresses) for who, reader in whole.readers.items()}
        assert len({len(some) for some in read.values()}) > 1, (kind, read)
        for who, reader in whole.readers.items():
            works_elsewhere = kind == "requests" and who.endswith(("INTERPOL", "WCO"))
            expected = set() if works_elsewhere else read[who]  # they find it in their inbox
            if kind != "recommendations" and found(reader, kind) != expected:
                wrong[who, kind] = found(reader, kind), expected
    assert wrong == {}


def test_of_a_public_plan_everybody_finds_what_the_country_accepted_with_the_party(
    whole: World,
) -> None:
    inside = whole.addresses["recommendations"]
    for who, reader in whole.readers.items():
        mine = opened(reader, inside)
        public = set() if who in DESK else {"/toolkit/gab/"}
        assert found(reader, "recommendations") == mine | public, who
        assert len(ask(reader, MARK, kind="recommendations")["recommendations"]) == (
            len(mine) + len(public)
        )


def test_nothing_is_counted_that_cannot_be_opened(whole: World) -> None:
    for who, reader in whole.readers.items():
        shown = {kind: len(found(reader, kind)) for kind in whole.addresses}
        counted = counts(reader, MARK)
        for kind in set(shown) - {"assessments"}:
            assert counted.get(kind, 0) == shown[kind], (who, kind)


def test_the_public_finds_what_is_published_and_no_draft_withdrawn_or_waiting_record(
    whole: World,
) -> None:
    for who in set(whole.readers) - DESK:
        for kind in RECORDS:
            (one,) = found(whole.readers[who], kind)
            assert Client().get(one).status_code == 200, (who, kind)


def test_the_secretariat_finds_drafts_marked_as_what_they_are(whole: World) -> None:
    page = whole.readers["officer"].get("/search/", {"q": MARK, "kind": "documents"})
    ((_group, shown),) = page.context["groups"]
    remarks = sorted(str(one.remark) for one in shown)
    assert remarks == ["", "draft", "will be published", "withdrawn"]


def test_nobody_finds_people_whatever_their_role(whole: World) -> None:
    for who, reader in whole.readers.items():
        for words in (KEEPER, "keeperofnames@example.org", "person1 example org"):
            assert ask(reader, words) == {}, (who, words)


def test_a_stranger_learns_nothing_of_a_private_request_from_its_reference(whole: World) -> None:
    private = sorted(whole.addresses["requests"])
    for address in private:
        reference = address.split("/")[2]
        page = Client().get("/search/", {"q": reference}).content.decode()
        assert "Nothing was found that you can read." in page
        assert address not in page
