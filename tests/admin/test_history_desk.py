"""The history at the desk: field by field in words, of any record, and of what the desk changes."""

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from history.log import SYSTEM, record
from history.models import Event
from history.verify import first_break
from partners import granting
from partners.differences import differences
from partners.models import Agency, Mandate, Party
from requests_app.models import RequestState, Support
from requests_app.readings import note_reading
from tests import make
from workflow.executor import perform

pytestmark = pytest.mark.django_db


def said(event: Event, language: str = "en") -> dict[str, tuple[str, str]]:
    with translation.override(language):
        return {one.label: (one.before, one.after) for one in differences([event])[event.pk]}


def history_of(row: Any) -> str:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_history"
    return reverse(name, args=[row.pk])


def sent_as_shown(browser: Client, row: Any, **changed: Any) -> Any:
    """Send the form of a record as it was shown, but for what is changed."""
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    address = reverse(name, args=[row.pk])
    page = browser.get(address)
    forms = [page.context["adminform"].form]
    for inline in page.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data: dict[str, Any] = {}
    for form in forms:
        for bound in form:
            value = bound.value()
            if value is not None and value is not False:
                data[bound.html_name] = value
    return browser.post(address, data | changed)


# ── what the desk changes is kept ────────────────────────────────────────────────────────────


def test_a_changed_catalogue_entry_is_kept_with_what_stood_there(officer: Client) -> None:
    entry = make.support()
    wco = make.agency("WCO")
    entry.usual_others.set([make.agency("INTERPOL")])
    answer = sent_as_shown(
        officer,
        entry,
        name_en="Training of customs",
        usual_lead=wco.pk,
        usual_others=[wco.pk],
        is_offered="",
    )
    assert answer.status_code == 302
    (event,) = Event.objects.about(entry)
    assert (event.kind, event.actor_name, event.actor_body) == (
        "desk.changed", "Officer, CITES", "CITES",
    )  # fmt: skip
    assert event.changes == {
        "name_en": ["Basic training", "Training of customs"],
        "usual_lead": [None, "WCO"],
        "usual_others": [["INTERPOL"], ["WCO"]],
        "is_offered": [True, False],
    }
    assert said(event) == {
        "Name in English": ("Basic training", "Training of customs"),
        "Usual lead (inferred)": ("–", "WCO"),
        "Other agencies (inferred)": ("INTERPOL", "WCO"),
        "Can be asked for": ("Yes", "No"),
    }
    assert first_break() is None


def test_a_form_sent_without_a_change_leaves_no_trace(officer: Client) -> None:
    for row in (make.support(), make.party(), make.agency(), make.reason()):
        Agency.objects.update(full_name_en="A full name")
        assert sent_as_shown(officer, row).status_code == 302
        assert not Event.objects.about(row).exists()


def test_what_is_entered_is_kept_too(officer: Client) -> None:
    names = {f"name_{language}": "Twinning" for language in ("en", "fr", "es")}
    data = {"key": "twinning", "position": "7", "asks": "general", **names}
    officer.post(reverse("admin:requests_app_support_add"), data)
    (event,) = Event.objects.about(Support.objects.get(key="twinning"))
    assert event.kind == "desk.added"
    assert event.changes == {
        **{name: [None, "Twinning"] for name in names},
        "key": [None, "twinning"],
        "position": [None, 7],
        "asks": [None, "general"],
    }
    assert said(event)["Questions asked"] == ("–", "nothing more")


def test_spellings_of_a_party_are_kept_with_it(officer: Client) -> None:
    kenya = make.party()
    sent_as_shown(officer, kenya, **{"aliases-0-written": "Kenia"})
    (event,) = Event.objects.about(kenya)
    assert list(event.changes) == ["partyalias"]
    assert event.changes["partyalias"][0] == []
    assert "Kenia" in event.changes["partyalias"][1][0]
    assert list(said(event)) == ["Other spellings"]


def test_a_persons_name_is_kept_and_the_address_only_once(lead: Client) -> None:
    person = make.person("Old name", email="old@example.org")
    sent_as_shown(lead, person, name="New name", email="new@example.org")
    kept = {event.kind: event.changes for event in Event.objects.about(person)}
    assert kept == {
        "partners.address_changed": {"email": ["old@example.org", "new@example.org"]},
        "desk.changed": {"name": ["Old name", "New name"]},
    }


# ── in words ─────────────────────────────────────────────────────────────────────────────────


def test_an_action_reads_in_the_words_of_its_form() -> None:
    case = make.request_in(RequestState.REFERRED, agencies=("INTERPOL", "WCO"))
    refer = Event.objects.about(case).get(kind="requests.refer")
    due = make.in_a_month()
    assert said(refer) == {
        "Agencies": ("", "INTERPOL\nWCO"),
        "Note to the agencies": ("", "Please say whether you can help."),
        "Answer due on": ("", f"{due.day} {due:%B %Y}"),
        "State": ("in review", "referred to agencies"),
    }


def test_mandates_and_keys_read_without_numbers_and_codes() -> None:
    person = make.person("Head of the Authority")
    mandate = Mandate(user=person, party=make.party(), role="contributor")
    granting.grant_mandate(mandate, by=make.the_lead())
    granted = said(Event.objects.about(mandate).get())
    assert (granted["Person"], granted["Body"], granted["Role"]) == (
        ("", "Head of the Authority"), ("", "Kenya"), ("", "contributor"),
    )  # fmt: skip
    granting.end_mandate(mandate, by=make.the_lead())
    assert said(Event.objects.about(mandate).last())["Ended at once"][1].endswith("UTC")
    key, _token = granting.issue_key(
        agency=make.agency(),
        label="Case system",
        scopes=["requests:read", "events:read"],
        expires_at=timezone.now() + timedelta(days=90),
        by=make.the_lead(),
    )
    issued = said(Event.objects.about(key).get())
    assert issued["Scopes"] == ("", "read the change feed\nread requests and referrals")


def test_the_page_of_an_event_shows_before_and_after_and_the_raw_record(auditor: Client) -> None:
    person = make.person()
    make.mandate(person, "contributor", make.party())
    mandate = person.mandates.get()
    day = timezone.now().date() + timedelta(days=9)
    granting.change_end(mandate, day, by=make.the_lead())
    event = Event.objects.about(mandate).get()
    page = auditor.get(reverse("admin:history_event_change", args=[event.pk])).content.decode()
    cell = f'<td class="as-typed">{day.day} {day:%B %Y}</td>'
    assert '<th scope="row">Until</th><td class="as-typed">–</td>' + cell in page
    assert "&quot;until_on&quot;" in page
    assert reverse("admin:partners_mandate_change", args=[mandate.pk]) in page
    assert history_of(mandate) in page


# ── the list ─────────────────────────────────────────────────────────────────────────────────


def subjects(browser: Client) -> set[str]:
    page = browser.get(reverse("admin:history_event_changelist"))
    assert page.status_code == 200
    found = re.findall(r'<td class="field-subject_here">(.*?)</td>', page.content.decode())
    return {html.unescape(one) for one in found}


def test_the_list_names_what_an_event_is_about(auditor: Client) -> None:
    referral = make.referral(make.agency("WCO"))
    case = referral.support_request
    attachment = case.attachments.get()
    note_reading(attachment, make.the_officer())
    cycle = make.implementation()
    person = make.person("Head of the Authority")
    mandate = Mandate(user=person, party=make.party(), role="viewer")
    granting.grant_mandate(mandate, by=make.the_lead())
    unsent = make.draft(by=make.focal_point())
    closed = unsent.attachments.get()
    record(closed, "files.read", by=SYSTEM, changes={})
    record(unsent, "requests.discard", by=SYSTEM, changes={})
    assert subjects(auditor) == {
        f"support request {case.reference}",
        f"referral {case.reference} → WCO",
        f"attachment {attachment.name}",
        f"attachment {closed.pk}",
        f"Toolkit implementation {cycle}",
        "mandate viewer, Kenya",
    }
    event = Event.objects.about(attachment).get()
    page = auditor.get(reverse("admin:history_event_change", args=[event.pk])).content.decode()
    assert f"attachment {attachment.name}" in page


def test_the_list_costs_the_same_for_many_subjects(auditor: Client) -> None:
    def fill() -> None:
        case = make.referral().support_request
        note_reading(case.attachments.get(), make.the_officer())
        make.conversation(case)
        make.recommendation(make.implementation())
        make.invitation()
        mandate = Mandate(user=make.person(), party=make.party(), role="viewer")
        granting.grant_mandate(mandate, by=make.the_lead())

    fill()
    subjects(auditor)
    with CaptureQueriesContext(connection) as few:
        first = subjects(auditor)
    fill()
    fill()
    with CaptureQueriesContext(connection) as many:
        later = subjects(auditor)
    assert len(later) > len(first)
    assert len(many) == len(few)


# ── of any record ────────────────────────────────────────────────────────────────────────────


def test_every_record_has_a_page_of_its_history(auditor: Client, lead: Client) -> None:
    referral = make.referral(state="accepted")
    invitation, asked = make.invitation(), make.access_request()
    kenya = make.party()
    sent_as_shown(lead, kenya, party_since="1978-01-01")
    for row, words in (
        (referral, ["Sent to the agency", "Accepted by the agency"]),
        (invitation, ["Invited"]),
        (asked, ["Address confirmed"]),
        (kenya, ["Changed at the desk", "1 January 1978", "Invited"]),
    ):
        page = auditor.get(history_of(row)).content.decode()
        assert [word for word in words if word not in page] == []
        change = history_of(row).replace("/history/", "/change/")
        assert history_of(row) in auditor.get(change).content.decode()


def test_the_history_of_a_person_holds_that_of_the_mandates(auditor: Client) -> None:
    person = make.person()
    mandate = Mandate(user=person, party=make.party(), role="viewer")
    granting.grant_mandate(mandate, by=make.the_lead())
    other = Mandate(user=make.person(), party=make.party(), role="viewer")
    granting.grant_mandate(other, by=make.the_lead())
    page = auditor.get(history_of(person))
    assert [line.event.subject_id for line in page.context["lines"]] == [mandate.pk]
    assert f"Mandate granted</a> (mandate {mandate.pk})" in page.content.decode()


def test_the_history_of_a_draft_stays_with_its_country(lead: Client) -> None:
    country = make.focal_point()
    draft = make.draft(by=country)
    perform("discard", draft, by=country)
    answer = lead.get(history_of(draft))
    assert answer.status_code in {302, 404}
    assert "discarded" not in answer.content.decode()


@pytest.mark.parametrize("who", ["focal_point", "agency_officer"])
def test_nobody_outside_the_secretariat_opens_it(who: str, request: Any) -> None:
    row = make.party()
    assert request.getfixturevalue(who).get(history_of(row)).status_code == 302


def test_a_long_history_is_shown_in_pages_at_a_fixed_cost(auditor: Client) -> None:
    kenya = make.party()
    lead = make.the_lead()

    def change(times: int) -> None:
        from partners.access import snapshot  # noqa: PLC0415

        for number in range(times):
            words = {"name_en": [f"Name {number}", f"Name {number + 1}"]}
            record(kenya, "desk.changed", by=snapshot(lead, None), changes=words)

    change(3)
    auditor.get(history_of(kenya))
    with CaptureQueriesContext(connection) as few:
        auditor.get(history_of(kenya))
    change(40)
    with CaptureQueriesContext(connection) as many:
        first = auditor.get(history_of(kenya))
    assert len(many) == len(few) <= 8
    older = auditor.get(history_of(kenya), {"before": first.context["older"]})
    assert (len(first.context["lines"]), len(older.context["lines"])) == (30, 13)
    assert older.context["older"] is None
    assert auditor.get(history_of(kenya), {"before": "²"}).status_code == 200
    assert Party.objects.get(pk=kenya.pk).name_en == "Kenya"
