"""Recommendations of an action plan: entered at the desk, carried out by the country, verified."""

import pytest
from django.test import Client
from django.urls import reverse

from history.models import Event
from outbox.models import Message
from tests import make
from tests.reading_pages import errors_at, page, signed_in, timeline
from toolkit.models import Recommendation
from toolkit.timeline import events_visible_to
from workflow.errors import NotPermitted
from workflow.executor import can, perform

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
    one = make.recommendation(make.implementation(lead_agency=make.agency("INTERPOL")))

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


def test_a_key_that_the_reporter_holds_does_not_verify_it_either():
    interpol = make.agency("INTERPOL")
    both, colleague = make.contributor(), make.agency_officer(interpol)
    make.mandate(both, "officer", interpol)
    one = make.recommendation(make.implementation(lead_agency=interpol), "under_way")
    perform("finish", one, by=both, data={"outcome": "Done.", "evidence": "See."})
    keys = {}
    for holder in (both, colleague, None):
        key, _token = make.api_key(interpol)
        key.held_by = holder
        key.save()
        keys[holder] = key

    assert [can(keys[one_of], "verify", one) for one_of in (both, colleague, None)] == [
        False, True, True,
    ]  # fmt: skip
    with pytest.raises(NotPermitted):
        perform("verify", one, by=keys[both])


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
        assert "SECRET TEXT" not in read


def test_the_feed_of_the_lead_agency_tells_of_its_recommendations_and_no_other():
    interpol = make.agency("INTERPOL")
    key, token = make.api_key(interpol)
    own = make.recommendation(make.implementation(make.party("KEN"), interpol))
    make.recommendation(make.implementation(make.party("VNM")))
    read = Client().get("/api/v1/events/", headers={"Authorization": f"Api-Key {token}"}).json()
    found = [e["subject"] for e in read["results"] if e["subject"]["type"] == "recommendation"]
    assert found == [{"type": "recommendation", "id": own.pk, "request": None, "party": "KEN"}]
