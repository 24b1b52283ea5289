"""Every list, every record and every form of the desk × every role."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from outbox.models import beat
from partners.models import MembershipFigure, Office, PartyAlias
from record.models import CheckedLink, Picture, Series, Topic
from requests_app.models import Criterion, Holiday, Target
from tests import make
from tests.toolkit import instruments
from toolkit.models import Observation
from toolkit.workflow import observe, observe_total

pytestmark = pytest.mark.django_db

# Who may add and change what; everybody of the Secretariat may look, nobody may delete.
BY_OFFICERS = {
    "partners.party", "partners.region", "partners.agency", "partners.network",
    "requests_app.support", "requests_app.reason", "requests_app.criterion",
    "requests_app.holiday", "record.activity", "record.document", "record.globalmeeting",
    "record.newsitem", "record.operation", "record.picture", "record.recognition",
    "record.series", "record.topic",
}  # fmt: skip
CHANGED_BY_LEADS = BY_OFFICERS | {"partners.user", "partners.mandate"}
ADDED_BY_LEADS = CHANGED_BY_LEADS | {"partners.apikey", "partners.invitation"}
# Entered on a page of their own, and never changed.
ENTERED = {"toolkit.observation", "toolkit.publishedtotal"}
ENTERED_BY_LEADS = ENTERED | {"toolkit.edition"}
# One table with a form of its own: no record has a page.
TARGETS = "requests_app.target"
READ_ONLY = {
    "partners.accessrequest", "requests_app.thread",
    "requests_app.supportrequest", "requests_app.referral", "toolkit.implementation",
    "toolkit.assessment", "record.activityimport", "record.checkedlink",
    "history.event", "outbox.message", "outbox.heartbeat", "webhooks.webhook",
}  # fmt: skip


@pytest.fixture(autouse=True)
def one_of_everything() -> None:
    make.conversation(make.referral().support_request)
    make.invitation()
    make.access_request()
    make.api_key()
    make.webhook()
    make.reason()
    names = dict.fromkeys(("name_en", "name_fr", "name_es"), "Something")
    Criterion.objects.create(key="urgency", **names)
    Holiday.objects.create(day="2026-12-25", **names)
    Target.objects.create(state="submitted", urgency="normal", working_days=5)
    make.implementation()
    instruments.submitted()  # with its edition
    party = make.party()
    PartyAlias.objects.create(party=party, written="Kenia", spelling="kenia")
    make.network()
    one_of_the_record()
    agency = make.agency()
    Office.objects.create(agency=agency, kind="office", place="Nairobi", source="a document")
    MembershipFigure.objects.create(
        agency=agency,
        count=1,
        unit_en="m",
        unit_fr="m",
        unit_es="m",
        as_of="2020-01-01",
        source="d",
    )
    beat("sweep", timezone.timedelta(seconds=10))
    observe(
        party,
        effective_on=timezone.now().date(),
        precision="day",
        instrument=Observation.Instrument.TOOLKIT,
        status=Observation.Status.COMPLETE,
        step="",
        date_in_source="2020",
        source="a document",
    )
    observe_total(
        effective_on=timezone.now().date(),
        precision="day",
        date_in_source="2020",
        text="10 complete",
        source="a document",
    )


def one_of_the_record() -> None:
    for maker in (make.activity, make.document, make.global_meeting, make.operation):
        maker("draft")
    make.recognition("draft")
    make.news_item("draft")
    Series.objects.create(key="cobra", name="COBRA", led_by_en="A network")
    Topic.objects.create(key="ivory", name_en="Ivory", name_fr="Ivoire", name_es="Marfil")
    sizes = dict.fromkeys(("width", "height", "small_width", "small_height"), 1)
    said = {
        "size": 1,
        "sha256": "0" * 64,
        "alt_en": "A tusk",
        "added_by": make.the_officer(),
        **sizes,
    }
    Picture.objects.create(file="a.webp", **said)
    CheckedLink.objects.create(url="https://example.org/")
    make.activity_import()


def models() -> set[str]:
    return {model._meta.label_lower for model in admin.site._registry}


def answers(browser: Client, action: str) -> dict[str, int]:
    """By model, the status of the page, and for forms whether they can be saved."""
    found = {}
    for model in admin.site._registry:
        args: list[Any] = []
        if action in {"change", "delete", "history"}:
            args = [model._base_manager.order_by("pk").values_list("pk", flat=True)[0]]
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}_{action}"
        page = browser.get(reverse(name, args=args))
        savable = page.status_code == 200 and b'name="_save"' in page.content
        found[model._meta.label_lower] = 201 if savable else page.status_code
    return found


def test_the_desk_has_these_rooms_and_no_others() -> None:
    assert models() == ADDED_BY_LEADS | ENTERED_BY_LEADS | READ_ONLY | {TARGETS}


@pytest.mark.parametrize("who", ["lead", "officer", "auditor"])
def test_everybody_of_the_secretariat_reads_everything(who: str, request: Any) -> None:
    browser = request.getfixturevalue(who)
    assert answers(browser, "changelist") == dict.fromkeys(models(), 200)
    pages = answers(browser, "change")
    assert pages.pop(TARGETS) == 302
    assert set(pages.values()) == {200, 201} - ({201} if who == "auditor" else set())
    assert browser.get(reverse("admin:index")).status_code == 200


@pytest.mark.parametrize(
    ("who", "changes", "adds"),
    [
        ("lead", CHANGED_BY_LEADS, ADDED_BY_LEADS | ENTERED_BY_LEADS),
        ("officer", BY_OFFICERS, BY_OFFICERS | ENTERED),
        ("auditor", set(), set()),
    ],
)
def test_only_these_forms_can_be_saved(
    who: str, changes: set[str], adds: set[str], request: Any
) -> None:
    browser = request.getfixturevalue(who)
    change = answers(browser, "change")
    add = answers(browser, "add")
    assert {model for model, status in change.items() if status == 201} == changes
    assert {model for model, status in add.items() if status in {200, 201}} == adds
    assert add.pop(TARGETS) == 302
    assert {status for model, status in add.items() if model not in adds} == {403}


@pytest.mark.parametrize("who", ["lead", "officer", "auditor"])
def test_nobody_deletes_anything_but_a_day_off(who: str, request: Any) -> None:
    browser = request.getfixturevalue(who)
    expected = dict.fromkeys(models(), 403)
    if who != "auditor":
        expected["requests_app.holiday"] = 200
    assert answers(browser, "delete") == expected


@pytest.mark.parametrize("who", ["focal_point", "agency_officer"])
def test_others_do_not_find_the_desk(who: str, request: Any) -> None:
    browser = request.getfixturevalue(who)
    for action in ("changelist", "change", "add", "delete", "history"):
        assert answers(browser, action) == dict.fromkeys(models(), 302)
    page = browser.get(reverse("admin:index"), follow=True)
    assert page.redirect_chain[-1] == (reverse("home"), 302)


def test_strangers_are_asked_to_sign_in() -> None:
    page = Client().get(reverse("admin:requests_app_supportrequest_changelist"), follow=True)
    assert page.redirect_chain[-1][0].startswith(reverse("account_login"))
