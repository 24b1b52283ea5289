"""What cannot be read gets a page with a sentence, signed in or not, never a 500."""

from typing import Any

import pytest
from django.test import Client

from tests import make

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"


def browser(signed_in: bool) -> Client:
    strict = Client(enforce_csrf_checks=True)
    if signed_in:
        strict.force_login(make.lead(), "allauth.account.auth_backends.AuthenticationBackend")
    strict.get("/contact/")  # its language form brings the cookie
    return strict


@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize(
    "content_type",
    [f"{FORM}; charset=utf-7", "multipart/form-data", "multipart/form-data; boundary=é"],
)
@pytest.mark.parametrize("path", ["/account/language/", "/account/login/", "/no/"])
def test_a_form_that_cannot_be_read(path: str, content_type: str, signed_in: bool) -> None:
    answer = browser(signed_in).post(path, b"a=b", content_type=content_type)

    assert answer.status_code == (404 if path == "/no/" else 400)
    assert "<h1>" in answer.content.decode()


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_form_with_too_many_fields(signed_in: bool) -> None:
    many = "&".join(f"f{number}=1" for number in range(2000))
    answer = browser(signed_in).post("/account/login/", many, content_type=FORM)
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "address",
    ["/?a=%00", "/toolkit/?as_of=%00", "/toolkit/K%00N/", "/admin/outbox/message/?q=%00", "/%00"],
)
def test_a_null_character_in_an_address(address: str) -> None:
    assert browser(True).get(address).status_code == 400


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("requests_app/supportrequest/?officer=²", 200),
        ("requests_app/supportrequest/?officer=" + "9" * 40, 200),
        ("requests_app/supportrequest/?support__id__exact=" + "9" * 40, 200),
        ("requests_app/supportrequest/²/change/", 404),
        ("requests_app/supportrequest/²/history/", 404),
        (f"requests_app/supportrequest/{'9' * 40}/change/", 404),
        (f"requests_app/supportrequest/{'9' * 40}/actions/refer/", 404),
        ("toolkit/implementation/²/change/", 404),
        (f"toolkit/implementation/{'9' * 40}/change/", 404),
        ("history/event/?recorded_at__year=0", 400),
    ],
)
def test_an_odd_number_at_the_desk(address: str, status: int) -> None:
    assert browser(True).get(f"/admin/{address}").status_code == status


def test_a_moment_before_all_dates_gets_the_list_or_the_way_back_to_it() -> None:
    """PostgreSQL knows moments that SQLite cannot compare; neither ends in an error page."""
    page = browser(True).get(
        "/admin/history/event/?recorded_at__gte=0001-01-01T00:00:00%2B14:00", follow=True
    )
    assert page.status_code == 200
    assert page.context["cl"].opts.model_name == "event"


@pytest.mark.parametrize("before", ["²", "9" * 40, "-1", "x"])
def test_an_odd_place_in_the_history_of_a_request(before: str) -> None:
    page: Any = browser(True).get(
        f"/admin/requests_app/supportrequest/{make.request_in().pk}/change/", {"before": before}
    )
    assert page.status_code == 200
    assert page.context["timeline"]
