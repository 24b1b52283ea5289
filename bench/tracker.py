"""The tracker of any date at 200 Parties × 3 cycles × 20 years of events, beside one SQL query
written by hand that returns the same table.

`make bench k=tracker`. On PostgreSQL where one can be had (or where BENCH_POSTGRES names a server),
and on SQLite. Ends with 1 when a page asks more than 6 queries, or when the two tables differ.
What the events look like: bench/tracker_data.py.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from statistics import median, quantiles
from typing import Any

CALLS = int(os.environ.get("SAMPLES", "40"))
MOST_QUERIES = 6
DAYS = (date(2009, 6, 30), date(2015, 11, 9), date(2020, 12, 31), date(2026, 1, 1))

# What toolkit.asof reads for the public, for a day and a moment of knowledge.
BY_HAND = """
SELECT party.code, cycle.cycle, held.step, held.state, held.event_id
FROM (
    SELECT record.*, ROW_NUMBER() OVER (
        PARTITION BY record.implementation_id, record.step
        ORDER BY record.event_id DESC
    ) AS place
    FROM toolkit_steprecord record
    JOIN toolkit_implementation owner ON owner.id = record.implementation_id
    WHERE record.effective_on <= %s AND record.recorded_at <= %s
      AND (record.replaced_at IS NULL OR record.replaced_at > %s)
      AND (record.is_published OR (owner.state = 'public' AND EXISTS (
          SELECT 1 FROM toolkit_consent consent
          WHERE consent.implementation_id = owner.id AND consent.given_at <= %s
            AND (consent.withdrawn_at IS NULL OR consent.withdrawn_at > %s))))
) held
JOIN toolkit_implementation cycle ON cycle.id = held.implementation_id
JOIN partners_party party ON party.id = cycle.party_id
WHERE held.place = 1
"""


def measured(call: Callable[[], Any]) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds."""
    took = []
    for _turn in range(CALLS):
        started = time.perf_counter()
        call()
        took.append((time.perf_counter() - started) * 1000)
    return median(took), quantiles(took, n=20)[18]


def measure() -> int:
    """In a process whose settings name the database; 0 when all is as it should be."""
    import django  # noqa: PLC0415 - after the settings are named

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    with open(os.devnull, "w") as nowhere:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("load_reference", stdout=nowhere)
    from bench import tracker_data  # noqa: PLC0415

    tracker_data.fill()
    connection.cursor().execute("ANALYZE")
    call_command("recompute_tracker", "--check")
    return _compared()


def _compared() -> int:
    from django.db import connection  # noqa: PLC0415

    from history.models import Event  # noqa: PLC0415
    from toolkit.models import Implementation, StepRecord  # noqa: PLC0415

    print(
        f"{connection.vendor}: {Implementation.objects.count():,} implementations, "
        f"{Event.objects.count():,} events, {StepRecord.objects.count():,} records; "
        f"{CALLS} calls each, milliseconds"
    )
    print(f"{'as of':<12}{'rows':>6}{'cells':>7}  {'what':<22}{'p50':>8}{'p95':>8}{'SQL':>5}")
    are_good = [_day_is_good(day) for day in DAYS]
    print(
        f"Both tables the same, at most {MOST_QUERIES} queries: {'yes' if all(are_good) else 'NO'}"
    )
    return 0 if all(are_good) else 1


def _day_is_good(day: date) -> bool:
    """Prints the three lines of a day; true when both tables say the same in few queries."""
    from django.contrib.auth.models import AnonymousUser  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from toolkit import asof  # noqa: PLC0415

    client, moment = Client(), datetime(2026, 6, 1, tzinfo=UTC)
    asked = f"/toolkit/?as_of={day}&known_at={moment:%Y-%m-%dT%H:%M:%SZ}"

    def table() -> list[asof.Row]:
        return asof.table(AnonymousUser(), day, moment)

    rows = table()
    cells = sorted(cell for row in rows for cell in _cells(row))
    is_good = cells == sorted(map(tuple, _by_hand(day, moment)))
    for what, call in (
        ("one query by hand", lambda: _by_hand(day, moment)),
        ("toolkit.asof.table", table),
        ("the page /toolkit/", lambda: client.get(asked)),
    ):
        queries = _queries(call)
        is_good &= queries <= MOST_QUERIES
        p50, p95 = measured(call)
        head = f"{day!s:<12}{len(rows):>6}{len(cells):>7}"
        print(f"{head}  {what:<22}{p50:>8.1f}{p95:>8.1f}{queries:>5}", flush=True)
    return is_good


def _cells(row: Any) -> list[tuple[Any, ...]]:
    code, cycle = row.implementation.party.code, row.implementation.cycle
    return [(code, cycle, step, fact.state, fact.event_id) for step, fact in row.facts.items()]


def _by_hand(day: date, moment: datetime) -> list[Any]:
    from django.db import connection  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(BY_HAND, [day, moment, moment, moment, moment])
        return list(cursor.fetchall())


def _queries(call: Callable[[], Any]) -> int:
    from django.db import connection  # noqa: PLC0415

    statements = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        call()
    return len(statements)


def _in_a_process(url: str) -> int:
    """Each engine has a process of its own: settings are read once."""
    folder = tempfile.mkdtemp(prefix="iccwc-bench-")
    environ = os.environ | {
        "DJANGO_SETTINGS_MODULE": "iccwc_portal.settings",
        "DATABASE_URL": url or f"sqlite:///{folder}/bench.sqlite3",
        "SECRET_KEY": "bench",
        "DEMO": "1",
        "ALLOWED_HOSTS": "testserver",
        "VAR_DIR": folder,
        "LOG_LEVEL": "ERROR",
    }
    return subprocess.run([sys.executable, "-m", "bench.tracker", "here"], env=environ).returncode  # noqa: S603


def main(arguments: list[str]) -> int:
    if arguments == ["here"]:
        return measure()
    from tools import servers  # noqa: PLC0415

    worst = _in_a_process("")
    given = os.environ.get("BENCH_POSTGRES")  # an empty database
    if given:
        return max(worst, _in_a_process(given))
    with servers.postgres() as url:
        if url is None:
            print("PostgreSQL cannot be had here; BENCH_POSTGRES can name an empty database.")
            return worst
        return max(worst, _in_a_process(url))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
