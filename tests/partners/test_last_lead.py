"""The portal is never without a lead: nobody could grant anything any more."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from partners.models import Mandate, User
from tests import make
from tests.portal.test_addresses import change
from tests.reading_pages import page, signed_in

pytestmark = pytest.mark.django_db


def today() -> date:
    """Asked anew in each test: a long run may cross midnight."""
    return timezone.now().date()


def set_end(lead: User, until: date, by: User) -> Any:
    """What a lead does on the mandate's page at the desk."""
    address = f"/admin/partners/mandate/{lead.mandates.get().pk}/change/"
    return signed_in(by).post(address, {"until_on": until.isoformat()}, follow=True)


@pytest.mark.parametrize("days", [0, 1, 400])
def test_the_only_lead_gets_no_last_day_however_late(days: int) -> None:
    lead = make.lead()
    make.officer()

    answer = set_end(lead, today() + timedelta(days=days), by=lead)

    assert "This is the last lead’s mandate." in page(answer)
    assert lead.mandates.get().until_on is None


@pytest.mark.parametrize(
    ("others_end", "may"),
    [(None, True), (31, True), (30, False), (29, False), (-1, False)],
)
def test_a_lead_leaves_on_a_day_that_another_lead_outlasts(others_end: Any, may: bool) -> None:
    lead, other = make.lead(), make.lead()
    day = today() + timedelta(days=30)
    if others_end is not None:
        until = today() + timedelta(days=others_end)
        other.mandates.update(from_on=min(today(), until), until_on=until)

    set_end(lead, day, by=lead)

    assert lead.mandates.get().until_on == (day if may else None)


def test_the_last_lead_is_prolonged_by_nobody_but_another_and_shortened_by_none() -> None:
    lead = make.lead()
    day = today() + timedelta(days=30)
    Mandate.objects.filter(user=lead).update(until_on=day)

    set_end(lead, day - timedelta(days=1), by=lead)

    assert lead.mandates.get().until_on == day


def test_the_account_of_the_last_lead_is_not_closed() -> None:
    lead = make.the_lead()

    answer = change(lead, is_active="")

    assert "Appoint another one first" in page(answer)
    assert lead.is_active


def test_nobody_closes_the_own_account_at_the_desk() -> None:
    make.lead()
    lead = make.lead()
    desk = signed_in(lead)
    said = {
        "name": lead.name, "email": lead.email, "language": "en", "time_zone": "UTC",
        "mandates-TOTAL_FORMS": "0", "mandates-INITIAL_FORMS": "0",
    }  # fmt: skip

    answer = desk.post(f"/admin/partners/user/{lead.pk}/change/", said, follow=True)

    assert "You are not entitled to do this." in page(answer)
    lead.refresh_from_db()
    assert lead.is_active
