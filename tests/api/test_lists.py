"""Filters that ignore nothing, pages that skip nothing, and queries that do not grow."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from partners.models import PartyAlias
from requests_app.models import SupportRequest
from tests import make
from tests.api.conftest import Caller, signed_in, with_key

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretariat() -> Caller:
    return signed_in(make.lead())


# ── filters ──────────────────────────────────────────────────────────────────────────────────


def test_each_filter_narrows_the_list_to_what_it_says(secretariat: Caller) -> None:
    old = make.request_in("completed", of=make.party("VNM"), agencies=("WCO",))
    new = make.request_in("submitted", support_key="toolkit")
    PartyAlias.objects.create(party=make.party("VNM"), written="Vietnam", spelling="vietnam")
    moment = timezone.now() - timedelta(days=400)
    SupportRequest.objects.filter(pk=old.pk).update(submitted_at=moment, updated_at=moment)
    day = moment.date().isoformat()
    today = timezone.now().date().isoformat()
    only_old, only_new = [old.handle], [new.handle]
    expected = {
        "party=VNM": only_old,
        "support=toolkit": only_new,
        "state=submitted": only_new,
        "state=submitted&state=completed": [*only_new, *only_old],
        "state=draft": [],
        "urgency=normal&party=VNM": only_old,
        "urgency=high": [],
        "agency=WCO": only_old,
        "lead_agency=WCO": only_old,
        f"submitted_to={day}": only_old,
        f"submitted_from={day}&submitted_to={day}": only_old,
        f"submitted_from={today}": only_new,
        f"updated_since={today}": only_new,
        f"updated_since={today}T00:00:00%2B00:00": only_new,
        f"updated_since={today}T00:00:00+00:00": only_new,
        f"q={old.reference}": only_old,
        "q=vietnam": only_old,
        "q=Việt": only_old,
        "q=VIET": only_old,
        "q=kenya": only_new,
        "q=%25": [],
        "ordering=updated_at": [*only_old, *only_new],
    }
    assert {q: secretariat.rows(f"requests/?{q}", "handle") for q in expected} == expected


def test_referrals_are_found_by_state_agency_and_due_day(secretariat: Caller) -> None:
    first = make.referral(make.agency("WCO"), "accepted")
    second = make.referral(make.agency("INTERPOL"))
    due = second.answer_due_on
    expected = {
        "state=accepted": [first.pk],
        "agency=INTERPOL": [second.pk],
        f"due_before={due}": [],
        f"due_before={due + timedelta(days=1)}&agency=WCO": [first.pk],
        "updated_since=2199-01-01T00:00:00Z": [],
        "ordering=answer_due_on": [first.pk, second.pk],
    }
    assert {q: secretariat.rows(f"referrals/?{q}", "id") for q in expected} == expected


@pytest.mark.parametrize(
    ("address", "named"),
    [
        ("requests/?colour=red", "colour"),
        ("requests/?offset=10", "offset"),
        ("requests/?state=burnt", "state"),
        ("requests/?state=submitted&state=burnt", "state"),
        ("requests/?urgency=", "urgency"),
        ("requests/?party=XXX", "party"),
        ("requests/?party=KEN&party=VNM", "party"),
        ("requests/?party=%00", "party"),
        ("requests/?support=nothing", "support"),
        ("requests/?agency=UNESCO", "agency"),
        ("requests/?submitted_from=31/12/2015", "submitted_from"),
        ("requests/?submitted_from=0000-01-01", "submitted_from"),
        ("requests/?submitted_to=9999-12-31", "submitted_to"),
        ("requests/?updated_since=yesterday", "updated_since"),
        ("requests/?updated_since=0001-01-01T00:00:00%2B14:00", "updated_since"),
        ("requests/?updated_since=9999-12-31T23:59:59-14:00", "updated_since"),
        ("requests/?q=" + "x" * 101, "q"),
        ("requests/?q=%00", "q"),
        ("requests/?ordering=party__name", "ordering"),
        ("requests/?page_size=0", "page_size"),
        ("requests/?page_size=101", "page_size"),
        ("requests/?page_size=-1", "page_size"),
        ("requests/?page_size=many", "page_size"),
        ("requests/?page_size=²", "page_size"),
        ("requests/?cursor=nonsense", "cursor"),
        ("requests/?cursor=W10", "cursor"),
        ("requests/?cursor=eyJhIjoxfQ", "cursor"),
        ("referrals/?due_before=soon", "due_before"),
        ("parties/?region=atlantis", "region"),
        ("agencies/?q=x", "q"),
        ("supports/?state=x", "state"),
        ("toolkit/observations/?status=x", "status"),
        ("events/?kind=x", "kind"),
    ],
)
def test_what_a_list_does_not_know_is_refused_by_name(
    secretariat: Caller, address: str, named: str
) -> None:
    make.party(), make.party("VNM")
    answer = secretariat.get(address)
    assert answer.status_code == 400, answer.content
    problem = answer.json()
    assert (problem["code"], list(problem["errors"])) == ("invalid_parameter", [named])


def test_a_refused_parameter_says_what_would_do(secretariat: Caller) -> None:
    make.agency("INTERPOL"), make.agency("WCO")
    errors = {
        name: secretariat.get(f"referrals/?{name}=x").json()["errors"][name]
        for name in ("agency", "state", "colour", "ordering")
    }
    assert errors == {
        "agency": ["“x” is not known here. Known are: INTERPOL, WCO."],
        "state": [
            "“x” is not known here. Known are: "
            "sent, accepted, delivering, delivered, declined, recalled."
        ],
        "colour": [
            "There is no such parameter here. Known are: "
            "agency, cursor, due_before, fields, format, ordering, page_size, state, updated_since."
        ],
        "ordering": ["“x” is not known here. Known are: -id, updated_at, answer_due_on."],
    }


def test_a_detail_takes_no_parameters(secretariat: Caller) -> None:
    case = make.request_in("submitted")
    for path in (f"requests/{case.handle}/", "parties/KEN/"):
        answer = secretariat.get(f"{path}?expand=everything")
        assert (answer.status_code, list(answer.json()["errors"])) == (400, ["expand"])


# ── pages ────────────────────────────────────────────────────────────────────────────────────


def walk(caller: Caller, address: str, name: str, link: str = "next") -> list[list[Any]]:
    pages = []
    while address:
        page = caller.get(address).json()
        pages.append([row[name] for row in page["results"]])
        address = page[link]
        assert len(pages) < 50
    return pages


def test_pages_give_every_row_once_forwards_and_backwards(secretariat: Caller) -> None:
    handles = [make.request_in("submitted").handle for _each in range(7)][::-1]
    assert walk(secretariat, "requests/?page_size=3", "handle") == [
        handles[:3], handles[3:6], handles[6:],
    ]  # fmt: skip
    address = "requests/?page_size=3"
    for _page in range(2):
        address = secretariat.get(address).json()["next"]
    assert walk(secretariat, address, "handle", "previous") == [
        handles[6:], handles[3:6], handles[:3],
    ]  # fmt: skip


def test_rows_that_arrive_meanwhile_move_nothing(secretariat: Caller) -> None:
    handles = [make.request_in("submitted").handle for _each in range(4)][::-1]
    second = secretariat.get("requests/?page_size=2").json()["next"]
    late = make.request_in("submitted").handle
    page = secretariat.get(second).json()
    assert [row["handle"] for row in page["results"]] == handles[2:]
    back = secretariat.get(page["previous"]).json()
    assert [row["handle"] for row in back["results"]] == handles[:2]
    newest = secretariat.get(back["previous"]).json()
    assert [row["handle"] for row in newest["results"]] == [late]
    assert newest["previous"] is None


def test_pages_by_last_change_do_not_lose_rows_that_share_a_moment(secretariat: Caller) -> None:
    cases = [make.request_in("submitted") for _each in range(5)]
    SupportRequest.objects.update(updated_at=datetime(2026, 1, 1, tzinfo=UTC))
    pages = walk(secretariat, "requests/?ordering=updated_at&page_size=2", "handle")
    assert pages == [
        [cases[0].handle, cases[1].handle], [cases[2].handle, cases[3].handle], [cases[4].handle],
    ]  # fmt: skip


def test_a_filter_stays_in_the_links_of_its_pages(secretariat: Caller) -> None:
    kept = [make.request_in("submitted", of=make.party("VNM")).handle for _each in range(3)]
    make.request_in("submitted")
    assert walk(secretariat, "requests/?party=VNM&page_size=1", "handle") == [
        [handle] for handle in reversed(kept)
    ]


def test_a_cursor_of_another_order_is_refused(secretariat: Caller) -> None:
    for _each in range(2):
        make.request_in("submitted")
    link = secretariat.get("requests/?page_size=1").json()["next"]
    answer = secretariat.get(f"{link}&ordering=updated_at")
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["cursor"])


def test_a_cursor_opens_nothing_that_its_reader_may_not_see(secretariat: Caller) -> None:
    for _each in range(3):
        make.request_in("referred", agencies=("INTERPOL",))
    link = secretariat.get("requests/?page_size=1").json()["next"]
    wco = with_key(make.api_key(make.agency("WCO"))[1])
    assert wco.get(link).json() == {"next": None, "previous": None, "results": []}


def test_parties_come_in_pages_by_code() -> None:
    for code in ("VNM", "GAB", "KEN", "PER", "BGD"):
        make.party(code)
    pages = walk(Caller(), "parties/?page_size=2", "code")
    assert pages == [["BGD", "GAB"], ["KEN", "PER"], ["VNM"]]
