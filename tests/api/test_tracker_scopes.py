"""What a key reads of the tracker: as its agency with the scope for it, else as everybody does."""

from typing import Any

import pytest
from django.test import Client

from partners.models import Scope
from tests import make
from tests.test_routes import world

pytestmark = pytest.mark.django_db


def read(client: Client, case: dict[str, Any]) -> dict[str, tuple[int, Any]]:
    """The status and the whole answer of each address of the tracker."""
    lists = ["implementations", "changes", "assessments", "recommendations"]
    query = {"changes": "?from=2026-01-01&to=2026-03-01"}
    paths = [f"{name}/{query.get(name, '')}" for name in lists]
    paths += [f"assessments/{case['assessment'].pk}/", f"recommendations/{case['reported'].pk}/"]
    answers = {path: client.get(f"/api/v1/toolkit/{path}") for path in paths}
    return {path: (answer.status_code, answer.json()) for path, answer in answers.items()}


def test_a_key_of_the_lead_agency_without_the_scope_reads_the_tracker_as_everybody() -> None:
    case = world()
    interpol = make.agency("INTERPOL")
    every_other = [scope for scope in Scope.values if scope != Scope.TOOLKIT_READ]
    tokens = {scope: make.api_key(interpol, scopes)[1] for scope, scopes in (
        ("with", [Scope.TOOLKIT_READ]), ("without", every_other),
    )}  # fmt: skip
    found = {
        name: read(Client(headers={"Authorization": f"Api-Key {token}"}), case)
        for name, token in tokens.items()
    }

    assert {status for status, _said in found["with"].values()} == {200}
    assert found["without"] == read(Client(), case)
    # With the scope it reads more at each: there is something that could have leaked.
    same = [path for path in found["with"] if found["with"][path] == found["without"][path]]
    assert same == []
