"""API keys at the desk: replaced with a time of overlap, marked and told of before they end."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from history.models import Event
from outbox.models import Message
from partners.models import ApiKey
from partners.tasks import remind_of_keys
from tests import make

pytestmark = pytest.mark.django_db

LIST = reverse("admin:partners_apikey_changelist")


def in_days(days: int) -> Any:
    return timezone.now().date() + timedelta(days=days)


def rotate(browser: Client, key: ApiKey, day: Any) -> Any:
    address = reverse("admin:partners_apikey_rotate", args=[key.pk])
    return browser.post(address, {"last_day": str(day)})


def held(days_left: int, **fields: Any) -> tuple[ApiKey, str]:
    key, token = make.api_key()
    ends = timezone.now() + timedelta(days=days_left)
    ApiKey.objects.filter(pk=key.pk).update(expires_at=ends, **fields)
    key.refresh_from_db()
    return key, token


def states(browser: Client, **asked: Any) -> dict[str, str]:
    page = browser.get(LIST, asked)
    model_admin = page.context["cl"].model_admin
    return {
        key.prefix: str(model_admin.state_here(key)).partition(">")[2].partition("<")[0]
        for key in page.context["cl"].result_list
    }


def test_after_a_replacement_both_keys_open_the_api_until_the_old_one_ends(lead: Client) -> None:
    holder = make.agency_officer()
    old, old_token = held(200, held_by=holder, scopes=["requests:read"])

    page = rotate(lead, old, in_days(7))

    new_token = page.context["token"]
    new = ApiKey.objects.for_token(new_token)
    old.refresh_from_db()
    assert (new.agency, new.label, new.scopes, new.held_by, new.replaces, new.created_by) == (
        old.agency, old.label, old.scopes, holder, old, make.the_lead(),
    )  # fmt: skip
    assert new.expires_at.date() == in_days(365)
    assert old.expires_at.date() == in_days(7)
    assert works(old_token) == works(new_token) == 200
    assert set(states(lead).values()) == {
        f"valid until {in_days(365).day} {in_days(365):%B %Y}",
        f"replaced, ends on {in_days(7).day} {in_days(7):%B %Y}",
    }
    with time_machine.travel(timezone.now() + timedelta(days=8)):
        assert (works(old_token), works(new_token)) == (403, 200)


def works(token: str) -> int:
    api = Client(headers={"Authorization": f"Api-Key {token}"})
    answer = api.get("/api/v1/requests/").status_code
    return 403 if answer in {401, 403} else answer


def test_the_new_secret_is_shown_once_and_stored_nowhere(lead: Client) -> None:
    old, _token = held(200)
    page = rotate(lead, old, in_days(7))
    token = page.context["token"]
    secret = token.partition(".")[2]
    assert "no-store" in page["Cache-Control"]
    new = ApiKey.objects.for_token(token)
    stored = [*Event.objects.values_list("changes", flat=True), *ApiKey.objects.values()]
    assert secret not in str(stored)
    for key in (old, new):
        for name in ("change", "history"):
            shown = lead.get(reverse(f"admin:partners_apikey_{name}", args=[key.pk]))
            assert secret not in shown.content.decode()
    kept = {(one.subject_id, one.kind) for one in Event.objects.all()}
    assert kept == {(old.pk, "partners.key_replaced"), (new.pk, "partners.key_issued")}


def test_a_key_is_replaced_once(lead: Client) -> None:
    old, _token = held(200)
    rotate(lead, old, in_days(7))
    page = rotate(lead, old, in_days(7))
    assert page.status_code == 302
    again = lead.get(page["Location"]).content.decode()
    assert "has taken the place of this key already" in again
    assert ApiKey.objects.count() == 2


@pytest.mark.parametrize("day", [-1, 31, 4000])
def test_the_overlap_lasts_at_most_thirty_days(lead: Client, day: int) -> None:
    old, _token = held(200)
    page = rotate(lead, old, in_days(day))
    assert page.status_code == 200
    assert "Choose a day between" in page.content.decode()
    assert list(ApiKey.objects.all()) == [old]


def test_a_replacement_never_prolongs_the_old_key(lead: Client) -> None:
    old, _token = held(3)
    ends = old.expires_at
    assert rotate(lead, old, in_days(20)).status_code == 200
    assert rotate(lead, old, in_days(3)).context["token"]
    old.refresh_from_db()
    assert old.expires_at == ends


def test_a_key_that_is_shut_is_not_replaced(lead: Client) -> None:
    gone, _token = held(-1)
    revoked, _token = held(50, revoked_at=timezone.now(), label="Other")
    for key in (gone, revoked):
        rotate(lead, key, in_days(0))
    assert set(ApiKey.objects.all()) == {gone, revoked}


@pytest.mark.parametrize("who", ["officer", "auditor", "focal_point", "agency_officer"])
def test_only_leads_replace_keys(who: str, request: Any) -> None:
    key, _token = held(200)
    browser = request.getfixturevalue(who)
    address = reverse("admin:partners_apikey_rotate", args=[key.pk])
    assert browser.get(address).status_code in {302, 403}
    assert rotate(browser, key, in_days(7)).status_code in {302, 403}
    assert list(ApiKey.objects.all()) == [key]
    if who in {"officer", "auditor"}:
        page = browser.get(reverse("admin:partners_apikey_change", args=[key.pk]))
        assert page.status_code == 200
        assert "Replace by a new key" not in page.content.decode()


def test_keys_that_end_soon_are_marked_and_found(auditor: Client) -> None:
    soon, _token = held(10)
    later, _token = held(100)
    over, _token = held(-1)
    assert set(states(auditor, state="ending")) == {soon.prefix}
    assert set(states(auditor, state="valid")) == {soon.prefix, later.prefix}
    assert set(states(auditor, state="over")) == {over.prefix}
    assert states(auditor)[soon.prefix].startswith("ends soon: on ")
    assert states(auditor)[later.prefix].startswith("valid until ")
    assert states(auditor)[over.prefix] == "run out"


def test_the_holder_of_a_key_that_ends_soon_is_told_once() -> None:
    holder, officer = make.agency_officer(), make.agency_officer()
    held(10, held_by=holder)
    system, _token = held(10, label="Feed reader")
    held(60, label="Later")
    replaced, _token = held(10, label="Replaced")
    ApiKey.objects.filter(pk=make.api_key()[0].pk).update(replaces=replaced)

    assert remind_of_keys() == 3
    with time_machine.travel(timezone.now() + timedelta(days=1)):
        assert remind_of_keys() == 0

    told = [(one.address, one.subject) for one in Message.objects.all()]
    day = f"{system.expires_at.day} {system.expires_at:%B %Y}"
    about = f"An API key of INTERPOL ends on {day}: "
    assert sorted(told) == sorted(
        [
            (holder.email, f"{about}Case system"),
            (holder.email, f"{about}Feed reader"),
            (officer.email, f"{about}Feed reader"),
        ]
    )


def test_a_list_that_is_wider_than_a_telephone_says_that_it_scrolls(lead: Client) -> None:
    said = "Scroll sideways to see all columns."
    assert said not in lead.get(LIST).content.decode()
    key, _token = make.api_key()
    assert said in lead.get(LIST).content.decode()
    page = lead.get(reverse("admin:partners_apikey_change", args=[key.pk])).content.decode()
    assert "Issued by" in page
