"""What documents say, at the desk: entered by officers, refused with sentences, withdrawn."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from history.models import Event
from history.verify import first_break
from partners.models import Party, PartyAlias
from tests import make
from tests.reading_pages import errors_at, words
from toolkit.models import Observation, PublishedTotal
from toolkit.workflow import observe

pytestmark = pytest.mark.django_db

ADD = "/admin/toolkit/observation/add/"
ADD_TOTAL = "/admin/toolkit/publishedtotal/add/"
UNODC = {
    "party": "Viêt Nam", "instrument": "toolkit", "status": "complete", "step": "",
    "written": "2018-10", "precision": "", "is_approximate": "on", "date_in_source": "",
    "note": "", "source": "UNODC highlights page, about October 2018",
    "source_url": "https://www.unodc.org/highlights.html", "despite": "",
}  # fmt: skip
TOTAL = {
    "text": "10 complete, 2 under way, a further 10 in initial stages", "instrument": "toolkit",
    "in_all": "", "complete": "10", "under_way": "2", "written": "2018-10", "precision": "",
    "is_approximate": "on", "date_in_source": "", "source": "UNODC highlights page",
    "source_url": "",
}  # fmt: skip


@pytest.fixture(autouse=True)
def parties() -> None:
    for code, *spellings in (
        ("VNM", "viet nam", "vnm"),
        ("KEN", "kenya", "kenia"),
        ("PER", "peru"),
    ):
        party = make.party(code)
        for one in spellings:
            PartyAlias.objects.create(party=party, written=one, spelling=one)


def enter(browser: Client, **said: str) -> Any:
    return browser.post(ADD, {**UNODC, **said})


def faults(browser: Client, **said: str) -> dict[str, list[str]]:
    page = enter(browser, **said)
    assert page.status_code == 200
    assert not Observation.objects.exists()
    return errors_at(page)


def test_an_officer_enters_what_a_document_says(officer: Client) -> None:
    answer = enter(officer)
    one = Observation.objects.get()
    assert answer.url == reverse("admin:toolkit_observation_change", args=[one.pk])
    kept = Observation.objects.values(
        "party__code", "instrument", "status", "step", "effective_on", "precision",
        "is_approximate", "date_in_source", "note", "source", "state",
    ).get()  # fmt: skip
    assert {**kept, "effective_on": str(kept["effective_on"])} == {
        "party__code": "VNM", "instrument": "toolkit", "status": "complete", "step": "",
        "effective_on": "2018-10-31", "precision": "month", "is_approximate": True,
        "date_in_source": "2018-10", "note": "", "source": UNODC["source"], "state": "stands",
    }  # fmt: skip
    event = Event.objects.get(kind="toolkit.observed")
    assert (event.subject_type, event.subject_id) == ("partners.party", one.party_id)
    assert (event.actor_kind, event.actor_body) == ("user", "CITES")
    page = words(officer.get(answer.url).content.decode())
    assert "October 2018 (approximate)" in page
    assert f"{event.actor_name}, CITES" in page


def test_only_officers_enter(
    auditor: Client, lead: Client, focal_point: Client, agency_officer: Client, client: Client
) -> None:
    for door in (ADD, ADD_TOTAL, "/admin/toolkit/observation/import/"):
        assert [b.get(door).status_code for b in (auditor, lead)] == [403, 200], door
        outside = [b.get(door) for b in (focal_point, agency_officer, client)]
        assert all(page.status_code in {302, 403} for page in outside), door
        assert auditor.post(door, UNODC).status_code == 403
    assert not Observation.objects.exists()
    observe_kenya()
    assert "Kenya" in auditor.get("/admin/toolkit/observation/").content.decode()


def observe_kenya(**said: Any) -> Observation:
    made = observe(
        Party.objects.get(code="KEN"),
        **{
            "effective_on": timezone.localdate() - timedelta(days=400), "precision": "day",
            "instrument": "toolkit", "status": "in_process", "step": "",
            "date_in_source": "2024", "source": "A document", **said,
        },
    )  # fmt: skip
    assert made
    return made


@pytest.mark.parametrize(
    ("said", "at", "sentence"),
    [
        ({"party": "Atlantis"}, "party", "No Party is known by this name or code."),
        (
            {"party": "Keny"},
            "party",
            "No Party is known by this name or code. Do you mean: Kenya?",
        ),
        ({"written": "2199"}, "written", "This date lies in the future."),
        (
            {"written": "1974-12"},
            "written",
            "No date lies before 1 July 1975, when CITES began.",
        ),
        ({"written": "Oct-18"}, "written", "Write the date as 2018, 2018-10 or 2018-10-05."),
        ({"written": "2018-02-30"}, "written", "Write the date as 2018, 2018-10 or 2018-10-05."),
        (
            {"written": "2018", "precision": "day"},
            "written",
            "“on that day” needs a more exact date than 2018.",
        ),
        ({"status": "step_event"}, "step", "Say which step was reached."),
        (
            {"status": "step_event", "step": "presentation", "instrument": "indicator_framework"},
            "step",
            "The Indicator Framework has no steps: leave this empty.",
        ),
        (
            {"step": "presentation"},
            "step",
            "“complete” does not go with this step: leave it empty, or choose “a step was "
            "reached”.",
        ),
        ({"source": " "}, "source", "This needs an answer."),
        ({"source_url": "javascript:alert(1)"}, "source_url", "Enter a valid URL."),
        (
            {"status": "finished"},
            "status",
            "Choose from the list.",
        ),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    officer: Client, said: dict[str, str], at: str, sentence: str
) -> None:
    assert faults(officer, **said) == {at: [sentence]}


def test_nothing_typed_is_lost_when_something_is_wrong(officer: Client) -> None:
    page = enter(officer, written="soon", note="As its first paragraph says.")
    assert "As its first paragraph says." in page.content.decode()
    assert 'value="soon"' in page.content.decode()


def test_a_date_before_accession_needs_a_reason_which_only_the_desk_reads(
    officer: Client, agency_officer: Client
) -> None:
    Party.objects.filter(code="VNM").update(party_since="2019-01-20")
    assert faults(officer) == {
        "despite": [
            "Viet Nam became a Party on 20 January 2019. Check the date, or say why it is so."
        ]
    }
    enter(officer, despite="It took part as an observer.")
    event = Event.objects.get(kind="toolkit.observed")
    assert event.changes["despite"] == "It took part as an observer."
    feed = agency_officer.get("/api/v1/events/").json()["results"]
    assert [one["kind"] for one in feed] == ["toolkit.observed"]
    assert "observer" not in str(feed)
    assert feed[0]["actor"] == {"name": "", "body": "CITES"}


def test_what_is_stored_already_is_not_stored_twice_and_linked(officer: Client) -> None:
    enter(officer)
    first = Observation.objects.get()
    page = enter(officer, party="VNM")
    assert errors_at(page) == {"__all__": ["This statement is stored already."]}
    address = reverse("admin:toolkit_observation_change", args=[first.pk])
    assert f'<a href="{address}">The one that is stored' in page.content.decode()
    assert Observation.objects.count() == 1


def test_another_statement_of_the_same_document_begins_with_its_source(officer: Client) -> None:
    page = officer.get(enter(officer).url)
    link = next(url for url, label in page.context["desk_links"] if "another" in str(label))
    again = officer.get(link).content.decode()
    assert f'value="{UNODC["source"]}"' in again
    assert 'value="2018-10"' in again


def test_a_mistake_is_withdrawn_and_what_was_known_before_still_shows_it(
    officer: Client, auditor: Client, agency_officer: Client, client: Client
) -> None:
    enter(officer, party="Peru")
    enter(officer, party="Kenya", source="Another document")
    wrong = Observation.objects.get(party__code="PER")
    before = timezone.now()
    door = reverse("admin:toolkit_observation_act", args=[wrong.pk, "withdraw"])
    said = {"version": "0", "reason": "Typed at the wrong Party."}
    assert auditor.post(door, said).status_code == 403
    assert officer.post(door, {"version": "0", "reason": ""}).status_code == 200
    assert shown(client) == ["Kenya", "Peru"]
    assert officer.post(door, said).status_code == 302
    assert officer.post(door, said).status_code == 409
    assert shown(client) == ["Kenya"]
    assert shown(client, known_at=before.isoformat()) == ["Kenya", "Peru"]
    event = Event.objects.get(kind="toolkit.observations.withdraw")
    assert event.subject_id == wrong.party_id
    assert event.changes == {
        "reason": "Typed at the wrong Party.", "withdraws": wrong.event_id,
        "state": ["stands", "withdrawn"],
    }  # fmt: skip
    feed = agency_officer.get("/api/v1/events/").json()["results"]
    assert [one["kind"] for one in feed][-1:] == [event.kind]
    assert "Typed at" not in str(feed)
    assert enter(officer, party="Peru").status_code == 302  # entered anew
    assert first_break() is None


def shown(client: Client, **asked: str) -> list[str]:
    found = client.get("/api/v1/toolkit/observations/", asked).json()["results"]
    return sorted(one["party"]["name"] for one in found)


def test_no_other_page_changes_or_deletes_what_is_stored(lead: Client) -> None:
    one = observe_kenya()
    before = list(Observation.objects.values())
    for name, args in (("change", [one.pk]), ("delete", [one.pk]), ("changelist", [])):
        door = reverse(f"admin:toolkit_observation_{name}", args=args)
        lead.post(door, {"status": "complete", "_save": "Save", "post": "yes"})
    assert list(Observation.objects.values()) == before


def test_a_total_is_entered_with_its_own_history_and_withdrawn(officer: Client) -> None:
    assert officer.post(ADD_TOTAL, {**TOTAL, "complete": "-1"}).status_code == 200
    assert officer.post(ADD_TOTAL, {**TOTAL, "written": "2099-01"}).status_code == 200
    assert not PublishedTotal.objects.exists()
    assert officer.post(ADD_TOTAL, TOTAL).status_code == 302
    one = PublishedTotal.objects.get()
    assert (one.complete, one.under_way, one.in_all) == (10, 2, None)
    assert (str(one.effective_on), one.precision, one.is_rough) == ("2018-10-31", "month", False)
    page = officer.post(ADD_TOTAL, TOTAL)
    assert errors_at(page) == {"__all__": ["This statement is stored already."]}
    door = reverse("admin:toolkit_publishedtotal_act", args=[one.pk, "withdraw"])
    assert officer.post(door, {"version": "0", "reason": "Another page."}).status_code == 302
    kinds = Event.objects.about(one).values_list("kind", flat=True)
    assert list(kinds) == ["toolkit.total_observed", "toolkit.totals.withdraw"]
    history = officer.get(reverse("admin:toolkit_publishedtotal_history", args=[one.pk]))
    assert "Another page." in history.content.decode()
    assert first_break() is None


def test_the_list_tells_how_each_came_in(officer: Client) -> None:
    observe_kenya()
    enter(officer)
    address = "/admin/toolkit/observation/"

    def listed(**asked: str) -> list[str]:
        found = officer.get(address, asked).context["cl"].result_list
        return sorted(one.party.code for one in found)

    assert listed() == ["KEN", "VNM"]
    assert listed(came="loaded") == ["KEN"]
    assert listed(came="typed") == ["VNM"]
    assert listed(came="imported") == []
    assert listed(came="nonsense") == ["KEN", "VNM"]
    assert listed(q="kenia") == ["KEN"]
    assert listed(state__exact="withdrawn") == []


def test_lists_and_pages_cost_the_same_for_many_as_for_few(lead: Client) -> None:
    def cost(address: str) -> int:
        lead.get(address)  # notes that the session was seen, if it is time for that
        with CaptureQueriesContext(connection) as queries:
            assert lead.get(address).status_code == 200
        return len(queries)

    lists = ("/admin/toolkit/observation/", "/admin/toolkit/publishedtotal/")
    for number in range(10):
        observe_kenya(date_in_source=f"{number}")
        assert lead.post(ADD_TOTAL, {**TOTAL, "date_in_source": f"{number}"}).status_code == 302
    one = Observation.objects.first()
    page = reverse("admin:toolkit_observation_change", args=[one.pk if one else 0])
    few = [cost(address) for address in (*lists, page)]
    for number in range(10, 60):
        observe_kenya(date_in_source=f"{number}")
        assert lead.post(ADD_TOTAL, {**TOTAL, "date_in_source": f"{number}"}).status_code == 302
    assert [cost(address) for address in (*lists, page)] == few
    assert max(few[:2]) <= 12
    assert few[2] <= 18
