"""How long a list of activities takes to be read and taken over, and what memory that needs.

    python -m bench.importing [ROWS]

On an SQLite file of its own. Reported, never asserted: a busy machine takes a multiple of it.
"""

import csv
import io
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

ROWS = 50_000
_KINDS = (
    "Analysis of national responses",
    "Law enforcement support and capacity building",
    "Cross-cutting activities",
)


def main(rows: int) -> None:
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "iccwc_portal.settings",
        "SECRET_KEY": "bench",
        "DEMO": "1",
        "VAR_DIR": tempfile.mkdtemp(prefix="iccwc-bench-"),
        "LOG_LEVEL": "ERROR",
    }
    os.environ.pop("DATABASE_URL", None)
    import django  # noqa: PLC0415 - after the settings are named

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from iccwc_portal.first_lead import appoint  # noqa: PLC0415
    from partners.models import User  # noqa: PLC0415
    from record.importing.carrying import carry_on  # noqa: PLC0415
    from record.importing.files import open_file  # noqa: PLC0415
    from record.importing.reading import look_through  # noqa: PLC0415
    from workflow.executor import perform  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("load_reference", stdout=io.StringIO())
    lead = User.objects.create_user("lead@example.org", name="Lead")
    appoint(lead)
    content = a_list(rows)
    print(f"{rows:,} rows, {len(content) / 1e6:.1f} MB; memory before: {memory()} MB")
    file = timed("opened", lambda: open_file("list.csv", content))
    batch = timed("judged", lambda: look_through(file, source="A list", by=lead))
    print(dict(Counter(batch.rows.values_list("verdict", flat=True))))
    perform("take", batch, by=lead)
    timed("taken over", lambda: carry_on(batch.pk))
    print(dict(Counter(batch.rows.values_list("verdict", flat=True))))


def timed(what: str, work: Callable[[], Any]) -> Any:
    began, worked = time.perf_counter(), time.process_time()
    made = work()
    took, busy = time.perf_counter() - began, time.process_time() - worked
    print(f"{what}: {took:.1f} s ({busy:.1f} s of the processor); memory: {memory()} MB")
    return made


def memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def a_list(rows: int) -> bytes:
    """Each row another activity, in a country that has a place on the map, near its middle."""
    import shapely  # noqa: PLC0415

    from partners.map import geometry  # noqa: PLC0415
    from partners.models import Party  # noqa: PLC0415

    names = dict(Party.objects.values_list("code", "name_en"))
    middles = {
        code: shapely.geometry.shape(shape).representative_point()
        for code, shape in geometry().items()
        if code in {"KEN", "PER", "VNM", "BRA", "IND", "ZAF", "DEU", "CAN", "AUS", "CHN"}
    }
    random.seed(7)
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(["title", "description", "url", "group", "visible", "longitude", "latitude"])
    for number in range(rows):
        code, middle = random.choice(list(middles.items()))
        years = random.randint(2011, 2025)
        words = f"Training course number {number} for officers ({years})"
        at = [f"{middle.x:.5f}", f"{middle.y:.5f}"]
        link = "https://example.org/news"
        lines.writerow([names[code], words, link, random.choice(_KINDS), "True", *at])
    return text.getvalue().encode()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROWS)
