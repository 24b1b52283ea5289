"""Conversations at the desk: read, answered, opened and closed there."""

import pytest
from django.test import Client
from django.urls import reverse

from requests_app.models import Reading
from tests import make

pytestmark = pytest.mark.django_db


def address(name: str, *args: object) -> str:
    return reverse(f"admin:requests_app_{name}", args=args)


def test_an_officer_asks_from_the_case_and_finds_the_conversation_there(officer: Client) -> None:
    case = make.request_in("in_review")
    sent = {"subject": "Ports", "text": "Which ports?", "version": case.version}
    url = address("supportrequest_act", case.pk, "ask")
    assert "stands still" in officer.get(url).content.decode()
    assert officer.post(url, sent).status_code == 302
    thread = case.threads.get()
    page = officer.get(address("supportrequest_change", case.pk)).content.decode()
    assert address("thread_change", thread.pk) in page
    assert "Waits for the country’s answer" in page
    assert "With the country, which has been asked a question." in page
    read = officer.get(address("thread_change", thread.pk)).content.decode()
    assert "Which ports?" in read


def test_who_will_be_told_is_said_before_an_agency_is_let_in(officer: Client) -> None:
    wco = make.agency_officer(make.agency("WCO"))
    unodc = make.agency_officer(make.agency("UNODC"))
    case = make.request_in("referred", agencies=("WCO",))
    thread = make.conversation(case)
    url = address("thread_act", thread.pk, "open_to")
    asked = officer.get(url).content.decode()
    assert wco.name in asked
    assert unodc.name not in asked
    sent = {"agency": "UNODC", "version": thread.version}
    assert officer.post(url, sent).status_code == 200
    assert officer.post(url, {**sent, "agency": "WCO"}).status_code == 302
    assert [one.code for one in thread.agencies.all()] == ["WCO"]


def test_an_auditor_reads_and_does_nothing(auditor: Client) -> None:
    thread = make.conversation(make.request_in("submitted"))
    read = auditor.get(address("thread_change", thread.pk))
    assert read.status_code == 200
    assert read.context["buttons"] == []
    sent = {"text": "Words.", "version": thread.version}
    assert auditor.post(address("thread_act", thread.pk, "reply"), sent).status_code == 403


def test_the_list_finds_what_waits(officer: Client) -> None:
    waiting = make.conversation(make.request_in("submitted"))
    make.conversation(make.request_in("submitted"), "closed")
    listed = officer.get(address("thread_changelist"), {"state__exact": "waiting"})
    assert list(listed.context["cl"].result_list) == [waiting]


def test_reading_is_marked_by_post_alone(officer: Client) -> None:
    thread = make.conversation(make.request_in("submitted"), "open")
    question, answer = thread.posts.all()
    officer.get(address("thread_change", thread.pk))
    url = address("thread_read", thread.pk)
    assert officer.get(url).status_code == 405
    mine = Reading.objects.get(user=officer.session["_auth_user_id"])
    assert mine.last_post == question
    assert officer.post(url).status_code == 302
    mine.refresh_from_db()
    assert mine.last_post == answer


def test_agencies_and_countries_do_not_get_in(agency_officer: Client, focal_point: Client) -> None:
    thread = make.conversation(make.request_in("submitted"))
    for browser in (agency_officer, focal_point):
        assert browser.get(address("thread_change", thread.pk)).status_code == 302
