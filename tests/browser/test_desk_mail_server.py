"""A mail server that is away while the desk works: the action stands, the message waits and the
page says so; when the server is back the message arrives once."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from outbox.models import Message
from outbox.tasks import sweep
from partners.models import Party
from tests import make
from tests.servers.mailbox import Mailbox

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def away(settings: Any) -> Mailbox:
    """A mail server whose address the portal has, and which nobody has started."""
    server = Mailbox()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_TIMEOUT = 2
    return server


def test_an_action_stands_while_the_mail_server_is_away_and_its_mail_arrives_once_it_is_back(
    visit: Callable[..., Page], away: Mailbox
) -> None:
    kenya = Party.objects.get(code="KEN")
    focal_point = make.focal_point(kenya)
    case = make.request_in("in_review", of=kenya, by=focal_point)
    Message.objects.all().delete()  # those of how it came there
    page = visit(make.officer())
    page.goto(f"/admin/requests_app/supportrequest/{case.pk}/actions/advise/")
    page.get_by_label("Advice to the country").fill("Nominate a person.")
    page.get_by_role("button", name="Advise on next steps").click()
    page.wait_for_url("**/change/")
    owed = Message.objects.get()
    assert owed.address == focal_point.email
    assert page.locator(".messagelist").inner_text() == (
        "Advised on next steps. 1 message is on its way."
    )

    assert sweep() == 0  # as the worker does, every ten seconds
    page.reload()
    said = page.locator("section:has(#sent)").inner_text()
    for words in ("Will be tried again", "The mail server cannot be reached."):
        assert words in said
    assert Message.objects.get().state == "failed"

    with Mailbox(port=away.port) as back:
        Message.objects.update(next_try_at=owed.next_try_at)
        assert [sweep(), sweep()] == [1, 0]
        assert back.counts() == {owed.message_id: 1}
    page.reload()
    said = page.locator("section:has(#sent)").inner_text()
    assert "Sent," in said
    assert "cannot be reached" not in said
