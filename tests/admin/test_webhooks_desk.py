"""Webhooks at the desk: the Secretariat sees how they are, a lead pauses and resumes them."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import make
from tests.webhooks.conftest import subscribe
from webhooks.models import Webhook

pytestmark = pytest.mark.django_db

LIST = reverse("admin:webhooks_webhook_changelist")


@pytest.fixture
def webhook(settings: Any) -> Webhook:
    settings.DEMO = True
    return subscribe(make.api_key()[0], "http://127.0.0.1:9/hook?token=of-the-receiver")


def _page(webhook: Webhook) -> str:
    return reverse("admin:webhooks_webhook_change", args=[webhook.pk])


def _act(webhook: Webhook, action: str) -> str:
    return reverse("admin:webhooks_webhook_act", args=[webhook.pk, action])


def test_a_lead_pauses_and_resumes_and_others_only_read(
    webhook: Webhook, lead: Client, officer: Client, auditor: Client
) -> None:
    for browser in (officer, auditor):
        page = browser.get(_page(webhook))
        assert page.status_code == 200
        assert _act(webhook, "pause") not in page.content.decode()
        assert browser.post(_act(webhook, "pause"), {"version": 0}).status_code == 403
    assert _act(webhook, "pause") in lead.get(_page(webhook)).content.decode()
    assert lead.get(_act(webhook, "pause")).status_code == 200
    assert lead.post(_act(webhook, "pause"), {"version": 0}).status_code == 302
    webhook.refresh_from_db()
    assert (webhook.state, webhook.paused_why) == ("paused", "asked")
    assert lead.post(_act(webhook, "resume"), {"version": 1}).status_code == 302
    webhook.refresh_from_db()
    assert webhook.state == "active"
    for action in ("rotate_secret", "change", "suspend", "send_test", "replay", "nothing"):
        assert (action, lead.get(_act(webhook, action)).status_code) == (action, 404)


def test_no_page_shows_a_secret_or_the_whole_address(webhook: Webhook, lead: Client) -> None:
    for address in (LIST, _page(webhook), f"{LIST}{webhook.pk}/history/"):
        shown = lead.get(address).content.decode()
        assert "of-the-receiver" not in shown
        assert webhook.secret not in shown
        assert "whsec_" not in shown


def test_the_list_asks_as_much_for_many_as_for_one(webhook: Webhook, lead: Client) -> None:
    lead.get(LIST)
    with CaptureQueriesContext(
        connection,
    ) as for_one:
        lead.get(LIST)
    for number in range(9):
        subscribe(webhook.created_with, webhook.url, label=f"No. {number}")  # type: ignore[arg-type]
    with CaptureQueriesContext(connection) as for_ten:
        lead.get(LIST)
    assert len(for_one) == len(for_ten) <= 12
    with CaptureQueriesContext(connection) as of_page:
        lead.get(_page(webhook))
    assert len(of_page) <= 18


def test_the_page_of_health_counts_what_the_portal_paused(webhook: Webhook, lead: Client) -> None:
    Webhook.objects.update(failures=3)
    shown = lead.get(reverse("admin:health")).content.decode()
    assert "Failing now, will be tried again" in shown
    assert f"{LIST}?state__exact=paused" in shown


def test_the_page_that_revokes_a_key_says_what_becomes_of_its_webhooks(
    webhook: Webhook, lead: Client
) -> None:
    assert webhook.created_with
    page = lead.get(reverse("admin:partners_apikey_revoke", args=[webhook.created_with.pk]))
    assert "Webhooks that were made with it are paused" in page.content.decode()
