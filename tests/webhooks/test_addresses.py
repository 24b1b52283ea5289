"""Webhooks lead to public addresses, whatever a name says the second time it is asked."""

import socket
from types import SimpleNamespace
from typing import Any

import pytest

from outbox.public_addresses import is_public
from tests import make
from tests.webhooks.conftest import deliver, subscribe
from tests.webhooks.receiver import Receiver
from webhooks.models import Webhook

pytestmark = pytest.mark.django_db


@pytest.fixture
def outside_the_demo(settings: Any) -> None:
    settings.DEMO = False


class Names:
    """A resolver that gives, for each look-up, the next of some answers; the last one for ever."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
        self.answers, self.asked = list(answers), 0
        monkeypatch.setattr(socket, "getaddrinfo", self)

    def __call__(self, host: Any, port: Any, *args: Any, **kwargs: Any) -> list[Any]:
        self.asked += 1
        address = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        return [(family, socket.SOCK_STREAM, 6, "", (address, port or 0))]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254",
        "0.0.0.0", "100.64.0.1",  # noqa: S104
        "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.2.1",
        "198.18.0.1", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1",
        "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a00:1",
        "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1",
        "192.0.0.9", "192.88.99.1", "3fff::1", "fec0::1", "::ffff:192.0.0.9",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public_are_refused_when_a_webhook_is_made(
    interpol: SimpleNamespace,
    outside_the_demo: None,
    monkeypatch: pytest.MonkeyPatch,
    address: str,
) -> None:
    Names(monkeypatch, address)
    body = {"label": "Inside", "url": "https://receiver.example.org/"}
    refused = interpol.caller.post("webhooks/", body)
    assert refused.status_code == 400
    assert "not public" in refused.json()["errors"]["url"][0]
    assert not Webhook.objects.exists()


def test_a_new_address_that_is_not_public_is_refused_too(
    interpol: SimpleNamespace,
    receiver: Receiver,
    outside_the_demo: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Names(monkeypatch, "8.8.8.8", "10.0.0.1")
    body = {"label": "Turns", "url": "https://receiver.example.org/"}
    made = interpol.caller.post("webhooks/", body)
    refused = interpol.caller.post(
        f"webhooks/{made.json()['id']}/actions/change/",
        {"url": "https://inside.example.org/"},
        headers={"if-match": made["ETag"]},
    )
    assert refused.status_code == 400
    assert "not public" in refused.json()["errors"]["url"][0]
    assert Webhook.objects.get().url == "https://receiver.example.org/"


@pytest.mark.parametrize("address", ["8.8.8.8", "2606:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


def test_outside_the_demo_only_https_will_do(
    interpol: SimpleNamespace, outside_the_demo: None
) -> None:
    body = {"label": "Plain", "url": "http://example.org/"}
    refused = interpol.caller.post("webhooks/", body)
    assert "https://" in refused.json()["errors"]["url"][0]


def test_a_name_that_turns_inwards_later_reaches_nothing(
    interpol: SimpleNamespace,
    receiver: Receiver,
    outside_the_demo: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = Names(monkeypatch, "8.8.8.8", "127.0.0.1")
    url = f"https://receiver.example.org:{receiver.port}/"
    made = interpol.caller.post("webhooks/", {"label": "Turns", "url": url})
    assert (made.status_code, names.asked) == (201, 1)
    webhook = Webhook.objects.get()
    make.request_in("referred")

    assert deliver() == 0

    webhook.refresh_from_db()
    assert webhook.last_error == "address 127.0.0.1"
    assert receiver.got == []
    assert names.asked == 2


def test_the_connection_goes_to_the_address_that_was_judged(
    interpol: SimpleNamespace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """One look-up for a connection: a second one, which would give another address, is not made."""
    names = Names(monkeypatch, "127.0.0.1", "203.0.113.7")
    subscribe(interpol.key, f"http://receiver.example.org:{receiver.port}/")
    make.request_in("submitted", of=make.party("PER"))
    make.conversation(make.request_in("referred"))

    made = deliver()

    assert made == len(receiver.got) > 0
    connections = {headers["Host"] for headers, _body in receiver.got}
    assert connections == {f"receiver.example.org:{receiver.port}"}
    assert names.asked == 1


def test_no_proxy_of_the_environment_is_used(
    interpol: SimpleNamespace, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Receiver() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        subscribe(interpol.key, receiver.url)
        make.request_in("referred")
        assert deliver() == len(receiver.got) > 0
        assert proxy.got == []
