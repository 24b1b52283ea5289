"""A Party's people page: who may see it, invite, end, confirm; and a deputy's limits."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from history.models import Event
from outbox.models import Message
from partners.access import standing
from partners.models import Invitation, Mandate, User
from tests import make
from tests.reading_pages import errors_at, page, signed_in, table_rows

pytestmark = pytest.mark.django_db

PEOPLE = "/country/ken/people/"
ACCOUNT = {
    "name": "X", "language": "en", "time_zone": "UTC", "password": "four words in a row",
}  # fmt: skip


def today() -> Any:
    return timezone.now().date()


def invite(by: User, **said: Any) -> Any:
    asked = {
        "name": "Somebody", "email": "new@example.org", "language": "en", "role": "contributor",
    }  # fmt: skip
    return signed_in(by).post(PEOPLE + "invite/", asked | said)


def do(by: User, action: str, mandate: Mandate) -> Any:
    return signed_in(by).post(f"{PEOPLE}{mandate.pk}/{action}/")


def rest(person: User, days: int = 1) -> Mandate:
    """The person's mandate should have been confirmed so many days ago."""
    person.mandates.update(confirm_by=today() - timedelta(days=days))
    return person.mandates.get()


# ── who sees what ────────────────────────────────────────────────────────────────────────────


def test_the_page_is_for_the_people_of_the_party_and_the_secretariat() -> None:
    make.focal_point(make.party("PER"))
    seen = {
        "focal point": make.focal_point(),
        "contributor": make.contributor(),
        "viewer": make.party_viewer(),
        "lead": make.lead(),
        "officer": make.officer(),
        "auditor": make.auditor(),
        "other country": make.focal_point(make.party("VNM")),
        "agency": make.agency_officer(),
        "nobody's": make.person(),
    }
    statuses = {name: signed_in(person).get(PEOPLE).status_code for name, person in seen.items()}
    assert {name for name, status in statuses.items() if status == 200} == {
        "focal point", "contributor", "viewer", "lead", "officer", "auditor",
    }  # fmt: skip
    assert set(statuses.values()) == {200, 404}
    assert Client().get(PEOPLE).status_code == 302
    assert signed_in(seen["lead"]).get("/country/xxx/people/").status_code == 404


def test_the_page_lists_who_acts_who_rests_who_is_invited_and_who_has_gone() -> None:
    focal_point = make.focal_point()
    resting, gone = make.contributor(), make.party_viewer()
    make.contributor(make.party("PER"))
    rest(resting)
    gone.mandates.update(ended_at=timezone.now() - timedelta(days=20))
    long_gone = make.party_viewer()
    long_gone.mandates.update(ended_at=timezone.now() - timedelta(days=400))
    make.invitation(focal_point, email="new@example.org")
    make.invitation(
        make.focal_point(make.party("PER")), email="p@example.org", body=make.party("PER")
    )

    shown = signed_in(focal_point).get(PEOPLE)

    assert {table: len(table_rows(shown, table)) for table in ("acting", "resting", "ended")} == {
        "acting": 1, "resting": 1, "ended": 1,
    }  # fmt: skip
    assert table_rows(shown, "acting")[0][0] == f"Focal point, Kenya {focal_point.email}"
    ways = "Confirm : Contributor, Kenya End : Contributor, Kenya"
    assert table_rows(shown, "resting")[0][0] == f"Contributor, Kenya {resting.email} {ways}"
    assert table_rows(shown, "ended")[0][0] == f"Viewer, Kenya {gone.email}"
    (invited,) = table_rows(shown, "invited")
    ways = "Send again : Somebody invited Withdraw : Somebody invited"
    assert invited[:3] == [
        f"Somebody invited new@example.org {ways}", "Contributor", "Focal point, Kenya",
    ]  # fmt: skip
    assert "Peru" not in page(shown)


def test_helpers_read_names_but_no_addresses_invitations_or_buttons() -> None:
    focal_point = make.focal_point()
    make.invitation(focal_point, email="new@example.org")
    for helper in (make.contributor(), make.party_viewer()):
        shown = signed_in(helper).get(PEOPLE)
        main = shown.content.decode().partition("<main")[2]
        assert "Focal point, Kenya" in main
        assert focal_point.email not in main
        assert "new@example.org" not in main
        assert "/end/" not in main
        assert "invite/" not in main


@pytest.mark.parametrize("rows", [10, 60])
def test_a_long_list_asks_the_database_no_more_often(
    rows: int, django_assert_max_num_queries: Any
) -> None:
    focal_point = make.focal_point()
    for _each in range(rows):
        make.contributor()
        make.invitation(make.the_lead())
    browser = signed_in(focal_point)
    browser.get(PEOPLE)
    with django_assert_max_num_queries(12):
        browser.get(PEOPLE)


# ── inviting ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("role", ["contributor", "viewer"])
def test_a_focal_point_invites_helpers_of_its_own_party(role: str) -> None:
    focal_point = make.focal_point()
    assert invite(focal_point, role=role).status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.party.code, invitation.role, invitation.invited_by) == (
        "KEN", role, focal_point,
    )  # fmt: skip
    assert Message.objects.get().address == "new@example.org"


@pytest.mark.parametrize("who", ["contributor", "party_viewer", "officer", "auditor", "lead"])
def test_only_focal_points_invite_here(who: str) -> None:
    make.focal_point()
    assert invite(getattr(make, who)()).status_code == 403
    assert not Invitation.objects.exists()


def test_a_focal_point_invites_nobody_for_another_party_or_another_role() -> None:
    focal_point = make.focal_point()
    make.focal_point(make.party("PER"))
    browser = signed_in(focal_point)
    asked = {"name": "X", "email": "new@example.org", "language": "en", "role": "contributor"}

    assert browser.post("/country/per/people/invite/", asked).status_code == 404
    for role in ("focal_point", "officer", "lead", ""):
        assert list(errors_at(browser.post(PEOPLE + "invite/", asked | {"role": role}))) == ["role"]
    forged = asked | {"party": make.party("PER").pk, "stands_in_for": 1}
    browser.post(PEOPLE + "invite/", forged)
    assert [str(one.party) for one in Invitation.objects.all()] == ["Kenya"]


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"email": "me@example.org"}, "email", "You cannot invite yourself."),
        ({"email": "HERE@example.org"}, "email", "This person holds this mandate already."),
        ({"email": "invited@example.org"}, "email", "This person is invited already."),
        ({"email": "closed@example.org"}, "email", "The account with this address is closed."),
        ({"until_on": "2001-01-01"}, "until_on", "This day has passed."),
        ({"role": "deputy"}, "until_on", "Say until which day the deputy stands in."),
        ({"role": "deputy", "until_on": "2099-01-01"}, "until_on", "A deputy stands in until"),
        ({"email": "no address"}, "email", "Give an address like name@example.org."),
    ],
)
def test_an_invitation_that_makes_no_sense_gets_a_sentence(
    said: dict[str, str], field: str, sentence: str
) -> None:
    focal_point = make.focal_point()
    User.objects.filter(pk=focal_point.pk).update(email="me@example.org")
    make.mandate(make.person(email="here@example.org"), "contributor", make.party())
    make.person(email="closed@example.org", is_active=False)
    make.invitation(focal_point, email="invited@example.org")

    answer = invite(User.objects.get(pk=focal_point.pk), **said)

    assert answer.status_code == 200
    assert list(errors_at(answer)) == [field]
    assert errors_at(answer)[field][0].startswith(sentence)
    assert Invitation.objects.count() == 1


def test_nobody_pesters_strangers_with_invitations() -> None:
    focal_point = make.focal_point()
    for _each in range(20):
        make.invitation(focal_point)
    assert "invitations are open already" in errors_at(invite(focal_point))["email"][0]


def test_an_open_invitation_is_withdrawn_or_sent_again_by_post_alone() -> None:
    focal_point = make.focal_point()
    invitation = make.invitation(focal_point)
    browser = signed_in(focal_point)
    address = f"{PEOPLE}invitations/{invitation.pk}/actions/"

    assert browser.get(address + "withdraw/").status_code == 200
    invitation.refresh_from_db()
    assert invitation.state == "sent"
    browser.post(address + "send_again/", {"version": invitation.version})
    assert Message.objects.filter(address=invitation.email).count() == 2
    browser.post(address + "withdraw/", {"version": invitation.version + 1})
    invitation.refresh_from_db()
    assert invitation.state == "withdrawn"
    assert browser.post(address + "withdraw/", {"version": 9}).status_code == 409
    assert browser.post(address + "accept/", {"version": 9}).status_code == 403


def test_invitations_of_another_party_are_out_of_reach() -> None:
    peru = make.party("PER")
    theirs = make.invitation(make.focal_point(peru), body=peru)
    kenya = signed_in(make.focal_point())
    for party in ("ken", "per"):
        address = f"/country/{party}/people/invitations/{theirs.pk}/actions/withdraw/"
        assert kenya.post(address, {"version": 0}).status_code == 404
    theirs.refresh_from_db()
    assert theirs.state == "sent"


def test_the_secretariats_invitation_of_a_focal_point_is_not_the_countrys_to_withdraw() -> None:
    invitation = make.invitation(make.the_lead(), role="focal_point", email="next@example.org")
    browser = signed_in(make.focal_point())
    (row,) = table_rows(browser.get(PEOPLE), "invited")
    assert row[0] == "Somebody invited next@example.org"
    for action in ("withdraw", "send_again"):
        address = f"{PEOPLE}invitations/{invitation.pk}/actions/{action}/"
        assert browser.post(address, {"version": 0}).status_code == 403


# ── ending and confirming ────────────────────────────────────────────────────────────────────


def test_a_focal_point_ends_helpers_and_deputies_of_its_party_on_post_alone() -> None:
    focal_point = make.focal_point()
    for person in (make.contributor(), make.party_viewer(), make.deputy(focal_point)):
        mandate = person.mandates.get()
        asked = signed_in(focal_point).get(f"{PEOPLE}{mandate.pk}/end/")
        assert (asked.status_code, bool(standing(User.objects.get(pk=person.pk)).parties)) == (
            200, True,
        )  # fmt: skip
        do(focal_point, "end", mandate)
        assert not standing(User.objects.get(pk=person.pk)).parties
        assert [one.kind for one in Event.objects.about(mandate)] == ["partners.mandate_ended"]


def test_a_focal_point_ends_neither_itself_nor_its_equal_nor_people_of_others() -> None:
    focal_point, equal = make.focal_point(), make.focal_point()
    stranger = make.contributor(make.party("PER"))
    for person, status in ((focal_point, 403), (equal, 403), (stranger, 404)):
        assert do(focal_point, "end", person.mandates.get()).status_code == status
    assert Mandate.objects.in_force().count() == 3


def test_helpers_and_officers_end_and_confirm_nobody() -> None:
    focal_point = make.focal_point()
    mandate = rest(make.contributor())
    for who in (make.contributor(), make.party_viewer(), make.officer(), make.auditor()):
        for action in ("end", "confirm"):
            assert do(who, action, mandate).status_code == 403
            assert do(who, action, focal_point.mandates.get()).status_code == 403
    mandate.refresh_from_db()
    assert (mandate.ended_at, mandate.confirm_by) == (None, today() - timedelta(days=1))


def test_a_rested_mandate_is_confirmed_for_a_year_and_works_at_once() -> None:
    focal_point, contributor = make.focal_point(), make.contributor()
    mandate = rest(contributor)
    assert signed_in(contributor).get("/requests/new/").status_code == 403

    do(focal_point, "confirm", mandate)

    mandate.refresh_from_db()
    assert mandate.confirm_by == today() + timedelta(days=365)
    assert signed_in(contributor).get("/requests/new/").status_code == 200
    (event,) = Event.objects.about(mandate)
    assert (event.kind, event.actor_name) == ("partners.mandate_confirmed", "Focal point, Kenya")


def test_nobody_confirms_a_mandate_of_their_own() -> None:
    focal_point = make.focal_point()
    make.mandate(focal_point, "viewer", make.party())
    for mandate in focal_point.mandates.all():
        assert do(focal_point, "confirm", mandate).status_code == 403


def test_what_is_over_stays_over() -> None:
    focal_point, contributor = make.focal_point(), make.contributor()
    mandate = contributor.mandates.get()
    do(focal_point, "end", mandate)
    for action in ("end", "confirm"):
        answer = signed_in(focal_point).post(f"{PEOPLE}{mandate.pk}/{action}/", follow=True)
        assert "This mandate has ended already." in page(answer)
    assert Event.objects.about(mandate).count() == 1


# ── deputies ─────────────────────────────────────────────────────────────────────────────────


def test_a_deputy_is_invited_until_a_day_and_then_acts_as_the_focal_point() -> None:
    focal_point = make.focal_point()
    until = today() + timedelta(days=40)
    invite(focal_point, role="deputy", until_on=until.isoformat())
    Client().post(make.link_to("new@example.org"), ACCOUNT)

    deputy = User.objects.get(email="new@example.org")
    mandate = deputy.mandates.get()
    assert (mandate.role, mandate.until_on, mandate.stands_in_for) == (
        "focal_point", until, focal_point.mandates.get(),
    )  # fmt: skip
    draft = make.draft(make.contributor())
    address = draft.get_absolute_url() + "actions/discard/"
    assert signed_in(make.contributor()).get(address).status_code == 403
    assert signed_in(deputy).get(address).status_code == 200


def test_a_deputy_names_helpers_but_no_deputies_and_ends_no_deputies() -> None:
    focal_point = make.focal_point()
    deputy, second = make.deputy(focal_point), make.deputy(focal_point)

    assert invite(deputy, role="viewer").status_code == 302
    until = (today() + timedelta(days=9)).isoformat()
    answer = invite(deputy, role="deputy", until_on=until, email="third@example.org")
    assert list(errors_at(answer)) == ["role"]
    assert do(deputy, "end", second.mandates.get()).status_code == 403
    assert do(deputy, "end", focal_point.mandates.get()).status_code == 403
    assert do(deputy, "end", make.contributor().mandates.get()).status_code == 302


def test_a_deputy_goes_with_the_day_or_with_the_one_it_stands_in_for() -> None:
    by_day, by_end = make.focal_point(), make.focal_point()
    first = make.deputy(by_day, until=today())
    second = make.deputy(by_end)
    assert standing(User.objects.get(pk=first.pk)).parties
    Mandate.objects.filter(user=first).update(
        from_on=today() - timedelta(days=9), until_on=today() - timedelta(days=1)
    )
    assert not standing(User.objects.get(pk=first.pk)).parties

    lead = signed_in(make.the_lead())
    lead.post(f"/admin/partners/mandate/{by_end.mandates.get().pk}/end/")
    assert not standing(User.objects.get(pk=second.pk)).parties
    assert second.mandates.get().ended_at


def test_a_deputys_end_is_not_put_off_beyond_what_an_absence_may_last() -> None:
    deputy = make.deputy(make.focal_point())
    mandate = deputy.mandates.get()
    address = f"/admin/partners/mandate/{mandate.pk}/change/"
    later = (today() + timedelta(days=300)).isoformat()
    answer = signed_in(make.the_lead()).post(address, {"until_on": later}, follow=True)
    assert "A deputy stands in until a day between" in answer.content.decode()
    mandate.refresh_from_db()
    assert mandate.until_on == make.in_a_month()
