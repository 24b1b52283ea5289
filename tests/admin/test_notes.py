"""Internal notes: written and read in the Secretariat, and nowhere else."""

import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from history.models import Event
from outbox.models import Message
from requests_app.models import Criterion, Note, RequestState, SupportRequest
from tests import make
from tests.reading_pages import page, signed_in
from workflow.executor import perform

pytestmark = pytest.mark.django_db

SECRET = "Ask the donor first"


def address(case: SupportRequest) -> str:
    return reverse("admin:requests_app_supportrequest_change", args=[case.pk])


def write(browser: Client, case: SupportRequest, **data: Any) -> Any:
    act = reverse("admin:requests_app_supportrequest_act", args=[case.pk, "note"])
    return browser.post(act, {"version": case.version, **data})


def test_a_note_is_written_on_the_page_and_whom_it_mentions_is_told(browse: Any) -> None:
    writer, reader, other = make.the_officer(), make.lead("fr"), make.officer()
    case = make.request_in(RequestState.SUBMITTED)
    before = set(Message.objects.values_list("pk", flat=True))
    desk = browse(writer)
    form = desk.get(address(case)).content.decode()
    assert f'name="mentions" value="{reader.email}"' in form
    assert write(desk, case, text=SECRET, mentions=[reader.email]).url == address(case)

    told = Message.objects.exclude(pk__in=before)
    assert [(one.address, one.language) for one in told] == [(reader.email, "fr")]
    assert SECRET in told[0].text
    (note,) = desk.get(address(case)).context["notes"].rows
    assert (note.note_text, note.actor_name, note.changes["mentions"]) == (
        SECRET, writer.name, [reader.name]
    )  # fmt: skip
    assert other.email not in {one.address for one in told}
    assert case.version == SupportRequest.objects.get(pk=case.pk).version


def test_an_empty_note_is_asked_for_and_whom_it_should_mention_stays(officer: Client) -> None:
    case = make.request_in(RequestState.SUBMITTED)
    reader = make.the_lead()
    answer = write(officer, case, text=" ", mentions=[reader.email])
    assert answer.context["form"].errors == {"text": ["This needs an answer."]}
    assert answer.context["form"]["mentions"].value() == [reader.email]
    assert Note.objects.count() == 0


def test_an_auditor_reads_notes_and_writes_none(auditor: Client) -> None:
    case = make.request_in(RequestState.SUBMITTED)
    perform("note", case, by=make.the_officer(), data={"text": SECRET})
    assert SECRET in page(auditor.get(address(case)))
    assert 'name="mentions"' not in auditor.get(address(case)).content.decode()
    assert write(auditor, case, text="Mine.").status_code == 403


def test_notes_come_in_pages(officer: Client) -> None:
    case = make.request_in(RequestState.SUBMITTED)
    for number in range(12):
        perform("note", case, by=make.the_officer(), data={"text": f"Note {number}."})
    newest = officer.get(address(case)).context["notes"]
    older = officer.get(address(case), {"notes_before": newest.older}).context["notes"]
    assert [one.note_text for one in newest.rows + older.rows] == [
        f"Note {number}." for number in reversed(range(12))
    ]
    assert older.older is None


def test_no_country_and_no_agency_learns_what_the_secretariat_keeps_for_itself() -> None:
    country, partner = make.focal_point(), make.agency_officer()
    key, token = make.api_key()
    case = make.request_in(RequestState.REFERRED, by=country)
    criterion = Criterion.objects.create(key="funds", name_en="SECRET criterion")
    told = set(Message.objects.values_list("pk", flat=True))
    internal = [
        ("note", {"text": "SECRET note", "mentions": [make.the_lead()]}),
        ("assess", {"marks": {criterion.key: {"mark": "no", "text": "SECRET reason"}}}),
        ("assign", {"assignee": make.person("SECRET officer")}),
        ("release", {}),
    ]
    for action, data in internal:
        perform(action, case, by=make.the_officer(), data=data)

    referral = case.referrals.get()
    by_key = Client(headers={"authorization": f"Api-Key {token}"})
    read = {
        "status page": signed_in(country).get(case.get_absolute_url()),
        "inbox": signed_in(partner).get(referral.get_absolute_url()),
        "request at the agency": signed_in(partner).get(case.get_absolute_url()),
        "list": signed_in(country).get("/requests/"),
        "API of the country": signed_in(country).get(f"/api/v1/requests/{case.handle}/"),
        "API of the agency": by_key.get(f"/api/v1/requests/{case.handle}/"),
        "feed of the country": signed_in(country).get("/api/v1/events/"),
        "feed of the agency": by_key.get("/api/v1/events/"),
    }
    assert {name: answer.status_code for name, answer in read.items()} == dict.fromkeys(read, 200)
    words = ("SECRET", *(f"requests.{action}" for action, _data in internal))
    found = {
        name: [one for one in words if one in answer.content.decode()]
        for name, answer in read.items()
    }
    assert found == {name: [] for name in read}
    mails = Message.objects.exclude(pk__in=told)
    insiders = {make.the_lead().email} | {one.address for one in mails if "SECRET" in one.address}
    outsiders = {country.email, partner.email} & {one.address for one in mails}
    assert (outsiders, insiders >= {make.the_lead().email}) == (set(), True)
    assert (
        json.dumps([e.changes for e in Event.objects.filter(kind="requests.assess")]).count(
            "SECRET reason"
        )
        == 1
    ), "history keeps what was said, for the Secretariat"


@pytest.mark.parametrize("who", ["focal_point", "agency_officer"])
def test_others_write_no_note_through_any_door(who: str, request: Any) -> None:
    case = make.request_in(RequestState.REFERRED)
    browser = request.getfixturevalue(who)
    portal = reverse("requests:action", args=[case.handle, "note"])
    data = {"version": case.version, "text": "Mine."}
    answers = [write(browser, case, text="Mine."), browser.post(portal, data)]
    assert ([one.status_code for one in answers], Note.objects.count()) == ([302, 403], 0)
