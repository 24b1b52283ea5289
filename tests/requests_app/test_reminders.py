"""What the clock does: reminders of what is due, and a digest once a day."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from history.models import Event
from outbox.models import Heartbeat, Message
from requests_app import tasks
from requests_app.models import Referral
from tests import make
from workflow.executor import perform

pytestmark = pytest.mark.django_db


def due_in(days: int, of: str = "INTERPOL") -> Referral:
    referral = make.referral(make.agency(of))
    Referral.objects.filter(pk=referral.pk).update(
        answer_due_on=timezone.now().date() + timedelta(days=days)
    )
    Message.objects.all().delete()
    return referral


def told() -> list[tuple[str, str]]:
    return sorted(Message.objects.values_list("address", "subject"))


@pytest.mark.parametrize(("days", "reminded"), [(6, 0), (5, 1), (0, 1), (-9, 1)])
def test_an_agency_is_reminded_from_five_days_before_until_whenever_somebody_looks(
    days: int, reminded: int
) -> None:
    due_in(days)
    assert tasks.remind() == reminded


def test_each_officer_of_the_agency_is_reminded_once_and_nobody_else() -> None:
    officer = make.agency_officer(make.agency("INTERPOL"))
    make.agency_officer(make.agency("WCO"))
    referral = due_in(-1)
    other = make.someone("officer", make.agency("INTERPOL"), "Officer")
    assert (tasks.remind(), tasks.remind()) == (1, 0)
    assert {address for address, _subject in told()} == {officer.email, other.email}
    assert referral.support_request.reference in told()[0][1]
    assert Event.objects.about(referral).latest("pk").kind == "referrals.reminded"
    assert Heartbeat.objects.get(name="reminders")


def test_nobody_is_reminded_of_what_is_answered_or_over() -> None:
    answered = due_in(-1)
    perform("accept", answered, by=make.agency_officer(make.agency("INTERPOL")))
    over = due_in(-1, "WCO")
    case = over.support_request
    perform("withdraw", case, by=make.focal_point(case.party), data={"reason": "Solved."})
    Message.objects.all().delete()
    assert (tasks.remind(), told()) == (0, [])


def test_the_desk_gets_one_digest_a_day_when_something_waits() -> None:
    lead, officer = make.the_lead(), make.the_officer()
    make.auditor()
    officer.wants_digest = False
    officer.save()
    make.request_in("submitted")
    Message.objects.all().delete()
    tasks.digest()
    tasks.digest()
    assert told() == [(lead.email, "What waits at the Secretariat’s desk")]
    assert "New requests, not yet taken up\n1" in Message.objects.get().text
    Heartbeat.objects.filter(name="digest").update(seen_at=timezone.now() - timedelta(days=1))
    tasks.digest()
    assert len(told()) == 2


def test_a_quiet_day_brings_no_digest() -> None:
    make.the_lead()
    tasks.digest()
    assert told() == []


def test_the_digest_is_switched_off_by_its_link_on_post_alone(
    client: Client, settings: Any
) -> None:
    lead = make.the_lead()
    make.request_in("submitted")
    tasks.digest()
    text = Message.objects.get(address=lead.email, subject__startswith="What waits").text
    link = next(word for word in text.split() if "/account/digest/" in word)
    path = link.removeprefix(settings.SITE_URL)
    assert client.get(path).status_code == 200
    lead.refresh_from_db()
    assert lead.wants_digest
    assert "Done" in client.post(path).content.decode()
    lead.refresh_from_db()
    assert not lead.wants_digest
    assert client.post(path.replace(":", ":x", 1)).status_code == 404
