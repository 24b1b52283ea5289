from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from toolkit.projection import differences


class Command(BaseCommand):
    help = "Compute the records of Toolkit steps, from which the tracker is read, from the log."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="say what differs and change nothing"
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for difference in differences(mend=not options["check"]):
            found += 1
            self.stdout.write(difference)
        if not found:
            self.stdout.write("The records of every implementation are what the log says.")
        elif options["check"]:
            raise CommandError(f"{found} implementations differ from the log.")
        else:
            self.stdout.write(f"{found} implementations mended.")
