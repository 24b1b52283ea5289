"""Saved views: an officer's own ways to look at the queue."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from requests_app.models import SavedView
from requests_app.saved_views import MOST
from tests import make

pytestmark = pytest.mark.django_db

QUEUE = reverse("admin:requests_app_supportrequest_changelist")
VIEWS = reverse("admin:requests_app_supportrequest_views")


def save(browser: Client, name: str, query: str = "queue=mine&urgency__exact=high") -> Any:
    return browser.post(VIEWS, {"name": name, "query": query})


def one_view(view: SavedView, what: str) -> str:
    return reverse("admin:requests_app_supportrequest_view", args=[view.pk, what])


def in_sidebar(browser: Client, address: str = QUEUE) -> list[tuple[str, str, bool]]:
    beside = browser.get(address).context["sidebar"]
    return [(one.label, one.url, one.is_open) for one in beside.views]


def test_what_the_list_shows_is_kept_under_a_name_and_opened_from_any_page(
    officer: Client, lead: Client
) -> None:
    done = save(officer, "  Urgent,   mine ", "?urgency__exact=high&p=3&queue=mine&o=-4&q=ivory")
    address = f"{QUEUE}?o=-4&q=ivory&queue=mine&urgency__exact=high"
    assert done.url == address
    index = reverse("admin:index")
    assert in_sidebar(officer, index) == [("Urgent, mine", address, False)]
    assert in_sidebar(officer, f"{address}&p=1") == [("Urgent, mine", address, True)]
    assert in_sidebar(lead, index) == []
    assert officer.get(address).context["query"] == address.partition("?")[2]


@pytest.mark.parametrize(
    ("name", "query", "sentence"),
    [
        ("", "", "Give the view a name."),
        ("   ", "", "Give the view a name."),
        ("x" * 61, "", "Use at most 60 characters for the name."),
        ("MINE", "", "You have a view called “MINE” already. Choose another name."),
        ("Long", "q=" + "x" * 1000, "This view has too many filters to be kept."),
    ],
)
def test_a_view_that_cannot_be_kept_says_why_and_loses_nothing(
    officer: Client, name: str, query: str, sentence: str
) -> None:
    save(officer, "Mine")
    page = save(officer, name, query)
    text = page.content.decode()
    assert page.status_code == 200
    assert sentence in text
    assert f'value="{name}"' in text or not name
    assert SavedView.objects.count() == 1


def test_there_is_an_end_to_the_list_of_views(officer: Client) -> None:
    for number in range(MOST):
        save(officer, f"View {number}")
    assert "You have 30 saved views already. Delete one first." in (
        save(officer, "One more").content.decode()
    )
    assert SavedView.objects.count() == MOST


def test_a_view_gets_another_name_and_is_deleted_by_its_owner_on_post_alone(
    officer: Client, lead: Client
) -> None:
    save(officer, "Mine")
    save(officer, "Late")
    view = SavedView.objects.get(name="Mine")
    for what in ("rename", "delete"):
        assert officer.get(one_view(view, what)).status_code == 405
        assert lead.post(one_view(view, what), {f"view{view.pk}-name": "X"}).status_code == 404
    taken = officer.post(one_view(view, "rename"), {f"view{view.pk}-name": "late"})
    assert "You have a view called “late” already." in taken.content.decode()
    assert officer.post(one_view(view, "rename"), {f"view{view.pk}-name": "Ours"}).url == VIEWS
    named = SavedView.objects.values_list("name", "query")
    query = "queue=mine&urgency__exact=high"
    assert list(named) == [("Late", query), ("Ours", query)]
    officer.post(one_view(view, "delete"))
    assert officer.post(one_view(view, "delete")).status_code == 404
    assert list(SavedView.objects.values_list("name", flat=True)) == ["Late"]


def test_others_neither_read_nor_keep_views(focal_point: Client, officer: Client) -> None:
    save(officer, "Mine")
    assert focal_point.get(VIEWS).status_code == 302
    assert save(focal_point, "Theirs").status_code == 302
    assert SavedView.objects.count() == 1


def test_a_view_of_nonsense_opens_a_list(officer: Client) -> None:
    done = save(officer, "Odd", "queue=nonsense&no__such=1&o=99&p=x")
    page = officer.get(done.url, follow=True)
    assert page.status_code in {200, 400}
    assert make.the_officer().pk == SavedView.objects.get().user_id
