"""Documents are confidential until an officer opens them, and every reading of one is recorded."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from history.models import Event
from outbox.enclosures import File
from requests_app import drafts
from requests_app.models import SupportRequest
from requests_app.readings import READ
from tests import make
from tests.reading_pages import page, signed_in
from workflow.executor import perform

pytestmark = pytest.mark.django_db


@pytest.fixture
def country() -> Any:
    return make.focal_point()


@pytest.fixture
def case(country: Any) -> SupportRequest:
    """Referred to INTERPOL, with a letter and a map."""
    draft = make.draft(country)
    drafts.attach(draft, make.pdf("map.pdf"), "other", by=country)
    make.submit(draft, country)
    refer = {"agencies": [make.agency()], "note": "Please.", "answer_due_on": make.in_a_month()}
    perform("take_up", draft, by=make.the_officer(), data={"assignee": make.the_officer()})
    perform("refer", draft, by=make.the_officer(), data=refer)
    return draft


def named(case: SupportRequest, name: str) -> Any:
    return case.attachments.get(name=name)


def at_desk(case: SupportRequest, name: str) -> str:
    return reverse("admin:requests_app_supportrequest_file", args=[case.pk, named(case, name).pk])


def at_portal(case: SupportRequest, name: str) -> str:
    return reverse("requests:attachment", args=[case.handle, named(case, name).pk])


def by_api(case: SupportRequest, name: str) -> str:
    return f"/api/v1/requests/{case.handle}/attachments/{named(case, name).pk}/"


def change_page(case: SupportRequest) -> str:
    return reverse("admin:requests_app_supportrequest_change", args=[case.pk])


def act(browser: Client, case: SupportRequest, **data: Any) -> Any:
    case.refresh_from_db()
    address = reverse("admin:requests_app_supportrequest_act", args=[case.pk, "open_documents"])
    return browser.post(address, {"version": case.version, **data})


def agency_reads(case: SupportRequest) -> dict[str, list[str]]:
    """The names of documents that INTERPOL meets, door by door."""
    partner = signed_in(make.agency_officer())
    key = Client(headers={"authorization": f"Api-Key {make.api_key()[1]}"})
    pages = {
        "inbox": partner.get(case.referrals.get().get_absolute_url()).content.decode(),
        "request": partner.get(case.get_absolute_url()).content.decode(),
        "API": key.get(f"/api/v1/requests/{case.handle}/").content.decode(),
        "feed": key.get("/api/v1/events/").content.decode(),
    }
    names = ("letter.pdf", "map.pdf")
    found = {door: [one for one in names if one in text] for door, text in pages.items()}
    doors = (at_portal, by_api)
    given = [
        one
        for one in names
        if {partner.get(door(case, one)).status_code for door in doors} == {200}
    ]
    return {**found, "downloads": given}


NOTHING: dict[str, list[str]] = {"inbox": [], "request": [], "API": [], "feed": [], "downloads": []}


def test_an_agency_meets_no_trace_of_a_closed_file_and_reads_an_opened_one(
    officer: Client, case: SupportRequest
) -> None:
    assert agency_reads(case) == NOTHING
    mapped = named(case, "map.pdf").pk
    files = {f"files_{named(case, 'letter.pdf').pk}": "as_request", f"files_{mapped}": "open"}
    assert act(officer, case, documents="closed", **files).status_code == 302
    only = ["map.pdf"]
    assert agency_reads(case) == {
        "inbox": only, "request": only, "API": only, "feed": [], "downloads": only
    }  # fmt: skip
    files[f"files_{mapped}"] = "closed"
    assert act(officer, case, documents="open", **files).status_code == 302
    assert agency_reads(case)["downloads"] == ["letter.pdf"]


def test_the_page_says_of_each_file_who_may_read_it_and_history_what_was_said(
    officer: Client, case: SupportRequest
) -> None:
    mapped = named(case, "map.pdf").pk
    act(officer, case, documents="closed", **{f"files_{mapped}": "open"})
    text = page(officer.get(change_page(case)))
    assert text.index("letter.pdf Confidential") < text.index("map.pdf Open to the agencies")
    (said,) = [
        entry.words
        for entry in officer.get(change_page(case)).context["timeline"]
        if entry.what == "Said who may read the documents"
    ]
    assert said == [
        ("Documents of this request", "confidential: the Party and the Secretariat alone"),
        ("map.pdf", "open to the agencies it is referred to"),
    ]


def test_referring_opens_what_the_officer_ticks(officer: Client, case: SupportRequest) -> None:
    make.agency("WCO")
    case.refresh_from_db()
    refer = reverse("admin:requests_app_supportrequest_act", args=[case.pk, "refer"])
    form = officer.get(refer).context["form"]
    assert [label for _pk, label in form.fields["open_files"].choices] == ["letter.pdf", "map.pdf"]
    data = {
        "version": case.version, "agencies": ["WCO"], "note": "Please.",
        "answer_due_on": make.in_a_month().isoformat(), "open_files": [named(case, "map.pdf").pk],
    }  # fmt: skip
    assert officer.post(refer, data).status_code == 302
    opened = {one.name for one in case.attachments.all() if not one.is_confidential}
    assert opened == {"map.pdf"}
    words = officer.get(change_page(case)).context["timeline"][0].words
    assert ("Documents that the agencies may read", "map.pdf") in words


def readings(case: SupportRequest) -> list[tuple[str, str, str]]:
    files = case.attachments.values("pk")
    found = Event.objects.filter(kind=READ, subject_id__in=files).order_by("pk")
    return [(one.changes["name"], one.actor_name, one.actor_body) for one in found]


def test_every_reading_of_a_confidential_file_is_recorded_at_every_door_and_shown(
    country: Any, case: SupportRequest
) -> None:
    officer, auditor = make.the_officer(), make.auditor()
    for reader, address in (
        (officer, at_desk(case, "letter.pdf")),
        (country, at_portal(case, "letter.pdf")),
        (auditor, by_api(case, "map.pdf")),
    ):
        assert signed_in(reader).get(address).status_code == 200
    expected = [
        ("letter.pdf", officer.name, "CITES"),
        ("letter.pdf", country.name, "Kenya"),
        ("map.pdf", auditor.name, "CITES"),
    ]
    assert readings(case) == expected
    shown = {
        "desk": signed_in(officer).get(change_page(case)).context["read"],
        "Party": signed_in(country).get(case.get_absolute_url()).context["read"],
        "agency": signed_in(make.agency_officer()).get(case.get_absolute_url()).context["read"],
    }
    told = {who: [(one.file, one.who, one.body) for one in rows] for who, rows in shown.items()}
    assert told == {"desk": expected[::-1], "Party": expected[::-1], "agency": []}


def test_what_is_open_is_read_without_a_record_and_what_is_refused_was_not_read(
    case: SupportRequest,
) -> None:
    assert signed_in(make.agency_officer()).get(at_portal(case, "map.pdf")).status_code == 404
    assert signed_in(make.person()).get(at_portal(case, "map.pdf")).status_code == 404
    case.attachments.filter(name="letter.pdf").update(scan="waiting")
    assert signed_in(make.the_officer()).get(at_desk(case, "letter.pdf")).status_code == 409
    make.open_files(case)
    assert signed_in(make.agency_officer()).get(at_portal(case, "map.pdf")).status_code == 200
    assert readings(case) == []


def test_what_a_country_reads_before_it_submits_is_its_own_business(country: Any) -> None:
    draft = make.draft(country)
    assert signed_in(country).get(at_portal(draft, "letter.pdf")).status_code == 200
    assert readings(draft) == []


def test_the_copy_for_an_agency_names_no_closed_file(
    case: SupportRequest, monkeypatch: Any
) -> None:
    named_in: list[list[str]] = []
    monkeypatch.setattr(
        "requests_app.views.pdf.copy_of",
        lambda version, language: (
            named_in.append([one["name"] for one in version.attachments])
            or File("copy.pdf", b"%PDF", "application/pdf")
        ),
    )
    address = reverse("requests:copy_pdf", args=[case.handle, 1])
    for reader in (make.agency_officer(), make.the_officer(), make.focal_point()):
        assert signed_in(reader).get(address).status_code == 200
    assert named_in == [[], ["letter.pdf", "map.pdf"], ["letter.pdf", "map.pdf"]]


def test_only_the_secretariat_says_who_reads(
    auditor: Client, focal_point: Client, agency_officer: Client, case: SupportRequest
) -> None:
    answers = [act(one, case, documents="open") for one in (auditor, focal_point, agency_officer)]
    portal = reverse("requests:action", args=[case.handle, "open_documents"])
    data = {"version": case.version, "documents": "open"}
    answers += [one.post(portal, data) for one in (focal_point, agency_officer)]
    assert [one.status_code for one in answers] == [403, 302, 302, 403, 403]
    case.refresh_from_db()
    assert case.documents == "closed"
