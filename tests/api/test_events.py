"""The change feed: who reads which events, in which order, and how much of each."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from history.models import Event
from partners.models import Scope
from tests import make
from tests.api.conftest import Caller, recalled, with_key
from workflow.executor import perform


def feed(caller: Caller, **parameters: Any) -> list[tuple[str, str | None, str | None]]:
    answer = caller.client.get("/api/v1/events/", parameters)
    assert answer.status_code == 200, answer.content
    return [
        (event["kind"], event["subject"]["request"], event["subject"]["party"])
        for event in answer.json()["results"]
    ]


PUBLIC = [("toolkit.table_loaded", None, "GAB"), ("toolkit.observed", None, "GAB")]


def test_everybody_reads_the_events_of_what_they_see(
    world: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    interpol, wco, asked = (
        one.handle for one in (world.asked_interpol, world.asked_wco, world.asked_nobody)
    )
    returned = world.corrected.handle
    private = [("toolkit.opened", None, "KEN")]

    def moves(handle: str, party: str, *kinds: str) -> list[tuple[str, str, str]]:
        return [(kind, handle, party) for kind in kinds]

    taken_up = ("requests.submit", "requests.take_up")
    # A referral is an event of its own, recorded just before that of the request.
    referred = (*taken_up, "referrals.sent", "requests.refer")
    all_of_kenya = moves(interpol, "KEN", *referred)
    all_of_vietnam = moves(wco, "VNM", *referred)
    all_of_peru = moves(asked, "PER", "requests.submit") + moves(
        returned, "PER", *taken_up, "requests.return"
    )
    for_interpol = moves(interpol, "KEN", "requests.submit", "referrals.sent")
    for_wco = moves(wco, "VNM", "requests.submit", "referrals.sent")
    expected = {
        "INTERPOL": [*for_interpol, *private, *PUBLIC],
        "reading key": [*for_interpol, *private, *PUBLIC],
        "officer of INTERPOL": [*for_interpol, *private, *PUBLIC],
        "WCO": [*for_wco, *PUBLIC],
        "key of the Secretariat": PUBLIC,
        "Kenya": [*all_of_kenya, *private, *PUBLIC],
        "Viet Nam": [*all_of_vietnam, *PUBLIC],
        "Peru": [*all_of_peru, *PUBLIC],
        "Secretariat": [*all_of_kenya, *all_of_vietnam, *all_of_peru, *private, *PUBLIC],
        "stranger": PUBLIC,
    }
    assert {who: sorted(feed(callers[who])) for who in expected} == {
        who: sorted(events) for who, events in expected.items()
    }
    refused = {
        who: callers[who].get("events/").json()["code"]
        for who in ("nobody", "expired key", "revoked key", "key without scope")
    }
    assert refused == {
        "nobody": "not_authenticated",
        "expired key": "invalid_key",
        "revoked key": "invalid_key",
        "key without scope": "missing_scope",
    }


def test_the_feed_is_no_way_around_the_scopes_of_a_key(world: SimpleNamespace) -> None:
    feed_only = with_key(make.api_key(world.interpol, [Scope.EVENTS_READ])[1])
    assert feed(feed_only) == PUBLIC
    and_requests = make.api_key(world.interpol, [Scope.EVENTS_READ, Scope.REQUESTS_READ])[1]
    kinds = [kind for kind, _request, _party in feed(with_key(and_requests))]
    assert "referrals.sent" in kinds
    assert "toolkit.opened" not in kinds


def test_following_the_feed_gives_every_event_once_in_order_while_others_arrive(
    world: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    caller, after, found = callers["Secretariat"], 0, []
    for turn in range(30):
        page = caller.get(f"events/?after={after}&page_size=3").json()
        found += [event["id"] for event in page["results"]]
        after = page["after"]
        if turn == 1:
            advice = {"advice": "Please nominate somebody."}
            perform("advise", world.asked_interpol, by=world.officer, data=advice)
        if page["next"] is None:
            break
    assert found == list(Event.objects.order_by("pk").values_list("pk", flat=True))
    quiet = caller.get(f"events/?after={after}").json()
    assert quiet == {"after": after, "next": None, "results": []}


def test_an_event_says_what_happened_to_what_by_whom(world: SimpleNamespace) -> None:
    token = make.api_key(world.interpol)[1]
    caller = with_key(token)
    path = f"referrals/{world.referral.pk}/actions/accept/"
    assert caller.post(path, {"comment": "In May."}).status_code == 200
    event = Event.objects.latest("pk")
    (found,) = caller.get(f"events/?after={event.pk - 1}").json()["results"]
    assert found == {
        "id": event.pk,
        "kind": "referrals.accept",
        "label": "Accepted by the agency",
        "subject": {
            "type": "referral",
            "id": world.referral.pk,
            "request": world.asked_interpol.handle,
            "party": "KEN",
        },
        "effective_on": event.effective_on.isoformat(),
        "precision": "day",
        "recorded_at": event.recorded_at.isoformat().replace("+00:00", "Z"),
        "actor": {"name": "Through the API", "body": "INTERPOL"},
        "source": "",
        "changes": {"state": ["sent", "accepted"], "answer": "In May."},
    }


def test_words_between_agency_and_secretariat_do_not_reach_the_party_by_the_feed(
    world: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    perform(
        "decline",
        world.referral,
        by=make.agency_officer(world.interpol),
        data={"reason": "Not for the country to read."},
    )
    to_party = callers["Kenya"].get("events/").content.decode()
    assert "referrals.decline" in to_party
    assert "Not for the country to read." not in to_party
    assert world.referral.note not in to_party
    assert "Not for the country to read." in callers["INTERPOL"].get("events/").content.decode()


@pytest.mark.parametrize("after", ["-1", "x", "1.5", "99999999999999999999", "", "²"])
def test_an_impossible_place_in_the_feed_is_named(callers: dict[str, Caller], after: str) -> None:
    answer: Any = callers["INTERPOL"].client.get("/api/v1/events/", {"after": after})
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["after"])


def test_labels_come_in_the_language_that_the_caller_accepts(world: SimpleNamespace) -> None:
    token = make.api_key(world.interpol)[1]
    client = Client(headers={"authorization": f"Api-Key {token}", "accept-language": "fr"})
    assert client.get("/api/v1/events/")["Content-Language"] == "fr"


def after_all(caller: Caller) -> int:
    return caller.get("events/?page_size=100").json()["after"]


def news(caller: Caller, after: int) -> list[tuple[str, dict[str, Any]]]:
    found = caller.get(f"events/?after={after}").json()["results"]
    return [(event["kind"], event["changes"]) for event in found]


def test_an_agency_reads_that_its_referral_was_recalled_and_nothing_else_of_it(
    world: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    perform("accept", world.referral_of_wco, by=make.agency_officer(world.wco), data={})
    after = {who: after_all(callers[who]) for who in ("WCO", "INTERPOL", "stranger")}
    recalled(world)
    said = {"state": ["accepted", "recalled"], "reason": "Sent in error."}
    assert {who: news(callers[who], after[who]) for who in after} == {
        "WCO": [("referrals.recall", said)],
        "INTERPOL": [],
        "stranger": [],
    }
    of_referral = [one for one in news(callers["WCO"], 0) if one[0].startswith("re")]
    assert of_referral == [
        ("referrals.sent", {"state": ["", "sent"]}),
        ("referrals.accept", {"state": ["sent", "accepted"]}),
        ("referrals.recall", said),
    ]
    closed = (f"requests/{world.asked_wco.handle}/", f"referrals/{world.referral_of_wco.pk}/")
    assert [callers["WCO"].get(path).status_code for path in closed] == [404, 404]


def test_who_follows_the_feed_learns_the_steps_of_what_is_made_public(
    world: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    step = world.private.steps.get(step="initial_meeting")
    make.move(step, "done", date(2026, 2, 28), "month", note="For insiders alone.")
    # WCO reads an event that was recorded after those it may not read yet.
    perform("accept", world.referral_of_wco, by=make.agency_officer(world.wco), data={})
    after = {who: after_all(callers[who]) for who in ("WCO", "INTERPOL")}
    make.publish(world.private, by=world.focal_point, note="Agreed.")
    said = {
        "state": ["private", "public"],
        "opened": {
            "request": {"state": "done", "effective_on": "2026-01-15", "precision": "day"},
            "initial_meeting": {
                "state": "done", "effective_on": "2026-02-28", "precision": "month",
            },
        },
    }  # fmt: skip
    assert {who: news(callers[who], after[who]) for who in after} == {
        "WCO": [("toolkit.publish", said)],
        "INTERPOL": [
            (
                "toolkit.publish",
                {**said, "with_plan": False, "with_documents": False, "note": "Agreed."},
            )
        ],
    }
    # What it says holds from the days it names, not from the day of publishing.
    found = callers["WCO"].get("toolkit/implementations/?as_of=2026-01-20&party=KEN").json()
    assert [row["phase"] for row in found["results"]] == ["request_received"]


def test_who_made_an_implementation_public_is_named_to_those_inside_only(db: None) -> None:
    kenya, interpol = make.party(), make.agency("INTERPOL")
    implementation = make.implementation(kenya, interpol)
    make.publish(implementation, by=make.focal_point(kenya), note="Agreed.")
    actors = {}
    for code in ("INTERPOL", "WCO"):
        caller = with_key(make.api_key(make.agency(code))[1])
        events = caller.client.get("/api/v1/events/").json()["results"]
        actors[code] = [(one["actor"]["name"], one["changes"].get("note")) for one in events][-1]
    assert actors == {"INTERPOL": ("Focal point, Kenya", "Agreed."), "WCO": ("", None)}


def test_a_reader_chooses_kinds_of_events_by_name_or_group(
    world: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    caller, handle = callers["INTERPOL"], world.asked_interpol.handle
    sent, submitted = ("referrals.sent", handle, "KEN"), ("requests.submit", handle, "KEN")
    assert feed(caller, kind="referrals.sent") == [sent]
    assert feed(caller, kind=["referrals.*", "requests.submit"]) == [submitted, sent]
    assert feed(caller, kind="referrals.*", party="KEN") == []
    assert feed(caller, kind="requests.*", request=handle) == [submitted]
    assert feed(callers["WCO"], kind="referrals.accept") == []
    # Whatever else was recorded is behind the reader then, and a page that is cut goes on after it.
    end = caller.get("events/?after=latest").json()["after"]
    assert caller.get("events/?kind=referrals.accept").json()["after"] == end
    cut = caller.get("events/?kind=referrals.*&kind=requests.submit&page_size=1").json()
    assert [one["kind"] for one in cut["results"]] == ["requests.submit"]
    assert cut["after"] == cut["results"][0]["id"]
    followed = caller.client.get(cut["next"]).json()
    assert [one["kind"] for one in followed["results"]] == ["referrals.sent"]
    assert (followed["after"], followed["next"]) == (end, None)


def test_kinds_that_do_not_exist_and_events_of_the_far_future_are_named(
    world: SimpleNamespace, callers: dict[str, Caller]
) -> None:
    caller = callers["INTERPOL"]
    refused = caller.get("events/?kind=referrals.sent&kind=referrals.accepted")
    assert (refused.status_code, refused.json()["code"]) == (400, "invalid_parameter")
    assert refused.json()["errors"]["kind"][0].startswith("“referrals.accepted” is no kind")
    beyond = caller.get("events/?after=999999999")
    assert (beyond.status_code, beyond.json()["errors"]) == (
        400, {"after": ["There is no such event yet."]},
    )  # fmt: skip
    # Near the end nobody is told where it is: what others do stays untold.
    end = caller.get("events/?after=latest").json()["after"]
    assert caller.get(f"events/?after={end + 1}").status_code == 200
