"""A request for support that grows out of a recommendation, and stays linked with it."""

import pytest
from django.test import Client
from django.urls import reverse

from history.models import Event
from requests_app.models import SupportRequest
from tests import make
from tests.reading_pages import errors_at, page, signed_in, timeline
from toolkit.timeline import events_visible_to
from workflow.executor import can, perform

pytestmark = pytest.mark.django_db

TEXT = "Train forty customs officers at the port."


def grown(one, by, support: str = "basic_training") -> SupportRequest:
    perform("ask_support", one, by=by, data={"support": make.support(support)})
    return one.support_requests.latest("pk")


def submitted(one, by) -> SupportRequest:
    """The draft that grew out of it, brought to the Secretariat and referred to INTERPOL."""
    draft = grown(one, by)
    case = make.request_in("referred", by=by, agencies=("INTERPOL",))
    one.support_requests.add(case)
    assert draft.state == "draft"
    return case


def test_a_draft_begins_with_the_words_of_the_recommendation():
    contributor = make.contributor()
    make.support("basic_training")
    one = make.recommendation(make.implementation(), "accepted", text=TEXT)
    client = signed_in(contributor)
    act = reverse("country_recommendation_action", args=["ken", one.pk, "ask_support"])
    answer = client.post(act, {"support": "basic_training", "version": one.version})
    draft = one.support_requests.get()
    assert answer.headers["Location"] == reverse("requests:edit", args=[draft.handle])
    assert (draft.state, draft.party.code, draft.created_by) == ("draft", "KEN", contributor)
    assert draft.answers == {"situation": TEXT}
    line = "Grew out of: recommendation 1 of the action plan of Kenya, cycle 1"
    assert line in page(client.get(draft.get_absolute_url()))
    assert draft.handle in page(client.get(one.get_absolute_url()))


def test_a_second_click_makes_no_second_draft():
    country = make.focal_point()
    one = make.recommendation(make.implementation(), "accepted")
    draft = grown(one, country)
    act = reverse("country_recommendation_action", args=["ken", one.pk, "ask_support"])
    again = signed_in(country).post(act, {"support": "basic_training", "version": one.version})
    assert errors_at(again) == {
        "support": [f"A draft of such a request has been begun already: {draft.handle}."]
    }
    assert one.support_requests.count() == 1
    other = grown(one, country, "advanced_training")
    assert set(one.support_requests.all()) == {draft, other}


def test_only_those_who_write_for_the_country_ask_and_only_for_what_it_has_accepted():
    interpol = make.agency("INTERPOL")
    cycle = make.implementation(lead_agency=interpol)
    people = {
        "focal point": make.focal_point(), "contributor": make.contributor(),
        "viewer": make.party_viewer(), "officer": make.the_officer(),
        "lead agency": make.agency_officer(interpol),
    }  # fmt: skip
    by_state = {
        state: {
            who for who, person in people.items()
            if can(person, "ask_support", make.recommendation(cycle, state))
        }
        for state in ("proposed", "accepted", "under_way", "done", "not_accepted")
    }  # fmt: skip
    writers = {"focal point", "contributor"}
    assert by_state == {
        "proposed": set(), "accepted": writers, "under_way": writers, "done": set(),
        "not_accepted": set(),
    }  # fmt: skip


def test_nobody_but_the_country_learns_of_a_draft():
    interpol = make.agency("INTERPOL")
    country = make.focal_point()
    one = make.recommendation(make.implementation(lead_agency=interpol), "accepted")
    draft = grown(one, country)
    event = Event.objects.about(one).last()
    assert event.kind == "toolkit.recommendations.ask_support"
    _key, token = make.api_key(interpol)
    feed = Client().get("/api/v1/events/", headers={"Authorization": f"Api-Key {token}"})
    assert event.pk not in [one["id"] for one in feed.json()["results"]]
    begun = "Draft of a request for support begun"
    for person, learns in (
        (country, True), (make.party_viewer(), True), (make.the_officer(), False),
        (make.the_lead(), False), (make.auditor(), False),
        (make.agency_officer(interpol), False),
    ):  # fmt: skip
        client = signed_in(person)
        read = client.get(one.get_absolute_url())
        assert (begun in timeline(read)) == learns
        assert (draft.handle in read.content.decode()) == learns
        assert events_visible_to(person).filter(pk=event.pk).exists() == learns
    desk = signed_in(make.auditor())
    log = desk.get(reverse("admin:history_event_changelist")).context["cl"].result_list
    assert event.pk not in [one.pk for one in log]
    assert log
    assert desk.get(reverse("admin:history_event_change", args=[event.pk])).status_code == 302


def test_both_sides_show_the_link_to_those_who_may_see_the_other():
    interpol, wco = make.agency("INTERPOL"), make.agency("WCO")
    country = make.focal_point()
    one = make.recommendation(make.implementation(lead_agency=wco), "accepted")
    case = submitted(one, country)
    line = "recommendation 1 of the action plan of Kenya, cycle 1"
    sees_request = {"country": country, "officer": make.the_officer()}
    for person in sees_request.values():
        client = signed_in(person)
        assert case.reference in page(client.get(one.get_absolute_url()))
        assert line in page(client.get(case.get_absolute_url()))
    desk = reverse("admin:requests_app_supportrequest_change", args=[case.pk])
    assert line in signed_in(make.the_officer()).get(desk).content.decode()
    # The lead agency of the Toolkit reads the plan, not a request that was referred to another.
    lead = signed_in(make.agency_officer(wco))
    assert case.reference not in lead.get(one.get_absolute_url()).content.decode()
    # The agency with the referral reads the request, not the plan.
    referred = signed_in(make.agency_officer(interpol))
    assert line not in referred.get(case.get_absolute_url()).content.decode()
    assert referred.get(one.get_absolute_url()).status_code == 404
