"""Files go up one by one where JavaScript runs, and all at once where it does not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from partners.models import Party
from requests_app.models import SupportRequest
from tests import make
from tests.browser.test_writing import sign_in_elsewhere

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def draft(reference_data: None) -> SupportRequest:
    return make.draft(of=Party.objects.get(code="KEN"), letter=False)


@pytest.fixture
def files(tmp_path: Path) -> Callable[..., list[Path]]:
    def written(*names: str, size: int = 0) -> list[Path]:
        paths = [tmp_path / name for name in names]
        for path in paths:
            path.write_bytes(make.pdf(path.name).read() + b"x" * size)
        return paths

    return written


def documents(page: Page, draft: SupportRequest) -> Page:
    page.goto(f"/requests/{draft.handle}/edit/documents/")
    return page


def attached(draft: SupportRequest) -> list[str]:
    return sorted(draft.attachments.values_list("name", flat=True))


@pytest.mark.parametrize("width", [1280, 360])
def test_several_files_are_attached_as_they_are_chosen(
    visit: Any, draft: SupportRequest, files: Any, width: int
) -> None:
    page = documents(visit(draft.created_by, width=width), draft)
    page.set_input_files("#id_others", files("a.pdf", "b.pdf", "c.pdf"))
    page.set_input_files("#id_letter", files("letter.pdf")[0])
    expect(page.locator("[data-documents] .document")).to_have_count(4)
    assert attached(draft) == ["a.pdf", "b.pdf", "c.pdf", "letter.pdf"]
    assert Axe().run(page).violations_count == 0

    page.get_by_role("button", name="Take off b.pdf").click()
    expect(page.get_by_text("“b.pdf” was taken off the request.")).to_be_visible()
    page.get_by_role("button", name="Save and continue").click()
    page.wait_for_url("**/edit/check/")


def test_without_javascript_the_form_sends_them(
    visit: Any, draft: SupportRequest, files: Any
) -> None:
    page = documents(visit(draft.created_by, javascript=False), draft)
    page.set_input_files("#id_others", files("a.pdf", "b.pdf"))
    page.get_by_role("button", name="Attach the files and stay here").click()
    expect(page.locator("[data-documents] .document")).to_have_count(2)
    assert attached(draft) == ["a.pdf", "b.pdf"]


def test_a_file_that_is_too_large_is_not_sent_and_says_so(
    visit: Any, draft: SupportRequest, files: Any
) -> None:
    page = documents(visit(draft.created_by), draft)
    sent: list[str] = []
    page.on("request", lambda one: one.method == "POST" and sent.append(one.url))
    page.set_input_files("#id_others", files("large.pdf", size=25 * 1024 * 1024))
    expect(page.get_by_text("“large.pdf” is too large. A file can have up to")).to_be_visible()
    assert sent == []


def test_what_the_server_does_not_take_stands_at_the_file(
    visit: Any, draft: SupportRequest, tmp_path: Path
) -> None:
    page = documents(visit(draft.created_by), draft)
    (tmp_path / "plan.pdf").write_bytes(b"PK no pdf")
    page.set_input_files("#id_others", tmp_path / "plan.pdf")
    expect(page.get_by_text("“plan.pdf” is not a PDF file")).to_be_visible()
    page.get_by_role("button", name="Remove from this list plan.pdf").click()
    expect(page.get_by_text("plan.pdf")).to_have_count(0)


def test_a_lost_connection_says_so_and_the_file_can_be_sent_again(
    visit: Any, draft: SupportRequest, files: Any
) -> None:
    page = documents(visit(draft.created_by), draft)
    page.context.set_offline(True)
    page.set_input_files("#id_others", files("a.pdf"))
    expect(page.get_by_text("The connection was lost. The file was not sent.")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("button", name="Try again a.pdf").click()
    expect(page.locator("[data-documents] .document")).to_have_count(1)
    assert attached(draft) == ["a.pdf"]


def test_a_file_on_its_way_can_be_cancelled_and_until_then_the_page_stays(
    visit: Any, draft: SupportRequest, files: Any
) -> None:
    page = documents(visit(draft.created_by), draft)
    page.route("**/edit/documents/", lambda route: None)  # the server never answers
    page.set_input_files("#id_others", files("a.pdf", "b.pdf", "c.pdf"))
    expect(page.get_by_text("is being sent")).to_have_count(2)
    expect(page.get_by_text("waits to be sent")).to_have_count(1)
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("Files are still being sent.")).to_be_visible()
    for name in ("c.pdf", "a.pdf", "b.pdf"):
        page.get_by_role("button", name=f"Cancel {name}").click()
    expect(page.get_by_role("progressbar")).to_have_count(0)
    expect(page.get_by_text("Files are still being sent.")).to_be_hidden()
    assert attached(draft) == []


def test_somebody_who_is_signed_out_is_told_and_loses_no_file(
    visit: Any, draft: SupportRequest, files: Any
) -> None:
    page = documents(visit(draft.created_by), draft)
    page.context.clear_cookies(name="sessionid")
    page.set_input_files("#id_others", files("a.pdf"))
    expect(page.get_by_text("You are no longer signed in.")).to_be_visible()
    expect(page.get_by_role("button", name="Try again a.pdf")).to_be_visible()
    assert attached(draft) == []


def test_after_signing_in_again_in_another_window_the_file_goes_up(
    visit: Any, draft: SupportRequest, files: Any
) -> None:
    page = documents(visit(draft.created_by), draft)
    page.context.clear_cookies(name="sessionid")
    page.set_input_files("#id_others", files("a.pdf"))
    expect(page.get_by_text("You are no longer signed in.")).to_be_visible()
    sign_in_elsewhere(page, draft.created_by)
    page.get_by_role("button", name="Try again a.pdf").click()
    expect(page.locator("[data-documents] .document")).to_have_count(1)
    assert attached(draft) == ["a.pdf"]


def test_who_goes_on_without_a_file_that_was_refused_is_told(
    visit: Any, draft: SupportRequest, files: Any
) -> None:
    page = documents(visit(draft.created_by), draft)
    page.set_input_files("#id_others", files("large.pdf", size=25 * 1024 * 1024))
    expect(page.get_by_text("“large.pdf” is too large.")).to_be_visible()
    page.get_by_role("button", name="Save and continue").click()
    expect(page.get_by_text("Not attached: large.pdf")).to_be_visible()
