"""Where somebody is signed in, and how that ends."""

from typing import Any

import pytest
from django.test import Client

from iccwc_portal.devices import in_words
from partners.models import User
from tests import make
from tests.portal.signing_in import sign_in

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1"
)


def signed_in(person: User, agent: str = FIREFOX) -> Client:
    browser = Client(headers={"user-agent": agent})
    sign_in(browser, person)
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/account/").status_code == 200


def test_the_list_names_each_device_and_this_one_and_nobody_elses() -> None:
    person = make.focal_point()
    signed_in(make.focal_point(), "Opera")
    telephone, here = signed_in(person, SAFARI), signed_in(person)

    rows = here.get("/account/sessions/").context["rows"]

    assert is_in(telephone)
    assert sorted((row["device"], row["is_here"]) for row in rows) == [
        ("Firefox on Windows", True),
        ("Safari on iPhone", False),
    ]


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/130 Mobile Safari", "Chrome on Android"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/130 Safari Edg/130", "Edge on Windows"),
        ("curl/8.0", "Unknown device"),
        ("", "Unknown device"),
    ],
)  # fmt: skip
def test_devices_are_named_in_words(agent: str, words: str) -> None:
    assert in_words(agent) == words


def test_signing_out_everywhere_else_leaves_this_device() -> None:
    person, stranger = make.focal_point(), signed_in(make.focal_point())
    telephone, here = signed_in(person), signed_in(person)

    here.get("/account/sessions/?where=elsewhere")
    untouched = is_in(telephone)
    here.post("/account/sessions/", {"where": "elsewhere"})

    assert untouched
    assert [is_in(one) for one in (telephone, here, stranger)] == [False, True, True]


def test_signing_out_everywhere_leaves_none() -> None:
    person, stranger = make.focal_point(), signed_in(make.focal_point())
    telephone, here = signed_in(person), signed_in(person)

    answer = here.post("/account/sessions/", {"where": "everywhere"}, follow=True)

    assert "You have signed out everywhere." in answer.content.decode()
    assert [is_in(one) for one in (telephone, here, stranger)] == [False, False, True]


def test_a_new_password_signs_out_everywhere_else() -> None:
    person, new = make.focal_point(), "an entirely new one"
    telephone, here = signed_in(person), signed_in(person)

    here.post(
        "/account/password/change/",
        {"oldpassword": make.PASSWORD, "password1": new, "password2": new},
    )

    assert [is_in(telephone), is_in(here)] == [False, True]
    assert len(here.get("/account/sessions/").context["rows"]) == 1


def test_when_a_session_was_last_seen_is_written_now_and_then(
    time_machine: Any, django_assert_max_num_queries: Any
) -> None:
    time_machine.move_to("2026-03-02T09:00Z")
    person = make.focal_point()
    telephone, here = signed_in(person), signed_in(person)
    before = {row["session"].last_seen_at for row in here.get("/account/sessions/").context["rows"]}
    is_in(telephone)
    time_machine.shift(3600)
    is_in(telephone)

    rows = here.get("/account/sessions/").context["rows"]

    assert len(before) == 2
    assert all(row["session"].last_seen_at not in before for row in rows)
    with django_assert_max_num_queries(8):
        here.get("/contact/")


@pytest.mark.parametrize("devices", [2, 10])
def test_the_list_costs_the_same_whatever_its_length(
    devices: int, django_assert_max_num_queries: Any
) -> None:
    person = make.focal_point()
    browsers = [signed_in(person) for _number in range(devices)]
    browsers[0].get("/account/sessions/")

    with django_assert_max_num_queries(6):
        browsers[0].get("/account/sessions/")
