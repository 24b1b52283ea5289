"""The Toolkit at the desk: what waits comes first, steps move by buttons, cycles are opened."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from outbox.models import Message
from tests import make
from tests.reading_pages import signed_in, words
from toolkit.models import Implementation, StepStatus
from toolkit.steps import StepState
from workflow.executor import perform

pytestmark = pytest.mark.django_db

LIST = "/admin/toolkit/implementation/"
OPEN = "/admin/toolkit/implementation/open/"


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


def proposed(implementation: Implementation, position: int, **said: Any) -> StepStatus:
    """A move that the country's focal point reports."""
    step = implementation.steps.get(position=position)
    data = {"state": "done", "effective_on": date(2026, 2, 1), "precision": "day", **said}
    perform("propose", step, by=make.focal_point(implementation.party), data=data)
    return step


def test_a_step_begins_ends_is_skipped_and_corrected_once_a_colleague_has_confirmed(
    officer: Client, lead: Client
) -> None:
    one = make.implementation()
    for step, action, more in (
        (2, "propose", {"state": "under_way"}),
        (2, "propose", {"state": "done"}),
        (3, "propose", {"state": "not_applicable", "note": "Done by others."}),
        (4, "propose", {"state": "done"}),
        (4, "propose_correction", {"state": "under_way", "reason": "Typed at the wrong Party."}),
    ):
        assert move(officer, one, step, action, **more).url == address(one), (step, action)
        assert move(officer, one, step, "confirm").status_code == 403
        assert move(lead, one, step, "confirm").url == address(one), (step, action)
    assert states(one) == [
        StepState.DONE, StepState.DONE, StepState.NOT_APPLICABLE, StepState.UNDER_WAY,
    ]  # fmt: skip
    text = officer.get(address(one)).content.decode()
    assert "Typed at the wrong Party." in text


def test_only_what_can_be_done_now_is_a_button(officer: Client, auditor: Client) -> None:
    one = make.implementation()
    proposed(one, 2)

    def buttons(browser: Client) -> list[list[str]]:
        rows = browser.get(address(one)).context["steps"]
        return [
            [button.url.split("/")[-2] for button in (*row.deciding, *row.moving, *row.beside)]
            for row in rows
        ]

    beside = ["plan", "note", "attach"]
    assert buttons(officer)[:3] == [
        ["propose_correction", *beside],
        ["confirm", "refuse", *beside],
        ["propose", *beside],
    ]
    assert buttons(auditor) == [[]] * 9


def test_what_waits_stands_first_with_old_and_new(officer: Client) -> None:
    one = make.implementation(make.party("KEN"))
    make.move(one.steps.get(position=2), "under_way", date(2026, 1, 20))
    proposed(one, 2, note="Named by letter.", source="Letter 7")

    text = words(officer.get(address(one)).content.decode())

    assert text.index("Waits to be confirmed") < text.index("Source and note")
    assert "Done, 1 February 2026 Recorded now: under way, 20 January 2026" in text
    assert "Named by letter." in text
    assert "Letter 7" in text


def test_bad_input_is_answered_with_a_sentence(officer: Client) -> None:
    one = make.implementation()
    assert officer.get(step_page(one, 99, "propose")).status_code == 404
    assert officer.get(step_page(one, 2, "explode")).status_code == 404
    for day in ("0000-01-01", "9999-12-31", "31/12/2015", ""):
        page = move(officer, one, 2, "propose", state="done", effective_on=day)
        assert page.status_code == 200
        assert page.context["form"].errors["effective_on"]
    refused = move(officer, one, 1, "propose", state="done")
    assert refused.status_code == 409
    can_be_done = words(refused.content.decode()).partition("What you can do now")[2]
    assert can_be_done.startswith(" Correct Set who and when Add a note Add a document")
    assert states(one) == [StepState.DONE] + [StepState.NOT_STARTED] * 3


def test_an_auditor_moves_nothing(auditor: Client) -> None:
    one = make.implementation()
    assert move(auditor, one, 2, "propose", state="done").status_code == 403
    act = reverse("admin:toolkit_implementation_act", args=[one.pk, "record_consent"])
    assert auditor.post(act, {"version": one.version}).status_code == 403
    assert auditor.get(OPEN).status_code == 403
    one.refresh_from_db()
    assert (states(one)[1], one.state) == (StepState.NOT_STARTED, "private")


def test_a_consent_by_letter_is_asked_for_warned_of_shown_and_withdrawn(officer: Client) -> None:
    one = make.implementation()

    def act(action: str) -> str:
        return reverse("admin:toolkit_implementation_act", args=[one.pk, action])

    page = officer.get(act("record_consent"))
    assert "Everybody can see the steps" in page.content.decode()
    said = {"source": "Letter 12", "effective_on": "2026-02-01", "with_plan": "no",
            "with_documents": "yes"}  # fmt: skip
    sent = officer.post(act("record_consent"), {"version": one.version, **said})
    assert sent.url == address(one)
    one.refresh_from_db()
    assert (one.state, one.documents_are_public) == ("public", True)
    shown = words(officer.get(address(one)).content.decode())
    assert "In force" in shown
    assert ": Letter 12. Covers the steps, the documents marked public." in shown
    officer.post(act("withdraw_consent"), {"version": one.version, "reason": "By letter."})
    assert "Withdrawn Given" in words(officer.get(address(one)).content.decode())


def test_no_other_page_changes_a_step(lead: Client) -> None:
    one = make.implementation()
    before = (list(Implementation.objects.values()), list(StepStatus.objects.values()))
    for name, args in (("change", [one.pk]), ("add", []), ("changelist", []), ("delete", [one.pk])):
        door = reverse(f"admin:toolkit_implementation_{name}", args=args)
        lead.post(door, {"state": "public", "steps-0-state": "done", "_save": "Save"})
    assert (list(Implementation.objects.values()), list(StepStatus.objects.values())) == before


# ── the list ─────────────────────────────────────────────────────────────────────────────────


def listed(browser: Client, query: str = "") -> list[str]:
    page = browser.get(f"{LIST}?{query}")
    assert page.status_code == 200
    return [one.party.code for one in page.context["cl"].result_list]


def test_the_list_is_narrowed_by_what_waits_and_by_phase(officer: Client) -> None:
    with time_machine.travel(timezone.now() - timedelta(days=100)):
        make.implementation(make.party("VNM"))
    kenya, peru = make.implementation(make.party("KEN")), make.implementation(make.party("PER"))
    proposed(kenya, 2)
    yesterday = timezone.now().date() - timedelta(days=1)
    late = {"agency": None, "national_lead": "", "expected_on": yesterday}
    perform("plan", peru.steps.get(position=2), by=make.the_officer(), data=late)
    make.move(peru.steps.get(position=5), "done", date(2026, 2, 1))

    assert sorted(listed(officer)) == ["KEN", "PER", "VNM"]
    assert listed(officer, "waits=confirmation") == ["KEN"]
    assert listed(officer, "waits=me") == ["KEN"]
    assert listed(officer, "waits=still") == ["VNM"]
    assert listed(officer, "waits=late") == ["PER"]
    assert listed(officer, "phase=in_process") == ["PER"]
    assert sorted(listed(officer, "phase=request_received")) == ["KEN", "VNM"]
    assert listed(officer, "phase=complete") == []
    assert sorted(listed(officer, "waits=nonsense")) == ["KEN", "PER", "VNM"]


def test_the_first_page_of_the_desk_counts_the_moves_to_be_confirmed(officer: Client) -> None:
    proposed(make.implementation(), 2)
    page = officer.get("/admin/").content.decode()
    assert f'{LIST}?waits=confirmation"><span class="desk-piles__count">1</span>' in page


def test_lists_and_pages_cost_the_same_for_many_as_for_few(lead: Client) -> None:
    one = make.implementation()

    def costs() -> list[int]:
        found = []
        for page in (LIST, f"{LIST}?waits=still&phase=planning_phase", address(one), "/admin/"):
            with CaptureQueriesContext(connection) as asked:
                assert lead.get(page).status_code == 200
            found.append(len(asked))
        return found

    few = costs()
    proposed(one, 3)
    for number in range(3):
        file = {"title": "Minutes", "readers": "concerned", "file": make.pdf(f"{number}.pdf")}
        perform("attach", one.steps.get(position=3), by=make.the_officer(), data=file)
    for code in ("VNM", "BGD", "PER", "GAB"):
        cycle = make.implementation(make.party(code))
        proposed(cycle, 2)
        make.publish(cycle)
    many = costs()
    assert many[0] == few[0] <= 12
    assert many[1] == few[1] <= 12
    assert few[2] <= many[2] <= 18
    assert many[3] == few[3]


# ── opening a cycle ──────────────────────────────────────────────────────────────────────────


def opening(**said: Any) -> dict[str, Any]:
    asked = {"party": make.party("KEN").pk, "requested_on": "2026-01-20", "source": "Letter 3"}
    return {**asked, "lead_agency": make.agency("INTERPOL").pk, "despite": "", **said}


def test_an_officer_opens_a_cycle_and_the_country_and_the_lead_agency_are_told(
    officer: Client,
) -> None:
    make.focal_point(make.party("KEN"))
    make.agency_officer(make.agency("INTERPOL"))
    make.focal_point(make.party("VNM"))
    assert f'href="{OPEN}"' in officer.get(LIST).content.decode()

    sent = officer.post(OPEN, opening())

    opened = Implementation.objects.get()
    assert sent.url == address(opened)
    first = opened.steps.get(position=1)
    assert (opened.cycle, opened.state, first.state, first.effective_on) == (
        1, "private", "done", date(2026, 1, 20),
    )  # fmt: skip
    told = {(message.address.split("@")[0], message.subject) for message in Message.objects.all()}
    assert {subject for _who, subject in told} == {"Toolkit, Kenya: cycle 1 is opened"}
    assert len(told) == 2


@pytest.mark.parametrize(
    ("said", "field", "sentence"),
    [
        ({"party": "no"}, "party", "Choose from the list."),
        ({"party": ""}, "party", "This needs an answer."),
        ({"source": ""}, "source", "This needs an answer."),
        ({"requested_on": "1974-01-01"}, "requested_on", "between 1 July 1975 and today"),
        ({"requested_on": "2999-01-01"}, "requested_on", "between 1 July 1975 and today"),
        ({"requested_on": "1976-01-01"}, "despite", "Kenya became a Party on"),
        ({}, "despite", "Cycle 1 of Kenya has not come to its presentation."),
    ],
)
def test_what_cannot_be_opened_is_refused_with_a_sentence(
    officer: Client, said: dict[str, str], field: str, sentence: str
) -> None:
    if not said:
        make.implementation(make.party("KEN"))
    kenya = make.party("KEN")
    kenya.party_since = date(1979, 3, 13)
    kenya.save()
    before = Implementation.objects.count()

    page = officer.post(OPEN, opening(**said))

    assert page.status_code == 200
    assert sentence in " ".join(page.context["form"].errors[field])
    assert "Letter 3" in page.content.decode() or "source" in said
    assert Implementation.objects.count() == before


def test_a_second_cycle_beside_a_running_one_needs_a_reason_that_stays_in_the_history(
    officer: Client,
) -> None:
    make.implementation(make.party("KEN"))
    officer.post(OPEN, opening(despite="The first was never begun."))
    second = Implementation.objects.get(cycle=2)
    assert "The first was never begun." in words(officer.get(address(second)).content.decode())


def test_nobody_but_an_officer_opens_a_cycle() -> None:
    for person in (make.focal_point(), make.agency_officer(), make.party_viewer()):
        assert signed_in(person).post(OPEN, opening()).status_code in {302, 403}
    assert not Implementation.objects.exists()
