"""From an invitation to a mandate: read by GET, accepted by POST, once, by the invited person."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from history.models import Event
from outbox.models import Message
from partners import granting
from partners.models import Invitation, Mandate, User
from tests import make
from tests.reading_pages import errors_at, page, signed_in
from tests.workflow.test_executor import all_at_once
from workflow.executor import perform

pytestmark = pytest.mark.django_db

ACCOUNT = {
    "name": "Contributor, Kenya",
    "language": "fr",
    "time_zone": "Africa/Nairobi",
    "password": "four words in a row",
}


def mandates() -> list[tuple[str, str, str]]:
    """Those that came by invitation: e-mail, role, body."""
    given = Mandate.objects.exclude(granted_by=None).order_by("pk")
    return [(one.user.email, one.role, str(one.body)) for one in given]


def days_later(days: int) -> Any:
    return time_machine.travel(timezone.now() + timedelta(days=days))


# ── no account yet ───────────────────────────────────────────────────────────────────────────


def test_the_mail_says_who_invites_whom_to_what_in_the_language_chosen() -> None:
    focal_point = make.focal_point()
    make.focal_point(make.party("PER"))
    make.invitation(focal_point, email="new@example.org", name="Somebody", language="es")

    message = Message.objects.get()
    assert (message.address, message.language, message.holds_secret) == (
        "new@example.org", "es", True,
    )  # fmt: skip
    for said in ("Focal point, Kenya", "Somebody", "new@example.org", "Kenya"):
        assert said in message.text


def test_reading_the_link_changes_nothing(client: Client) -> None:
    make.invitation(email="new@example.org")
    events = Event.objects.count()

    read = client.get(make.link_to("new@example.org"))

    assert read.status_code == 200
    assert "This invitation is for new@example.org." in page(read)
    assert client.head(make.link_to("new@example.org")).status_code == 200
    assert not User.objects.filter(email="new@example.org").exists()
    assert (Event.objects.count(), Invitation.objects.get().state) == (events, "sent")


def test_somebody_without_an_account_accepts_and_is_signed_in(client: Client) -> None:
    focal_point = make.focal_point()
    make.invitation(focal_point, email="New@Example.org", office="Customs")

    answer = client.post(make.link_to("new@example.org"), ACCOUNT)

    assert answer.status_code == 302
    person = User.objects.get(email="new@example.org")
    assert (person.name, person.language, person.time_zone) == (
        "Contributor, Kenya", "fr", "Africa/Nairobi",
    )  # fmt: skip
    assert person.check_password(ACCOUNT["password"])
    assert mandates() == [("new@example.org", "contributor", "Kenya")]
    mandate = person.mandates.get()
    assert (mandate.granted_by, mandate.office) == (focal_point, "Customs")
    assert client.get("/account/").context["user"] == person
    kinds = list(Event.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["invitations.invite", "partners.mandate_granted", "invitations.accept"]
    assert Message.objects.latest("pk").address == focal_point.email


def test_whoever_has_just_chosen_a_password_is_not_asked_for_it_again(client: Client) -> None:
    make.invitation(email="new@example.org")

    client.post(make.link_to("new@example.org"), ACCOUNT)

    assert client.get("/account/second-factor/app/").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"password": "short"}, "password"),
        ({"password": "new@example.org"}, "password"),
        ({"password": ""}, "password"),
        ({"name": ""}, "name"),
        ({"language": "xx"}, "language"),
        ({"time_zone": "Nowhere/Land"}, "time_zone"),
    ],
)
def test_an_account_that_would_not_do_is_not_opened(
    client: Client, wrong: dict[str, str], field: str
) -> None:
    make.invitation(email="new@example.org")

    answer = client.post(make.link_to("new@example.org"), ACCOUNT | wrong)

    assert answer.status_code == 200
    assert list(errors_at(answer)) == [field]
    assert mandates() == []
    assert not User.objects.filter(email="new@example.org").exists()


def test_the_page_speaks_the_language_of_the_invitation_until_another_is_chosen() -> None:
    make.invitation(email="new@example.org", language="fr")
    browser = Client()
    link = make.link_to("new@example.org")

    assert '<html lang="fr"' in browser.get(link).content.decode()
    browser.post("/account/language/", {"language": "es"})
    assert '<html lang="es"' in browser.get(link).content.decode()


# ── an account is there ──────────────────────────────────────────────────────────────────────


def test_somebody_with_an_account_signs_in_and_comes_back_to_accept() -> None:
    person = make.person(email="known@example.org")
    make.invitation(email="known@example.org")
    link = make.link_to("known@example.org")
    browser = Client()

    offered = browser.get(link)
    sign_in = re.search(r'href="(/account/login/\?next=[^"]+)"', offered.content.decode())[1]
    assert 'name="password"' not in offered.content.decode()
    refused = browser.post(link, ACCOUNT)
    back = browser.post(sign_in, {"login": person.email, "password": make.PASSWORD})
    accepted = browser.post(back["Location"])

    assert refused.status_code == 409
    assert back["Location"] == link
    assert accepted.status_code == 302
    assert mandates() == [("known@example.org", "contributor", "Kenya")]
    person.refresh_from_db()
    assert person.check_password(make.PASSWORD)


def test_somebody_signed_in_as_another_reads_both_addresses_and_can_sign_out() -> None:
    stranger = make.focal_point(make.party("PER"))
    make.invitation(email="new@example.org")
    browser = signed_in(stranger)
    link = make.link_to("new@example.org")

    shown = browser.get(link)
    refused = browser.post(link, ACCOUNT)

    assert f"You are signed in as {stranger.email}" in page(shown)
    assert "new@example.org" in page(shown)
    assert "Sign out and come back here" in page(shown)
    assert (refused.status_code, mandates()) == (409, [])
    left = browser.post("/account/logout/", {"next": link})
    assert left["Location"] == link


def test_a_closed_account_is_not_opened_by_an_invitation(client: Client) -> None:
    person = make.person(email="known@example.org")
    make.invitation(email="known@example.org")
    User.objects.filter(pk=person.pk).update(is_active=False)

    answer = client.post(make.link_to("known@example.org"), ACCOUNT)

    assert "The account with this address is closed." in page(answer)
    assert mandates() == []


# ── links that do not work any more ──────────────────────────────────────────────────────────


def test_an_invitation_is_accepted_once() -> None:
    make.invitation(email="new@example.org")
    link = make.link_to("new@example.org")
    Client().post(link, ACCOUNT)

    again = Client().post(link, ACCOUNT | {"password": "another long password"})

    assert "This invitation has been accepted" in page(again)
    assert "Sign in" in page(again)
    assert Client().get(link).status_code == 410
    assert len(mandates()) == 1
    assert User.objects.get(email="new@example.org").check_password(ACCOUNT["password"])


def test_a_withdrawn_invitation_leads_on_elsewhere(client: Client) -> None:
    focal_point = make.focal_point()
    invitation = make.invitation(focal_point, email="new@example.org")
    perform("withdraw", invitation, by=focal_point)

    answer = client.post(make.link_to("new@example.org"), ACCOUNT)

    assert "This invitation was withdrawn" in page(answer)
    assert 'href="/account/access/"' in answer.content.decode()
    assert mandates() == []


def test_only_the_newest_link_works() -> None:
    focal_point = make.focal_point()
    invitation = make.invitation(focal_point, email="new@example.org")
    old = make.link_to("new@example.org")
    perform("send_again", invitation, by=focal_point)
    new = make.link_to("new@example.org")

    assert old != new
    assert "There is a newer link" in page(Client().post(old, ACCOUNT))
    assert mandates() == []
    assert Client().post(new, ACCOUNT).status_code == 302
    assert len(mandates()) == 1


def test_after_two_weeks_one_asks_for_a_new_invitation_and_the_inviter_is_told_once() -> None:
    focal_point = make.focal_point()
    make.focal_point(make.party("PER"))
    make.the_lead()
    make.invitation(focal_point, email="new@example.org")
    link = make.link_to("new@example.org")
    Message.objects.all().delete()

    with days_later(15):
        shown = Client().get(link)
        assert (shown.status_code, Message.objects.count()) == (410, 0)
        assert "This invitation has run out" in page(shown)
        answers = [page(Client().post(link, ACCOUNT)) for _each in range(3)]

    assert all("We have passed it on" in one for one in answers)
    assert [one.address for one in Message.objects.all()] == [focal_point.email]
    assert mandates() == []


def test_the_desk_is_told_where_the_inviter_can_invite_no_more() -> None:
    focal_point, lead = make.focal_point(), make.the_lead()
    make.invitation(focal_point, email="new@example.org")
    link = make.link_to("new@example.org")
    granting.end_mandate(focal_point.mandates.get(), by=lead)
    Message.objects.all().delete()

    with days_later(15):
        Client().post(link)

    assert [one.address for one in Message.objects.all()] == [lead.email]


@pytest.mark.parametrize("forged", ["x", "WzEsImEiXQ:1abc:sig", "%00", "a" * 500])
def test_a_link_that_is_not_ours_gets_a_page(client: Client, forged: str) -> None:
    make.invitation()
    answer = client.post(f"/account/invitations/{forged}/", ACCOUNT)
    assert answer.status_code in {400, 404}
    assert mandates() == []


def test_a_link_of_one_kind_opens_nothing_of_the_other(client: Client) -> None:
    make.access_request(confirmed=False, email="asks@example.org")
    token = make.link_to("asks@example.org").rstrip("/").rpartition("/")[2]
    assert client.get(f"/account/invitations/{token}/").status_code == 404


# ── who may invite, at the moment of accepting ───────────────────────────────────────────────


def test_nobody_comes_in_on_the_word_of_somebody_whose_mandate_has_ended(client: Client) -> None:
    focal_point = make.focal_point()
    make.invitation(focal_point, email="new@example.org")
    granting.end_mandate(focal_point.mandates.get(), by=make.the_lead())

    answer = client.post(make.link_to("new@example.org"), ACCOUNT)

    assert answer.status_code == 409
    assert "can no longer grant this mandate" in page(answer)
    assert mandates() == []
    assert not User.objects.filter(email="new@example.org").exists()


def test_sent_again_by_the_next_focal_point_it_works(client: Client) -> None:
    leaving, staying = make.focal_point(), make.focal_point()
    invitation = make.invitation(leaving, email="new@example.org")
    granting.end_mandate(leaving.mandates.get(), by=make.the_lead())
    perform("send_again", invitation, by=staying)

    client.post(make.link_to("new@example.org"), ACCOUNT)

    assert Mandate.objects.get(role="contributor").granted_by == staying


def test_a_mandate_that_is_held_already_is_not_given_twice() -> None:
    person = make.person(email="known@example.org")
    make.invitation(email="known@example.org")
    make.mandate(person, "contributor", make.party())

    answer = signed_in(person).post(make.link_to("known@example.org"))

    assert answer.status_code == 409
    assert "This person holds this mandate already." in page(answer)
    assert person.mandates.count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_at_the_same_moment_one_wins() -> None:
    make.invitation(email="new@example.org")
    link = make.link_to("new@example.org")

    statuses = all_at_once([lambda: Client().post(link, ACCOUNT).status_code for _each in "1234"])

    assert sorted(statuses) == [302, 409, 409, 409]
    assert mandates() == [("new@example.org", "contributor", "Kenya")]


@pytest.mark.django_db(transaction=True)
def test_two_invitations_to_one_new_address_open_one_account() -> None:
    make.invitation(email="new@example.org")
    first = make.link_to("new@example.org")
    make.invitation(make.the_lead(), email="new@example.org", role="officer", body=make.agency())
    second = make.link_to("new@example.org")

    statuses = all_at_once(
        [lambda link=link: Client().post(link, ACCOUNT).status_code for link in (first, second)]
    )

    assert sorted(statuses) == [302, 409]
    assert User.objects.filter(email="new@example.org").count() == 1
    assert len(mandates()) == 1
