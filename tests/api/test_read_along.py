"""What is read along with a key is shown as that key now is: not as it was a call ago."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from partners.models import Agency, ApiKey, Mandate
from tests import make
from tests.api.conftest import Caller, with_key

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["requests", "referrals"])
def place(request: pytest.FixtureRequest) -> tuple[Any, str]:
    """A referral, and the address of its request or its own."""
    referral = make.referral()
    handle = referral.support_request.handle if request.param == "requests" else referral.pk
    return referral, f"{request.param}/{handle}/"


def a_reader(of: Any, path: str) -> tuple[Any, Caller]:
    """A key that has read it twice: the second time along with itself."""
    key, token = make.api_key(of)
    caller = with_key(token)
    first, second = (caller.get(path) for _time in range(2))
    assert first.status_code == 200
    assert first.json() == second.json()
    return ApiKey.objects.filter(pk=key.pk), caller


def queries(caller: Caller, path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert caller.get(path).status_code == 200
    return len(captured)


def test_postgresql_is_asked_once_for_a_key_that_has_read_before(place: tuple[Any, str]) -> None:
    referral, path = place
    _key, caller = a_reader(referral.agency, path)
    parts = {"requests": 3, "referrals": 2}[path.partition("/")[0]]
    at_once = connection.vendor == "postgresql"
    assert queries(caller, path) == (1 if at_once else 1 + parts)


def now() -> Any:
    return timezone.now()


CHANGES: dict[str, tuple[Callable[[], dict[str, Any]], int]] = {
    "revoked": (lambda: {"revoked_at": now()}, 401),
    "expired": (lambda: {"expires_at": now() - timedelta(seconds=1)}, 401),
    "another secret": (lambda: {"digest": "0" * 64}, 401),
    "held by nobody's officer": (lambda: {"held_by": make.focal_point()}, 401),
    "from elsewhere only": (lambda: {"networks": ["192.0.2.0/24"]}, 403),
    "without the scope": (lambda: {"scopes": ["toolkit:read"]}, 403),
    "another agency's": (lambda: {"agency": make.agency("UNODC")}, 404),
    "the Secretariat's": (lambda: {"agency": Agency.objects.coordinator()}, 404),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_key_that_was_changed_a_moment_ago_reads_nothing_more(
    place: tuple[Any, str], change: str
) -> None:
    referral, path = place
    key, caller = a_reader(referral.agency, path)
    seen = caller.get(path)["ETag"]
    fields, status = CHANGES[change]
    key.update(**fields())
    for said in ({}, {"if-none-match": seen}, {"if-none-match": "*"}):
        answer = caller.get(path, headers=said)
        assert answer.status_code == status
        assert "ETag" not in answer
        assert referral.support_request.party.name_en not in answer.content.decode()


def test_a_key_whose_holder_is_no_officer_any_more_reads_nothing_more(
    place: tuple[Any, str],
) -> None:
    referral, path = place
    key, caller = a_reader(referral.agency, path)
    officer = make.agency_officer(referral.agency)
    key.update(held_by=officer)
    assert caller.get(path).status_code == 200
    Mandate.objects.filter(user=officer).delete()
    assert caller.get(path).status_code == 401


def test_a_key_that_became_another_agencys_reads_what_that_agency_may(
    place: tuple[Any, str],
) -> None:
    referral, path = place
    other = make.agency("UNODC")
    theirs = make.referral(other)
    key, caller = a_reader(referral.agency, path)
    key.update(agency=other)
    kind = path.partition("/")[0]
    handle = theirs.support_request.handle if kind == "requests" else theirs.pk
    assert caller.get(path).status_code == 404
    assert caller.get(f"{kind}/{handle}/").status_code == 200
    assert caller.get(f"{kind}/{handle}/").status_code == 200


def test_who_has_the_name_of_a_key_and_not_its_secret_has_nothing_read(
    place: tuple[Any, str],
) -> None:
    referral, path = place
    _key, caller = a_reader(referral.agency, path)
    name = _key.get().prefix
    with CaptureQueriesContext(connection) as captured:
        assert with_key(f"{name}.wrong").get(path).status_code == 401
    assert not any("requests_app" in one["sql"] for one in captured)
    assert len(captured) == queries_of_an_unknown_key(path)


def queries_of_an_unknown_key(path: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert with_key("iccwc_00000000.wrong").get(path).status_code == 401
    return len(captured)


@pytest.mark.parametrize("change", CHANGES)
def test_a_key_that_was_changed_a_moment_ago_does_nothing_more(change: str) -> None:
    referral = make.referral()
    path = f"referrals/{referral.pk}/"
    key, caller = a_reader(referral.agency, path)
    body = {"subject": "Ports", "text": "Which ports are meant?"}
    assert caller.post(f"{path}actions/ask/", body).status_code == 201
    fields, status = CHANGES[change]
    key.update(**fields())
    assert caller.post(f"{path}actions/ask/", body).status_code == status
    assert referral.support_request.threads.count() == 1


def test_what_is_acted_on_is_what_the_address_names() -> None:
    one, other = make.referral(), make.referral()
    _key, caller = a_reader(one.agency, f"referrals/{one.pk}/")
    for referral in (one, other):
        answer = caller.post(f"referrals/{referral.pk}/actions/accept/", {"comment": "Yes."})
        assert (answer.status_code, answer.json()["id"]) == (200, referral.pk)
    assert caller.post(f"referrals/{10**30}/actions/accept/").status_code == 404
