from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from requests_app.recomputing import differences


class Command(BaseCommand):
    help = "Compute since when, for whom and until when each request waits, from what happened."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--check", action="store_true", help="say what differs and change nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        found = 0
        for difference in differences(mend=not options["check"]):
            found += 1
            self.stdout.write(str(difference))
        if not found:
            self.stdout.write("The clock of every request is as it should be.")
        elif options["check"]:
            raise CommandError(f"{found} stored values differ from what happened.")
        else:
            self.stdout.write(f"{found} stored values mended.")
