"""Triage criteria: an editable list, and what was said of a request, by whom and why."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from requests_app.models import Assessment, Criterion, RequestState, SupportRequest
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def criteria() -> list[Criterion]:
    names = {"urgency": "Urgency", "funds": "Funds", "old": "No longer asked"}
    return [
        Criterion.objects.create(
            key=key, name_en=name, name_fr=name, name_es=name, is_offered=key != "old"
        )
        for key, name in names.items()
    ]


def address(case: SupportRequest) -> str:
    return reverse("admin:requests_app_supportrequest_change", args=[case.pk])


def assess(browser: Client, case: SupportRequest, **said: str) -> Any:
    """`said` by criterion in the order of the form; a field for the mark, one for the reason."""
    case.refresh_from_db()
    act = reverse("admin:requests_app_supportrequest_act", args=[case.pk, "assess"])
    named = {f"marks_{name}": value for name, value in said.items()}
    return browser.post(act, {"version": case.version, **named})


def shown(browser: Client, case: SupportRequest) -> list[tuple[str, str, str, str]]:
    found = browser.get(address(case)).context["criteria"]
    return [(one.key, one.mark, one.reason, one.by) for one in found]


def test_what_was_said_stands_on_the_page_with_who_said_it_and_stays_in_history(
    officer: Client, lead: Client, criteria: Any
) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    assert shown(officer, case) == [("funds", "", "", ""), ("urgency", "", "", "")]
    said = {"funds": "no", "funds_text": "None in sight.", "urgency": "yes", "urgency_text": ""}
    assert assess(officer, case, **said).status_code == 302
    changed = {**said, "funds": "partly", "funds_text": "Half of it."}
    assert assess(lead, case, **changed).status_code == 302

    assert shown(officer, case) == [
        ("funds", "partly", "Half of it.", "Lead, CITES"),
        ("urgency", "yes", "", "Officer, CITES"),
    ]
    entries = officer.get(address(case)).context["timeline"]
    told = [(one.who, one.words) for one in entries if one.what == "Assessment recorded"]
    assert told == [
        ("Lead, CITES", [("Funds", "partly – Half of it.")]),
        ("Officer, CITES", [("Funds", "no – None in sight."), ("Urgency", "yes")]),
    ]


def test_a_reason_without_an_answer_is_asked_for_and_nothing_is_lost(
    officer: Client, criteria: Any
) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    answer = assess(officer, case, funds="", funds_text="None in sight.")
    assert answer.context["form"].errors == {"marks": ["Choose an answer for “Funds”."]}
    assert "None in sight." in answer.content.decode()
    assert Assessment.objects.count() == 0


def test_officers_keep_the_list_and_auditors_read_it(
    officer: Client, auditor: Client, criteria: Any
) -> None:
    add = reverse("admin:requests_app_criterion_add")
    data = {
        "key": "readiness", "position": "5", "is_offered": "on",
        "name_en": "Readiness", "name_fr": "Préparation", "name_es": "Preparación",
    }  # fmt: skip
    assert officer.post(add, data).status_code == 302
    assert auditor.post(add, {**data, "key": "mine"}).status_code == 403
    listed = auditor.get(reverse("admin:requests_app_criterion_changelist"))
    assert [one.key for one in listed.context["cl"].result_list] == [
        "funds", "old", "urgency", "readiness"
    ]  # fmt: skip
    case = make.request_in(RequestState.IN_REVIEW)
    assert [key for key, *_rest in shown(officer, case)] == ["funds", "urgency", "readiness"]


def test_the_seven_criteria_of_the_secretariat_come_with_the_reference_data() -> None:
    call_command("load_reference")
    rows = Criterion.objects.values_list("key", "name_en", "name_fr", "name_es")
    assert [key for key, *_names in rows] == [
        "vision_2030", "recommendation", "urgency", "readiness", "funds", "partners_present",
        "help_given",
    ]  # fmt: skip
    assert all(all(names) for _key, *names in rows)
