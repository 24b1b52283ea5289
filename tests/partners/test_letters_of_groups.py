"""Groups that are told the same in one language get the same words, each with its own link."""

from typing import Any

import pytest

from partners.letters import Notice, letters
from tests import make

pytestmark = pytest.mark.django_db

NOTICE = Notice(subject="About %(reference)s", lead="Something happened.", next="Look.")


def test_the_words_are_written_once_in_a_language_and_the_link_is_each_groups_own() -> None:
    asked: list[str] = []

    def facts() -> dict[str, str]:
        asked.append("facts")
        return {"reference": "ICCWC-2026-0001"}

    known: dict[str, Any] = {}
    country, desk = make.focal_point(), make.lead()
    told = [
        letters([person], NOTICE, path=path, facts=facts, passages=list, known=known)[0]
        for person, path in ((country, "/requests/1/"), (desk, "/admin/1/?a=1&b=2"))
    ]
    alone = [
        letters([person], NOTICE, path=path, facts=facts, passages=list)[0]
        for person, path in ((country, "/requests/1/"), (desk, "/admin/1/?a=1&b=2"))
    ]
    assert told == alone
    assert len(asked) == 3  # once for both groups, and once for each alone
    assert [one.address for one in told] == [country.email, desk.email]
    assert "/requests/1/" in told[0].text
    assert "/admin/1/?a=1&b=2" in told[1].text
    assert "/admin/1/?a=1&amp;b=2" in told[1].html
    assert "/requests/1/" not in told[1].text + told[1].html
