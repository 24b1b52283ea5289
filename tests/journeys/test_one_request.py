"""One request from the first click to the decision, through every door that it passes."""

from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from history.models import Event
from history.verify import first_break
from outbox.delivery import deliver
from outbox.models import Message
from requests_app.models import SupportRequest
from tests import make
from tests.requests_app.writing import fields_of
from toolkit.models import Implementation

pytestmark = pytest.mark.django_db

TYPED = {
    "nominee_office": "Deputy head of the CITES Management Authority",
    "nominee_email": "deputy@example.org",
    "parts": ["legislation", "enforcement"],
    "situation": "Ivory passes through the port.",
    "asked": "An assessment with the Toolkit.",
    "objective": "A plan that all authorities share.",
    "authorities": "Customs, police, prosecution.",
    "contact_office": "Head of the CITES Management Authority",
    "contact_email": "management.authority@example.org",
}


def signed_in(user: Any) -> Client:
    """A browser of somebody who signed in on the sign-in page."""
    browser = Client()
    page = browser.post(
        reverse("account_login"), {"login": user.email, "password": make.PASSWORD}, follow=True
    )
    assert page.context["user"] == user
    return browser


def decide(browser: Client, case: SupportRequest, action: str, **data: Any) -> None:
    """Open the action's page at the desk, fill it in and confirm."""
    address = reverse("admin:requests_app_supportrequest_act", args=[case.pk, action])
    page = browser.get(address)
    assert page.status_code == 200
    case.refresh_from_db()
    done = browser.post(address, {"version": case.version, **data}, follow=True)
    assert done.redirect_chain, done.content.decode()[:2000]
    case.refresh_from_db()


def everything_is_delivered() -> None:
    for message_id in Message.objects.ready().values_list("pk", flat=True):
        assert deliver(message_id)


@pytest.fixture
def cast() -> dict[str, Any]:
    interpol = make.agency("INTERPOL")
    make.agency("WCO")
    key, token = make.api_key(interpol)
    return {
        "focal point": make.focal_point(),
        "lead": make.lead(),
        "INTERPOL": make.agency_officer(interpol),
        "WCO": make.agency_officer(make.agency("WCO")),
        "UNODC": make.agency_officer(make.agency("UNODC")),
        "key": key,
        "token": token,
    }


def test_a_request_is_submitted_referred_accepted_and_answered(cast: dict[str, Any]) -> None:
    make.support("toolkit")
    country = signed_in(cast["focal point"])
    begun = country.post(reverse("requests:new"), {"support": "toolkit"})
    case = SupportRequest.objects.get()
    _the_form_leads_to_its_end(country, begun)
    assert case.state == "draft"

    check = reverse("requests:check", args=[case.handle])
    shown = country.get(check).context["form"]
    country.post(check, {"version": shown["version"].value(), "declared": "on"})
    case.refresh_from_db()
    assert case.reference == f"ICCWC-{timezone.now().year}-0001"

    desk = signed_in(cast["lead"])
    decide(desk, case, "take_up", assignee=cast["lead"].email)
    agencies = ["INTERPOL", "WCO"]
    decide(
        desk, case, "refer", agencies=agencies, note="Can you help?",
        answer_due_on=make.in_a_month().isoformat(),
    )  # fmt: skip
    decide(desk, case, "accept", lead_agency=agencies[0], decision="Granted.", funding_known="yes")

    agency = Client(headers={"Authorization": f"Api-Key {cast['token']}"})
    listed = agency.get("/api/v1/referrals/").json()["results"]
    assert [one["request"]["reference"] for one in listed] == [case.reference]
    address = f"/api/v1/referrals/{listed[0]['id']}/"
    answered = agency.post(
        f"{address}actions/accept/",
        {"comment": "In March."},
        content_type="application/json",
        headers={"if-match": agency.get(address)["ETag"], "idempotency-key": "of-the-journey"},
    )
    assert (answered.status_code, answered.json()["state"]) == (200, "accepted")

    case.refresh_from_db()
    assert case.state == "accepted"
    _the_timeline_shows_every_move_with_its_actor(cast)
    _everybody_got_one_mail_for_each_event(cast)
    steps = Implementation.objects.get(party=case.party).steps
    assert steps.get(step="request").state == "done"
    assert first_break() is None
    page = country.get(case.get_absolute_url()).content.decode()
    for words in ("Taken up by the Secretariat", "Referred to agencies", "Accepted", "Granted."):
        assert words in page
    assert "Can you help?" not in page  # the note is for the agencies


def _the_form_leads_to_its_end(country: Client, begun: Any) -> None:
    """From page to page by the address that each answers, typing what is asked there."""
    where = begun.headers["Location"]
    while not where.endswith("/check/"):
        shown = country.get(where)
        asked = shown.context["form"].fields
        typed = {name: text for name, text in TYPED.items() if name in asked}
        files = {"letter": make.pdf()} if "letter" in asked else {}
        where = country.post(where, {**fields_of(shown), **typed, **files}).headers["Location"]


def _the_timeline_shows_every_move_with_its_actor(cast: dict[str, Any]) -> None:
    kenya = ("Focal point, Kenya", "Kenya")
    secretariat = ("Lead, CITES", "CITES")
    key = (f"API key {cast['key'].prefix}", "INTERPOL")
    told = Event.objects.order_by("pk").values_list("kind", "actor_name", "actor_body")
    assert list(told) == [
        ("requests.submit", *kenya),
        ("requests.take_up", *secretariat),
        ("referrals.sent", *secretariat),
        ("referrals.sent", *secretariat),
        ("requests.refer", *secretariat),
        ("requests.accept", *secretariat),
        ("toolkit.opened", *secretariat),
        ("referrals.accept", *key),
    ]


def _everybody_got_one_mail_for_each_event(cast: dict[str, Any]) -> None:
    everything_is_delivered()
    names = {person.email: name for name, person in cast.items() if hasattr(person, "email")}
    got = sorted((names[one.to[0]], one.subject.partition(": ")[2]) for one in mail.outbox)
    assert got == [
        ("INTERPOL", "request from Kenya referred to you"),
        ("INTERPOL", "request of Kenya accepted"),
        ("WCO", "request from Kenya referred to you"),
        ("WCO", "request of Kenya accepted"),
        ("focal point", "your request has been accepted"),
        ("focal point", "your request has been passed on"),
        ("focal point", "your request has been received"),
        ("focal point", "your request is being looked at"),
        ("lead", "accepted by INTERPOL"),
        ("lead", "new request from Kenya"),
    ]
    ids = [one.extra_headers["Message-ID"] for one in mail.outbox]
    assert len(set(ids)) == len(ids)


def test_in_the_demo_mail_lies_in_a_folder_one_file_a_message(
    cast: dict[str, Any], settings: Any, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND = "outbox.backends.MailFolder"
    settings.MAIL_DIR = tmp_path
    make.request_in("referred", by=cast["focal point"])
    everything_is_delivered()
    assert len(list(tmp_path.glob("*.eml"))) == Message.objects.filter(state="sent").count() > 0
