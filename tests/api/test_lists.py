"""Filters that ignore nothing, pages that skip nothing, and queries that do not grow."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.models import Agency, ApiKey, Party, PartyAlias
from requests_app.models import SupportRequest
from tests import make
from tests.api.conftest import Caller, signed_in, with_key
from workflow.executor import perform

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
            "agency, cursor, due_before, ordering, page_size, state, updated_since."
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


# ── budgets ──────────────────────────────────────────────────────────────────────────────────


def queries(caller: Caller, address: str) -> int:
    ApiKey.objects.update(last_used_at=None)  # the dearest call: its last use is written down
    with CaptureQueriesContext(connection) as captured:
        assert caller.get(address).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "address", ["requests/", "referrals/", "events/", "requests/?state=referred&q=ICCWC"]
)
def test_a_list_costs_the_same_at_1_10_and_100_rows_and_at_most_5_queries(address: str) -> None:
    make.request_in("referred")
    everybody = {
        "key": with_key(make.api_key()[1]),
        "Secretariat": signed_in(make.lead()),
        "Party": signed_in(make.focal_point()),
        "officer": signed_in(make.agency_officer()),
    }
    counts: dict[str, list[int]] = {who: [] for who in everybody}
    for more in (0, 9, 90):
        copies_of_events(more) if address == "events/" else copies_from(more)
        for who, caller in everybody.items():
            size = "&page_size=100" if "?" in address else "?page_size=100"
            counts[who].append(queries(caller, address + size))
    for who, found in counts.items():
        assert len(set(found)) == 1, (who, found)
        assert found[0] <= 5, (who, found)


def copies_from(number: int) -> None:
    """Referred requests in numbers, without walking each through the workflow."""
    start = SupportRequest.objects.count()
    pattern = SupportRequest.objects.order_by("pk").first()
    assert pattern is not None
    referral = pattern.referrals.get()
    for index in range(start, start + number):
        made = SupportRequest(
            party=pattern.party, support=pattern.support, created_by=pattern.created_by,
            reference=f"ICCWC-1990-{index:04}", state=pattern.state, answers=pattern.answers,
            lead_agency=referral.agency, submitted_at=pattern.submitted_at,
        )  # fmt: skip
        made.save()
        made.referrals.create(
            agency=referral.agency, note="Please help.", answer_due_on=referral.answer_due_on
        )


def copies_of_events(number: int) -> None:
    case, officer = SupportRequest.objects.get(), make.the_officer()
    for _each in range(number):
        perform("advise", case, by=officer, data={"advice": "Please nominate somebody."})


def test_a_detail_costs_at_most_8_queries_however_many_referrals() -> None:
    case = make.request_in("referred")
    everybody = {
        "key": with_key(make.api_key()[1]),
        "Secretariat": signed_in(make.lead()),
        "Party": signed_in(make.focal_point()),
        "officer": signed_in(make.agency_officer()),
    }
    referral = case.referrals.get()
    addresses = [f"requests/{case.handle}/", f"referrals/{referral.pk}/"]

    def counted() -> dict[tuple[str, str], int]:
        return {
            (who, address): queries(caller, address)
            for who, caller in everybody.items()
            for address in addresses
        }

    few = counted()
    for number in range(20):
        agency = Agency.objects.create(code=f"A{number}", name_en=f"A{number}", seat="Here")
        case.referrals.create(agency=agency, note="x", answer_due_on=referral.answer_due_on)
    assert counted() == few
    assert max(few.values()) <= 8, few


@pytest.mark.parametrize(
    "address",
    ["parties/", "agencies/", "supports/", "toolkit/implementations/", "toolkit/observations/"],
)
def test_public_lists_cost_at_most_5_queries_at_any_length(address: str) -> None:
    region = make.party().region
    caller = with_key(make.api_key()[1])
    make.support()
    make.implementation(lead_agency=make.agency())
    few = queries(caller, address)
    for number in range(20):
        names = dict.fromkeys(("name_en", "name_fr", "name_es"), f"P{number}")
        party = Party.objects.create(
            code=f"X{number:02}", iso2=f"{number:02}", region=region, **names
        )
        make.implementation(party, lead_agency=make.agency())
        make.support(f"s{number}")
        agency = make.agency(f"A{number}")
        agency.offices.create(kind="office", place="Here", source="A document")
    assert (queries(caller, address), few <= 5) == (few, True)
