"""A name is one line, whichever door it came through: letters carry it in their subject."""

from typing import Any

import pytest
from django.test import Client

from outbox.delivery import deliver
from outbox.models import Message, State
from partners.models import AccessRequest, Invitation, User
from tests import make
from tests.partners.test_invitations import ACCOUNT
from tests.portal.test_addresses import change
from tests.reading_pages import signed_in

pytestmark = pytest.mark.django_db

TYPED = "  Somebody\r\nBcc:\t of\u2028 Kenya "
KEPT = "Somebody Bcc: of Kenya"


def invite(focal_point: User) -> Any:
    said = {
        "name": TYPED, "email": "new@example.org", "language": "en", "role": "viewer",
        "office": "", "until_on": "",
    }  # fmt: skip
    return signed_in(focal_point).post("/country/ken/people/invite/", said)


def test_invited_and_accepting_under_a_name_of_several_lines() -> None:
    focal_point = make.focal_point()
    invite(focal_point)

    Client().post(make.link_to("new@example.org"), ACCOUNT | {"name": TYPED})

    assert Invitation.objects.get().name == KEPT
    assert User.objects.get(email="new@example.org").name == KEPT
    told = Message.objects.get(address=focal_point.email)
    deliver(told.pk)
    told.refresh_from_db()
    assert told.subject == f"{KEPT} has accepted your invitation"
    assert told.state == State.SENT


def test_asking_for_access_under_a_name_of_several_lines(client: Client) -> None:
    make.party()
    said = {
        "name": TYPED, "email": "asks@example.org", "language": "en", "body": "KEN",
        "role": "viewer", "office": "", "why": "The Authority has named me.",
    }  # fmt: skip

    client.post("/account/access/", said)

    assert AccessRequest.objects.get().name == KEPT


def test_a_lead_gives_a_successor_and_a_person_a_name_of_several_lines() -> None:
    leaving = make.focal_point()
    address = f"/admin/partners/mandate/{leaving.mandates.get().pk}/hand-over/"
    successor = {"email": "next@example.org", "name": TYPED, "language": "en"}

    signed_in(make.the_lead()).post(address, successor)
    change(leaving, name=TYPED)

    assert Invitation.objects.get().name == KEPT
    assert leaving.name == KEPT


def test_a_name_of_blanks_is_none() -> None:
    focal_point = make.focal_point()
    change(focal_point, name=" \t ")
    assert focal_point.name.startswith("Focal point")
