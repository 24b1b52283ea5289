"""The page of one step: who opens it, two pairs of eyes, which dates and orders are believed."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from history.models import Event
from partners.models import User
from tests import make
from tests.reading_pages import errors_at, page, signed_in, table_rows, timeline
from toolkit.models import Implementation, Proposal, StepStatus
from toolkit.steps import Step
from workflow.executor import perform

pytestmark = pytest.mark.django_db

FEBRUARY = date(2026, 2, 1)


@pytest.fixture
def cycle() -> Implementation:
    """A cycle of Kenya, led by the WCO, requested on 15 January 2026; Kenya joined in 1979."""
    kenya = make.party("KEN")
    kenya.party_since = date(1979, 3, 13)
    kenya.save()
    return make.implementation(kenya, make.agency("WCO"))


def step_of(cycle: Implementation, step: Step) -> StepStatus:
    return cycle.steps.get(step=step)


def address(step: StepStatus, action: str = "") -> str:
    return f"{step.get_absolute_url()}{action}{'/' if action else ''}"


def send(by: User, step: StepStatus, action: str, **said: Any) -> Any:
    step.refresh_from_db()
    dated = {"effective_on": "2026-02-01", "precision": "day"}
    started = dated if action.startswith("propose") else {}
    return signed_in(by).post(address(step, action), {"version": step.version, **started, **said})


def propose(step: StepStatus, by: User, state: str = "done", on: date = FEBRUARY) -> None:
    perform("propose", step, by=by, data={"state": state, "effective_on": on, "precision": "day"})


# ── who opens it ─────────────────────────────────────────────────────────────────────────────


def test_those_inside_open_the_page_of_a_step_and_nobody_else(cycle):
    make.publish(cycle)
    step = step_of(cycle, Step.NOMINATION)
    readers = {
        "public": Client(),
        "country": signed_in(make.party_viewer()),
        "other country": signed_in(make.focal_point(make.party("VNM"))),
        "lead agency": signed_in(make.agency_viewer(make.agency("WCO"))),
        "other agency": signed_in(make.agency_officer(make.agency("UNODC"))),
        "Secretariat": signed_in(make.auditor()),
    }

    found = {name: one.get(address(step)).status_code for name, one in readers.items()}

    assert found == {
        "public": 302, "country": 200, "other country": 404, "lead agency": 200,
        "other agency": 404, "Secretariat": 200,
    }  # fmt: skip
    pages = [signed_in(make.officer()).get(f"/toolkit/ken/1/{n}/").status_code for n in (0, 9, 10)]
    assert pages == [404, 200, 404]
    assert signed_in(make.officer()).get(f"/toolkit/ken/{9**30}/2/").status_code == 404


def test_the_page_says_all_that_is_known_of_the_step(cycle):
    step = step_of(cycle, Step.NOMINATION)
    make.move(step, "under_way", FEBRUARY, "month", source="Letter 4", note="Two names.")
    yesterday = timezone.now().date() - timedelta(days=1)
    planned = {"agency": make.agency("UNODC"), "national_lead": "Customs",
               "expected_on": yesterday}  # fmt: skip
    perform("plan", step, by=make.the_officer(), data=planned)
    perform("note", step, by=make.the_officer(), data={"note": "Called on Monday."})

    shown = signed_in(make.party_viewer()).get(address(step))

    read = page(shown)
    assert "Under way February 2026 Overdue" in read
    assert "Responsible agency UNODC" in read.replace(make.agency("UNODC").name, "UNODC")
    for words in ("National lead Customs", "Source Letter 4", "Note Two names.", "Called on"):
        assert words in read
    assert timeline(shown) == [
        "Note added: Nomination of focal point",
        "Responsibility or expected date set: Nomination of focal point",
        "Confirmed: Nomination of focal point, February 2026",
        "Change proposed: Nomination of focal point",
    ]
    assert "Set who and when" not in read  # a viewer does nothing


def test_the_history_is_that_of_the_step_alone(cycle):
    make.move(step_of(cycle, Step.NOMINATION), "done", FEBRUARY)
    shown = signed_in(make.officer()).get(address(step_of(cycle, Step.REQUEST)))
    assert timeline(shown) == ["Toolkit implementation opened: Request, 15 January 2026"]


# ── two pairs of eyes ────────────────────────────────────────────────────────────────────────


def test_what_is_proposed_stands_beside_what_is_recorded_until_somebody_else_confirms_it(cycle):
    step = step_of(cycle, Step.NOMINATION)
    country, agency = make.focal_point(), make.agency_officer(make.agency("WCO"))

    sent = send(country, step, "propose", state="done", note="Named.", source="Letter 5")

    assert sent.url == address(step)
    shown = signed_in(country).get(address(step))
    assert table_rows(shown, f"proposed-{step.pk}") == [
        ["State", "Not started", "Done"],
        ["Date", "–", "1 February 2026"],
        ["Source", "–", "Letter 5"],
        ["Note", "–", "Named."],
    ]
    assert "Take back what was proposed" in page(shown)
    step.refresh_from_db()
    assert (step.state, step.effective_on) == ("not_started", None)
    assert send(country, step, "confirm").status_code == 403
    assert "A change waits for confirmation" in page(signed_in(agency).get(address(step)))
    assert send(agency, step, "confirm", remark="Seen the letter.").url == address(step)
    step.refresh_from_db()
    assert (step.state, step.effective_on, step.note, step.waiting) == (
        "done", FEBRUARY, "Named.", None,
    )  # fmt: skip


def test_what_is_not_confirmed_leaves_the_step_and_says_why(cycle):
    step = step_of(cycle, Step.NOMINATION)
    propose(step, make.focal_point())
    assert errors_at(send(make.officer(), step, "refuse"))["reason"] == ["This needs an answer."]
    send(make.officer(), step, "refuse", reason="The letter names nobody.")
    shown = signed_in(make.party_viewer()).get(address(step))
    assert "The letter names nobody." in page(shown)
    assert timeline(shown)[0] == "Not confirmed: Nomination of focal point"
    step.refresh_from_db()
    assert (step.state, Proposal.objects.count()) == ("not_started", 0)


def test_the_proposer_takes_it_back_and_may_propose_anew(cycle):
    step = step_of(cycle, Step.NOMINATION)
    country = make.focal_point()
    propose(step, country)
    assert send(make.focal_point(), step, "take_back").status_code == 403
    assert send(country, step, "take_back").status_code == 302
    assert send(country, step, "propose", state="under_way").status_code == 302


def test_a_correction_shows_old_and_new_and_keeps_both_in_the_history(cycle):
    step = step_of(cycle, Step.NOMINATION)
    make.move(step, "done", FEBRUARY, note="As reported.")
    said = {"state": "done", "effective_on": "2026-02-03", "reason": "Misread the stamp."}

    send(make.officer(), step, "propose_correction", **said)

    shown = signed_in(make.the_lead()).get(address(step))
    assert "A correction waits for confirmation" in page(shown)
    assert table_rows(shown, f"proposed-{step.pk}")[1:] == [
        ["Date", "1 February 2026", "3 February 2026"],
        ["Source", "–", "–"],
        ["Note or reason", "As reported.", "Misread the stamp."],
    ]
    send(make.the_lead(), step, "confirm")
    read = page(signed_in(make.party_viewer()).get(address(step)))
    assert "Now: done Before: done, 1 February 2026" in read
    assert "Misread the stamp." in read


def test_the_same_person_with_two_mandates_does_not_confirm_what_it_proposed(cycle):
    person = make.focal_point()
    make.mandate(person, "officer", make.secretariat())
    step = step_of(cycle, Step.NOMINATION)
    propose(step, person)
    assert send(person, step, "confirm").status_code == 403
    assert "Confirm" not in [one.label for one in _buttons(person, step)]
    assert send(make.officer(), step, "confirm").status_code == 302


def _buttons(person: User, step: StepStatus) -> list[Any]:
    shown = signed_in(person).get(address(step))
    return [*shown.context["deciding"], *shown.context["actions"]]


# ── done twice, stale pages ──────────────────────────────────────────────────────────────────


def test_a_step_done_twice_is_answered_with_the_present_state_and_what_can_be_done(cycle):
    step = step_of(cycle, Step.NOMINATION)
    make.move(step, "done", FEBRUARY)

    answer = send(make.focal_point(), step, "propose", state="done", note="Again, by letter.")

    assert answer.status_code == 409
    read = page(answer)
    assert "“Report a change” cannot be done now: the present state is “done”." in read
    assert "Nothing was changed." in read
    assert "Again, by letter." in read
    assert "What you can do now Correct Set who and when Add a note Add a document" in read
    assert Event.objects.filter(kind="toolkit.step.propose").count() == 1


def test_two_who_confirm_at_once_both_learn_what_happened(cycle):
    step = step_of(cycle, Step.NOMINATION)
    propose(step, make.focal_point())
    seen = Event.objects.latest("pk").pk
    version = step.version
    send(make.officer(), step, "confirm")

    late = signed_in(make.the_lead()).post(
        address(step, "confirm"), {"version": version, "seen": seen, "remark": "Agreed."}
    )

    assert late.status_code == 409
    read = page(late)
    assert "Nothing waits to be confirmed here any more." in read
    assert "“Confirm” cannot be done now: no proposal for this step waits to be confirmed." in read
    assert "Confirmed: Nomination of focal point" in read
    assert "Agreed." in read


def test_a_page_that_is_behind_keeps_what_was_typed(cycle):
    step = step_of(cycle, Step.NOMINATION)
    version = step.version
    plan = {"agency": None, "national_lead": "Customs", "expected_on": None}
    perform("plan", step, by=make.the_officer(), data=plan)
    said = {"state": "done", "effective_on": "2026-02-01", "precision": "day", "note": "Long text."}

    behind = signed_in(make.focal_point()).post(
        address(step, "propose"), {"version": version, **said}
    )

    assert behind.status_code == 409
    assert "Long text." in behind.content.decode()
    assert "changed in the meantime" in page(behind)


# ── which dates and orders are believed ──────────────────────────────────────────────────────


def refused(step: StepStatus, **said: Any) -> dict[str, list[str]]:
    answer = send(make.focal_point(), step, "propose", **said)
    assert answer.status_code == 200
    assert not Proposal.objects.exists()
    return errors_at(answer)


def test_days_that_cannot_be_are_refused_whatever_is_said_for_them(cycle):
    step = step_of(cycle, Step.NOMINATION)
    tomorrow = (timezone.now().date() + timedelta(days=1)).isoformat()
    despite = {"state": "done", "despite": "I am sure."}
    for day in (tomorrow, "1974-12-31"):
        said = refused(step, effective_on=day, **despite)["effective_on"]
        assert said[0].startswith("Give a date between 1 July 1975 and")
    assert refused(step, effective_on="2026-01-14", **despite) == {
        "effective_on": ["Give 15 January 2026 or a later date: no step comes before the request."]
    }
    make.move(step, "under_way", FEBRUARY)
    assert refused(step, effective_on="2026-01-31", **despite) == {
        "effective_on": ["Give 1 February 2026 or a later date: no step ends before it begins."]
    }


def test_a_day_before_the_country_became_a_party_needs_a_reason(cycle):
    cycle.party.party_since = date(2026, 3, 1)
    cycle.party.save()
    _asks_for_a_reason(
        step_of(cycle, Step.NOMINATION),
        "Kenya became a Party on 1 March 2026. Check the date, or say here why it is so.",
        state="done",
    )


def test_a_day_before_that_of_the_step_before_needs_a_reason(cycle):
    make.move(step_of(cycle, Step.NOMINATION), "done", date(2026, 2, 10))
    _asks_for_a_reason(
        step_of(cycle, Step.PREPARATORY_WORK),
        "The step before, “Nomination of focal point”, is dated 10 February 2026. Check the date, "
        "or say here why this one came earlier.",
        state="under_way",
    )


def test_a_report_needs_a_mission_and_an_action_plan_needs_a_report(cycle):
    for step, needed in (
        (Step.ACTION_PLAN, "Report (draft)"),
        (Step.REPORT, "In-country mission"),
    ):
        _asks_for_a_reason(
            step_of(cycle, step),
            f"“{needed}” is not done. Record it first, or say here why it is not needed.",
            state="done",
        )
        Proposal.objects.all().delete()


def test_a_report_whose_mission_does_not_apply_is_believed(cycle):
    skipped = {"state": "not_applicable", "note": "A desk study, by agreement."}
    mission = step_of(cycle, Step.MISSION)
    make.move(mission, skipped["state"], FEBRUARY, note=skipped["note"])
    assert send(make.focal_point(), step_of(cycle, Step.REPORT), "propose", state="done").url


def _asks_for_a_reason(step: StepStatus, sentence: str, **said: Any) -> None:
    assert refused(step, **said) == {"despite": [sentence]}
    country = make.focal_point()
    sent = send(country, step, "propose", **said, despite="The minutes say so.")
    assert sent.status_code == 302
    assert "The minutes say so." in page(signed_in(make.officer()).get(address(step)))
    assert send(make.officer(), step, "confirm").status_code == 302
    step.refresh_from_db()
    assert step.state == said["state"]
    kept = Event.objects.filter(kind="toolkit.step.confirm").latest("pk").changes["despite"]
    assert kept == "The minutes say so."


def test_a_step_does_not_apply_only_with_a_reason(cycle):
    step = step_of(cycle, Step.NOMINATION)
    assert refused(step, state="not_applicable") == {"note": ["Say why the step does not apply."]}
    sent = send(make.focal_point(), step, "propose", state="not_applicable", note="Not asked for.")
    assert sent.status_code == 302


def test_steps_may_be_under_way_beside_each_other(cycle):
    for step in (Step.NOMINATION, Step.PREPARATORY_WORK, Step.INITIAL_MEETING):
        make.move(step_of(cycle, step), "under_way", FEBRUARY)
    states = list(cycle.steps.order_by("position").values_list("state", flat=True)[:4])
    assert states == ["done", "under_way", "under_way", "under_way"]


def test_a_rule_that_came_to_speak_against_it_meanwhile_is_asked_again_at_the_confirmation(cycle):
    begun = step_of(cycle, Step.PREPARATORY_WORK)
    propose(begun, make.focal_point(), "under_way", FEBRUARY)
    make.move(step_of(cycle, Step.NOMINATION), "done", date(2026, 2, 20))

    late = send(make.officer(), begun, "confirm")

    assert late.status_code == 200
    assert errors_at(late)["remark"][0].startswith("The step before, “Nomination of focal point”")


def test_what_is_no_date_no_state_or_no_action_is_refused_with_a_sentence(cycle):
    step = step_of(cycle, Step.NOMINATION)
    iso = ["Give the date as year-month-day, for example 2015-12-31."]
    assert refused(step, state="done", effective_on="0000-01-01")["effective_on"] == iso
    assert refused(step, state="nonsense")["state"] == ["Choose from the list."]
    assert refused(step, state="not_started")["state"] == ["Choose from the list."]
    country = signed_in(make.focal_point())
    assert country.post(address(step, "jump"), {}).status_code == 404
    assert (
        country.get(reverse("toolkit:step_action", args=["ken", 7, 2, "note"])).status_code == 404
    )


# ── what waits, and for whom ─────────────────────────────────────────────────────────────────


def test_everybody_reads_of_the_moves_that_concern_them_and_those_to_be_confirmed_first(cycle):
    propose(step_of(cycle, Step.NOMINATION), make.focal_point())
    viet_nam = make.implementation(make.party("VNM"))
    propose(viet_nam.steps.get(position=2), make.officer())
    people = {
        "country": make.party_viewer(),
        "lead agency": make.agency_officer(make.agency("WCO")),
        "its viewer": make.agency_viewer(make.agency("WCO")),
        "other agency": make.agency_officer(make.agency("UNODC")),
        "officer": make.the_lead(),
        "auditor": make.auditor(),
    }

    def parties(shown: Any, caption: str) -> list[str]:
        return sorted(row[1] for row in table_rows(shown, caption))

    found = {}
    for name, person in people.items():
        shown = signed_in(person).get("/toolkit/waiting/")
        found[name] = (parties(shown, "for-you"), parties(shown, "for-others"))

    assert found == {
        "country": ([], ["Kenya"]),
        "lead agency": (["Kenya"], []),
        "its viewer": ([], ["Kenya"]),
        "other agency": ([], []),
        "officer": (["Kenya", "Viet Nam"], []),
        "auditor": ([], ["Kenya", "Viet Nam"]),
    }
    assert Client().get("/toolkit/waiting/").status_code == 302
    assert signed_in(make.person()).get("/toolkit/waiting/").status_code == 404


def test_the_inbox_of_the_lead_agency_says_that_a_move_waits(cycle):
    propose(step_of(cycle, Step.NOMINATION), make.focal_point())
    sentence = "1 change of a Toolkit step waits for you to confirm it"
    assert sentence in page(signed_in(make.agency_officer(make.agency("WCO"))).get("/inbox/"))
    for person in (
        make.agency_viewer(make.agency("WCO")),
        make.agency_officer(make.agency("UNODC")),
    ):
        assert "waits for you" not in page(signed_in(person).get("/inbox/"))


def test_the_page_costs_the_same_whatever_has_happened(cycle):
    step = step_of(cycle, Step.NOMINATION)
    reader = signed_in(make.the_lead())

    def cost(where: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert reader.get(where).status_code == 200
        return len(asked)

    few = (cost(address(step)), cost("/toolkit/waiting/"))
    for number in range(4):
        perform("note", step, by=make.the_officer(), data={"note": f"Note {number}"})
        file = {"file": make.pdf(f"{number}.pdf"), "title": "Minutes", "readers": "concerned"}
        perform("attach", step, by=make.the_officer(), data=file)
        other = make.implementation(make.party(("VNM", "BGD", "PER", "GAB")[number]))
        propose(other.steps.get(position=2), make.the_officer())
    propose(step, make.the_officer())
    many = (cost(address(step)), cost("/toolkit/waiting/"))
    assert many[0] <= few[0] + 1 <= 18  # the readings, once there are documents
    assert many[1] == few[1]
