"""Queries that do not grow with the rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from history.models import Event
from partners.models import Agency, ApiKey, Party
from requests_app.models import SupportRequest
from tests import make
from tests.api.conftest import Caller, signed_in, with_key
from workflow.executor import perform
from workflow.guard import may_write

pytestmark = pytest.mark.django_db


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
    if address == "events/":  # a reader who is not far behind: tests.api.test_feed_far has those
        address = f"events/?after={Event.objects.earliest('pk').pk - 1}"
    everybody = {
        "key": with_key(make.api_key()[1]),
        "Secretariat": signed_in(make.lead()),
        "Party": signed_in(make.focal_point()),
        "officer": signed_in(make.agency_officer()),
    }
    counts: dict[str, list[int]] = {who: [] for who in everybody}
    for more in (0, 9, 90):
        # A page of the feed that is full asks one query less: none is, here.
        copies_of_events(min(more, 60)) if "events" in address else copies_from(more)
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
        with may_write("state"):
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

    counted()  # a key that has read before asks less
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
