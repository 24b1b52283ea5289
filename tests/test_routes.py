"""Every route × every role, by GET and by POST, with something present that could leak.

tests/data/routes.tsv holds what each role is answered: "GET/POST" for every route of the site,
of the desk and of the API. A route without a row, a row without a route and any other answer
fail. Nobody is ever answered with 500, and a stranger's answer never holds a word of the case.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.cache import cache
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from history.models import Event
from partners.links import path_of
from requests_app.models import Holiday, RequestState, SavedView
from tests import make
from tests.record import world as record
from tests.toolkit import world as tracker
from workflow.executor import perform

pytestmark = pytest.mark.django_db

TABLE = Path(__file__).parent / "data" / "routes.tsv"
MARK = "PANGOLIN-SCALES-IN-CONTAINER-7"
NOTE = "NOTE-TO-INTERPOL-ONLY-9"
DRAFTED = "NOT-SENT-YET-3"
ASKED = "QUESTION-TO-KENYA-5"
NOTED = "NOTE-OF-THE-DESK-6"
WEIGHED = "WEIGHED-BY-THE-DESK-4"
CLOSED = "CLOSED-TO-AGENCIES-2.pdf"
VIEW = "VIEW-OF-THE-LEAD-1"
HOOKED = "SYSTEM-OF-INTERPOL-8"
# Of the examples in the API's description. The case may happen to be given the same.
SHOWN_TO_ALL = "ICCWC-2026-0042"
# Signing in and out for real would change who asks next; their own tests look at them.
LEFT_OUT = {"account/logout/", "account/login/", "admin/logout/"}


def routes(resolver: Any = None, prefix: str = "") -> Iterator[str]:
    for entry in (resolver or get_resolver()).url_patterns:
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from routes(entry, here)
        elif isinstance(entry, URLPattern):
            yield here


@pytest.fixture
def case() -> dict[str, Any]:
    return world()


def world() -> dict[str, Any]:
    """A request of Kenya that was referred to INTERPOL and of which the Secretariat asks Kenya,
    with a note, an assessment and a file that is closed to agencies; a draft, an invitation, a
    lead's own view of the queue, and what the tracker holds (tests.toolkit.world)."""
    interpol = make.agency("INTERPOL")
    # The country's people come first: the desk's routes are tried on the first row of each kind,
    # and among them are those that end a mandate.
    support_request = make.request_in(RequestState.IN_REVIEW, situation=MARK)
    officer = make.the_officer()
    support_request.attachments.update(name=CLOSED)
    data = {"agencies": [interpol], "note": NOTE, "answer_due_on": make.in_a_month()}
    perform("refer", support_request, by=officer, data=data)
    perform("ask", support_request, by=officer, data={"subject": ASKED, "text": ASKED})
    perform("note", support_request, by=officer, data={"text": NOTED})
    marks = {make.criterion().key: {"mark": "no", "text": WEIGHED}}
    perform("assess", support_request, by=officer, data={"marks": marks})
    cycle = make.implementation(make.party("KEN"), interpol)
    make.reason()
    Holiday.objects.create(day=date(2026, 12, 25), name_en="Day off", name_fr="-", name_es="-")
    record.of_the_record()
    view = SavedView.objects.create(user=make.the_lead(), name=VIEW, query="q=Kenya")
    return {
        "view": view,
        "request": support_request,
        "referral": support_request.referrals.get(),
        "draft": make.draft(situation=DRAFTED),
        "thread": support_request.threads.get(),
        **tracker.of_the_tracker(cycle, officer),
        "invitation": make.invitation(),
        "mandate": make.contributor().mandates.get(),
        "webhook": make.webhook(interpol, label=HOOKED),
    }


@pytest.fixture
def browsers(case: dict[str, Any]) -> dict[str, Client]:
    interpol, wco = make.agency("INTERPOL"), make.agency("WCO")
    people = {
        "focal point": make.focal_point(),
        "other country": make.focal_point(make.party("VNM")),
        "INTERPOL": make.agency_officer(interpol),
        "WCO": make.agency_officer(wco),
        "lead": make.the_lead(),
        "officer": make.the_officer(),
        "auditor": make.auditor(),
    }
    keys = {
        "INTERPOL key": make.api_key(interpol),
        "WCO key": make.api_key(wco),
        "key without requests": make.api_key(interpol, ["toolkit:read"]),
    }
    found = {"nobody": Client()}
    for name, person in people.items():
        found[name] = Client()
        found[name].force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
    for name, (_key, token) in keys.items():
        found[name] = Client(headers={"Authorization": f"Api-Key {token}"})
    return found


def address(route: str, case: dict[str, Any]) -> str:
    """A real address for the route: of the case, wherever the route is about one."""
    support_request, referral = case["request"], case["referral"]
    attachment = support_request.attachments.get()
    route = _plain(route)
    about_referral = "referral" in route or route.startswith("inbox/")
    values = {
        "handle": support_request.reference,
        "reference": support_request.reference,
        "pk": _row_of_the_desk(route, referral if about_referral else support_request),
        "file": attachment.pk,
        "object_id": _row_of_the_desk(route, referral if about_referral else support_request),
        "code": "ken",
        "cycle": 1,
        "step": 2,
        "key": "basic_training",
        "action": "start",
        "token": "x",
        "iso3": "ken",
        "mandate": case["mandate"].pk,
        "number": 1,
        "provider_id": "interpol",
        "uidb36": "1",
        "app_label": "partners",
        "content_type_id": 1,
        "url": "nowhere",
        "form": "csv",
        "what": "rename",
        **tracker.values_for(route, case),
        **record.values_for(route),
    }
    if "/edit/" in route:
        values |= {"handle": case["draft"].handle, "key": "situation"}
    for part, name, action in (
        ("messages/<int:pk>", "thread", "reply"),
        ("thread/<int:pk>", "thread", "reply"),
        ("conversations/<", "thread", ""),
        ("people/invitations/", "invitation", "withdraw"),
        ("supportrequest/views/", "view", ""),
    ):
        if part in route:
            values |= {"pk": case[name].pk, "action": action}
    if route.startswith("account/invitations/"):
        return path_of(case["invitation"])
    if "/bulk/" in route:
        values["key"] = "assign"
    if "attachments/" in route:
        values["pk"] = attachment.pk
    if "webhooks/" in route:
        values |= {"pk": case["webhook"].pk, "object_id": case["webhook"].pk, "action": "pause"}
    if "toolkit/steps/" in route:
        values["pk"] = case["cycle"].steps.get(position=1).pk
    if "/parties/" in route or "toolkit/implementations" in route:
        values["code"] = "KEN"
        values["pk"] = 1
    if "/agencies/" in route:
        values["code"] = "INTERPOL"
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found[1]]), route)
    return f"/{path}{tracker.query_for(route, case)}"


def _row_of_the_desk(route: str, case: Model) -> int:
    """The case where the desk's page is about one, else some row of its model, or none."""
    found = re.match(r"admin/(\w+)/(\w+)/<(?:path:object_id|int:pk)>", route)
    if found is None or found[2] == case._meta.model_name:
        return case.pk
    row = apps.get_model(*found.groups())._base_manager.order_by("pk").first()
    return row.pk if row else 0


def _plain(route: str) -> str:
    """A route of the router or of re_path, written as one of path()."""
    route = re.sub(r"\(\?P<(\w+)>(?:[^()]|\([^()]*\))*\)", r"<\1>", route)
    return (
        route.replace("^", "")
        .replace("$", "")
        .replace("\\Z", "")
        .replace("\\.", ".")
        .replace(".*/", "nowhere/")
    )


def known() -> dict[str, dict[str, str]]:
    with TABLE.open(newline="") as lines:
        return {row.pop("route"): row for row in csv.DictReader(lines, delimiter="\t")}


def test_every_route_has_its_row_and_every_row_its_route() -> None:
    assert sorted(known()) == sorted({_plain(route) for route in routes()} - LEFT_OUT)


ENTITLED = {"focal point", "INTERPOL", "INTERPOL key", "lead", "officer", "auditor"}
SECRETARIAT = {"lead", "officer", "auditor"}
MAY_READ = {
    MARK: ENTITLED,
    NOTE: ENTITLED - {"focal point"},
    DRAFTED: {"focal point"},
    ASKED: {"focal point", *SECRETARIAT},
    NOTED: SECRETARIAT,
    WEIGHED: SECRETARIAT,
    CLOSED: {"focal point", *SECRETARIAT},
    VIEW: {"lead"},
    HOOKED: {"INTERPOL", "INTERPOL key", *SECRETARIAT},
    **tracker.MAY_READ,
    **record.MAY_READ,
}


def ask(browser: Client, method: str, where: str) -> tuple[str, str]:
    answer = getattr(browser, method)(where)
    body = b"".join(answer) if answer.streaming else answer.content
    return str(answer.status_code), unpacked(body).decode(errors="replace")


def unpacked(body: bytes) -> bytes:
    """A workbook is a packed folder: its words are in its files."""
    if not zipfile.is_zipfile(io.BytesIO(body)):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as folder:
        return b"\n".join(folder.read(name) for name in folder.namelist())


GROUPS: dict[str, list[str]] = {}
for _route in sorted({_plain(route) for route in routes()} - LEFT_OUT):
    # The tracker's pages are many and none of them is gone when it has been sent something.
    _group = "toolkit" if _route.startswith("toolkit/") else "/".join(_route.split("/")[:2])
    GROUPS.setdefault(_group, []).append(_route)


@pytest.mark.parametrize("group", GROUPS)
def test_what_each_role_is_answered(
    group: str, case: dict[str, Any], browsers: dict[str, Client]
) -> None:
    answers = {route: answers_at(address(route, case), case, browsers) for route in GROUPS[group]}
    case["request"].refresh_from_db()
    assert case["request"].state == "referred"
    expected = known()
    assert answers == {route: expected.get(route) for route in GROUPS[group]}


def answers_at(where: str, case: dict[str, Any], browsers: dict[str, Client]) -> dict[str, str]:
    """What everybody is answered at one address; fails at once when something leaks or breaks."""
    answers = {}
    cache.clear()  # nobody is to be throttled here
    for name, browser in browsers.items():
        got, page = ask(browser, "get", where)
        events = Event.objects.count()
        posted, after = ask(browser, "post", where)
        answers[name] = f"{got}/{posted}"
        assert "500" not in answers[name], f"{name} breaks {where}"
        hidden = [words for words, readers in MAY_READ.items() if name not in readers]
        if name not in ENTITLED:
            assert Event.objects.count() == events, f"{name} changed something at {where}"
            hidden.append(case["request"].reference)
        for words in hidden:
            said = (page + after).replace(where, "").replace(SHOWN_TO_ALL, "")
            assert words not in said, f"{name} reads {words} at {where}"
    return answers
