"""Recommendations of an action plan: entered at the desk, carried out by the country, verified."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from history.models import Event
from outbox.models import Message
from tests import make
from tests.reading_pages import errors_at, page, signed_in, table_rows, timeline
from toolkit.models import Document, Recommendation
from toolkit.timeline import events_visible_to
from workflow.errors import InvalidInput, NotPermitted
from workflow.executor import can, perform
from workflow.guard import may_write

pytestmark = pytest.mark.django_db


def address(recommendation: Recommendation, action: str = "") -> str:
    name = "country_recommendation_action" if action else "country_recommendation"
    code = recommendation.implementation.party.code.lower()
    return reverse(name, args=[code, recommendation.pk, *([action] if action else [])])


def test_an_officer_enters_a_recommendation_at_the_desk_and_the_country_hears_of_it():
    country = make.focal_point()
    cycle = make.implementation()
    officer = signed_in(make.the_officer())
    url = reverse("admin:toolkit_implementation_act", args=[cycle.pk, "recommend"])
    sent = {
        "part": "legislation",
        "text": "Revise the law.",
        "priority": "high",
        "responsible": "Justice",
        "supporting": [make.agency("UNODC").code],
        "due_on": "",
        "version": cycle.version,
    }
    assert officer.post(url, sent).status_code == 302
    made = cycle.recommendations.get()
    assert (made.number, made.state, made.text) == (1, "proposed", "Revise the law.")
    assert [one.code for one in made.supporting.all()] == ["UNODC"]
    mail = Message.objects.get(recipient=f"user:{country.pk}")
    assert "Revise the law." in mail.text
    assert reverse("country", args=["ken"]) in mail.text
    assert Event.objects.about(made).get().kind == "toolkit.recommendations.entered"


def test_a_recommendation_runs_its_way_from_the_countrys_page_to_its_verification():
    country, contributor = make.focal_point(), make.contributor()
    interpol = make.agency_officer()
    cycle = make.implementation(lead_agency=make.agency("INTERPOL"))
    one = make.recommendation(cycle, priority="high")

    def act(who, action: str, **said: object) -> int:
        one.refresh_from_db()
        given = signed_in(who).post(address(one, action), {**said, "version": one.version})
        return given.status_code

    assert act(contributor, "accept") == 403
    assert act(country, "accept") == 302
    assert act(contributor, "start", note="A committee sits.") == 302
    assert act(contributor, "report", note="It has met twice.") == 302
    assert act(contributor, "report", note="It has met again.") == 302
    assert act(contributor, "finish", outcome="Revised.", evidence="") == 200
    assert act(contributor, "finish", outcome="Revised.", evidence="Act 4 of 2026.") == 302
    assert act(country, "verify") == 403
    assert act(interpol, "send_back", reason="The Act is not in force.") == 302
    assert act(contributor, "finish", outcome="In force.", evidence="Gazette 7.") == 302
    assert act(interpol, "verify") == 302

    one.refresh_from_db()
    assert one.state == "verified"
    read = signed_in(country).get(address(one))
    assert timeline(read) == [
        "Verified", "Reported as done", "Sent back: not yet done", "Reported as done",
        "Progress reported", "Progress reported", "Begun", "Accepted", "Recommendation entered",
    ]  # fmt: skip
    for words in ("It has met twice.", "It has met again.", "Act 4 of 2026.", "Gazette 7."):
        assert words in page(read)


def test_whoever_reported_it_as_done_does_not_verify_it():
    both = make.contributor()
    make.mandate(both, "officer", make.secretariat())
    one = make.recommendation(make.implementation(), "under_way")
    perform("finish", one, by=both, data={"outcome": "Done.", "evidence": "See."})
    with pytest.raises(NotPermitted):
        perform("verify", one, by=both)
    perform("verify", one, by=make.officer())


def test_no_key_verifies_whoever_holds_it():
    interpol = make.agency("INTERPOL")
    both, colleague = make.contributor(), make.agency_officer(interpol)
    make.mandate(both, "officer", interpol)
    one = make.recommendation(make.implementation(lead_agency=interpol), "under_way")
    perform("finish", one, by=both, data={"outcome": "Done.", "evidence": "See."})
    for holder in (both, colleague, None):
        key, _token = make.api_key(interpol)
        key.held_by = holder
        key.save()
        assert not can(key, "verify", one)
        with pytest.raises(NotPermitted):
            perform("verify", one, by=key)
    assert can(colleague, "verify", one)


def test_not_accepting_needs_a_reason_and_a_new_date_must_be_new():
    country = signed_in(make.focal_point())
    one = make.recommendation(make.implementation(), due_on=make.in_a_month())
    refused = country.post(address(one, "refuse"), {"reason": "", "version": one.version})
    assert errors_at(refused) == {"reason": ["This needs an answer."]}
    same = {"due_on": make.in_a_month().isoformat(), "reason": "Late.", "version": one.version}
    assert errors_at(country.post(address(one, "move_due"), same)) == {
        "due_on": ["This is the date already."]
    }


@pytest.mark.parametrize(
    ("action", "state", "by", "data", "told"),
    [
        ("accept", "proposed", "country", {}, {"desk", "lead agency"}),
        ("refuse", "proposed", "country", {"reason": "Done."}, {"desk", "lead agency"}),
        ("start", "accepted", "country", {}, {"desk", "lead agency"}),
        ("report", "under_way", "country", {"note": "Half."}, {"desk", "lead agency"}),
        ("finish", "under_way", "country", {"outcome": "All.", "evidence": "Act."},
         {"desk", "lead agency"}),
        ("verify", "done", "desk", {}, {"country"}),
        ("send_back", "done", "desk", {"reason": "Not yet."}, {"country"}),
        ("move_due", "accepted", "country", {"due_on": make.in_a_month(), "reason": "Vote."},
         {"country", "desk", "lead agency"}),
        ("reconsider", "not_accepted", "country", {"reason": "New law."},
         {"country", "desk", "lead agency"}),
        ("revise", "accepted", "desk",
         {"part": "data", "text": "Other words.", "priority": "low", "reason": "Merged."},
         {"country", "lead agency"}),
        ("note", "accepted", "desk", {"note": "Ask the Ministry."},
         {"country", "desk", "lead agency"}),
        ("ask_support", "accepted", "country", {"support": "basic_training"}, set()),
    ],
)  # fmt: skip
def test_who_is_told(action, state, by, data, told):
    cast = {
        "country": make.focal_point(),
        "desk": make.the_officer(),
        "lead agency": make.agency_officer(),
        "contributor": make.contributor(),
        "other country": make.focal_point(make.party("VNM")),
        "other agency": make.agency_officer(make.agency("WCO")),
    }
    cycle = make.implementation(lead_agency=make.agency("INTERPOL"))
    one = make.recommendation(cycle, state)
    if "support" in data:
        data = {"support": make.support(data["support"])}
    event = perform(action, one, by=cast[by], data=data)
    names = {f"user:{person.pk}": who for who, person in cast.items()}
    assert {names[m.recipient] for m in Message.objects.filter(event=event)} == told


def test_a_public_cycle_does_not_make_its_recommendations_public():
    interpol, kenya = make.agency("INTERPOL"), make.party("KEN")
    cycle = make.implementation(kenya, interpol)
    one = make.recommendation(cycle, "under_way", text="SECRET TEXT")
    make.publish(cycle)
    people = {
        "focal point": make.focal_point(kenya),
        "viewer": make.party_viewer(kenya),
        "lead agency": make.agency_officer(interpol),
        "other agency": make.agency_officer(make.agency("WCO")),
        "other country": make.focal_point(make.party("VNM")),
        "auditor": make.auditor(),
        "stranger": make.person(),
    }
    inside = {"focal point", "viewer", "lead agency", "auditor"}
    opened = {
        who for who, person in people.items()
        if signed_in(person).get(address(one)).status_code == 200
    }  # fmt: skip
    assert opened == inside
    about = {
        who for who, person in people.items()
        if events_visible_to(person).filter(kind__startswith="toolkit.recommend").exists()
    }  # fmt: skip
    assert about == inside
    for who, person in people.items():
        read = signed_in(person).get(cycle.get_absolute_url()).content.decode()
        assert ("Recommendation entered" in read) == (who in inside)
        assert ("SECRET TEXT" in read) == (who in inside)


def test_the_feed_of_the_lead_agency_tells_of_its_recommendations_and_no_other():
    interpol = make.agency("INTERPOL")
    key, token = make.api_key(interpol)
    own = make.recommendation(make.implementation(make.party("KEN"), interpol))
    make.recommendation(make.implementation(make.party("VNM")))
    read = Client().get("/api/v1/events/", headers={"Authorization": f"Api-Key {token}"}).json()
    found = [e["subject"] for e in read["results"] if e["subject"]["type"] == "recommendation"]
    assert found == [{"type": "recommendation", "id": own.pk, "request": None, "party": "KEN"}]


# ── evidence ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("priority", "evidence", "with_file", "is_done"),
    [
        ("high", "", False, False),
        ("high", "   ", False, False),
        ("high", "Act 4 of 2026.", False, True),
        ("high", "", True, True),
        ("medium", "", False, True),
        ("low", "", False, True),
    ],
)
def test_high_priority_needs_evidence_to_be_done(priority, evidence, with_file, is_done):
    country = signed_in(make.focal_point())
    one = make.recommendation(make.implementation(), "under_way", priority=priority)
    sent = {"outcome": "Revised.", "evidence": evidence, "version": one.version}
    if with_file:
        sent |= {"file": make.pdf("gazette.pdf"), "readers": "partners"}
    answer = country.post(address(one, "finish"), sent)
    one.refresh_from_db()
    assert (one.state == "done") == is_done
    if not is_done:
        assert errors_at(answer) == {
            "evidence": [
                "This recommendation has high priority: say by what others can see that it is "
                "done, or add a file."
            ]
        }
        assert "Revised." in answer.content.decode()
    kept = [(file.title, file.readers) for file in one.documents.all()]
    assert kept == ([("gazette.pdf", "partners")] if with_file else [])


def test_an_unfit_file_is_refused_at_its_field_and_nothing_is_done():
    country = signed_in(make.focal_point())
    one = make.recommendation(make.implementation(), "under_way")
    upload = SimpleUploadedFile("gazette.pdf", b"MZ\x90\x00 a program", "application/pdf")
    sent = {"outcome": "Revised.", "file": upload, "version": one.version}
    answer = country.post(address(one, "finish"), sent)
    assert list(errors_at(answer)) == ["file"]
    one.refresh_from_db()
    assert (one.state, one.documents.count()) == ("under_way", 0)


def test_evidence_is_read_by_whom_the_country_says_and_stands_on_the_page():
    interpol = make.agency("INTERPOL")
    cycle = make.implementation(lead_agency=interpol)
    one = make.recommendation(cycle, "under_way")
    sent = {"note": "Half.", "file": make.pdf("minutes.pdf"), "readers": "concerned"}
    country = signed_in(make.focal_point())
    assert country.post(address(one, "report"), {**sent, "version": one.version}).status_code == 302
    file = one.documents.get()
    link = reverse("toolkit:document", args=["ken", 1, file.pk])
    for person, opened in (
        (make.focal_point(), 200), (make.agency_officer(interpol), 200), (make.auditor(), 200),
        (make.agency_officer(make.agency("WCO")), 404),
        (make.focal_point(make.party("VNM")), 404),
    ):  # fmt: skip
        assert signed_in(person).get(link).status_code == opened
    read = country.get(address(one))
    assert link in read.content.decode()
    assert "Document: minutes.pdf" in page(read)


@pytest.mark.parametrize("action", ["report", "finish"])
@pytest.mark.parametrize("person", [make.focal_point, make.contributor])
def test_nobody_is_offered_to_make_evidence_public_and_nobody_can(person, action):
    cycle = make.implementation()
    make.publish(cycle, with_plan=True, with_documents=True)
    one = make.recommendation(cycle, "under_way")
    country = person()
    words = {"note": "Half."} if action == "report" else {"outcome": "Revised.", "evidence": ""}
    sent = {**words, "file": make.pdf("minutes.pdf"), "readers": "public"}
    door = signed_in(country)
    assert 'value="public"' not in door.get(address(one, action)).content.decode()
    answer = door.post(address(one, action), {**sent, "version": one.version})
    assert errors_at(answer) == {"readers": ["Choose from the list."]}
    assert "Half." in answer.content.decode() or "Revised." in answer.content.decode()
    with pytest.raises(InvalidInput) as refused:
        perform(action, one, by=country, data=sent)
    assert refused.value.fields == {
        "readers": ["Evidence for a recommendation is never public. Choose other readers."]
    }
    assert (one.documents.count(), one.state) == (0, "under_way")


def test_not_even_the_country_opens_evidence_to_everybody_afterwards():
    cycle = make.implementation()
    make.publish(cycle, with_plan=True, with_documents=True)
    one = make.recommendation(cycle, "under_way")
    make.evidence(one, readers="partners")
    country, file = make.focal_point(), one.documents.get()
    said = {"document": file.pk, "readers": "public", "version": cycle.version}
    answer = signed_in(country).post("/toolkit/ken/1/open_document/", said)
    assert errors_at(answer) == {
        "readers": ["Evidence for a recommendation is never public. Choose other readers."]
    }
    link = reverse("toolkit:document", args=["ken", 1, file.pk])
    given = {
        "partner": signed_in(make.agency_officer(make.agency("WCO"))).get(link).status_code,
        "public": Client().get(link).status_code,
    }
    assert given == {"partner": 200, "public": 404}
    assert file.title not in page(Client().get("/toolkit/ken/"))
    with pytest.raises(IntegrityError), transaction.atomic(), may_write("readers"):
        QuerySet(Document).filter(pk=file.pk).update(readers="public")  # the database keeps it too


# ── its date, its words ──────────────────────────────────────────────────────────────────────


def test_the_page_shows_every_change_of_the_date_with_who_and_why():
    kenya = make.focal_point()
    one = make.recommendation(make.implementation(), "accepted", due_on=date(2027, 3, 31))
    first = {"due_on": date(2027, 6, 30), "reason": "Elections."}
    perform("move_due", one, by=kenya, data=first)
    second = {"due_on": date(2027, 9, 30), "reason": "The committee asks for time."}
    perform("move_due", one, by=make.the_officer(), data=second)
    rows = table_rows(signed_in(kenya).get(address(one)), "due-changes")
    assert [row[1:] for row in rows] == [
        ["30 June 2027", "30 September 2027", make.the_officer().name,
         "The committee asks for time."],
        ["31 March 2027", "30 June 2027", kenya.name, "Elections."],
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "text", "priority", "after"),
    [
        ("proposed", "Other words.", "medium", "proposed"),
        ("accepted", "Other words.", "medium", "proposed"),
        ("accepted", "Revise the schedule of penalties.", "high", "accepted"),
        ("under_way", "Revise the schedule of penalties.", "high", "under_way"),
    ],
)
def test_words_that_change_are_proposed_again_and_history_keeps_both(state, text, priority, after):
    one = make.recommendation(make.implementation(), state)
    officer = signed_in(make.the_officer())
    sent = {"part": one.part, "text": text, "priority": priority, "reason": "As agreed."}
    answer = officer.post(address(one, "revise"), {**sent, "version": one.version})
    assert answer.status_code == 302
    one.refresh_from_db()
    assert (one.state, one.text, one.priority) == (after, text, priority)
    said = page(signed_in(make.focal_point()).get(address(one)))
    if priority == "high":
        assert "Priority: “medium” → “high”" in said
    else:
        assert "“Revise the schedule of penalties.” → “Other words.”" in said
    assert "Reason: As agreed." in said


def test_words_that_are_being_carried_out_stay_and_nothing_new_is_no_revision():
    one = make.recommendation(make.implementation(), "under_way")
    officer = signed_in(make.the_officer())
    same = {"part": one.part, "text": one.text, "priority": "medium", "reason": "Why."}
    nothing = officer.post(address(one, "revise"), {**same, "version": one.version})
    assert errors_at(nothing) == {"text": ["Nothing is different from what the plan has already."]}
    other = officer.post(address(one, "revise"), {**same, "text": "New.", "version": one.version})
    assert errors_at(other) == {
        "text": [
            "The country has begun to carry it out, so its words stay. Enter another "
            "recommendation and let it supersede this one."
        ]
    }
    assert Event.objects.about(one).last().kind == "toolkit.recommendations.start"


def test_another_recommendation_of_the_same_party_takes_its_place():
    cycle = make.implementation()
    old = make.recommendation(cycle, "under_way", text="Old words.")
    make.recommendation(cycle, "not_accepted", text="Refused.")
    new = make.recommendation(make.implementation(), "accepted", text="New words.")
    make.recommendation(make.implementation(make.party("VNM")), text="Of another country.")
    officer = signed_in(make.the_officer())
    form = officer.get(address(old, "supersede")).context["form"]
    offered = [key for key, _label in form.fields["by"].choices]
    assert offered == [str(new.pk)]
    sent = {"by": new.pk, "reason": "Two in one.", "version": old.version}
    assert officer.post(address(old, "supersede"), sent).status_code == 302
    old.refresh_from_db()
    assert (old.state, old.superseded_by) == ("superseded", new)
    kenya = signed_in(make.focal_point())
    assert address(new) in kenya.get(address(old)).content.decode()
    assert address(old) in kenya.get(address(new)).content.decode()
    assert "Superseded by: recommendation 1 of cycle 2" in page(kenya.get(address(old)))
    back = {"by": old.pk, "reason": "Back.", "version": new.version}
    assert "by" in errors_at(officer.post(address(new, "supersede"), back))


def test_a_country_that_did_not_accept_one_can_take_it_up_again():
    kenya = signed_in(make.focal_point())
    one = make.recommendation(make.implementation(), "not_accepted")
    sent = {"reason": "The law has changed.", "version": one.version}
    assert kenya.post(address(one, "reconsider"), sent).status_code == 302
    one.refresh_from_db()
    assert one.state == "proposed"
    assert can(make.the_officer(), "accept", one) is False


def test_a_page_that_came_too_late_says_where_it_stands_and_changes_nothing():
    kenya = signed_in(make.focal_point())
    one = make.recommendation(make.implementation(), "done")
    sent = {"outcome": "Done twice.", "version": one.version}
    answer = kenya.post(address(one, "finish"), sent)
    assert answer.status_code == 409
    assert "reported as done" in page(answer)
    assert "Done twice." in page(answer)
