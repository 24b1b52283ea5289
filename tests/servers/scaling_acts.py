"""What test_scaling_out does inside its installation: python -m tests.servers.scaling_acts NAME"""

import json
import sys
from collections import Counter
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402

from history.models import Event  # noqa: E402
from outbox.models import Message  # noqa: E402
from partners.models import ApiKey, Scope  # noqa: E402
from requests_app.models import Referral  # noqa: E402
from tests import make  # noqa: E402


def prepare(number: str, calls_a_minute: str) -> dict[str, Any]:
    """So many referrals to INTERPOL, a key for the load, and one that may call less often."""
    call_command("load_reference", verbosity=0)
    make.agency_officer(make.agency("INTERPOL"))
    referrals = [make.referral().pk for _each in range(int(number))]
    busy, token = make.api_key()
    slow, token_of_slow = make.api_key(scopes=[Scope.REQUESTS_READ])
    ApiKey.objects.filter(pk=busy.pk).update(calls_a_minute=60_000)
    ApiKey.objects.filter(pk=slow.pk).update(calls_a_minute=int(calls_a_minute))
    return {"referrals": referrals, "token": token, "slow": token_of_slow}


def outcome() -> dict[str, Any]:
    """How the referrals stand, how often each was accepted, and all messages that were owed."""
    accepted = Event.objects.filter(kind="referrals.accept")
    return {
        "states": dict(Referral.objects.values_list("pk", "state")),
        "accepted": dict(Counter(accepted.values_list("subject_id", flat=True))),
        "messages": dict(Message.objects.values_list("message_id", "state")),
    }


ACTS: dict[str, Any] = {act.__name__: act for act in (prepare, outcome)}

if __name__ == "__main__":
    print(json.dumps(ACTS[sys.argv[1]](*sys.argv[2:])))  # noqa: T201 - read by the test
