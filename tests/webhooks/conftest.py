"""Two agencies with keys, the demo's leave to call loopback, and a hand on the worker."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from partners.models import Agency, ApiKey
from tests import make
from tests.api.conftest import Caller, with_key
from tests.webhooks.receiver import Receiver
from webhooks import delivering, subscribing
from webhooks.models import Webhook
from workflow.sealing import unseal


@pytest.fixture(autouse=True)
def loopback_may_be_called(settings: Any) -> None:
    settings.DEMO = True


@pytest.fixture
def interpol(db: None) -> SimpleNamespace:
    """INTERPOL with a key of every scope, and the Secretariat that refers to it."""
    agency = make.agency("INTERPOL")
    key, token = make.api_key(agency)
    return SimpleNamespace(agency=agency, key=key, caller=with_key(token))


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as listening:
        yield listening


def subscribe(key: ApiKey, url: str, **said: Any) -> Webhook:
    return subscribing.make(by=key, label=said.pop("label", "Case system"), url=url, **said)


@pytest.fixture
def webhook(interpol: SimpleNamespace, receiver: Receiver) -> Webhook:
    return subscribe(interpol.key, receiver.url)


def secret_of(webhook: Webhook) -> str:
    webhook.refresh_from_db()
    return unseal(webhook.secret)


def deliver() -> int:
    """What a woken worker does."""
    return delivering.work(2)


def other_agency() -> tuple[Agency, ApiKey, Caller]:
    agency = make.agency("WCO")
    key, token = make.api_key(agency)
    return agency, key, with_key(token)
