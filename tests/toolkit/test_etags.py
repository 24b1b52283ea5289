"""A page that did not change costs the public a 304; nobody is served another reader's page."""

from datetime import date
from typing import Any

import pytest
import time_machine
from django.contrib.messages import constants
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from tests import make
from tests.reading_pages import page, signed_in
from toolkit.models import Implementation
from workflow.executor import perform

pytestmark = pytest.mark.django_db

PAGES = {
    "table": "/toolkit/",
    "an earlier table": "/toolkit/?as_of=2026-03-01&known_at=2026-11-01",
    "changes": "/toolkit/changes/",
    "figure": "/toolkit/figures/requested/",
}
FILES = {
    ending: f"/toolkit/{ending}"
    for ending in (
        "table.csv", "table.json", "table.xlsx", "table.geojson", "observations.csv",
        "changes.csv", "changes.json", "feed.atom",
    )
}  # fmt: skip
EVERY = {**PAGES, **FILES}


@pytest.fixture
def kenya() -> Implementation:
    cycle = make.implementation()
    make.publish(cycle)
    return cycle


def seen(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return str(answer["ETag"])


def again(client: Client, address: str, etag: str, **headers: str) -> Any:
    return client.get(address, headers={"if-none-match": etag, **headers})


@pytest.mark.parametrize("name", EVERY)
def test_the_same_page_twice_is_not_sent_twice(
    name: str, kenya: Implementation, django_assert_max_num_queries: Any
) -> None:
    client = Client()
    etag = seen(client, EVERY[name])
    with django_assert_max_num_queries(1):
        answer = again(client, EVERY[name], etag)
    assert (answer.status_code, answer.content, answer["ETag"]) == (304, b"", etag)
    assert "private" in answer["Cache-Control"]
    assert {"Cookie", "Accept-Language"} <= {one.strip() for one in answer["Vary"].split(",")}
    without_cookies = again(Client(), EVERY[name], etag)
    assert without_cookies.status_code == 304


@pytest.mark.parametrize("name", EVERY)
def test_after_a_step_is_confirmed_the_page_is_another(name: str, kenya: Implementation) -> None:
    client = Client()
    etag = seen(client, EVERY[name])
    make.move(kenya.steps.get(position=2), "done", date(2026, 2, 1))
    answer = again(client, EVERY[name], etag)
    assert answer.status_code == 200
    assert answer["ETag"] != etag


@pytest.mark.parametrize("name", ["table", "table.csv", "table.json", "figure", "feed.atom"])
def test_after_a_consent_is_withdrawn_the_row_is_gone(name: str, kenya: Implementation) -> None:
    client = Client()
    before = client.get(EVERY[name])
    assert "Kenya" in before.content.decode()
    focal_point = make.focal_point(kenya.party)
    perform("withdraw_consent", kenya, by=focal_point, data={"reason": "Not agreed at home."})
    answer = again(client, EVERY[name], before["ETag"])
    assert (answer.status_code, "Kenya" in answer.content.decode()) == (200, False)


def test_another_language_another_day_and_another_question_are_other_pages(
    kenya: Implementation,
) -> None:
    client = Client()
    etag = seen(client, "/toolkit/")
    assert again(client, "/toolkit/", etag, **{"accept-language": "fr"}).status_code == 200
    assert again(client, "/toolkit/?as_of=2026-03-01", etag).status_code == 200
    client.post(reverse("language"), {"language": "es", "next": "/toolkit/"})
    assert again(client, "/toolkit/", etag).status_code == 200
    with time_machine.travel("2030-01-01T10:00Z"):
        assert again(Client(), "/toolkit/", etag).status_code == 200


def test_the_forms_of_a_page_belong_to_one_browser(kenya: Implementation) -> None:
    """A page kept with the token of a cookie that is gone would send forms in vain."""
    first, second = Client(), Client()
    etag = seen(first, "/toolkit/")
    assert seen(second, "/toolkit/") != etag
    assert again(second, "/toolkit/", etag).status_code == 200
    assert seen(first, "/toolkit/table.csv") == seen(second, "/toolkit/table.csv")


@pytest.mark.parametrize("name", EVERY)
def test_who_is_signed_in_is_never_given_the_page_of_another_reader(
    name: str, kenya: Implementation
) -> None:
    private = make.implementation(make.party("VNM"))
    public = seen(Client(), EVERY[name])
    reader = signed_in(make.focal_point(private.party))
    answer = again(reader, EVERY[name], public)
    assert answer.status_code == 200
    assert "ETag" not in answer
    assert {"private", "no-store"} <= {one.strip() for one in answer["Cache-Control"].split(",")}
    reader.logout()
    assert "Viet Nam" not in reader.get(EVERY[name]).content.decode(errors="replace")


def test_a_message_that_waits_is_shown_though_the_page_did_not_change(
    kenya: Implementation,
) -> None:
    client = Client()
    etag = seen(client, "/toolkit/")
    focal_point = make.focal_point(kenya.party)
    client.force_login(focal_point)
    client.post(reverse("account_logout"))  # leaves a message for the next page
    answer = again(client, "/toolkit/", etag)
    assert answer.status_code == 200
    assert [one.level for one in answer.context["messages"]] == [constants.SUCCESS]


def test_what_documents_say_changes_the_page_too(kenya: Implementation) -> None:
    client = Client()
    etag = seen(client, "/toolkit/observations.csv")
    call_command("load_reference", verbosity=0)
    assert again(client, "/toolkit/observations.csv", etag).status_code == 200
    assert "SC66 Inf. 9" in page(client.get("/toolkit/?as_of=2015-11-09"))
