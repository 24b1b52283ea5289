"""What the bench of webhooks does inside its installation: python -m bench.webhook_acts NAME …"""

import json
import sys
import time

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from history.log import SYSTEM, Said, record, record_many  # noqa: E402
from partners.models import Agency, ApiKey, Party, Scope, User  # noqa: E402
from requests_app.models import Referral, RequestState, Support, SupportRequest  # noqa: E402
from webhooks import subscribing  # noqa: E402
from workflow.guard import may_write  # noqa: E402

REFERRALS = 500


def prepare(url: str) -> None:
    """Referrals of INTERPOL to record events on, and its webhook."""
    call_command("migrate", verbosity=0)
    call_command("load_reference", verbosity=0)
    agency, now = Agency.objects.get(code="INTERPOL"), timezone.now()
    common = {
        "party": Party.objects.first(),
        "support": Support.objects.first(),
        "created_by": User.objects.create_user("bench@example.org", name="Bench"),
        "state": RequestState.REFERRED,
        "submitted_at": now,
    }
    with may_write("state"):
        requests = SupportRequest.objects.bulk_create(
            SupportRequest(reference=f"B-{n:06d}", **common) for n in range(REFERRALS)
        )
    Referral.objects.bulk_create(
        Referral(support_request=one, agency=agency, note="x", answer_due_on=now)
        for one in requests
    )
    key = ApiKey(agency=agency, label="Bench", scopes=list(Scope.values))
    key.set_new_secret()
    key.save()
    subscribing.make(by=key, label="Bench", url=url)


def commit(number: int, a_second: int) -> None:
    """Record so many events: at that rate each in a transaction of its own, or, without a rate, a
    hundred in a transaction, so that not the writing is measured. Prints when they committed."""
    kind, committed = "referrals.accept", {}
    subjects = list(Referral.objects.all())
    begun = time.time()
    for n in range(0, number, 1 if a_second else 100):
        if a_second:
            time.sleep(max(0.0, begun + n / a_second - time.time()))
        with transaction.atomic():
            if a_second:
                events = [record(subjects[n % len(subjects)], kind, by=SYSTEM, changes={})]
            else:
                chosen = (subjects[k % len(subjects)] for k in range(n, min(n + 100, number)))
                said = [Said(subject=one, changes={}) for one in chosen]
                events = record_many(kind, said, by=SYSTEM)
        committed |= dict.fromkeys((event.pk for event in events), time.time())
    print(json.dumps(committed))


if __name__ == "__main__":
    if sys.argv[1] == "prepare":
        prepare(sys.argv[2])
    else:
        commit(int(sys.argv[2]), int(sys.argv[3]))
