"""Nothing but the workflow changes a state: forged fields sent to every page, desk and API.

The rows are read past the ORM before and after. Who sends is entitled to open the page: a
stranger is refused for another reason.
"""

from typing import Any

import pytest
from django.contrib import admin
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests import make
from tests.admin.conftest import BACKEND
from tests.test_routes import LEFT_OUT, _plain, address, routes, world
from tests.workflow.rows import FOLLOWS, FORGED, another_state, one_of_each, stored
from workflow.executor import tables

pytestmark = pytest.mark.django_db

MODELS = {table.name: table.model for table in tables()}


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user, BACKEND)
    return client


def forged(row: Any) -> dict[str, Any]:
    """What a form would send if it had fields for what only the workflow writes."""
    return {"state": another_state(row), "version": "4711", **FORGED}


def as_formset(row: Any, prefix: str) -> dict[str, Any]:
    """The same as the one row of a list edit or of an inline."""
    counts = {"TOTAL_FORMS": 1, "INITIAL_FORMS": 1, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    fields = {"id": row.pk, **forged(row)}
    return {
        **{f"{prefix}-{name}": number for name, number in counts.items()},
        **{f"{prefix}-0-{name}": value for name, value in fields.items()},
    }


def pages_of(model: Any, pk: int | None = None) -> list[str]:
    """The desk's pages of one model that exist: list, add, and of a row its change and delete."""
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
    found = []
    for page, args in (("changelist", []), ("add", []), ("change", [pk]), ("delete", [pk])):
        try:
            found.append(reverse(f"{name}_{page}", args=args))
        except NoReverseMatch:
            continue
    return found


def valid_form(client: Client, page: str) -> dict[str, Any]:
    """What a browser would send of the page's own form, so that it does not fail for want of it."""
    context = client.get(page).context
    shown = context and context.get("adminform")
    if not shown:
        return {}
    sent = {bound.html_name: bound.value() for bound in shown.form}
    return {name: value for name, value in sent.items() if value not in (None, "")}


@pytest.mark.parametrize("name", sorted(MODELS))
def test_forms_of_the_desk_change_no_state(name: str) -> None:
    row = one_of_each()[name]
    clients = [signed_in(make.the_lead()), signed_in(make.the_officer())]
    before = stored()
    pages = pages_of(MODELS[name], row.pk)
    for client in clients:
        for page in pages:
            answer = client.post(page, {**forged(row), **as_formset(row, "form"), "_save": "Save"})
            assert answer.status_code != 500
    assert stored() == before
    # Steps and recommendations are read on the page of their implementation.
    assert bool(pages) == (name not in {"toolkit.step", "toolkit.recommendations"})


@pytest.mark.parametrize("name", sorted(MODELS))
def test_forms_of_related_records_change_no_state_by_an_inline(name: str) -> None:
    """Every record of the desk that can be saved there, sent with a formset of the model's rows."""
    row = one_of_each()[name]
    client = signed_in(make.the_lead())
    before, saved = stored(), 0
    prefixes = {row._meta.model_name, f"{row._meta.model_name}_set"}
    for related in row._meta.related_objects:
        prefixes.add(related.get_accessor_name() or "")
    for field in row._meta.fields:
        if field.is_relation:
            prefixes.add(field.remote_field.get_accessor_name() or "")
    inlines: dict[str, Any] = {}
    for prefix in sorted(prefixes - {"", "+"}):
        inlines |= as_formset(row, prefix)
    for model in admin.site._registry:
        there = model._base_manager.order_by("pk").first()
        if there is None or model in MODELS.values():
            continue
        page = reverse(
            f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[there.pk]
        )
        sent = {**valid_form(client, page), **inlines, **forged(row), "_save": "Save"}
        answer = client.post(page, sent)
        assert answer.status_code != 500
        saved += answer.status_code == 302
    assert saved, "no form was saved at all: the test would show nothing"
    assert stored() == before


@pytest.mark.parametrize("name", sorted(MODELS))
def test_actions_on_many_rows_change_no_state_by_a_forged_name(name: str) -> None:
    row = one_of_each()[name]
    pages = pages_of(MODELS[name], row.pk)[:1]
    table = next(table for table in tables() if table.name == name)
    names = ["state", "set_state", "update", "delete_selected", *table.by_action, *FOLLOWS]
    before = stored()
    for client in (signed_in(make.the_lead()), signed_in(make.the_officer())):
        for page in pages:
            for action in names:
                sent = {"action": action, "_selected_action": [row.pk], "post": "yes"}
                assert client.post(page, {**sent, **forged(row)}).status_code != 500
    assert stored() == before


def _moves(route: str) -> bool:
    """Its path names an action, which is the legal way to move: these are sent to below."""
    return "actions/" in route


ENTITLED = {
    "lead": make.the_lead,
    "officer": make.the_officer,
    "focal point": lambda: make.focal_point(),
    "agency officer": lambda: make.agency_officer(make.agency("INTERPOL")),
}


@pytest.mark.parametrize("who", ENTITLED)
def test_no_route_takes_a_state_from_what_is_sent(who: str) -> None:
    case = world()
    user = ENTITLED[who]()
    client = signed_in(user)
    sent = forged(case["request"])
    before = stored()
    for route in sorted({_plain(route) for route in routes()} - LEFT_OUT):
        if _moves(route) or route.startswith("account/"):
            continue
        where = address(route, case)
        cache.clear()  # nobody is to be throttled here
        if route.startswith("api/"):
            answers = [
                getattr(client, method)(where, sent, content_type="application/json")
                for method in ("post", "put", "patch")
            ]
        else:
            answers = [
                client.post(where, {**sent, **as_formset(case["request"], "form")}),
                client.post(where, sent, content_type="application/json"),
            ]
        assert 500 not in [answer.status_code for answer in answers], route
        # A copy of a request is a new draft, which is legal: the rows there were stay as they were.
        now = {name: found[: len(before[name])] for name, found in stored().items()}
        assert now == before, route
    assert client.get("/account/").status_code == 200, "signed out on the way"


def test_an_action_of_the_api_takes_its_inputs_and_no_state() -> None:
    rows = one_of_each()
    case, referral, thread = rows["requests"], rows["referrals"], rows["threads"]
    officer = signed_in(make.the_officer())
    interpol = signed_in(make.agency_officer(make.agency("INTERPOL")))
    legal = {
        f"/api/v1/requests/{case.reference}/actions/advise/": (officer, {"advice": "Wait."}),
        f"/api/v1/requests/{case.reference}/actions/note/": (officer, {"text": "Looked at."}),
        f"/api/v1/referrals/{referral.pk}/actions/accept/": (interpol, {"comment": "Gladly."}),
    }
    before = stored()
    for where, (client, inputs) in legal.items():
        for name, value in forged(case).items():
            sent = {**inputs, name: value}
            answer = client.post(
                where, sent, content_type="application/json", headers={"if-match": "*"}
            )
            assert (where, name, answer.status_code) == (where, name, 400)
    assert stored() == before
    page = f"/admin/requests_app/supportrequest/{case.pk}/actions/advise/"
    answer = officer.post(page, {"advice": "Wait.", "version": case.version, "state": "completed"})
    assert answer.status_code == 302
    case.refresh_from_db()
    assert (case.state, thread.state) == ("referred", "open")
