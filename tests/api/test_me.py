"""What the caller is told about itself."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from partners import granting
from tests import make
from tests.api.conftest import Caller, signed_in, with_key

pytestmark = pytest.mark.django_db


def test_a_key_reads_what_it_is() -> None:
    make.api_key(make.agency("WCO"))
    key, token = make.api_key(scopes=["events:read"])
    granting.limit_key(key, networks=["127.0.0.0/8"], calls_a_minute=90, by=make.the_lead())
    key.refresh_from_db()
    # A key ends with a day: the desk names that day, and this is its last moment.
    expires = f"{key.last_day}T23:59:59.999999Z"
    assert with_key(token).get("me/").json() == {
        "kind": "key",
        "agency": {"code": "INTERPOL", "name": "INTERPOL"},
        "key": {
            "prefix": key.prefix,
            "label": key.label,
            "scopes": ["events:read"],
            "networks": ["127.0.0.0/8"],
            "expires_at": expires,
            "replaced_by": None,
        },
        "mandates": [],
        "rate": {"calls": 90, "seconds": 60},
    }


def test_an_old_key_reads_which_one_takes_its_place() -> None:
    key, token = make.api_key()
    last_day = timezone.now().date() + timedelta(days=3)
    new, _token = granting.rotate_key(key, last_day=last_day, by=make.the_lead())
    assert with_key(token).get("me/").json()["key"]["replaced_by"] == new.prefix


def test_people_read_their_mandates() -> None:
    officer = make.agency_officer(make.agency("WCO"))
    body: dict[str, Any] = signed_in(officer).get("me/").json()
    agency = body.pop("agency")
    assert agency["code"] == "WCO"
    make.mandate(officer, "officer", make.agency("INTERPOL"))
    assert signed_in(officer).get("me/").json()["agency"] is None, "of two none is theirs alone"
    assert body == {
        "kind": "person",
        "key": None,
        "mandates": [{"role": "officer", "agency": "WCO", "party": None}],
        "rate": {"calls": 600, "seconds": 60},
    }


def test_nobody_is_asked_who_they_are() -> None:
    assert Caller().get("me/").status_code == 401
    assert with_key(make.api_key()[1]).get("me/?unknown=1").status_code == 400
