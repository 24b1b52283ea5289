"""The desk in a real browser: an officer's morning by keyboard alone, and two who collide."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from history.models import Event
from partners.models import Party, User
from requests_app.models import SupportRequest
from tests import make
from workflow.executor import perform

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]

QUEUE = "/admin/requests_app/supportrequest/?queue=open"
FARTHEST = 120  # presses of Tab: whatever lies farther, nobody would go to by keyboard

Keys = Callable[["Keyboard"], None]
Task = tuple[str, Keys, str]  # the button, what to type behind it, the state that follows


@dataclass
class Keyboard:
    """Somebody who has no mouse. `seen` are the kinds of page that axe has looked at."""

    page: Page
    seen: dict[str, list[str]] = field(default_factory=dict)

    def skip_to_content(self) -> None:
        """The skip link is the first stop of every page; after an action one is there already,
        because a browser keeps its mark in the address."""
        if self.page.url.endswith("#content-start"):
            return
        self.page.keyboard.press("Tab")
        assert self.focus()["href"] == "#content-start"
        self.page.keyboard.press("Enter")

    def focus(self) -> dict[str, Any]:
        """What has the focus: its words, where it leads, its name."""
        found: dict[str, Any] = self.page.evaluate(
            """() => {
              const at = document.activeElement;
              const label = at.labels && at.labels.length ? at.labels[0].innerText : at.innerText;
              return {words: (label || "").trim().split("\\n")[0],
                      href: at.getAttribute("href"), name: at.name || ""};
            }"""
        )
        return found

    def to(self, words: str) -> None:
        """Tab on to what is called so."""
        passed = []
        for _press in range(FARTHEST):
            self.page.keyboard.press("Tab")
            found = self.focus()["words"]
            if found.startswith(words):
                return
            passed.append(found)
        raise AssertionError(f"{self.page.url}: no way to {words!r} by Tab, only to {passed}")

    def follow(self, words: str) -> None:
        """To a link or a button, and press it."""
        self.to(words)
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press("Enter")

    def write(self, label: str, text: str) -> None:
        self.to(label)
        self.page.keyboard.type(text)

    def tick(self, label: str) -> None:
        self.to(label)
        self.page.keyboard.press("Space")

    def look(self, kind: str) -> None:
        """Let axe look, once at each kind of page."""
        if kind not in self.seen:
            found = Axe().run(self.page).response["violations"]
            self.seen[kind] = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in found]


def _one_line(label: str, text: str) -> Keys:
    return lambda keys: keys.write(label, text)


def _refer(keys: Keyboard) -> None:
    keys.tick("WCO")
    keys.write("Note to the agencies", "Please say whether you can help.")
    keys.write("Answer due on", f"{make.in_a_month():%m%d%Y}")


def _ask(keys: Keyboard) -> None:
    keys.write("Subject", "Ports")
    keys.write("Question", "Which ports?")


def _forget_and_return(keys: Keyboard) -> None:
    """Pressed before anything is written: the summary of errors leads to the field."""
    keys.follow("Return for correction")
    keys.look("refusal")
    keys.to("What should the country correct?")
    keys.page.keyboard.press("Enter")
    keys.page.keyboard.type("Name the ports.")


# By state: what the officer does, as the button says it, and what there is to type.
WORK: dict[str, list[Task]] = {
    "submitted": [("Take up", lambda keys: None, "in_review")],
    "in_review": [
        ("Return for correction", _forget_and_return, "returned"),
        ("Refer to agencies", _refer, "referred"),
        ("Advise on next steps", _one_line("Advice to", "Nominate a person."), "in_review"),
    ],
    "referred": [("Ask the country a question", _ask, "referred")],
    "under_way": [("Complete", _one_line("Outcome", "Forty trained."), "completed")],
}


@pytest.fixture
def officer(reference_data: None) -> User:
    return make.officer()


@pytest.fixture
def ten(officer: User) -> dict[str, Task]:
    """Ten requests in different states; by reference what is to be done with each."""
    kenya = make.focal_point(Party.objects.get(code="KEN"))
    states = ["submitted"] * 4 + ["in_review"] * 3 + ["referred"] * 2 + ["under_way"]
    found: dict[str, Task] = {}
    number = dict.fromkeys(WORK, 0)
    for state in states:
        case = make.request_in(state, of=Party.objects.get(code="KEN"), by=kenya)
        ways = WORK[state]
        found[str(case.reference)] = ways[number[state] % len(ways)]
        number[state] += 1
    return found


def test_an_officer_works_through_ten_requests_by_keyboard_alone(
    visit: Callable[..., Page], officer: User, ten: dict[str, Task]
) -> None:
    keys = Keyboard(visit(officer))
    keys.page.goto("/admin/")
    keys.look("landing page")
    keys.follow("Open work")
    keys.look("queue")
    todo, done = dict(ten), {}
    keys.skip_to_content()
    keys.follow(next(iter(todo)))
    while todo:
        reference = keys.page.locator("h1").inner_text().split()[0]
        if reference in todo:
            button, fill, target = todo.pop(reference)
            _act(keys, button, fill)
            done[reference] = target
        if todo:
            _go_on(keys, todo)
    stored = dict(SupportRequest.objects.values_list("reference", "state"))
    assert stored == done
    assert keys.seen == dict.fromkeys(keys.seen, [])


def _act(keys: Keyboard, button: str, fill: Keys) -> None:
    """From the page of a request to an action's, and back by doing it."""
    keys.look("request")
    keys.skip_to_content()
    keys.follow(button)
    keys.look("action")
    keys.skip_to_content()
    fill(keys)
    keys.follow(button)
    said = keys.page.locator(".messagelist, .error-summary").all_inner_texts()
    assert keys.page.locator(".messagelist .success").count(), (keys.page.url, said)


def _go_on(keys: Keyboard, todo: dict[str, Any]) -> None:
    """To the next of the queue, or from its end back to the list and to one that is left."""
    if keys.page.locator("a[rel=next]").count():
        keys.skip_to_content()
        keys.follow("Next")
        return
    keys.skip_to_content()
    keys.follow("Open work")
    keys.skip_to_content()
    keys.follow(next(iter(todo)))


# ── two officers ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def two(visit: Callable[..., Page], officer: User) -> tuple[Page, Page]:
    """Two officers, each in a browser of their own."""
    return visit(officer), visit(make.officer())


def desk_page(case: SupportRequest) -> str:
    return f"/admin/requests_app/supportrequest/{case.pk}"


def test_of_two_officers_who_take_the_same_request_one_has_it_and_the_other_is_told(
    two: tuple[Page, Page], officer: User
) -> None:
    case = make.request_in("submitted")
    for page in two:
        page.goto(f"{desk_page(case)}/change/")
    for page in two:
        page.get_by_role("button", name="Assign to me").click()
        page.wait_for_load_state("load")
    first, second = (page.locator(".messagelist").inner_text() for page in two)
    assert first == f"{case.reference} is in your hands now."
    assert second == f"{case.reference}: {officer.name} has it in hand already."
    case.refresh_from_db()
    assert (case.state, case.assignee) == ("in_review", officer)


def test_what_an_officer_wrote_on_a_page_that_grew_old_stays_and_overwrites_nothing(
    two: tuple[Page, Page], officer: User
) -> None:
    case = make.request_in("in_review")
    slow, quick = two[1], two[0]
    for page in (slow, quick):
        page.goto(f"{desk_page(case)}/actions/advise/")
    quick.get_by_label("Advice to the country").fill("Nominate a person.")
    quick.get_by_role("button", name="Advise on next steps").click()
    quick.wait_for_url("**/change/")
    slow.get_by_label("Advice to the country").fill("Wait for the workshop.")
    slow.get_by_role("button", name="Advise on next steps").click()
    slow.get_by_text("What happened, and who did it").wait_for()
    meanwhile = slow.locator(".act-meanwhile").inner_text()
    assert "Advised on next steps" in meanwhile
    assert officer.name in meanwhile
    assert slow.get_by_label("Advice to the country").input_value() == "Wait for the workshop."
    assert advice_given(case) == ["Nominate a person."]
    # Now that the officer has read it, the same words can be sent.
    slow.get_by_role("button", name="Advise on next steps").click()
    slow.wait_for_url("**/change/")
    assert advice_given(case) == ["Nominate a person.", "Wait for the workshop."]


def test_an_action_that_became_impossible_says_what_happened_and_who_did_it(
    two: tuple[Page, Page], officer: User
) -> None:
    case = make.request_in("in_review")
    slow = two[1]
    slow.goto(f"{desk_page(case)}/actions/return/")
    slow.get_by_label("What should the country correct?").fill("Name the ports.")
    there = {"channel": "ncb", "explanation": "Use the NCB."}
    perform("redirect", case, by=officer, data=there)
    slow.get_by_role("button", name="Return for correction").click()
    slow.get_by_text("What happened, and who did it").wait_for()
    said = slow.locator("main").inner_text()
    for words in ("Redirected to another channel", officer.name, "Name the ports."):
        assert words in said
    assert Axe().run(slow).response["violations"] == []
    case.refresh_from_db()
    assert case.state == "redirected"


def advice_given(case: SupportRequest) -> list[str]:
    given = Event.objects.about(case).filter(kind="requests.advise").order_by("pk")
    return [event.changes["advice"] for event in given]
