"""A portal with the demonstration's data on loopback, and keys of every kind.

Run as a module it prints one line of JSON and ends when its input is closed: preparing a portal
sets up Django for it, so a test has it in another process (`elsewhere`).
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tools import demo_portal

ROOT = Path(__file__).resolve().parent.parent.parent
_NOT_FOR_IT = {"DJANGO_SETTINGS_MODULE", "DATABASE_URL", "REDIS_URL"}


@contextmanager
def elsewhere(log: Path) -> Iterator[dict[str, Any]]:
    """Its address, tokens by kind of key, and the rows that stand for those of the guide."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.api.served"],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in _NOT_FOR_IT},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=log.open("w"),
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        line = process.stdout.readline()
        assert line, log.read_text()[-4_000:]
        yield json.loads(line)
    finally:
        process.stdin.close()
        process.stdout.close()
        process.wait(timeout=60)


def main() -> None:
    os.environ["API_RATE"] = "1000000/min"  # nobody is to be throttled here
    # An address of any length comes to the portal, whose answers are what is described.
    os.environ["GUNICORN_CMD_ARGS"] = "--limit-request-line 0"
    said = sys.stdout
    sys.stdout = sys.stderr  # what preparing the portal says is for people
    with demo_portal.running() as address:
        known = {"address": address, "keys": _keys(), "rows": _rows()}
        said.write(json.dumps(known) + "\n")
        said.flush()
        sys.stdin.read()


def _keys() -> dict[str, str]:
    """By kind, the token of a key of INTERPOL."""
    from django.utils import timezone  # noqa: PLC0415 - Django is set up by then

    from partners.models import Agency, ApiKey, Scope  # noqa: PLC0415

    agency = Agency.objects.get(code="INTERPOL")
    found = {"no key": ""}

    def add(kind: str, scopes: list[str], **fields: Any) -> None:
        key = ApiKey(agency=agency, label=kind, scopes=scopes, **fields)
        found[kind] = key.set_new_secret()
        key.save()

    add("all scopes", list(Scope.values))
    add("reading", [Scope.REQUESTS_READ, Scope.TOOLKIT_READ, Scope.EVENTS_READ])
    for scope in Scope.values:
        add(scope, [scope])
    add("expired", list(Scope.values), expires_at=timezone.now() - timedelta(days=1))
    add("revoked", list(Scope.values), revoked_at=timezone.now())
    return found


def _rows() -> dict[str, str]:
    """What the guide calls 17, 42, 5 and ICCWC-2026-0042: rows that INTERPOL can act on."""
    from partners.models import Agency, ApiKey, Mandate, Party  # noqa: PLC0415
    from requests_app.models import Referral, SupportRequest, Thread  # noqa: PLC0415
    from toolkit.models import Implementation  # noqa: PLC0415
    from toolkit.workflow import open_implementation  # noqa: PLC0415
    from workflow.executor import perform  # noqa: PLC0415

    agency = Agency.objects.get(code="INTERPOL")
    waiting = Referral.objects.filter(agency=agency, state="sent").earliest("pk")
    live = Referral.objects.filter(agency=agency).exclude(state__in=["recalled", "declined"])
    case = SupportRequest.objects.filter(referrals__in=live).earliest("pk")
    question = {"subject": "Ports", "text": "Which ports?"}
    perform("ask", waiting, by=ApiKey.objects.get(label="all scopes"), data=question)
    thread = Thread.objects.latest("pk")
    led = open_implementation(
        Party.objects.exclude(pk__in=Implementation.objects.values("party_id")).earliest("pk"),
        requested_on=date(2026, 1, 15),
        by=Mandate.objects.filter(agency__is_coordinator=True, role="officer").earliest("pk").user,
        lead_agency=agency,
    )
    step = led.steps.get(position=2)
    return {
        "referrals/17/": f"referrals/{waiting.pk}/",
        "requests/ICCWC-2026-0042/": f"requests/{case.handle}/",
        "conversations/5/": f"conversations/{thread.pk}/",
        "steps/42/": f"steps/{step.pk}/",
    }


if __name__ == "__main__":
    main()
