"""Deciding at the desk: every action has a page of its own, and nothing else moves a state."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from history.models import Event
from outbox.models import Message
from partners.models import Mandate
from requests_app.models import Referral, RequestState, SupportRequest
from tests import make
from workflow.executor import perform

pytestmark = pytest.mark.django_db


def page_of(case: Any, action: str) -> str:
    name = "referral" if isinstance(case, Referral) else "supportrequest"
    return reverse(f"admin:requests_app_{name}_act", args=[case.pk, action])


def do(browser: Client, case: Any, action: str, **data: Any) -> Any:
    case.refresh_from_db()
    answer = browser.post(page_of(case, action), {"version": case.version, **data})
    case.refresh_from_db()
    return answer


REFER = {"agencies": ["INTERPOL", "WCO"], "note": "Please say whether you can help."}
ACCEPT = {"lead_agency": "INTERPOL", "decision": "Granted.", "funding_known": "yes"}


def test_a_request_is_taken_up_referred_and_accepted_through_confirm_pages(
    officer: Client, lead: Client
) -> None:
    make.agency("INTERPOL")
    make.agency("WCO")
    case = make.request_in(RequestState.SUBMITTED)
    back = reverse("admin:requests_app_supportrequest_change", args=[case.pk])

    assert do(officer, case, "take_up", assignee=make.the_officer().email).url == back
    due = make.in_a_month().isoformat()
    assert do(officer, case, "refer", answer_due_on=due, **REFER).url == back
    assert do(lead, case, "accept", **ACCEPT).url == back

    assert case.state == RequestState.ACCEPTED
    assert {one.agency.code for one in case.referrals.all()} == {"INTERPOL", "WCO"}
    told = [(event.kind, event.actor_name) for event in Event.objects.about(case)]
    assert told == [
        ("requests.submit", "Focal point, Kenya"),
        ("requests.take_up", "Officer, CITES"),
        ("requests.refer", "Officer, CITES"),
        ("requests.accept", "Lead, CITES"),
    ]


def test_the_one_who_takes_up_is_proposed_as_officer(browse: Any) -> None:
    make.officer()
    me = make.officer()
    case = make.request_in(RequestState.SUBMITTED)
    form = browse(me).get(page_of(case, "take_up")).context["form"]
    assert form["assignee"].value() == me.email


def test_an_officer_cannot_decide_what_a_lead_decides(officer: Client) -> None:
    case = make.request_in(RequestState.REFERRED)
    for action, data in (("accept", ACCEPT), ("decline", {"reason": make.reason().key})):
        assert officer.get(page_of(case, action)).status_code == 403
        assert do(officer, case, action, explanation="No.", **data).status_code == 403
        assert case.state == RequestState.REFERRED


def test_an_auditor_can_do_nothing(auditor: Client) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    referral = make.referral()
    events = Event.objects.count()
    for action in ("return", "refer", "advise", "accept", "decline", "redirect"):
        assert auditor.get(page_of(case, action)).status_code == 403
        assert do(auditor, case, action, **REFER, **ACCEPT).status_code == 403
    assert do(auditor, referral, "recall", reason="Sent in error.").status_code == 403
    assert Event.objects.count() == events


@pytest.mark.parametrize("who", ["focal_point", "agency_officer"])
def test_others_cannot_act_at_the_desk(who: str, request: Any) -> None:
    case = make.request_in(RequestState.REFERRED)
    browser = request.getfixturevalue(who)
    for answer in (do(browser, case, "refer", **REFER), do(browser, case, "accept", **ACCEPT)):
        assert (answer.status_code, case.state) == (302, RequestState.REFERRED)


def test_a_second_click_says_so_and_keeps_what_was_typed(officer: Client) -> None:
    case = make.request_in(RequestState.SUBMITTED)
    data = {"to_correct": "Name the ports of entry."}
    assert do(officer, case, "return", **data).status_code == 302
    messages, events = Message.objects.count(), Event.objects.count()
    again = do(officer, case, "return", **data)
    assert again.status_code == 409
    text = again.content.decode()
    assert "“Return for correction” is not needed: the present state is already" in text
    assert "Name the ports of entry." in text
    assert (Message.objects.count(), Event.objects.count()) == (messages, events)


def test_a_page_for_what_cannot_be_done_now_is_not_offered(lead: Client) -> None:
    case = make.request_in(RequestState.COMPLETED)
    page = lead.get(page_of(case, "accept"))
    assert page.status_code == 409
    assert "completed" in page.content.decode()


def test_a_stale_page_is_shown_again_with_everything_typed(officer: Client) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    seen = case.version
    perform("advise", case, by=make.the_lead(), data={"advice": "Wait."})
    data = {"version": seen, "to_correct": "Name the ports of entry."}
    page = officer.post(page_of(case, "return"), data)
    assert page.status_code == 409
    assert "changed in the meantime" in page.content.decode()
    assert "Name the ports of entry." in page.content.decode()
    case.refresh_from_db()
    assert case.state == RequestState.IN_REVIEW


def test_missing_answers_are_asked_for_at_their_fields(officer: Client) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    make.agency("INTERPOL")
    page = do(officer, case, "refer", note="Please.", answer_due_on="0000-00-00")
    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"agencies", "answer_due_on"}
    assert case.state == RequestState.IN_REVIEW


def test_an_unknown_action_is_not_found(lead: Client) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    assert lead.get(page_of(case, "explode")).status_code == 404
    assert lead.post(page_of(case, "explode")).status_code == 404


def test_it_is_said_before_who_will_be_told_and_in_which_language(lead: Client) -> None:
    make.focal_point(language="fr")
    make.agency_officer(make.agency("INTERPOL"))
    make.agency_officer(make.agency("WCO"), language="es")
    case = make.request_in(RequestState.REFERRED, agencies=("INTERPOL",))
    told = lead.get(page_of(case, "accept")).context["told"]
    groups = [(str(one.heading), [(p.name, p.language) for p in one.people]) for one in told]
    assert groups == [
        ("Focal points of the Party", [("Focal point, Kenya", "fr")]),
        ("Agencies that work on the request", [("Officer, INTERPOL", "en")]),
        ("If you choose CITES", [("Officer, CITES", "en")]),
    ]
    told = lead.get(page_of(case, "refer")).context["told"]
    groups = [(str(one.heading), [(p.name, p.language) for p in one.people]) for one in told]
    assert groups == [
        ("Focal points of the Party", [("Focal point, Kenya", "fr")]),
        ("If you choose WCO", [("Officer, WCO", "es")]),
    ]


@pytest.mark.parametrize(
    ("state", "action", "data"),
    [
        ("submitted", "take_up", {}),
        ("in_review", "advise", {"advice": "Write to the ministry."}),
        ("referred", "refer", {**REFER, "agencies": ["WCO"]}),
        ("referred", "accept", {**ACCEPT, "lead_agency": "CITES"}),
        ("referred", "accept", ACCEPT),
        ("awaiting_funds", "fund", {"source_of_funds": "A donor."}),
        ("under_way", "complete", {"outcome": "Forty trained."}),
    ],
)
def test_who_is_told_is_who_was_announced(
    lead: Client, state: str, action: str, data: dict[str, Any]
) -> None:
    make.agency_officer(make.agency("INTERPOL"))
    make.agency_officer(make.agency("WCO"))
    make.agency_officer(make.agency("UNODC"))
    case = make.request_in(state, agencies=("INTERPOL",))
    chosen = {"refer": "WCO", "accept": data.get("lead_agency")}.get(action, "nobody")
    announced = {
        person.email
        for group in lead.get(page_of(case, action)).context["told"]
        if "If you choose" not in str(group.heading) or chosen in str(group.heading)
        for person in group.people
    }
    before = set(Message.objects.values_list("pk", flat=True))
    if action == "take_up":
        data = {"assignee": make.the_officer().email}
    if action == "refer":
        data = {**data, "answer_due_on": make.in_a_month().isoformat()}
    assert do(lead, case, action, **data).status_code == 302
    told = Message.objects.exclude(pk__in=before).values_list("address", flat=True)
    assert set(told) == announced


def test_a_role_that_nobody_holds_is_pointed_out(lead: Client) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    Mandate.objects.filter(role="focal_point").update(until_on="2020-01-01", from_on="2019-01-01")
    page = lead.get(page_of(case, "advise"))
    assert "Nobody holds this role now" in page.content.decode()


def test_a_referral_is_recalled_and_its_agency_told(officer: Client) -> None:
    referral = make.referral()
    page = officer.get(page_of(referral, "recall"))
    assert "The agency no longer sees the request." in page.content.decode()
    do(officer, referral, "recall", reason="Sent in error.")
    assert referral.state == "recalled"
    assert Message.objects.filter(event__kind="referrals.recall").count() == 1
    assert do(officer, referral, "recall", reason="Sent in error.").status_code == 409


def test_the_secretariat_cannot_answer_for_an_agency(lead: Client) -> None:
    referral = make.referral()
    assert lead.get(page_of(referral, "accept")).status_code == 403
    assert do(lead, referral, "accept", comment="Yes.").status_code == 403
    assert referral.state == "sent"


# ── side doors ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("door", ["change", "add", "changelist", "delete", "history"])
@pytest.mark.parametrize("model", ["supportrequest", "referral"])
def test_no_other_page_of_the_desk_changes_a_state(lead: Client, model: str, door: str) -> None:
    referral = make.referral()
    case = referral.support_request
    row = case if model == "supportrequest" else referral
    args = [] if door in {"add", "changelist"} else [row.pk]
    address = reverse(f"admin:requests_app_{model}_{door}", args=args)
    forged = {
        "state": "completed",
        "version": "0",
        "_save": "Save",
        "post": "yes",
        "action": "delete_selected",
        "_selected_action": [str(row.pk)],
        "form-TOTAL_FORMS": "1",
        "form-INITIAL_FORMS": "1",
        "form-0-id": str(row.pk),
        "form-0-state": "completed",
        "reference": "ICCWC-2026-9999",
    }
    before = (list(SupportRequest.objects.values()), list(Referral.objects.values()))
    answer = lead.post(address, forged)
    assert answer.status_code in {200, 302, 403, 405}
    assert (list(SupportRequest.objects.values()), list(Referral.objects.values())) == before
