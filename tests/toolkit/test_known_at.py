"""What pages say of the day and the moment that they are of."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.formats import date_format

from tests import make
from tests.reading_pages import page
from tests.toolkit.test_pages import DOCUMENT, observed
from toolkit.models import Implementation
from toolkit.steps import Step
from toolkit.workflow import load_table_row, observe_total

pytestmark = pytest.mark.django_db


@pytest.fixture
def kenya() -> Implementation:
    loaded = load_table_row(make.party(), [Step.REQUEST], as_of=DOCUMENT, source="A table")
    assert loaded is not None
    return loaded


def table(**query: str) -> Any:
    return Client().get("/toolkit/", query)


def test_a_table_as_known_earlier_says_so_above_it_and_in_its_captions(
    kenya: Implementation,
) -> None:
    observed(kenya.party)
    moment = timezone.now()
    said = f"as known on {date_format(moment, 'DATETIME_FORMAT')} (UTC)"

    shown = page(table(as_of="2020-01-01", known_at=moment.isoformat()))

    for sentence in (
        f"State on 1 January 2020, {said}: 1 requested, 0 complete, 1 at other stages.",
        f"Steps done by 1 January 2020, {said}",
        f"Number of implementations in each phase, {said}",
        f"Observations in documents, newest first, {said}",
    ):
        assert sentence in shown
    assert "as known on" not in page(table(as_of="2020-01-01"))


def test_a_moment_before_all_records_is_called_so_and_counts_nothing(kenya: Implementation) -> None:
    shown = table(as_of="2015-11-09", known_at="2014-01-01T10:00Z")

    sentence = "by that moment nothing was recorded here of steps done by that day."
    moment = date_format(datetime(2014, 1, 1, 10, tzinfo=UTC), "DATETIME_FORMAT")
    assert f"as known on {moment} (UTC): {sentence}" in page(shown)
    assert "0 requested" not in page(shown)
    assert "figures__number" not in shown.content.decode()


def test_the_figures_name_their_newest_entry_and_what_documents_say_beyond_it(
    kenya: Implementation,
) -> None:
    newest = "Newest dated entry behind these figures: 9 November 2015."
    assert newest in page(table())
    assert "Documents speak of more" not in page(table())

    observe_total(
        effective_on=date(2016, 3, 31), precision="day", date_in_source="31 March 2016",
        text="20 requests", in_all=20, source="A paper",
    )  # fmt: skip

    shown = table(as_of="2020-01-01")
    assert "Documents speak of more" in page(shown)
    assert 'href="/toolkit/totals/?as_of=2020-01-01"' in shown.content.decode()
    for before in ({"as_of": "2016-03-30"}, {"as_of": "2020-01-01", "region": "africa"}):
        assert newest in page(table(**before))
        assert "Documents speak of more" not in page(table(**before))


def test_totals_say_of_which_day_and_moment_they_are(kenya: Implementation) -> None:
    moment = timezone.now()
    in_words = date_format(moment, "DATETIME_FORMAT")
    read = page(Client().get("/toolkit/totals/", {"as_of": "2020-01-01", "known_at": str(moment)}))
    assert f"State on 1 January 2020. As known on {in_words} (UTC)." in read
    nothing = "By that moment nothing was recorded here of a document that gives a total by"
    assert nothing in read
    today = page(Client().get("/toolkit/totals/"))
    assert f"State on {date_format(timezone.localdate(), 'DATE_FORMAT')}." in today
    assert "No document on this tracker gives a total by that day." in today


def test_a_page_from_documents_says_that_their_corrections_are_shown(
    kenya: Implementation,
) -> None:
    make.correct(kenya.steps.get(step=Step.REQUEST), "done", date(2014, 3, 1))
    read = page(Client().get("/toolkit/ken/"))
    assert "is shown what published documents print, with later corrections of it." in read
    assert "Request done, 1 March 2014" in read
