"""The Toolkit at the desk: steps move by their buttons, and the page says where each stands."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import make
from toolkit.models import Implementation, StepStatus
from toolkit.steps import StepState

pytestmark = pytest.mark.django_db


def address(implementation: Implementation) -> str:
    return reverse("admin:toolkit_implementation_change", args=[implementation.pk])


def step_page(implementation: Implementation, step: int, action: str) -> str:
    return reverse("admin:toolkit_implementation_step", args=[implementation.pk, step, action])


def move(
    browser: Client, implementation: Implementation, step: int, action: str, **data: Any
) -> Any:
    row = implementation.steps.get(position=step)
    said = {"version": row.version, "effective_on": "2026-02-01", "precision": "day", **data}
    return browser.post(step_page(implementation, step, action), said)


def states(implementation: Implementation) -> list[str]:
    return list(implementation.steps.order_by("position").values_list("state", flat=True)[:4])


def test_a_step_is_started_done_skipped_and_corrected(officer: Client) -> None:
    one = make.implementation()
    for step, action, more in (
        (2, "start", {}),
        (2, "complete", {}),
        (3, "not_applicable", {"reason": "Done by others."}),
        (4, "complete", {}),
        (4, "correct", {"state": "under_way", "reason": "Typed at the wrong Party."}),
    ):
        assert move(officer, one, step, action, **more).url == address(one), (step, action)
    assert states(one) == [
        StepState.DONE, StepState.DONE, StepState.NOT_APPLICABLE, StepState.UNDER_WAY,
    ]  # fmt: skip
    text = officer.get(address(one)).content.decode()
    assert "Typed at the wrong Party." in text


def test_only_what_can_be_done_now_is_a_button(officer: Client, auditor: Client) -> None:
    one = make.implementation()

    def buttons(browser: Client) -> list[list[str]]:
        rows = browser.get(address(one)).context["steps"]
        return [[button.url.split("/")[-2] for button in found] for _step, found in rows]

    assert buttons(officer)[:2] == [
        ["correct"],
        ["start", "complete", "not_applicable", "correct"],
    ]
    assert buttons(auditor) == [[]] * 9


def test_bad_input_is_answered_with_a_sentence(officer: Client) -> None:
    one = make.implementation()
    assert officer.get(step_page(one, 99, "complete")).status_code == 404
    assert officer.get(step_page(one, 2, "explode")).status_code == 404
    for day in ("0000-01-01", "9999-12-31", "31/12/2015", ""):
        page = move(officer, one, 2, "complete", effective_on=day)
        assert page.status_code == 200
        assert page.context["form"].errors["effective_on"]
    assert move(officer, one, 1, "complete").status_code == 409
    assert states(one) == [StepState.DONE] + [StepState.NOT_STARTED] * 3


def test_an_auditor_moves_nothing(auditor: Client) -> None:
    one = make.implementation()
    assert move(auditor, one, 2, "start").status_code == 403
    publish = reverse("admin:toolkit_implementation_act", args=[one.pk, "publish"])
    assert auditor.post(publish, {"version": one.version}).status_code == 403
    one.refresh_from_db()
    assert (states(one)[1], one.state) == (StepState.NOT_STARTED, "private")


def test_publishing_asks_first_and_warns(officer: Client) -> None:
    one = make.implementation()
    publish = reverse("admin:toolkit_implementation_act", args=[one.pk, "publish"])
    page = officer.get(publish)
    assert "Everybody can see the steps" in page.content.decode()
    one.refresh_from_db()
    assert one.state == "private"
    assert officer.post(publish, {"version": one.version, "note": ""}).url == address(one)
    one.refresh_from_db()
    assert one.state == "public"


def test_no_other_page_changes_a_step(lead: Client) -> None:
    one = make.implementation()
    before = (list(Implementation.objects.values()), list(StepStatus.objects.values()))
    for name, args in (("change", [one.pk]), ("add", []), ("changelist", []), ("delete", [one.pk])):
        door = reverse(f"admin:toolkit_implementation_{name}", args=args)
        lead.post(door, {"state": "public", "steps-0-state": "done", "_save": "Save"})
    assert (list(Implementation.objects.values()), list(StepStatus.objects.values())) == before


def test_lists_and_pages_cost_the_same_for_many_as_for_few(lead: Client) -> None:
    one = make.implementation()
    queue = reverse("admin:toolkit_implementation_changelist")
    with CaptureQueriesContext(connection) as few:
        assert lead.get(queue).status_code == 200
    with CaptureQueriesContext(connection) as page:
        assert lead.get(address(one)).status_code == 200
    for code in ("VNM", "BGD", "PER", "GAB"):
        make.implementation(make.party(code))
    with CaptureQueriesContext(connection) as many:
        assert lead.get(queue).status_code == 200
    assert len(many) == len(few) <= 12
    assert len(page) <= 18
