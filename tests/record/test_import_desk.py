"""From a list to published activities at the desk: the editor's two yeses, and who may."""

import csv
import io

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from history.models import Event
from history.verify import first_break
from partners.models import Mandate
from record.importing import carrying
from record.models import Activity, ActivityImport, ActivityPlace, ImportRow
from record.tasks import carry_on_imports
from tests import make
from tests.reading_pages import page, signed_in
from tests.record.importing_world import (
    READ,
    SOURCE,
    act,
    give,
    page_of,
    parties,
    send,
    send_list,
    send_rows,
    verdicts,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _parties() -> None:
    parties()


@pytest.fixture
def officer() -> Client:
    return signed_in(make.the_officer())


# ── the two yeses ────────────────────────────────────────────────────────────────────────────


def test_good_rows_become_drafts_with_their_source_and_a_second_yes_publishes_them(officer):
    batch = send_list(officer, "spreadsheet.csv")

    act(officer, batch, "take")

    assert [(one.title_en, one.state, one.source) for one in Activity.objects.order_by("pk")] == [
        ("Training on parcels", "draft", SOURCE),
        ("Workshop for prosecutors", "draft", SOURCE),
        ("Study of ports", "draft", SOURCE),
        ("Meeting of customs officers", "draft", SOURCE),
        ("Seminar on controlled delivery", "draft", SOURCE),
        ("Course on online markets", "draft", SOURCE),
    ]
    assert [str(one) for one in ActivityPlace.objects.order_by("pk")] == [
        "Lao People’s Democratic Republic",
        "Lao People’s Democratic Republic",
        "Democratic Republic of the Congo",
        "Democratic Republic of the Congo",
        "Hong Kong Special Administrative Region, China",
        "Viet Nam",
    ]
    assert list(Activity.objects.visible_to(None)) == []

    act(officer, batch, "publish")

    hidden = Activity.objects.get(title_en="Course on online markets")
    assert set(Activity.objects.visible_to(None)) == set(Activity.objects.exclude(pk=hidden.pk))
    assert hidden.state == "draft"
    assert {one[1] for one in verdicts(batch)} == {"taken"}


def test_every_activity_and_every_yes_is_in_the_history(officer):
    batch = send_list(officer, "spreadsheet.csv")
    act(officer, batch, "take")
    act(officer, batch, "publish")

    of_one = Event.objects.about(Activity.objects.get(title_en="Workshop for prosecutors"))
    assert [(one.kind, one.actor_name, one.source) for one in of_one] == [
        ("record.import", make.the_officer().name, SOURCE),
        ("activities.publish", make.the_officer().name, ""),
    ]
    assert of_one[0].changes["file"] == [None, "spreadsheet.csv"]
    assert of_one[0].changes["row"] == [None, 2]
    of_batch = Event.objects.about(batch)
    assert [(one.kind, one.changes) for one in of_batch] == [
        ("activity_imports.take", {"rows": 6, "state": ["waiting", "taken"]}),
        ("activity_imports.publish", {"rows": 5}),
    ]
    assert first_break() is None


def test_what_is_taken_over_is_not_taken_over_again(officer):
    batch = send_list(officer, "spreadsheet.csv")
    act(officer, batch, "take")

    assert officer.get(page_of(batch, "actions/take/")).context["form"].refusal is not None
    again = send_list(officer, "spreadsheet.csv")
    assert {(verdict, *codes) for _row, verdict, codes in verdicts(again)} == {("known", "is_here")}
    assert Activity.objects.count() == 6


def test_a_row_that_somebody_stored_since_it_was_read_is_not_stored_twice(officer):
    batch = send_rows(officer, "Kenya,Training (2015),analysis", "Kenya,Study (2015),analysis")
    theirs = make.activity(
        "draft", at=make.party("KEN"), title_en="training", starts_on="2015-12-31"
    )

    act(officer, batch, "take")

    assert verdicts(batch) == [("2", "known", ["is_here"]), ("3", "taken", [])]
    assert batch.rows.get(number=2).activity == theirs
    assert Activity.objects.count() == 2


def test_an_address_that_is_taken_gets_the_number_of_its_row(officer):
    make.activity(slug="training-per-2015", title_en="Another")
    batch = send_rows(officer, "Peru,Training (2015),analysis", "Peru,Study (2015),analysis")

    act(officer, batch, "take")

    first, second = batch.rows.select_related("activity").order_by("number")
    assert [first.activity.slug, second.activity.slug] == [
        f"training-per-2015-{first.pk}",
        "study-per-2015",
    ]


def test_a_dropped_import_keeps_no_row_and_offers_nothing(officer):
    batch = send_list(officer, "spreadsheet.csv")

    act(officer, batch, "drop")

    batch.refresh_from_db()
    assert (batch.state, ImportRow.objects.count(), Activity.objects.count()) == ("dropped", 0, 0)
    assert list(officer.get(page_of(batch)).context["actions"]) == []


# ── much work ────────────────────────────────────────────────────────────────────────────────


def test_what_a_lost_worker_left_is_finished_by_the_sweep(officer, monkeypatch):
    monkeypatch.setattr(carrying, "A_PIECE", 2)
    batch = send_list(officer, "spreadsheet.csv")
    act(officer, batch, "take")  # more than a piece: left to a worker, which these tests have not

    said = page(officer.get(page_of(batch)))
    assert "6 rows are still being taken over." in said
    assert Activity.objects.count() == 0
    assert carry_on_imports() == 1

    assert Activity.objects.count() == 6
    assert carry_on_imports() == 0
    assert "still being" not in page(officer.get(page_of(batch)))


def test_publishing_stops_where_the_editors_mandate_has_ended(officer, monkeypatch):
    monkeypatch.setattr(carrying, "A_FEW_TO_PUBLISH", 0)
    batch = send_list(officer, "spreadsheet.csv")
    act(officer, batch, "take")
    act(officer, batch, "publish")
    Mandate.objects.filter(user=make.the_officer()).update(
        from_on="2019-01-01", until_on="2020-01-01"
    )

    carry_on_imports()

    batch.refresh_from_db()
    assert list(Activity.objects.visible_to(None)) == []
    assert [one[0] for one in batch.remarks][-1] == "stopped"
    assert batch.published_by is None


# ── who, and what the page costs ─────────────────────────────────────────────────────────────


def test_an_auditor_reads_imports_and_changes_nothing(officer):
    batch = send_list(officer, "questions.csv")
    auditor = signed_in(make.auditor())

    said = auditor.get(page_of(batch))

    assert (said.status_code, said.context["questions"], list(said.context["actions"])) == (
        200,
        [],
        [],
    )
    assert auditor.get(READ).status_code == 403
    assert send(auditor, b"Country,Description\nKenya,x (2015)\n").status_code == 403
    assert give(auditor, batch, "kind:", "analysis").status_code == 403
    assert auditor.post(page_of(batch, "actions/take/"), {"version": 0}).status_code == 403
    assert verdicts(batch)[0][1] == "asked"


@pytest.mark.parametrize("who", [make.focal_point, make.agency_officer, None])
def test_nobody_else_sees_an_import(officer, who):
    batch = send_list(officer, "questions.csv")
    browser = signed_in(who()) if who else Client()

    answers = [
        browser.get(address).status_code
        for address in (READ, page_of(batch), page_of(batch, "left.csv"))
    ]

    assert not set(answers) & {200}
    assert list(ActivityImport.objects.visible_to(who() if who else None)) == []


def test_rows_that_are_left_can_be_downloaded_mended_and_sent_again(officer):
    batch = send_rows(
        officer,
        'Kenya,"=HYPERLINK(1) (2017-2016)",analysis,-1.2',
        "Kenya,Good (2015),analysis,",
        head="Country,Description,Kind,Longitude",
    )

    sent = officer.get(page_of(batch, "left.csv"))

    text = b"".join(sent.streaming_content).decode()
    assert list(csv.reader(io.StringIO(text))) == [
        ["Row", "Part", "Verdict", "Why", "Place", "Description", "Kind", "Stage", "Link",
         "Visible", "Longitude", "Latitude"],
        ["2", "1", "cannot be taken",
         "“2017-2016” ends before it begins. A position needs longitude and latitude: one of them "
         "is missing.",
         "Kenya", "'=HYPERLINK(1) (2017-2016)", "analysis", "", "", "", "'-1.2", ""],
    ]  # fmt: skip
    mended = text.replace("2017-2016", "2016-2017").replace("'-1.2", "")
    answer = send(officer, mended.encode())
    assert answer.status_code == 302
    assert verdicts(ActivityImport.objects.latest("pk")) == [("2", "good", [])]


@pytest.mark.parametrize("rows", [10, 60])
def test_the_pages_ask_no_more_of_long_lists(officer, rows):
    lines = [
        f"Kenya,Course {n} (2015),{'analysis' if n % 2 else 'Conference'}" for n in range(rows)
    ]
    batch = send_rows(officer, *lines)
    officer.get(page_of(batch))

    with CaptureQueriesContext(
        connection,
    ) as one_page:
        officer.get(page_of(batch))
    with CaptureQueriesContext(connection) as the_list:
        officer.get("/admin/record/activityimport/")

    assert len(one_page) <= 18, len(one_page)
    assert len(the_list) <= 12, len(the_list)


def test_reading_a_list_asks_nothing_for_each_row(officer):
    found = []
    for rows in (10, 400):
        with CaptureQueriesContext(connection) as asked:
            send_rows(
                officer, *[f"Kenya,Course {n} of {rows} (2015),analysis" for n in range(rows)]
            )
        found.append(len(asked))

    # Rows are stored together, as many as one statement of the engine holds.
    assert found[0] <= 20
    assert found[1] - found[0] <= 400 // 80


def test_rows_are_shown_by_verdict_and_by_page(officer):
    batch = send_rows(officer, *[f"Kenya,Course {n} (2015),analysis" for n in range(60)])

    assert len(officer.get(page_of(batch)).context["rows"]) == 50
    assert len(officer.get(page_of(batch) + "?page=2").context["rows"]) == 10
    assert len(officer.get(page_of(batch) + "?show=asked").context["rows"]) == 0
    assert officer.get(page_of(batch) + "?show=nonsense").status_code == 404
