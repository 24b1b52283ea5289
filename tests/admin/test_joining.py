"""Invitations at the desk: sent by leads for any body, listed with their state, moved by POST."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from history.models import Event
from outbox.models import Message
from partners.models import Invitation
from tests import make

pytestmark = pytest.mark.django_db

INVITATIONS = "/admin/partners/invitation/"


def invite(browser: Client, **said: Any) -> Any:
    make.party()
    make.agency()
    make.secretariat()
    asked = {
        "name": "Somebody", "email": "new@example.org", "language": "es", "body": "KEN",
        "role": "focal_point",
    }  # fmt: skip
    return browser.post(f"{INVITATIONS}add/", asked | said)


@pytest.mark.parametrize(
    ("body", "role"),
    [
        ("KEN", "focal_point"), ("KEN", "contributor"), ("KEN", "viewer"),
        ("agency:INTERPOL", "officer"), ("agency:INTERPOL", "viewer"),
        ("agency:CITES", "lead"), ("agency:CITES", "officer"), ("agency:CITES", "auditor"),
    ],
)  # fmt: skip
def test_a_lead_invites_anybody_for_any_body(lead: Client, body: str, role: str) -> None:
    assert invite(lead, body=body, role=role).status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.body.code, invitation.role) == (body.rpartition(":")[2], role)
    assert [(one.address, one.language) for one in Message.objects.all()] == [
        ("new@example.org", "es")
    ]
    (event,) = Event.objects.about(invitation)
    assert (event.kind, event.actor_name) == ("invitations.invite", "Lead, CITES")
    assert "new@example.org" not in str(event.changes)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"role": "officer"}, "role"),
        ({"role": "focal_point", "body": "agency:INTERPOL"}, "role"),
        ({"role": "lead", "body": "agency:INTERPOL"}, "role"),
        ({"role": ""}, "role"),
        ({"body": "XXX"}, "body"),
        ({"email": "no address"}, "email"),
        ({"until_on": "2001-01-01"}, "until_on"),
        ({"name": ""}, "name"),
    ],
)
def test_an_invitation_that_makes_no_sense_is_not_sent(
    lead: Client, said: dict[str, str], field: str
) -> None:
    page = invite(lead, **said)
    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])
    assert (Invitation.objects.count(), Message.objects.count()) == (0, 0)


def test_no_lead_invites_themselves(lead: Client) -> None:
    page = invite(lead, email=make.the_lead().email.upper())
    assert page.context["form"].errors["email"] == ["You cannot invite yourself."]


@pytest.mark.parametrize("who", ["officer", "auditor", "focal_point", "agency_officer"])
def test_only_leads_invite_at_the_desk(who: str, request: Any) -> None:
    assert invite(request.getfixturevalue(who)).status_code in {302, 403}
    assert not Invitation.objects.exists()


def test_the_list_tells_those_that_ran_out_from_those_still_open(lead: Client) -> None:
    ran_out, still_open = make.invitation(), make.invitation()
    Invitation.objects.filter(pk=ran_out.pk).update(expires_at=timezone.now() - timedelta(days=1))

    def shown(filter_by: str) -> list[Invitation]:
        return list(lead.get(f"{INVITATIONS}?open={filter_by}").context["cl"].result_list)

    assert (shown("yes"), shown("run-out")) == ([still_open], [ran_out])
    assert "run out" in lead.get(f"{INVITATIONS}{ran_out.pk}/change/").content.decode()


def test_a_lead_sends_again_and_withdraws_on_post_alone(lead: Client, officer: Client) -> None:
    invitation = make.invitation()
    address = f"{INVITATIONS}{invitation.pk}/actions/"
    for action in ("send_again", "withdraw"):
        assert lead.get(f"{address}{action}/").status_code == 200
        assert officer.post(f"{address}{action}/", {"version": 0}).status_code == 403
    assert lead.post(f"{address}accept/", {"version": 0}).status_code == 404
    invitation.refresh_from_db()
    assert (invitation.state, invitation.version) == ("sent", 0)
    lead.post(f"{address}send_again/", {"version": 0})
    lead.post(f"{address}withdraw/", {"version": 1})
    invitation.refresh_from_db()
    assert (invitation.state, invitation.invited_by) == ("withdrawn", make.the_lead())


def test_the_page_of_a_person_shows_the_invitations_to_the_address(lead: Client) -> None:
    person = make.person(email="known@example.org")
    make.invitation(email="known@example.org")
    make.invitation(email="other@example.org", role="viewer")
    page = lead.get(f"/admin/partners/user/{person.pk}/change/").content.decode()
    assert "contributor, Kenya</a> (sent)" in page
    assert "viewer, Kenya" not in page


def test_the_links_secrets_stand_nowhere_on_the_desk(lead: Client) -> None:
    invitation = make.invitation(email="new@example.org")
    token = make.link_to("new@example.org").rstrip("/").rpartition("/")[2]
    message = Message.objects.get()
    for address in (
        INVITATIONS,
        f"{INVITATIONS}{invitation.pk}/change/",
        f"/admin/outbox/message/{message.pk}/change/",
        f"/admin/history/event/{Event.objects.about(invitation).get().pk}/change/",
    ):
        page = lead.get(address).content.decode()
        assert token not in page
        assert invitation.nonce not in page
