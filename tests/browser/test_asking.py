"""From the invitation to the submitted request, in a real browser, as somebody does who has never
been here: in each language, at both widths, with and without JavaScript, and by keyboard alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Response

from partners.models import Party, Role
from requests_app.completeness import questions_for, steps_for
from requests_app.models import SupportRequest
from requests_app.questions import Question, Shape
from tests import make

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]
Visit = Callable[..., Page]
MOST_PAGES = 12  # from the invitation to the confirmation of a request for an incident team
SECRET = "quite a long pass phrase"


class Walk:
    """Counts the pages that one person is shown, and looks at each of them."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.faults: list[str] = []
        self.seen: list[str] = []
        page.on("response", self._note)

    def _note(self, response: Response) -> None:
        request = response.request
        if request.is_navigation_request() and request.frame == self.page.main_frame:
            if response.status == 200:
                self.seen.append(response.url)
            elif response.status >= 400:
                self.faults.append(f"{response.url} answers {response.status}")

    def look(self) -> None:
        for found in Axe().run(self.page).response["violations"]:
            self.faults.append(f"{self.page.url} axe {found['id']}: {found['nodes'][0]['html']}")
        if self.page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        ):
            self.faults.append(f"{self.page.url} is wider than the screen")


def go_on(page: Page, button: str = "main form button.button") -> None:
    """Press the page's first button, and wait until another page is there."""
    with page.expect_navigation(wait_until="load"):
        page.locator(button).first.click()


def accept(page: Page, language: str, party: Party) -> None:
    invited = make.invitation(make.the_lead(), body=party, role=Role.FOCAL_POINT, language=language)
    page.goto(make.link_to(invited.email))
    page.fill("[name=password]", SECRET)
    go_on(page)


def answer(page: Page, draft: SupportRequest, step: str) -> dict[str, Any]:
    """Fill in what the step on the page asks; gives the answers."""
    here = {question.key: question for question in questions_for(draft)}
    given = {key: said for key, said in make.answers_to(draft).items() if key in here}
    shown = {}
    for key, said in given.items():
        field = page.locator(f"main form [name={key}]")
        if not field.count():
            continue
        shown[key] = said
        if here[key].shape in {Shape.CHOICE, Shape.SOME_OF}:
            for one in [said] if isinstance(said, str) else said:
                page.check(f"[name={key}][value={one}]")
        else:
            field.fill(said)
    return shown


def write_all(walk: Walk, javascript: bool, letter: Path | None) -> dict[str, Any]:
    """Every step of the draft on the page, to the last one; gives what was answered."""
    page, said = walk.page, {}
    draft = SupportRequest.objects.get()
    while "/edit/documents/" not in page.url:
        said |= answer(page, draft, page.url)
        if javascript:
            walk.look()
        go_on(page, "main form button[name=onwards]")
    if letter:
        page.set_input_files("main form input[type=file] >> nth=0", letter)
        if javascript:
            page.get_by_text(letter.name).first.wait_for()
            page.wait_for_load_state("networkidle")
    go_on(page, "main form button[name=onwards]")
    return said


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 360), ("es", 360)])
def test_an_incident_team_is_asked_for_in_at_most_twelve_pages_from_the_invitation(
    visit: Visit, language: str, width: int, javascript: bool
) -> None:
    page = visit(width=width, javascript=javascript)
    walk = Walk(page)
    accept(page, language, Party.objects.get(code="KEN"))
    assert page.get_attribute("html", "lang") == language
    page.locator("main a[href='/requests/new/']").first.click()
    page.check("[name=support][value=wist]")
    go_on(page)
    said = write_all(walk, javascript, None)
    page.check("[name=declared]")
    go_on(page, "main form button.button >> nth=-1")
    case = SupportRequest.objects.get()
    assert (case.state, case.language) == ("submitted", language)
    assert case.reference in page.inner_text("main")
    version = case.versions.get().answers
    assert said == {key: version[key] for key in said}
    assert walk.faults == []
    assert len(walk.seen) <= MOST_PAGES, walk.seen


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize("language", ["en", "fr", "es"])
def test_a_training_is_asked_for_with_its_letter(
    visit: Visit, tmp_path: Path, language: str, javascript: bool
) -> None:
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(make.pdf().read())
    kenya = Party.objects.get(code="KEN")
    page = visit(make.focal_point(kenya, language), javascript=javascript)
    walk = Walk(page)
    page.goto("/requests/new/")
    page.check("[name=support][value=basic_training]")
    go_on(page)
    said = write_all(walk, javascript, letter)
    page.check("[name=declared]")
    go_on(page, "main form button.button >> nth=-1")
    case = SupportRequest.objects.get()
    assert case.reference in page.inner_text("main")
    assert said == {key: case.versions.get().answers[key] for key in said}
    assert [one.name for one in case.attachments.all()] == ["letter.pdf"]
    assert walk.faults == []


def test_the_whole_way_goes_by_keyboard_alone(visit: Visit) -> None:
    page = visit(make.focal_point(Party.objects.get(code="KEN")))
    page.goto("/requests/new/")
    choose(page, "support", "wist")
    press(page)
    draft = SupportRequest.objects.get()
    given = make.answers_to(draft)
    for step in steps_for(draft):
        for question in step.questions:
            if question.key in given:
                type_in(page, question, given[question.key])
        press(page)
    press(page)  # no document: the letter may follow
    reach(page, "[name=declared]")
    page.keyboard.press("Space")
    press(page)
    case = SupportRequest.objects.get()
    answers = case.versions.get().answers
    assert case.reference in page.inner_text("main")
    assert given == {key: answers[key] for key in given}


def type_in(page: Page, question: Question, said: Any) -> None:
    if question.shape == Shape.CHOICE:
        choose(page, question.key, said)
    elif question.shape == Shape.SOME_OF:
        reach(page, f"[name={question.key}][value={said[0]}]")
        page.keyboard.press("Space")
    elif question.shape == Shape.DATE:
        reach(page, f"[name={question.key}]")
        year, month, day = said.split("-")
        page.keyboard.type(f"{month}{day}{year}")  # as the date field of an English browser asks
        assert page.input_value(f"[name={question.key}]") == said
    else:
        reach(page, f"[name={question.key}]")
        page.keyboard.type(said)


def reach(page: Page, selector: str) -> None:
    """Tab to the element, as somebody without a mouse does."""
    for _press in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            return
    raise AssertionError(f"no way to {selector} by keyboard on {page.url}")


def choose(page: Page, name: str, value: str) -> None:
    """The radio button of that value, by arrow keys."""
    reach(page, f"[name={name}]")
    page.keyboard.press("Space")
    for _press in range(40):
        if page.evaluate("document.activeElement.value") == value:
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"no {value} among the choices of {name}")


def press(page: Page) -> None:
    reach(page, "main form button.button:not([name=leave]):not([name=back]):not([name=stay])")
    with page.expect_navigation(wait_until="load"):
        page.keyboard.press("Enter")
