"""A focal point asks for support in a real browser, with and without JavaScript."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from partners.models import Party
from requests_app.models import SupportRequest
from tests import make

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.xdist_group("browser"),
]


@pytest.mark.parametrize("javascript", [True, False])
@pytest.mark.parametrize(("language", "width"), [("en", 1280), ("fr", 360), ("es", 360)])
def test_a_request_is_written_checked_and_submitted(
    visit: Callable[..., Page], tmp_path: Path, language: str, width: int, javascript: bool
) -> None:
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(make.pdf().read())
    kenya = Party.objects.get(code="KEN")
    page = visit(make.focal_point(kenya, language), width=width, javascript=javascript)
    page.goto("/requests/new/")
    assert page.get_attribute("html", "lang") == language
    page.select_option("#id_support", index=1)
    page.click("main form button[name=check]")  # far from complete: a draft all the same
    page.goto(f"/requests/{SupportRequest.objects.get().draft_key}/edit/")
    for question, answer in make.ANSWERS.items():
        page.fill(f"#id_{question}", answer)
    page.set_input_files("#id_letter", letter)
    page.click("main form button[name=check]")
    page.click("main a[href$='/actions/submit/'], main form[action$='/actions/submit/'] button")
    if "/actions/submit/" in page.url:
        page.click("main form button")
    case = SupportRequest.objects.get()
    assert case.state == "submitted"
    assert case.reference in page.inner_text("main")
    assert case.answers == make.ANSWERS | {k: v for k, v in case.answers.items() if not v}
    assert [one.name for one in case.attachments.all()] == ["letter.pdf"]
