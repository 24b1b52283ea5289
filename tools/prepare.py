"""Bring database, static files, translations and demo data up to date; changes nothing twice."""

from collections.abc import Callable

import django
from django.core.management import call_command

from tools import messages

STEPS: list[tuple[str, Callable[[], object]]] = [
    ("Compiling the translations", messages.compile_all),
    ("Bringing the database up to date", lambda: call_command("migrate", verbosity=0)),
    (
        "Collecting the static files",
        lambda: call_command("collectstatic", interactive=False, verbosity=0),
    ),
    ("Loading the reference data", lambda: call_command("load_reference")),
    ("Loading the demo data", lambda: call_command("load_demo")),
]


def main() -> None:
    django.setup()
    for words, step in STEPS:
        print(f"{words} ...", flush=True)
        step()


if __name__ == "__main__":
    main()
