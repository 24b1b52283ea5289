from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from toolkit.framework.importer import FRAMEWORK, load
from toolkit.importing import Unreadable
from toolkit.models import Edition


class Command(BaseCommand):
    help = "Load the indicators of an edition of the Indicator Framework from a filled-in template."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the workbook (.xlsx)")
        parser.add_argument("--edition", required=True, help="key of the edition, e.g. 2016")
        parser.add_argument("--name", default="", help="its name, where the edition is new")
        parser.add_argument("--source", default="", help="the document it is taken from")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        edition = self._edition(options)
        path = Path(options["file"])
        try:
            upload = SimpleUploadedFile(path.name, path.read_bytes())
            sheet = FRAMEWORK.read(upload, FRAMEWORK.columns)
        except OSError as wrong:
            raise CommandError(f"The file cannot be read: {wrong}") from wrong
        except Unreadable as wrong:
            raise CommandError(str(wrong)) from wrong
        values, problems = FRAMEWORK.look_through(sheet.rows, edition)
        for one in problems:
            where = f"row {one.row}, {one.column}" if one.column else f"row {one.row}"
            self.stdout.write(f"{where}: {one.sentence} {one.found}".rstrip())
        if problems:
            raise CommandError(f"Nothing was loaded: {len(problems)} faults.")
        made = load(list(values.values()), edition, None)
        self.stdout.write(f"{made} indicators loaded into the edition {edition.key}.")

    def _edition(self, options: dict[str, Any]) -> Edition:
        found = Edition.objects.filter(key=options["edition"]).first()
        if found:
            return found
        if not options["name"]:
            raise CommandError("There is no such edition. Give --name to add it.")
        return Edition.objects.create(
            key=options["edition"], name=options["name"], source=options["source"]
        )
