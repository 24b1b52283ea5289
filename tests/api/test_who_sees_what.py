"""Every list, detail, search, filter, file and feed × every caller, compared as a whole."""

from types import SimpleNamespace
from typing import Any

import pytest

from requests_app import drafts
from requests_app.models import Attachment
from tests import make
from tests.api.conftest import Caller, recalled
from workflow.executor import perform

SIGNED_IN = ["Kenya", "Viet Nam", "Peru", "officer of INTERPOL", "Secretariat", "stranger"]
KEYS = ["INTERPOL", "WCO", "reading key", "key of the Secretariat"]
REFUSED = {
    "nobody": (401, "not_authenticated"),
    "expired key": (401, "invalid_key"),
    "revoked key": (401, "invalid_key"),
    "key without scope": (403, "missing_scope"),
}


def seen(callers: dict[str, Caller], path: str, name: str) -> dict[str, Any]:
    """Per caller: one field of the rows of a list, or the code of the refusal."""
    found: dict[str, Any] = {}
    for who, caller in callers.items():
        answer = caller.get(path)
        if answer.status_code == 200:
            found[who] = sorted(row[name] for row in answer.json()["results"])
        else:
            found[who] = (answer.status_code, answer.json()["code"])
    return found


@pytest.fixture
def requests_of(world: SimpleNamespace) -> dict[str, list[str]]:
    """Per caller: the handles of the requests that it may see, and no others."""
    interpol, wco = world.asked_interpol.handle, world.asked_wco.handle
    peru = [world.asked_nobody.handle, world.corrected.handle]
    return {
        "INTERPOL": [interpol],
        "WCO": [wco],
        "reading key": [interpol],
        "key of the Secretariat": [],
        "Kenya": [interpol],
        "Viet Nam": [wco],
        "Peru": sorted([*peru, world.draft.handle]),
        "officer of INTERPOL": [interpol],
        "Secretariat": sorted([interpol, wco, *peru]),
        "stranger": [],
    }


def test_requests_are_listed_to_those_they_concern(
    callers: dict[str, Caller], requests_of: dict[str, Any]
) -> None:
    assert seen(callers, "requests/", "handle") == REFUSED | requests_of


def test_a_request_opens_to_whom_it_is_listed_and_is_missing_for_all_others(
    world: SimpleNamespace, callers: dict[str, Caller], requests_of: dict[str, list[str]]
) -> None:
    everything = {
        one.handle
        for one in (
            world.asked_interpol, world.asked_wco, world.asked_nobody, world.corrected, world.draft
        )
    }  # fmt: skip
    opened = {
        who: sorted(
            handle
            for handle in everything
            if callers[who].get(f"requests/{handle}/").status_code == 200
        )
        for who in [*KEYS, *SIGNED_IN]
    }
    assert opened == requests_of


def test_what_is_hidden_reads_like_what_does_not_exist(
    world: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    hidden, letter = world.asked_interpol.handle, world.letter.pk
    pairs = {
        f"requests/{hidden}/": "requests/ICCWC-1999-0001/",
        f"requests/{world.asked_interpol.draft_key}/": "requests/DRAFT-22222222/",
        f"requests/{hidden}/attachments/{letter}/": "requests/ICCWC-1999-0001/attachments/1/",
        f"referrals/{world.referral.pk}/": "referrals/999999/",
    }
    for there, nowhere in pairs.items():
        answers = [callers["WCO"].get(path) for path in (there, nowhere)]
        assert answers[0].status_code == 404
        assert answers[0].json() == answers[1].json()
    posts = {
        f"requests/{hidden}/actions/start/": "requests/ICCWC-1999-0001/actions/start/",
        f"referrals/{world.referral.pk}/actions/accept/": "referrals/999999/actions/accept/",
    }
    for there, nowhere in posts.items():
        answers = [callers["WCO"].post(path, {"nonsense": 1}) for path in (there, nowhere)]
        assert answers[0].status_code == 404
        assert answers[0].json() == answers[1].json()


def test_referrals_are_listed_to_those_they_concern(
    world: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    interpol, wco = [world.referral.pk], [world.referral_of_wco.pk]
    assert seen(callers, "referrals/", "id") == REFUSED | {
        "INTERPOL": interpol,
        "WCO": wco,
        "reading key": interpol,
        "key of the Secretariat": [],
        "Kenya": interpol,
        "Viet Nam": wco,
        "Peru": [],
        "officer of INTERPOL": interpol,
        "Secretariat": sorted(interpol + wco),
        "stranger": [],
    }


def test_a_party_reads_that_an_agency_was_asked_but_not_their_words(
    world: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    perform(
        "accept",
        world.referral,
        by=make.agency_officer(world.interpol),
        data={"comment": "Words between agency and Secretariat."},
    )
    path = f"referrals/{world.referral.pk}/"
    words = {
        who: [callers[who].get(path).json()[name] for name in ("state", "note", "answer")]
        for who in ("INTERPOL", "Kenya", "Secretariat")
    }
    open_words = ["accepted", world.referral.note, "Words between agency and Secretariat."]
    assert words == {
        "INTERPOL": open_words,
        "Kenya": ["accepted", None, None],
        "Secretariat": open_words,
    }
    detail = callers["Kenya"].get(f"requests/{world.asked_interpol.handle}/").json()
    assert [(one["note"], one["answer"], one["outcome"]) for one in detail["referrals"]] == [
        (None, None, None)
    ]


def test_an_agency_does_not_learn_who_else_was_asked(
    world: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    refer = {
        "agencies": [world.wco],
        "note": "Please help INTERPOL.",
        "answer_due_on": make.in_a_month(),
    }
    perform("refer", world.asked_interpol, by=world.officer, data=refer)
    handle = world.asked_interpol.handle
    detail = callers["WCO"].get(f"requests/{handle}/").json()
    assert [one["agency"]["code"] for one in detail["referrals"]] == ["WCO"]
    assert callers["WCO"].rows("requests/?agency=INTERPOL", "handle") == []
    assert handle in callers["WCO"].rows("requests/?agency=WCO", "handle")
    feed = callers["WCO"].get("events/").content.decode()
    assert "INTERPOL" not in feed.replace(refer["note"], "")


def test_a_recalled_referral_takes_the_request_with_it(
    world: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    referral = recalled(world)
    caller = callers["WCO"]
    assert caller.rows("requests/", "handle") == []
    assert caller.rows("referrals/", "id") == []
    assert caller.get(f"requests/{world.asked_wco.handle}/").status_code == 404
    assert caller.get(f"referrals/{referral.pk}/").status_code == 404
    assert [one for one in caller.rows("events/", "subject") if one["type"] == "request"] == []


@pytest.mark.parametrize(
    "guess",
    [
        "party=KEN", "state=referred", "support=basic_training", "urgency=normal", "q=Kenya",
        "q=ICCWC-", "agency=INTERPOL", "submitted_from=2000-01-01", "submitted_to=2199-01-01",
        "updated_since=2000-01-01T00:00:00Z", "ordering=updated_at", "page_size=1",
    ],
)  # fmt: skip
def test_no_filter_answers_for_a_request_that_was_not_referred_to_the_caller(
    world: SimpleNamespace, callers: dict[str, Caller], guess: str
) -> None:
    answer = callers["WCO"].get(f"requests/?{guess}")
    assert answer.status_code == 200
    assert {row["handle"] for row in answer.json()["results"]} <= {world.asked_wco.handle}
    assert (answer.json()["next"], answer.json()["previous"]) == (None, None)


@pytest.mark.parametrize("is_open", [False, True])
def test_a_file_goes_to_its_country_and_the_secretariat_and_once_opened_to_the_agencies(
    world: SimpleNamespace, callers: dict[str, Caller], is_open: bool
) -> None:
    if is_open:
        make.open_files(world.asked_interpol)
    agency = 200 if is_open else 404
    path = f"requests/{world.asked_interpol.handle}/attachments/{world.letter.pk}/"
    statuses = {who: caller.get(path).status_code for who, caller in callers.items()}
    assert statuses == {who: status for who, (status, _code) in REFUSED.items()} | {
        "INTERPOL": agency,
        "WCO": 404,
        "reading key": agency,
        "key of the Secretariat": 404,
        "Kenya": 200,
        "Viet Nam": 404,
        "Peru": 404,
        "officer of INTERPOL": agency,
        "Secretariat": 200,
        "stranger": 404,
    }
    listed = callers["INTERPOL"].get(f"requests/{world.asked_interpol.handle}/").json()
    assert [one["name"] for one in listed["attachments"]] == (["letter.pdf"] if is_open else [])


def test_a_file_is_not_reached_through_another_request(
    world: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    other = Attachment.objects.get(support_request=world.asked_wco)
    path = f"requests/{world.asked_interpol.handle}/attachments/{other.pk}/"
    assert callers["Secretariat"].get(path).status_code == 404


def test_a_file_comes_to_be_saved_and_is_kept_by_nobody_on_the_way(
    world: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    make.open_files(world.asked_interpol)
    detail = callers["INTERPOL"].get(f"requests/{world.asked_interpol.handle}/").json()
    (letter,) = detail["attachments"]
    answer = callers["INTERPOL"].get(letter["url"], headers={"accept": "application/pdf"})
    content = b"".join(answer.streaming_content)
    assert (len(content), answer["Content-Type"]) == (letter["size"], "application/pdf")
    assert answer["Content-Disposition"] == 'attachment; filename="letter.pdf"'
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_answers_that_are_being_corrected_are_not_shown_before_they_are_submitted(
    world: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    drafts.write(
        world.corrected,
        by=make.focal_point(world.peru),
        answers={"situation": "Corrected, not yet sent."},
    )
    path = f"requests/{world.corrected.handle}/"
    situation = {
        who: callers[who].get(path).json()["answers"]["situation"]
        for who in ("Peru", "Secretariat")
    }
    assert situation == {"Peru": "Corrected, not yet sent.", "Secretariat": "Being corrected."}


def test_public_rows_are_for_everybody_and_others_for_those_concerned(
    callers: dict[str, Caller],
) -> None:
    both, public = ["GAB", "KEN"], ["GAB"]
    found = {}
    for who, caller in callers.items():
        answer = caller.get("toolkit/implementations/")
        found[who] = (
            [row["party"]["code"] for row in answer.json()["results"]]
            if answer.status_code == 200
            else answer.json()["code"]
        )
    assert found == {
        "nobody": public,
        "INTERPOL": both,
        "WCO": public,
        "reading key": both,
        "key without scope": public,
        "expired key": "invalid_key",
        "revoked key": "invalid_key",
        "key of the Secretariat": public,
        "Kenya": both,
        "Viet Nam": public,
        "Peru": public,
        "officer of INTERPOL": both,
        "Secretariat": both,
        "stranger": public,
    }


@pytest.mark.parametrize(
    "path", ["", "parties/", "parties/KEN/", "agencies/", "agencies/WCO/", "supports/",
             "supports/basic_training/", "toolkit/observations/"],
)  # fmt: skip
def test_what_is_public_reads_the_same_for_everybody(callers: dict[str, Caller], path: str) -> None:
    answers = {
        who: caller.get(path) for who, caller in callers.items() if not who.endswith("ed key")
    }
    assert {answer.status_code for answer in answers.values()} == {200}
    assert len({answer.content for answer in answers.values()}) == 1
