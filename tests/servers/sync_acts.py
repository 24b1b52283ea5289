"""What happens in an installation while a client copies it: -m tests.servers.sync_acts NAME ..."""

import json
import random
import sys
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402

from history.models import Event  # noqa: E402
from partners.models import ApiKey, Party, User  # noqa: E402
from requests_app.models import Referral, SupportRequest, Thread  # noqa: E402
from tests import make  # noqa: E402
from toolkit import feed  # noqa: E402
from toolkit.models import Assessment, Implementation, Recommendation  # noqa: E402
from workflow.errors import Refused  # noqa: E402
from workflow.executor import perform  # noqa: E402

AGENCIES = ("INTERPOL", "WCO")
CODES = ("KEN", "VNM")  # each has a writer


@transaction.atomic
def found_world() -> dict[str, str]:
    """Everybody who will act, some cases of before, and a key of each agency: its token."""
    make.the_lead()
    make.the_officer()
    make.reason()
    for code in AGENCIES:
        make.agency_officer(make.agency(code))
    for code in CODES:
        party = make.party(code)
        make.focal_point(party)
        make.implementation(party, lead_agency=make.agency("WCO"))
        make.request_in("referred", of=party, agencies=AGENCIES)
    # What stays, because nobody writes to it.
    gabon = make.party("GAB")
    make.conversation(make.request_in("accepted", of=gabon), agencies=("INTERPOL",))
    make.recommendation(make.implementation(gabon, make.agency("INTERPOL")), "accepted")
    make.request_in("submitted")
    return {code: make.api_key(make.agency(code))[1] for code in AGENCIES}


def keep_writing(code: str, turns: str) -> int:
    """What people do to the cases of one Party, in an order that can be repeated; how much of it
    was possible."""
    dice, done = random.Random(code), 0  # noqa: S311 - a test that can be repeated
    party = Party.objects.get(code=code)
    for _turn in range(int(turns)):
        try:
            dice.choice(_DEEDS)(party, dice)
            done += 1
        except Refused:
            continue
    return done


def _ask(party: Party, dice: random.Random) -> None:
    agencies = dice.choice([AGENCIES, *((code,) for code in AGENCIES)])
    make.request_in(dice.choice(["referred", "submitted"]), of=party, agencies=agencies)


def _referral(party: Party, dice: random.Random) -> Referral:
    found = list(Referral.objects.filter(support_request__party=party).order_by("pk"))
    if not found:
        raise Refused
    return dice.choice(found)


def _someone_of(referral: Referral) -> User:
    return User.objects.filter(mandates__agency=referral.agency).order_by("pk")[0]


def _answer(party: Party, dice: random.Random) -> None:
    referral = _referral(party, dice)
    action, data = dice.choice([("accept", {"comment": "In May."}), ("decline", {"reason": "No."})])
    perform(action, referral, by=_someone_of(referral), data=data)


def _recall(party: Party, dice: random.Random) -> None:
    perform("recall", _referral(party, dice), by=make.the_officer(), data={"reason": "In error."})


def _talk(party: Party, dice: random.Random) -> None:
    case = _referral(party, dice).support_request
    make.conversation(case, dice.choice(["waiting", "open"]), agencies=(dice.choice(AGENCIES),))


def _decide(party: Party, dice: random.Random) -> None:
    case = _referral(party, dice).support_request
    lead = make.agency(dice.choice(AGENCIES))
    data = {"lead_agency": lead, "decision": "Granted.", "funding_known": True}
    perform("accept", case, by=make.the_lead(), data=data)


def _open_files(party: Party, dice: random.Random) -> None:
    make.open_files(_referral(party, dice).support_request)


def _publish(party: Party, dice: random.Random) -> None:
    make.publish(party.implementations.get())


def _hide(party: Party, dice: random.Random) -> None:
    data = {"reason": "Not yet."}
    perform("withdraw_consent", party.implementations.get(), by=make.the_officer(), data=data)


def _lead(party: Party, dice: random.Random) -> None:
    data = {"lead_agency": make.agency(dice.choice(AGENCIES))}
    perform("give_lead", party.implementations.get(), by=make.the_officer(), data=data)


def _step(party: Party, dice: random.Random) -> None:
    make.move(party.implementations.get().steps.get(step="initial_meeting"), "done")


def _plan(party: Party, dice: random.Random) -> None:
    make.recommendation(party.implementations.get(), dice.choice(["proposed", "accepted"]))


_DEEDS: list[Callable[[Party, random.Random], None]] = [
    _ask, _ask, _answer, _answer, _recall, _talk, _decide, _open_files, _publish, _hide, _lead,
    _step, _plan,
]  # fmt: skip


def what_is_seen(token: str) -> dict[str, list[str]]:
    """By table of the copy the ids of all that the portal's own rules show to this key."""
    key = ApiKey.objects.for_token(token)
    seen: dict[str, Any] = {
        "requests": SupportRequest.objects.visible_to(key).values_list("reference", flat=True),
        "referrals": Referral.objects.visible_to(key).values_list("pk", flat=True),
        "conversations": Thread.objects.visible_to(key).values_list("pk", flat=True),
        "implementations": Implementation.objects.visible_to(key).values_list("pk", flat=True),
        "recommendations": Recommendation.objects.visible_to(key).values_list("pk", flat=True),
        "assessments": Assessment.objects.visible_to(key).values_list("pk", flat=True),
        "events": feed.visible_to(key).values_list("pk", flat=True),
    }
    return {table: sorted(str(one) for one in ids) for table, ids in seen.items()}


def events_there() -> int:
    return Event.objects.count()


_KNOWN = (found_world, keep_writing, what_is_seen, events_there)
ACTS: dict[str, Any] = {act.__name__: act for act in _KNOWN}

if __name__ == "__main__":
    print(json.dumps(ACTS[sys.argv[1]](*sys.argv[2:])))  # noqa: T201 - read by the test
