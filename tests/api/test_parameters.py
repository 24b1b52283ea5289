"""No address of the API ignores what stands in its query string."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from drf_spectacular.generators import SchemaGenerator

from partners.rates import KeyThrottle
from tests import make
from tests.api.conftest import Caller, with_key

pytestmark = pytest.mark.django_db

Call = tuple[str, str, set[str]]


@pytest.fixture(autouse=True)
def unthrottled(monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    for name in ("rate", "download_rate"):
        monkeypatch.setattr(KeyThrottle, name, "1000000/min")


@pytest.fixture
def agency() -> Caller:
    return with_key(make.api_key(make.agency("INTERPOL"))[1])


def calls() -> Iterator[Call]:
    """Method, address and parameters of all that is described. The rows need not exist: the
    parameters are judged before anything is looked for."""
    described = SchemaGenerator().get_schema(request=None, public=True)
    known = {"reference": "2026-KEN-001", "code": "KEN", "key": "toolkit"}
    for path, operations in described["paths"].items():
        address = re.sub(r"{(\w+)}", lambda found: known.get(found[1], "1"), path)
        for method, operation in operations.items():
            taken = [_whole(one, described) for one in operation.get("parameters", [])]
            yield method, address, {one["name"] for one in taken if one["in"] == "query"}


def _whole(parameter: dict[str, Any], described: Any) -> Any:
    name = parameter.get("$ref", "").rpartition("/")[2]
    return described["components"]["parameters"][name] if name else parameter


def test_every_address_refuses_by_name_what_it_does_not_know(agency: Caller) -> None:
    seen = list(calls())
    assert {method for method, _address, _operation in seen} == {"get", "post"}
    for method, address, names in seen:
        answer = getattr(agency, method)(f"{address}?colour=red")
        assert answer.status_code == 400, (method, address, answer.content[:200])
        known = ", ".join(sorted(names)) or "none"
        sentence = f"There is no such parameter here. Known are: {known}."
        assert answer.json()["errors"] == {"colour": [sentence]}, (method, address)


def test_every_reading_refuses_fields_that_it_does_not_have(agency: Caller) -> None:
    reading = [address for _method, address, names in calls() if "fields" in names]
    assert len(reading) > 20
    for address in reading:
        answer = agency.get(f"{address}?fields=id,nonsense")
        assert answer.status_code == 400, (address, answer.content[:200])
        assert "There is no field" in answer.json()["errors"]["fields"][0], address


def test_who_calls_comes_before_what_is_asked() -> None:
    key = make.api_key(make.agency("INTERPOL"), ["events:read"])[1]
    assert Caller().get("requests/?colour=red").status_code == 401
    assert with_key(key).get("requests/?colour=red").status_code == 403


def test_a_method_that_there_is_not_is_told_so(agency: Caller) -> None:
    answer = agency.post("me/?colour=red")
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


def test_a_part_of_a_webhook_can_be_asked_for(agency: Caller) -> None:
    webhook = make.webhook(make.agency("INTERPOL"))
    answer = agency.get(f"webhooks/{webhook.pk}/?fields=label,previous_until")
    assert answer.json() == {"label": webhook.label, "previous_until": None}


def test_of_a_nested_field_the_whole_is_to_be_had(agency: Caller) -> None:
    for address in ("referrals/", "events/"):
        whole = "request" if address == "referrals/" else "subject"
        refused = agency.get(f"{address}?fields=id,{whole}.reference")
        assert refused.json()["errors"] == {
            "fields": [f"Only whole fields can be had: “{whole}”."]
        }, address
    assert (
        "There is no field" in agency.get("referrals/?fields=no.such").json()["errors"]["fields"][0]
    )


def test_an_address_without_its_last_slash_is_refused_in_words_where_a_redirect_would_lose_the_call(
    agency: Caller,
) -> None:
    path = f"/api/v1/referrals/{make.referral(state='sent').pk}/actions/accept"
    refused = agency.client.post(path, {}, content_type="application/json")
    assert (refused.status_code, refused["Content-Type"]) == (404, "application/problem+json")
    said = f"There is nothing here. Addresses end in a slash: try http://testserver{path}/."
    assert (refused.json()["code"], refused.json()["detail"]) == ("not_found", said)
    read = agency.client.get("/api/v1/referrals?state=sent")
    assert (read.status_code, read["Location"]) == (301, "/api/v1/referrals/?state=sent")
