"""docs/api.md lists what stands in `changes` of the events of an agency's own referrals."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from tests import make
from tests.api.conftest import with_key
from workflow.executor import perform

pytestmark = pytest.mark.django_db

GUIDE = (Path(settings.BASE_DIR) / "docs" / "api.md").read_text(encoding="utf-8")
ROW = re.compile(r"^\| `((?:referrals|threads)\.\w+)` \| (.+) \|$", re.M)
LISTED = {kind: set(re.findall(r"`(\w+)`", said)) for kind, said in ROW.findall(GUIDE)}


def _live(interpol: Any) -> None:
    """Three referrals of INTERPOL: one is delivered, one declined, one recalled."""
    officer, key = make.the_officer(), make.api_key(interpol)[0]
    today = timezone.localdate()
    referral, left, recalled = (make.referral(interpol) for _each in range(3))
    day = {"answer_due_on": today + timedelta(days=30)}
    perform("remind", referral, by=officer)
    perform("prolong", referral, by=officer, data=day)
    perform("ask", referral, by=key, data={"subject": "Dates", "text": "When?"})
    perform("ask", left, by=key, data={"subject": "Dates", "text": "When?"})
    perform("send_document", referral, by=key, data={"file": make.pdf("plan.pdf")})
    perform("accept", referral, by=key, data={"comment": "In May."})
    perform("start", referral, by=key, data={"start_on": today})
    report = {"began_on": today, "ended_on": today, "outcome": "Twenty trained."}
    perform("report", referral, by=key, data=report)
    perform("deliver", referral, by=key, data={"ended_on": today, "outcome": "All trained."})
    perform("decline", left, by=key, data={"reason": "No trainers."})
    perform("recall", recalled, by=officer, data={"reason": "Sent by mistake."})
    thread = referral.support_request.threads.get()
    perform("reply", thread, by=officer, data={"text": "In May."})


def test_what_stands_in_changes_is_what_the_guide_lists() -> None:
    interpol = make.agency("INTERPOL")
    _live(interpol)
    read = with_key(make.api_key(interpol)[1]).get("events/?after=0&page_size=100").json()
    found: dict[str, set[str]] = {}
    for event in read["results"]:
        found.setdefault(event["kind"], set()).update(event["changes"])
    own = {kind: names for kind, names in found.items() if kind in LISTED}
    # A conversation that waits for the country, and the clock that stood still, are told elsewhere.
    beside = {"referrals.prolonged", "threads.open_to"}
    assert set(own) == set(LISTED) - beside
    assert {kind: names - LISTED[kind] for kind, names in own.items()} == dict.fromkeys(own, set())
    exact = set(own) - {"threads.reply"}  # its state moves only when the country answers
    assert {kind: own[kind] for kind in exact} == {kind: LISTED[kind] for kind in exact}
    others = {kind for kind in found if kind.startswith(("referrals.", "threads."))} - set(LISTED)
    assert others == set()
