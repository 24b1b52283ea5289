"""Asking for access: the same answer for every address, confirmed by mail, decided by a lead."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from history.models import Event
from outbox.models import Message
from partners.models import AccessRequest, Invitation, Mandate, User
from partners.tasks import tidy_people
from tests import make
from tests.reading_pages import errors_at, page, signed_in

pytestmark = pytest.mark.django_db

ASK = "/account/access/"


def asked(**said: Any) -> dict[str, Any]:
    make.party()
    make.agency()
    return {
        "name": "Somebody",
        "email": "asks@example.org",
        "language": "fr",
        "body": "KEN",
        "role": "focal_point",
        "office": "Management Authority",
        "why": "The Management Authority has named me.",
        **said,
    }


def told() -> list[str]:
    return sorted(Message.objects.values_list("address", flat=True))


def without_tokens(answer: Any) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", answer.content.decode())


# ── asking ───────────────────────────────────────────────────────────────────────────────────


def test_a_request_is_kept_and_a_link_is_mailed_in_the_language_chosen() -> None:
    make.the_lead()
    answer = Client().post(ASK, asked(email="Asks@Example.org"), follow=True)
    assert "We have sent a message" in page(answer)
    request = AccessRequest.objects.get()
    assert (request.email, str(request.party), request.role, request.state) == (
        "asks@example.org", "Kenya", "focal_point", "unconfirmed",
    )  # fmt: skip
    message = Message.objects.get()
    assert (message.address, message.language, message.holds_secret) == (
        "asks@example.org", "fr", True,
    )  # fmt: skip
    assert not Event.objects.exists()


def test_the_answer_is_the_same_whether_the_address_has_an_account_or_not() -> None:
    make.person(email="known@example.org")
    known = Client().post(ASK, asked(email="known@example.org"), follow=True)
    stranger = Client().post(ASK, asked(email="stranger@example.org"), follow=True)
    assert known.redirect_chain == stranger.redirect_chain
    assert without_tokens(known) == without_tokens(stranger)
    texts = [re.sub(r"http\S+|\w+@example.org", "", one.text) for one in Message.objects.all()]
    assert texts[0] == texts[1]
    assert told() == ["known@example.org", "stranger@example.org"]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"name": ""}, "name"),
        ({"email": "no address"}, "email"),
        ({"language": "xx"}, "language"),
        ({"body": "XXX"}, "body"),
        ({"body": "agency:CITES"}, "body"),
        ({"body": ""}, "body"),
        ({"role": "lead"}, "role"),
        ({"role": "officer"}, "role"),
        ({"role": "focal_point", "body": "agency:INTERPOL"}, "role"),
        ({"why": "short"}, "why"),
        ({"why": "x" * 2001}, "why"),
        ({"office": "x" * 201}, "office"),
    ],
)
def test_what_makes_no_sense_gets_a_sentence_and_no_mail(said: dict[str, str], field: str) -> None:
    make.secretariat()
    answer = Client().post(ASK, asked(**said))
    assert answer.status_code == 200
    assert list(errors_at(answer)) == [field]
    assert (AccessRequest.objects.count(), told()) == (0, [])


def test_the_secretariat_is_not_among_the_bodies_to_choose() -> None:
    make.secretariat()
    make.agency()
    form = Client().get(ASK).content.decode()
    assert 'value="agency:INTERPOL"' in form
    assert "agency:CITES" not in form
    assert 'value="lead"' not in form


def test_nobodys_mailbox_is_filled_and_whoever_tries_learns_nothing() -> None:
    answers = [Client().post(ASK, asked()) for _each in range(5)]
    assert {(one.status_code, one["Location"]) for one in answers} == {
        (302, "/account/access/asked/")
    }
    assert told() == ["asks@example.org"] * 3


def test_one_place_asks_only_so_often() -> None:
    statuses = [Client().post(ASK, asked(email=f"a{n}@example.org")).status_code for n in range(22)]
    assert statuses == [302] * 20 + [429] * 2


# ── confirming ───────────────────────────────────────────────────────────────────────────────


def test_reading_the_link_shows_what_was_asked_and_tells_nobody() -> None:
    make.the_lead()
    Client().post(ASK, asked())
    shown = Client().get(make.link_to("asks@example.org"))
    for said in ("Somebody", "asks@example.org", "Kenya", "has named me"):
        assert said in page(shown)
    assert AccessRequest.objects.get().state == "unconfirmed"
    assert told() == ["asks@example.org"]


def test_a_confirmed_request_reaches_the_leads_once() -> None:
    lead, other = make.lead(), make.lead()
    make.officer()
    make.focal_point()
    Client().post(ASK, asked())
    link = make.link_to("asks@example.org")
    Message.objects.all().delete()

    first, again = Client().post(link), Client().post(link)

    assert "your request is confirmed" in page(first)
    assert again.status_code == 410
    assert told() == sorted([lead.email, other.email])
    assert [one.kind for one in Event.objects.all()] == ["access.confirm"]


def test_an_unconfirmed_request_is_seen_by_nobody_and_deleted_after_a_week() -> None:
    Client().post(ASK, asked())
    link = make.link_to("asks@example.org")
    kept = make.access_request(email="kept@example.org")
    desk = signed_in(make.the_lead())
    listed = desk.get("/admin/partners/accessrequest/").context["cl"].result_list
    assert list(listed) == [kept]
    unconfirmed = AccessRequest.objects.get(email="asks@example.org")
    assert desk.get(f"/admin/partners/accessrequest/{unconfirmed.pk}/change/").status_code == 302

    with time_machine.travel(timezone.now() + timedelta(days=8)):
        late = Client().post(link)
        assert (late.status_code, "no longer works" in page(late)) == (410, True)
        tidy_people()
        assert Client().get(link).status_code == 404

    assert list(AccessRequest.objects.all()) == [kept]


def test_a_forged_link_confirms_nothing() -> None:
    Client().post(ASK, asked())
    link = make.link_to("asks@example.org")
    forged = link.replace("access/", "access/x", 1)
    assert Client().post(forged).status_code == 404
    make.invitation(make.the_lead(), email="new@example.org")
    token = make.link_to("new@example.org").rstrip("/").rpartition("/")[2]
    assert Client().post(f"/account/access/{token}/").status_code == 404
    assert AccessRequest.objects.get().state == "unconfirmed"


# ── deciding ─────────────────────────────────────────────────────────────────────────────────


def decide(by: User, request: AccessRequest, action: str, **said: Any) -> Any:
    address = f"/admin/partners/accessrequest/{request.pk}/actions/{action}/"
    return signed_in(by).post(address, {"version": request.version, **said})


def test_a_lead_grants_with_corrections_and_the_invitation_goes_out() -> None:
    lead, request = make.the_lead(), make.access_request(email="asks@example.org", language="es")
    peru = make.party("PER")
    Message.objects.all().delete()

    answer = decide(lead, request, "grant", party=peru.code, role="contributor", office="Customs")

    assert answer.status_code == 302
    request.refresh_from_db()
    invitation = Invitation.objects.get()
    assert (request.state, request.invitation) == ("granted", invitation)
    assert (invitation.party, invitation.role, invitation.office, invitation.invited_by) == (
        peru, "contributor", "Customs", lead,
    )  # fmt: skip
    assert [(one.address, one.language) for one in Message.objects.all()] == [
        ("asks@example.org", "es")
    ]
    assert not Mandate.objects.exclude(granted_by=None).exists()
    account = {"name": "X", "language": "es", "time_zone": "UTC", "password": "four words in a row"}
    Client().post(make.link_to("asks@example.org"), account)
    mandate = Mandate.objects.get(user__email="asks@example.org")
    assert (mandate.party, mandate.role, mandate.granted_by) == (peru, "contributor", lead)


def test_the_form_of_granting_holds_what_was_asked() -> None:
    make.party("PER")
    request = make.access_request(office="Customs")
    desk = signed_in(make.the_lead())
    form = desk.get(f"/admin/partners/accessrequest/{request.pk}/actions/grant/").context["form"]
    shown = {name: form[name].value() for name in ("party", "role", "office")}
    assert shown == {"party": "KEN", "role": "focal_point", "office": "Customs"}


@pytest.mark.parametrize(
    "said",
    [
        {"role": "contributor"},
        {"role": "officer", "party": "KEN"},
        {"role": "lead", "party": "KEN"},
        {"role": "focal_point", "party": "KEN", "agency": "INTERPOL"},
        {"role": "focal_point", "agency": "INTERPOL"},
        {"role": "focal_point", "agency": "CITES"},
        {"role": "focal_point", "party": "KEN", "until_on": "2001-01-01"},
    ],
)
def test_a_grant_that_makes_no_sense_is_not_made(said: dict[str, str]) -> None:
    make.secretariat()
    make.agency()
    request = make.access_request()
    answer = decide(make.the_lead(), request, "grant", **said)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    request.refresh_from_db()
    assert (request.state, Invitation.objects.count()) == ("confirmed", 0)


def test_who_is_refused_reads_why_in_the_language_chosen() -> None:
    request = make.access_request(email="asks@example.org", language="fr")
    lead = make.the_lead()
    Message.objects.all().delete()

    assert decide(lead, request, "refuse", reason="").status_code == 200
    decide(lead, request, "refuse", reason="Your Party names another office.")

    request.refresh_from_db()
    message = Message.objects.get()
    assert (request.state, message.address, message.language) == (
        "refused", "asks@example.org", "fr",
    )  # fmt: skip
    assert "Your Party names another office." in message.text
    assert decide(lead, request, "grant", party="KEN", role="viewer").status_code == 409


@pytest.mark.parametrize("who", ["officer", "auditor", "focal_point", "agency_officer"])
def test_only_leads_decide(who: str) -> None:
    request = make.access_request()
    answer = decide(getattr(make, who)(), request, "grant", party="KEN", role="focal_point")
    assert answer.status_code in {302, 403}
    request.refresh_from_db()
    assert (request.state, Invitation.objects.count()) == ("confirmed", 0)


def test_no_lead_decides_on_a_request_of_their_own() -> None:
    lead = make.the_lead()
    request = make.access_request(email=lead.email.upper())
    for action, said in (
        ("grant", {"party": "KEN", "role": "viewer"}),
        ("refuse", {"reason": "x"}),
    ):
        assert decide(lead, request, action, **said).status_code == 403
    change = signed_in(lead).get(f"/admin/partners/accessrequest/{request.pk}/change/")
    assert "actions/grant" not in change.content.decode()
    assert decide(make.lead(), request, "refuse", reason="No.").status_code == 302


def test_the_desk_does_not_confirm_an_address_for_somebody() -> None:
    request = make.access_request(confirmed=False)
    assert decide(make.the_lead(), request, "confirm").status_code == 404
