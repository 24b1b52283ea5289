"""A 304 that is given before the answer is written is given exactly when the answer is the same."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from partners.models import Agency, Party
from requests_app.models import Attachment, Openness, Referral, Scan, Support, SupportRequest
from tests import make
from tests.api.conftest import Caller, with_key
from tests.api.test_actions import BODIES, act
from tests.api.test_preconditions import tag_of
from tests.make.cases import _way_to as way_to
from tests.make.cases import _who_does as who_does
from workflow import known_tags
from workflow.executor import perform

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_is_known_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_tags, "_tags", {})


def callers(agency: Agency) -> list[Caller]:
    keys = (make.api_key(agency), make.api_key(agency, ["requests:read"]))
    return [with_key(token) for _key, token in keys]


def is_told_rightly(caller: Caller, path: str, seen: str, **said: str) -> bool:
    """Asks with the tag of before (twice: by what is known, and as at first), and for all of it;
    tells whether the answer is another. The answers have to agree."""
    quick = caller.get(path, headers={"if-none-match": seen, **said})
    known_tags._tags.clear()
    slow = caller.get(path, headers={"if-none-match": seen, **said})
    whole = tag_of(caller, path, **said)
    assert (quick.status_code, quick["ETag"]) == (slow.status_code, slow["ETag"])
    assert (slow.status_code, slow["ETag"]) == (304 if whole == seen else 200, whole)
    return whole != seen


def edits(case: SupportRequest, agency: Agency) -> list[Callable[[], Any]]:
    """What changes the rows of an answer beside the table of actions."""
    files, mine = (
        Attachment.objects.filter(support_request=case),
        case.referrals.filter(agency=agency),
    )
    return [
        lambda: Party.objects.filter(pk=case.party_id).update(name_en="Renamed"),
        lambda: Support.objects.filter(pk=case.support_id).update(name_en="Otherwise"),
        lambda: Agency.objects.filter(pk=agency.pk).update(name_en="Another name"),
        lambda: files.update(openness=Openness.CLOSED),
        lambda: files.update(openness=Openness.OPEN),
        lambda: files.update(scan=Scan.REFUSED),
        lambda: files.update(name="renamed.pdf"),
        lambda: mine.update(note="A note without any action"),
        lambda: SupportRequest.objects.filter(pk=case.pk).update(urgency="low"),
        lambda: SupportRequest.objects.filter(pk=case.pk).update(documents=Openness.CLOSED),
        lambda: SupportRequest.objects.filter(pk=case.pk).update(lead_agency=agency),
        lambda: SupportRequest.objects.filter(pk=case.pk).update(search_text="seen by nobody"),
        lambda: case.versions.update(answers={"situation": "Said otherwise"}),
    ]


def told_after(
    changes: list[Callable[[], Any]], readers: Sequence[Caller], path: str
) -> list[list[bool]]:
    """For each change, by reader: was the answer told anew? Before it, nobody's was."""

    def told() -> list[bool]:
        return [is_told_rightly(*one) for one in zip(readers, [path] * 2, tags, strict=True)]

    found = []
    for change in changes:
        tags = [tag_of(caller, path) for caller in readers]
        assert not any(told())
        tags = [tag_of(caller, path) for caller in readers]
        change()
        found.append(told())
    return found


def test_whatever_is_edited_the_quick_304_says_what_the_whole_answer_says() -> None:
    referral = make.referral()
    case, agency = referral.support_request, referral.agency
    path = f"requests/{case.handle}/"
    readers = callers(agency)
    changed = told_after(edits(case, agency), readers, path)
    assert any(all(one) for one in changed)
    assert changed[-2] == [False, False]  # what nobody sees changes no tag


def edits_of_referral(referral: Any) -> list[Callable[[], Any]]:
    mine, case = Referral.objects.filter(pk=referral.pk), referral.support_request
    requests = SupportRequest.objects.filter(pk=case.pk)
    return [
        lambda: mine.update(note="A note without any action"),
        lambda: referral.delivery_reports.update(outcome="Said otherwise"),
        lambda: Party.objects.filter(pk=case.party_id).update(name_en="Renamed"),
        lambda: requests.update(urgency="low"),
        lambda: requests.update(search_text="seen by nobody"),
    ]


def test_whatever_is_edited_the_quick_304_of_a_referral_says_what_its_whole_answer_says() -> None:
    referral = make.referral(begun=date(2026, 1, 12))
    path = f"referrals/{referral.pk}/"
    readers = callers(referral.agency)
    for action in ("accept", "start", "report"):
        assert act(readers[0], referral, action, BODIES[action]).status_code == 200
    changed = told_after(edits_of_referral(referral), readers, path)
    assert changed == [[True, True]] * 4 + [[False, False]]


@pytest.mark.parametrize("actions", [["decline"], ["accept", "start", "report", "deliver"]])
def test_after_every_action_of_an_agency_the_tag_of_before_is_judged_rightly(
    actions: list[str],
) -> None:
    referral = make.referral(begun=date(2026, 1, 12))
    paths = [f"requests/{referral.support_request.handle}/", f"referrals/{referral.pk}/"]
    writes, reads = callers(referral.agency)
    asked = [(caller, path) for caller in (writes, reads) for path in paths]
    for action in actions:
        tags = [tag_of(*one) for one in asked]
        assert act(writes, referral, action, BODIES[action]).status_code == 200
        told = [is_told_rightly(*one, tag) for one, tag in zip(asked, tags, strict=True)]
        assert told == [True] * 4


def test_on_the_whole_way_of_a_request_the_tag_of_before_is_judged_rightly() -> None:
    case = make.request_in("referred")
    readers = callers(make.agency())
    path = f"requests/{case.handle}/"
    way = [one for one in way_to("completed", ("INTERPOL",)) if one not in way_to("referred", ())]
    told = {}
    for action, data in [one for one in way if one[0] != "refer"]:
        tags = [tag_of(caller, path) for caller in readers]
        perform(action, case, by=who_does(action, case.created_by), data=data)
        told[action] = [
            is_told_rightly(*one) for one in zip(readers, [path] * 2, tags, strict=True)
        ]
    assert told["accept"] == told["complete"] == [True, True]


def test_in_another_language_or_by_another_key_the_tag_is_another() -> None:
    referral = make.referral()
    path = f"requests/{referral.support_request.handle}/"
    writes, reads = callers(referral.agency)
    Party.objects.update(name_fr="Autrement")
    seen = tag_of(writes, path)
    assert is_told_rightly(writes, path, seen, **{"accept-language": "fr"})
    assert not is_told_rightly(writes, path, seen)
    assert not is_told_rightly(reads, path, tag_of(reads, path))


@pytest.fixture(params=["requests", "referrals"])
def place(request: pytest.FixtureRequest) -> tuple[Any, str]:
    """A referral, and the address of its request or its own."""
    referral = make.referral()
    handle = referral.support_request.handle if request.param == "requests" else referral.pk
    return referral, f"{request.param}/{handle}/"


def test_who_may_no_longer_see_it_gets_404_though_the_tag_is_known(place: tuple[Any, str]) -> None:
    referral, path = place
    (caller, _reads) = callers(referral.agency)
    seen = tag_of(caller, path)
    perform("recall", referral, by=make.officer(), data={"reason": "Sent in error."})
    assert caller.get(path, headers={"if-none-match": seen}).status_code == 404


def test_a_known_304_is_counted_like_every_call(place: tuple[Any, str]) -> None:
    referral, path = place
    (caller, _reads) = callers(referral.agency)
    seen = tag_of(caller, path)
    told = [caller.get(path, headers={"if-none-match": seen}) for _call in range(2)]
    left = [answer["RateLimit"].partition("r=")[2].partition(";")[0] for answer in told]
    assert [answer.status_code for answer in told] == [304, 304]
    assert int(left[0]) - int(left[1]) == 1


def test_a_known_304_asks_for_what_it_follows_from_and_nothing_else(
    place: tuple[Any, str],
) -> None:
    referral, path = place
    (caller, _reads) = callers(referral.agency)
    seen = tag_of(caller, path)
    parts = {"requests": 3, "referrals": 2}[path.partition("/")[0]]
    at_once = connection.vendor == "postgresql"
    with CaptureQueriesContext(connection) as captured:
        assert caller.get(path, headers={"if-none-match": seen}).status_code == 304
    # The key and all that is shown: of a key that has read before, at once.
    assert len(captured) == (1 if at_once else 1 + parts)
