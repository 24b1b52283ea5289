"""A mandate rests unless it is confirmed every year; everybody concerned is reminded once."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from history.models import Event
from outbox.models import Heartbeat, Message
from partners.access import standing
from partners.models import Mandate, User
from partners.tasks import remind_of_renewals
from tests import make
from tests.reading_pages import signed_in

pytestmark = pytest.mark.django_db

LIST = "/admin/partners/mandate/"


def today() -> Any:
    return timezone.now().date()


def due(person: User, days: int) -> Mandate:
    """The person's mandate has to be confirmed in so many days."""
    person.mandates.update(confirm_by=today() + timedelta(days=days))
    return person.mandates.get()


def remind() -> dict[str, str]:
    """What the job of a new day mails: texts by address."""
    Message.objects.all().delete()
    Heartbeat.objects.all().delete()
    remind_of_renewals()
    return {one.address: one.text for one in Message.objects.all()}


def acts(person: User) -> bool:
    return standing(User.objects.get(pk=person.pk)) != standing(None)


# ── reminding ────────────────────────────────────────────────────────────────────────────────


def test_the_person_and_all_who_can_confirm_get_one_mail_for_all_mandates() -> None:
    lead, focal_point = make.lead(), make.focal_point()
    peru = make.focal_point(make.party("PER"))
    first, second, officer = make.contributor(), make.party_viewer(), make.agency_officer()
    for person, days in ((first, 30), (second, 3), (officer, -5)):
        due(person, days)

    mails = remind()

    assert set(mails) == {lead.email, focal_point.email, first.email, second.email, officer.email}
    assert peru.email not in mails
    for name in ("Contributor, Kenya", "Viewer, Kenya", "Officer, INTERPOL"):
        assert name in mails[lead.email]
    assert "Officer, INTERPOL" not in mails[focal_point.email]
    assert "/country/ken/people/" in mails[focal_point.email]
    assert "/admin/partners/mandate/?confirmed=due" in mails[lead.email]
    assert "For you to confirm" not in mails[first.email]
    assert remind() == {}


def test_nobody_is_reminded_early_nor_of_what_is_over() -> None:
    make.lead()
    due(make.contributor(), 31)
    over = due(make.party_viewer(), 3)
    Mandate.objects.filter(pk=over.pk).update(ended_at=timezone.now())
    focal_point = make.focal_point()
    due(make.deputy(focal_point), 3)
    assert remind() == {}


def test_the_job_that_runs_twice_a_day_reminds_once() -> None:
    make.lead()
    due(make.contributor(), 3)
    assert remind_of_renewals() == 2
    due(make.party_viewer(), 3)
    assert remind_of_renewals() == 0


# ── resting and confirming ───────────────────────────────────────────────────────────────────


def test_a_mandate_gives_nothing_from_the_day_after() -> None:
    make.lead()
    person = make.focal_point()
    due(person, 0)
    assert acts(person)
    due(person, -1)
    assert not acts(person)


def test_a_lead_confirms_one_at_the_desk() -> None:
    lead, person = make.lead(), make.focal_point()
    mandate = due(person, -1)
    Mandate.objects.filter(pk=mandate.pk).update(reminded_at=timezone.now())
    address = f"{LIST}{mandate.pk}/confirm/"
    desk = signed_in(lead)
    assert desk.get(address).status_code == 200
    assert not acts(person)
    desk.post(address)
    mandate.refresh_from_db()
    assert (acts(person), mandate.confirm_by, mandate.reminded_at) == (
        True, today() + timedelta(days=365), None,
    )  # fmt: skip
    (event,) = Event.objects.about(mandate)
    assert (event.kind, event.changes) == (
        "partners.mandate_confirmed",
        {
            "confirm_by": [
                (today() - timedelta(days=1)).isoformat(),
                (today() + timedelta(days=365)).isoformat(),
            ]
        },
    )


@pytest.mark.parametrize("who", ["officer", "auditor"])
def test_others_of_the_secretariat_confirm_nobody(who: str) -> None:
    mandate = due(make.focal_point(), -1)
    desk = signed_in(getattr(make, who)())
    assert desk.post(f"{LIST}{mandate.pk}/confirm/").status_code == 403
    desk.post(LIST, {"action": "confirm_many", "_selected_action": [mandate.pk], "sure": "yes"})
    mandate.refresh_from_db()
    assert mandate.confirm_by < today()


def test_no_lead_confirms_a_mandate_of_their_own() -> None:
    lead = make.lead()
    make.lead()
    mandate = due(lead, 3)
    desk = signed_in(lead)
    answer = desk.post(f"{LIST}{mandate.pk}/confirm/", follow=True)
    assert "You are not entitled to do this." in answer.content.decode()
    mandate.refresh_from_db()
    assert mandate.confirm_by == today() + timedelta(days=3)


def test_many_are_confirmed_after_a_question() -> None:
    lead = make.lead()
    first, second = due(make.focal_point(), -1), due(make.contributor(), 5)
    own = due(lead, 5)
    untouched = due(make.party_viewer(), 5)
    desk = signed_in(lead)
    listed = desk.get(f"{LIST}?confirmed=due").content.decode()
    assert "Confirm for another year" in listed
    chosen = {"action": "confirm_many", "_selected_action": [first.pk, second.pk, own.pk]}

    asked = desk.post(LIST, chosen)
    assert "1 chosen mandate is left out" in asked.content.decode()
    assert not Event.objects.exists()
    desk.post(LIST, chosen | {"sure": "yes"})

    days = {one.pk: one.confirm_by for one in Mandate.objects.all()}
    in_a_year, soon = today() + timedelta(days=365), today() + timedelta(days=5)
    assert [days[one.pk] for one in (first, second, own, untouched)] == [
        in_a_year, in_a_year, soon, soon,
    ]  # fmt: skip


def test_the_list_shows_those_to_be_confirmed_alone() -> None:
    resting, soon, later = make.focal_point(), make.contributor(), make.party_viewer()
    due(resting, -1)
    due(soon, 30)
    desk = signed_in(make.lead())

    def shown(filter_by: str) -> set[str]:
        found = desk.get(f"{LIST}?confirmed={filter_by}").context["cl"].result_list
        return {one.user.email for one in found}

    assert shown("due") == {resting.email, soon.email}
    assert shown("resting") == {resting.email}
    assert later.email not in shown("due")


# ── the portal does not lock itself ──────────────────────────────────────────────────────────


def test_the_last_lead_never_rests_and_can_grant_and_confirm() -> None:
    lead, focal_point = make.lead(), make.focal_point()
    due(lead, -400)
    mandate = due(focal_point, -400)
    assert acts(lead)
    signed_in(lead).post(f"{LIST}{mandate.pk}/confirm/")
    assert acts(focal_point)


def test_a_lead_rests_while_another_lead_can_confirm_it() -> None:
    resting, other = make.lead(), make.lead()
    mandate = due(resting, -1)
    assert (acts(resting), acts(other)) == (False, True)
    assert signed_in(resting).get("/admin/").status_code == 302
    signed_in(other).post(f"{LIST}{mandate.pk}/confirm/")
    assert acts(resting)


def test_two_leads_who_were_both_forgotten_confirm_each_other() -> None:
    first, second = make.lead(), make.lead()
    due(first, -9)
    mandate = due(second, -9)
    assert (acts(first), acts(second)) == (True, True)
    signed_in(first).post(f"{LIST}{mandate.pk}/confirm/")
    assert (acts(first), acts(second)) == (False, True)


def test_a_lead_whose_account_is_closed_keeps_no_other_lead_from_acting() -> None:
    lead = make.lead()
    closed = make.lead()
    User.objects.filter(pk=closed.pk).update(is_active=False)
    due(lead, -1)
    assert acts(lead)
