"""A page whose token is too old: what was typed is shown, to be copied, and nothing is stored."""

import pytest
from django.test import Client
from django.urls import reverse

from partners.models import User
from requests_app.models import SupportRequest
from tests import make
from tests.reading_pages import page
from tests.requests_app.writing import address

pytestmark = pytest.mark.django_db

TEXT = "Typed after the session had ended <b>&</b>."


@pytest.fixture
def focal_point() -> User:
    return make.focal_point()


@pytest.fixture
def draft(focal_point: User) -> SupportRequest:
    return make.draft(focal_point)


def strict(user: User) -> Client:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    return client


def test_a_page_that_was_open_too_long_shows_what_was_typed_and_stores_nothing(
    draft: SupportRequest, focal_point: User
) -> None:
    where = address(draft, "timing")
    typed = {"urgency_reason": TEXT, "urgency": "high", "csrfmiddlewaretoken": "old" * 10}
    answer = strict(focal_point).post(
        where, typed, headers={"referer": f"http://testserver{where}"}
    )

    draft.refresh_from_db()
    assert answer.status_code == 403
    assert "It was not saved. Copy it before you open the page again." in page(answer)
    assert "Why is it urgent? Typed after the session had ended" in page(answer)
    assert "How urgent is it? high" in page(answer)
    assert draft.urgency == "normal"


@pytest.mark.parametrize("referer", ["", "https://elsewhere.example/form", "javascript:x"])
def test_what_another_site_sends_is_not_shown(
    draft: SupportRequest, focal_point: User, referer: str
) -> None:
    headers = {"referer": referer} if referer else {}
    answer = strict(focal_point).post(
        address(draft, "situation"), {"situation": TEXT}, headers=headers
    )
    assert (answer.status_code, "Typed after" in page(answer)) == (403, False)


def test_a_password_is_never_shown(focal_point: User) -> None:
    where = reverse("account_login")
    answer = Client(enforce_csrf_checks=True).post(
        where,
        {"login": focal_point.email, "password": make.PASSWORD},
        headers={"referer": f"http://testserver{where}"},
    )
    assert answer.status_code == 403
    assert make.PASSWORD not in answer.content.decode()
