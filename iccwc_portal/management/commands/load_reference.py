from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from partners import reference as partners_reference
from record import reference as record_reference
from requests_app import reference as requests_reference
from toolkit import reference as toolkit_reference

KINDS = (
    *partners_reference.KINDS,
    *requests_reference.KINDS,
    *toolkit_reference.KINDS,
    *record_reference.KINDS,
)


class Command(BaseCommand):
    help = "Load Parties, agencies, the catalogue of support and the published Toolkit data."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--overwrite",
            action="store_true",
            help="set rows that were edited in the admin back to what the files say",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        for kind in KINDS:
            with transaction.atomic():
                tally = kind.load(options["overwrite"])
            self.stdout.write(
                f"{kind.label}: {tally.added} added, {tally.changed} changed, "
                f"{tally.left} left as they were"
            )
