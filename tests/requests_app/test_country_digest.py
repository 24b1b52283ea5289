"""Once a week each country is told what waits there."""

from typing import Any

import pytest
from django.test import Client

from outbox.models import Message
from requests_app import tasks
from tests import make
from workflow.executor import perform

pytestmark = pytest.mark.django_db

MONDAY = "2026-03-02T06:10Z"


def told() -> dict[str, str]:
    return dict(Message.objects.values_list("address", "text"))


def test_each_person_of_a_country_hears_of_what_waits_there_and_of_nothing_else(
    time_machine: Any,
) -> None:
    time_machine.move_to(MONDAY)
    kenya, viet_nam = make.party("KEN"), make.party("VNM")
    focal_point, contributor = make.focal_point(kenya, language="fr"), make.contributor(kenya)
    silent, quiet = make.party_viewer(kenya), make.focal_point(make.party("PER"))
    silent.wants_digest = False
    silent.save()
    other = make.focal_point(viet_nam)
    asked = make.request_in("in_review", of=kenya)
    question = {"subject": "Which ports?", "text": "Please name them."}
    perform("ask", asked, by=make.the_officer(), data=question)
    returned, draft = make.request_in("returned", of=kenya), make.draft(of=kenya)
    elsewhere = make.draft(of=viet_nam)
    Message.objects.all().delete()

    tasks.tell_countries()

    assert sorted(told()) == sorted([focal_point.email, contributor.email, other.email])
    text = told()[contributor.email]
    for words in ("Which ports?", returned.handle, draft.handle, "/account/digest/"):
        assert words in text
    assert elsewhere.handle not in text
    assert elsewhere.handle in told()[other.email]
    assert Message.objects.get(address=focal_point.email).language == "fr"
    assert quiet.email not in told()


def test_it_comes_once_a_week_and_a_missed_monday_is_made_up_for(time_machine: Any) -> None:
    time_machine.move_to(MONDAY)
    make.draft(by=make.focal_point())
    sent = []
    for moment in (MONDAY, MONDAY, "2026-03-08T06:10Z", "2026-03-10T06:10Z", "2026-03-11T06:10Z"):
        time_machine.move_to(moment)
        sent.append(tasks.tell_countries())
    assert sent == [1, 0, 0, 1, 0]


def test_what_is_answered_corrected_or_over_does_not_wait() -> None:
    focal_point = make.focal_point()
    case = make.request_in("in_review", by=focal_point)
    perform("ask", case, by=make.the_officer(), data={"subject": "Why?", "text": "Please say."})
    perform("withdraw", case, by=focal_point, data={"reason": "Solved."})
    Message.objects.all().delete()

    assert tasks.tell_countries() == 0
    assert told() == {}


def test_one_click_switches_it_off(client: Client, settings: Any) -> None:
    focal_point = make.focal_point()
    make.draft(by=focal_point)
    tasks.tell_countries()
    link = next(word for word in told()[focal_point.email].split() if "/account/digest/" in word)

    client.post(link.removeprefix(settings.SITE_URL))

    focal_point.refresh_from_db()
    assert not focal_point.wants_digest
