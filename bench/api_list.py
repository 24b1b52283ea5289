"""How the API list behaves as the table grows: 1,000 against 100,000 requests, any page depth.

Runs in one process against a database of its own (SQLite in a temporary folder, or the empty
PostgreSQL database that DATABASE_URL names). Prints a table; ends by itself.
"""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from typing import Any

folder = tempfile.mkdtemp(prefix="iccwc-bench-")
os.environ |= {
    "DJANGO_SETTINGS_MODULE": "iccwc_portal.settings",
    "SECRET_KEY": "bench",
    "DEMO": "1",
    "ALLOWED_HOSTS": "testserver",
    "VAR_DIR": folder,
    "API_RATE": "1000000/min",
    "LOG_LEVEL": "ERROR",
}

import django  # noqa: E402

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from partners.models import Agency, ApiKey, Party, Scope, User  # noqa: E402
from requests_app.models import Referral, RequestState, Support, SupportRequest  # noqa: E402
from workflow.guard import may_write  # noqa: E402

SIZES = (1_000, 100_000)
CALLS = 60
DEPTH = 200  # pages of 100


def fill(up_to: int) -> None:
    """Requests spread over all Parties and kinds, each referred to INTERPOL or WCO."""
    there = SupportRequest.objects.count()
    parties, supports = list(Party.objects.all()), list(Support.objects.all())
    author = User.objects.first() or User.objects.create_user("bench@example.org", name="Bench")
    now = timezone.now()
    for start in range(there, up_to, 5_000):
        with may_write("state"):
            made = SupportRequest.objects.bulk_create(
                SupportRequest(
                    party=parties[n % len(parties)],
                    support=supports[n % len(supports)],
                    reference=f"B-{n:09d}",
                    state=RequestState.REFERRED,
                    created_by=author,
                    submitted_at=now,
                    answers={"situation": "x" * 400},
                )
                for n in range(start, min(start + 5_000, up_to))
            )
        agencies = [Agency.objects.get(code="INTERPOL"), Agency.objects.get(code="WCO")]
        Referral.objects.bulk_create(
            Referral(support_request=one, agency=agencies[one.pk % 2], note="x", answer_due_on=now)
            for one in made
        )


def measure(call: Callable[[], Any]) -> tuple[float, float, int]:
    """Median and 95th percentile in milliseconds, and the number of SQL queries of one call."""
    statements = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        call()
    took = []
    for _each in range(CALLS):
        started = time.perf_counter()
        call()
        took.append((time.perf_counter() - started) * 1000)
    return statistics.median(took), statistics.quantiles(took, n=20)[18], len(statements)


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("load_reference", stdout=open(os.devnull, "w"))  # noqa: SIM115
    key = ApiKey(agency=Agency.objects.get(code="INTERPOL"), label="bench", scopes=Scope.values)
    header = {"Authorization": f"Api-Key {key.set_new_secret()}"}
    key.save()
    client = Client(headers=header)

    def get(address: str) -> Any:
        answer = client.get(address)
        if answer.status_code != 200:
            sys.exit(f"{address} answered {answer.status_code}: {answer.content[:300]!r}")
        return answer.json()

    print(f"{connection.vendor}, {CALLS} calls each, milliseconds")
    print(f"{'requests':>9} {'what':<28} {'p50':>8} {'p95':>8} {'SQL':>4}")
    for size in SIZES:
        fill(size)
        connection.cursor().execute("ANALYZE")
        first = "/api/v1/requests/?page_size=50"
        deep = "/api/v1/requests/?page_size=100"
        for _page in range(min(DEPTH, size // 2 // 100 - 1)):
            deep = get(deep)["next"] or deep
        for what, address in [
            ("first page of 50", first),
            ("filtered by Party and state", f"{first}&party=KEN&state=referred"),
            ("deep page of 100", deep),
            ("first page of 100", "/api/v1/requests/?page_size=100"),
        ]:
            p50, p95, sql = measure(lambda address=address: get(address))  # type: ignore[misc]
            print(f"{size:>9,} {what:<28} {p50:>8.1f} {p95:>8.1f} {sql:>4}")


if __name__ == "__main__":
    main()
