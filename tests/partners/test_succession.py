"""When a focal point leaves, everything of the Party passes on in one step; a gap is shown."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from history.models import Event
from outbox.models import Heartbeat, Message
from partners import granting
from partners.access import standing
from partners.models import Invitation, Mandate, User
from partners.recipients import parties_without_focal_point
from requests_app import tasks
from tests import make
from tests.reading_pages import errors_at, signed_in

pytestmark = pytest.mark.django_db

ACCOUNT = {
    "name": "Next", "language": "en", "time_zone": "UTC", "password": "four words in a row",
}  # fmt: skip


def today() -> Any:
    return timezone.now().date()


def hand_over(by: User, mandate: Mandate, **said: Any) -> Any:
    address = f"/admin/partners/mandate/{mandate.pk}/hand-over/"
    return signed_in(by).post(address, {"language": "en", **said})


def acting() -> list[tuple[str, str, str]]:
    """Who acts for which body now."""
    held = Mandate.objects.in_force().exclude(role__in=["lead", "officer"])
    return sorted((one.user.email, one.role, str(one.body)) for one in held)


# ── handing over ─────────────────────────────────────────────────────────────────────────────


def test_a_lead_hands_over_to_somebody_with_an_account_in_one_step() -> None:
    lead, leaving, peru = make.the_lead(), make.focal_point(), make.focal_point(make.party("PER"))
    deputy, helper = make.deputy(leaving), make.contributor()
    successor = make.person(email="next@example.org")
    old = leaving.mandates.get()

    answer = hand_over(lead, old, email="NEXT@example.org", office="Customs")

    assert answer.status_code == 302
    assert acting() == sorted([
        ("next@example.org", "focal_point", "Kenya"),
        (helper.email, "contributor", "Kenya"),
        (peru.email, "focal_point", "Peru"),
    ])  # fmt: skip
    new = successor.mandates.get()
    assert (new.from_on, new.office, new.granted_by) == (today(), "Customs", lead)
    assert [one.kind for one in Event.objects.about(old)] == [
        "partners.mandate_ended", "partners.mandate_handed_over",
    ]  # fmt: skip
    (granted,) = Event.objects.about(new)
    assert (granted.kind, granted.changes["succeeds"]) == ("partners.mandate_granted", old.pk)
    assert deputy.mandates.get().ended_at
    told = set(Message.objects.values_list("address", flat=True))
    assert told == {"next@example.org", leaving.email, deputy.email}


def test_a_handing_over_can_wait_for_a_day() -> None:
    lead, leaving = make.the_lead(), make.focal_point()
    deputy = make.deputy(leaving, until=today() + timedelta(days=60))
    successor = make.person()
    day = today() + timedelta(days=20)

    hand_over(lead, leaving.mandates.get(), email=successor.email, on=day.isoformat())

    assert (leaving.mandates.get().until_on, leaving.mandates.get().ended_at) == (day, None)
    assert successor.mandates.get().from_on == day + timedelta(days=1)
    assert deputy.mandates.get().until_on == day
    assert standing(User.objects.get(pk=leaving.pk)).parties
    assert not standing(User.objects.get(pk=successor.pk)).parties


def test_the_successor_goes_on_with_everything_that_was_begun() -> None:
    lead, leaving = make.the_lead(), make.focal_point()
    draft = make.draft(leaving)
    returned = make.request_in("returned", by=leaving)
    asked = make.request_in("in_review", by=leaving)
    question = make.conversation(asked)
    elsewhere = make.draft(of=make.party("PER"))
    successor = make.person(email="next@example.org")
    Message.objects.all().delete()

    hand_over(lead, leaving.mandates.get(), email="next@example.org")

    letter = Message.objects.get(address="next@example.org").text
    for handle in (draft.handle, returned.handle, asked.handle):
        assert handle in letter
    assert elsewhere.handle not in letter
    browser, former = signed_in(successor), signed_in(User.objects.get(pk=leaving.pk))
    for case, give_up in ((draft, "discard"), (returned, "withdraw")):
        edit = f"{case.get_absolute_url()}edit/"
        assert browser.get(edit, follow=True).status_code == 200
        assert former.get(edit, follow=True).status_code == 404
        page = f"{case.get_absolute_url()}actions/{give_up}/"
        assert browser.get(page).status_code == 200
    reply = f"{question.get_absolute_url()}actions/reply/"
    said = {"version": question.version, "text": "All of them."}
    assert former.post(reply, said).status_code == 404
    assert browser.post(reply, said).status_code == 302
    question.refresh_from_db()
    assert question.state == "open"


def test_a_successor_without_an_account_is_invited_and_takes_over_on_accepting() -> None:
    lead, leaving = make.the_lead(), make.focal_point()
    old = leaving.mandates.get()
    said = {"email": "next@example.org", "name": "Next", "language": "fr"}
    assert list(errors_at(hand_over(lead, old, email="next@example.org"))) == ["name"]

    hand_over(lead, old, **said)

    invitation = Invitation.objects.get()
    assert (invitation.succeeds, invitation.language) == (old, "fr")
    assert acting() == [(leaving.email, "focal_point", "Kenya")]
    Client().post(make.link_to("next@example.org"), ACCOUNT)
    assert acting() == [("next@example.org", "focal_point", "Kenya")]
    assert Event.objects.about(old).last().kind == "partners.mandate_handed_over"
    assert Message.objects.filter(address="next@example.org").count() == 2


def test_while_the_successor_has_not_accepted_the_old_mandate_can_end_and_leaves_a_gap() -> None:
    lead, leaving = make.the_lead(), make.focal_point()
    old = leaving.mandates.get()
    hand_over(lead, old, email="next@example.org", name="Next")
    granting.end_mandate(old, by=lead)
    assert [one.code for one in parties_without_focal_point()] == ["KEN"]

    Client().post(make.link_to("next@example.org"), ACCOUNT)

    assert acting() == [("next@example.org", "focal_point", "Kenya")]
    assert not parties_without_focal_point().exists()


def test_a_handing_over_that_makes_no_sense_gets_a_sentence_and_changes_nothing() -> None:
    lead, leaving, equal = make.the_lead(), make.focal_point(), make.focal_point()
    successor = make.person()
    make.person(email="closed@example.org", is_active=False)
    old = leaving.mandates.get()
    wrong = [
        {"email": leaving.email},
        {"email": equal.email},
        {"email": lead.email},
        {"email": ""},
        {"email": "new@example.org"},
        {"email": "new@example.org", "name": "New", "on": "2099-01-01"},
        {"email": successor.email, "on": "2001-01-01"},
        {"email": successor.email, "on": "2099-01-01"},
    ]
    for said in wrong:
        answer = hand_over(lead, old, **said)
        assert answer.status_code == 200, said
        assert answer.context["form"].errors, said
    assert acting() == sorted([
        (leaving.email, "focal_point", "Kenya"), (equal.email, "focal_point", "Kenya"),
    ])  # fmt: skip
    assert not Event.objects.exists()


def test_only_leads_hand_over_and_only_the_mandates_of_focal_points() -> None:
    leaving = make.focal_point()
    successor = make.person()
    mandates = {
        "focal point": leaving.mandates.get(),
        "deputy": make.deputy(leaving).mandates.get(),
        "contributor": make.contributor().mandates.get(),
        "officer": make.agency_officer().mandates.get(),
    }
    for who in (make.officer(), make.auditor()):
        answer = hand_over(who, mandates["focal point"], email=successor.email)
        assert answer.status_code == 403
    for name in ("deputy", "contributor", "officer"):
        answer = hand_over(make.the_lead(), mandates[name], email=successor.email)
        assert answer.status_code == 403
    assert not successor.mandates.exists()


# ── the gap ──────────────────────────────────────────────────────────────────────────────────


def test_a_gap_is_a_party_that_had_writers_and_has_no_focal_point_now() -> None:
    make.party("BGD")
    kenya = make.focal_point()
    gone = make.focal_point(make.party("PER"))
    make.contributor(make.party("VNM"))
    resting = make.focal_point(make.party("GAB"))
    make.deputy(kenya)
    granting.end_mandate(gone.mandates.get(), by=make.the_lead())
    resting.mandates.update(confirm_by=today() - timedelta(days=1))
    codes = set(parties_without_focal_point().values_list("code", flat=True))
    assert codes == {"PER", "VNM", "GAB"}


def test_the_secretariat_sees_the_gap_at_the_desk_on_the_partys_page_and_in_the_digest() -> None:
    make.focal_point(make.party("PER"))
    leaving, lead = make.focal_point(), make.the_lead()
    desk = signed_in(lead)
    assert "Parties without a focal point" not in desk.get("/admin/").content.decode()
    granting.end_mandate(leaving.mandates.get(), by=lead)

    index = desk.get("/admin/").content.decode()
    listed = desk.get("/admin/partners/party/?focal_point=gap").content.decode()
    own = desk.get(f"/admin/partners/party/{make.party().pk}/change/").content.decode()

    assert "Parties without a focal point" in index
    assert ("Kenya" in listed, "Peru" in listed) == (True, False)
    assert "None at present" in own
    Message.objects.all().delete()
    Heartbeat.objects.all().delete()
    tasks.digest()
    assert "Parties without a focal point\n1" in Message.objects.get(address=lead.email).text


def test_the_partys_page_at_the_desk_names_its_focal_points() -> None:
    focal_point = make.focal_point()
    own = signed_in(make.the_lead()).get(f"/admin/partners/party/{make.party().pk}/change/")
    assert focal_point.email in own.content.decode()
