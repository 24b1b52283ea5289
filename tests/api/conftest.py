"""A world with something to leak for everybody, and every kind of caller."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import URLResolver
from django.utils import timezone

import iccwc_client.trying
from partners.models import Scope
from tests import make
from tests.api import served
from tests.api.lossy_way import Way
from toolkit.workflow import load_table_row, observe
from workflow.executor import perform

READ = [Scope.REQUESTS_READ, Scope.TOOLKIT_READ, Scope.EVENTS_READ]


@dataclass
class Caller:
    """Somebody who calls the API, by key, by session, or as nobody."""

    client: Client = field(default_factory=Client)

    def get(self, path: str, **kwargs: Any) -> Any:
        return self.client.get(_address(path), **kwargs)

    def post(self, path: str, body: Any = None, **kwargs: Any) -> Any:
        """An action is done whatever the object is now, unless the test says what was read."""
        kwargs.setdefault("content_type", "application/json")
        if "/actions/" in path and "headers" not in kwargs:
            kwargs["headers"] = {"if-match": "*"}
        return self.client.post(_address(path), {} if body is None else body, **kwargs)

    def rows(self, path: str, name: str) -> list[Any]:
        """One field of every row of a list that fits on a page."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.content
        return [row[name] for row in answer.json()["results"]]


def names_of(allowed: list[dict[str, Any]]) -> list[str]:
    """The names in `allowed_actions` of a detail."""
    return [one["action"] for one in allowed]


def _address(path: str) -> str:
    return path if path.startswith(("/", "http")) else f"/api/v1/{path}"


def with_key(token: str) -> Caller:
    return Caller(Client(headers={"authorization": f"Api-Key {token}"}))


def signed_in(user: Any) -> Caller:
    client = Client()
    client.force_login(user)
    client.get("/healthz")  # the first page of a session also writes down the session
    return Caller(client)


@pytest.fixture
def world(db: None) -> SimpleNamespace:
    """Kenya asked INTERPOL; Viet Nam asked WCO; Peru has a request that nobody was asked about,
    a draft, and one that it is correcting; Gabon's Toolkit is public, Kenya's is not."""
    kenya, vietnam, peru, gabon = (make.party(code) for code in ("KEN", "VNM", "PER", "GAB"))
    interpol, wco = make.agency("INTERPOL"), make.agency("WCO")
    world = SimpleNamespace(kenya=kenya, vietnam=vietnam, peru=peru, interpol=interpol, wco=wco)
    world.focal_point = make.focal_point(kenya)
    world.officer = make.officer()
    world.asked_interpol = make.request_in("referred", of=kenya, situation="Secret of Kenya.")
    world.asked_wco = make.request_in(
        "referred", of=vietnam, agencies=("WCO",), situation="Secret of Viet Nam."
    )
    world.asked_nobody = make.request_in("submitted", of=peru, situation="Secret of Peru.")
    world.corrected = make.request_in("returned", of=peru, situation="Being corrected.")
    world.draft = make.draft(of=peru, situation="Not sent.")
    world.referral = world.asked_interpol.referrals.get()
    world.referral_of_wco = world.asked_wco.referrals.get()
    world.letter = world.asked_interpol.attachments.get()
    world.private = make.implementation(kenya, lead_agency=interpol)
    world.public = load_table_row(
        gabon, ["request"], as_of=date(2015, 11, 9), source="CITES SC66 Inf. 9"
    )
    observe(
        gabon,
        effective_on=date(2016, 1, 31),
        precision="month",
        instrument="toolkit",
        status="in_process",
        step="",
        date_in_source="January 2016",
        source="CITES SC66 Doc. 16",
        source_url="",
        note="",
        is_approximate=False,
    )
    return world


@pytest.fixture
def callers(world: SimpleNamespace) -> dict[str, Caller]:
    """Everybody who may come, each by the name that the tests' tables use."""
    return {
        "nobody": Caller(),
        "INTERPOL": with_key(make.api_key(world.interpol)[1]),
        "WCO": with_key(make.api_key(world.wco)[1]),
        "reading key": with_key(make.api_key(world.interpol, READ)[1]),
        "key without scope": with_key(make.api_key(world.interpol, ["webhooks:manage"])[1]),
        "expired key": with_key(expired(make.api_key(world.interpol))),
        "revoked key": with_key(revoked(make.api_key(world.interpol))),
        "key of the Secretariat": with_key(make.api_key(make.secretariat())[1]),
        "Kenya": signed_in(world.focal_point),
        "Viet Nam": signed_in(make.focal_point(world.vietnam)),
        "Peru": signed_in(make.focal_point(world.peru)),
        "officer of INTERPOL": signed_in(make.agency_officer(world.interpol)),
        "Secretariat": signed_in(world.officer),
        "stranger": signed_in(make.person()),
    }


@pytest.fixture
def way(db: None, monkeypatch: pytest.MonkeyPatch) -> Way:
    """For the Python client."""
    found = Way()
    monkeypatch.setattr(iccwc_client.trying.time, "sleep", found.pause)
    return found


@pytest.fixture
def referral(db: None) -> Any:
    return make.referral(make.agency("INTERPOL"))


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Any]]:
    """A running portal, for tests that call it as others do."""
    with served.elsewhere(tmp_path_factory.mktemp("portal") / "log") as known:
        yield known


def expired(made: tuple[Any, str]) -> str:
    key, token = made
    key.expires_at = timezone.now() - timedelta(seconds=1)
    key.save()
    return token


def revoked(made: tuple[Any, str]) -> str:
    key, token = made
    key.revoked_at = timezone.now()
    key.save()
    return token


def recalled(world: SimpleNamespace) -> Any:
    """The referral to WCO, taken back: WCO no longer sees the request."""
    perform("recall", world.referral_of_wco, by=world.officer, data={"reason": "Sent in error."})
    return world.referral_of_wco


def views_below(resolver: URLResolver) -> Iterator[tuple[str, Any]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            yield from ((f"{entry.pattern}{rest}", view) for rest, view in views_below(entry))
        else:
            yield str(entry.pattern), entry.callback
