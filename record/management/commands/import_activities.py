from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count

from partners.access import OFFICER
from partners.desk import address_of
from partners.models import User
from record.importing.answering import questions
from record.importing.carrying import carry_on
from record.importing.files import File, open_file
from record.importing.places import called
from record.importing.reading import look_through
from record.importing.sentences import sentences
from record.models import ActivityImport, ImportRow, Verdict
from toolkit.importing.sheets import Unreadable
from workflow.errors import NotAllowedNow
from workflow.executor import perform

LEFT, UNREADABLE = 1, 2  # what the command ends with, where it is not 0


class Command(BaseCommand):
    help = (
        "Read a CSV file of activities and print what becomes of each row. Ends with 0 when every "
        "row is good, is here already or was taken over, 1 when rows were refused or need an "
        "answer, 2 when the file cannot be read."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--source", required=True, help="as pages will cite it")
        parser.add_argument("--source-url", default="", help="its address")
        parser.add_argument(
            "--by", required=True, metavar="EMAIL",
            help="the officer or lead of the Secretariat who answers for it; history says so",
        )  # fmt: skip
        parser.add_argument(
            "--star", default="", choices=["planned", "ongoing", "nothing"],
            help="what a star beside an activity means in this list",
        )  # fmt: skip
        parser.add_argument("--yes", action="store_true", help="take the good rows over, as drafts")
        parser.add_argument(
            "--publish", action="store_true", help="with --yes: publish what was taken over"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["publish"] and not options["yes"]:
            raise CommandError("--publish goes with --yes: nothing else is published.")
        officer = _officer(options["by"])
        batch = look_through(
            _opened(options["file"]),
            source=options["source"],
            source_url=options["source_url"],
            star=options["star"],
            by=officer,
        )
        if options["yes"]:
            self._act(batch, "take", officer)
        if options["publish"]:
            self._act(batch, "publish", officer)
        batch.refresh_from_db()
        self._report(batch)
        left = ImportRow.objects.filter(batch=batch, verdict__in=[Verdict.REFUSED, Verdict.ASKED])
        if left.exists():
            raise CommandError("Rows were left out: see above.", returncode=LEFT)

    def _act(self, batch: ActivityImport, action: str, officer: User) -> None:
        try:
            perform(action, batch, by=officer)
        except NotAllowedNow as refusal:  # there is no such row; the report says what there is
            self.stdout.write(refusal.sentence)
            return
        carry_on(batch.pk)

    def _report(self, batch: ActivityImport) -> None:
        names = called()
        write = self.stdout.write
        write(f"{batch.name}, read as {batch.encoding}. Source: {batch.source}")
        for remark in sentences(batch.remarks, names):
            write(remark)
        for row in batch.rows.order_by("number", "part").iterator(chunk_size=1000):
            where = f"row {row.number}" + (f".{row.part}" if row.part > 1 else "")
            words = " ".join(row.said.get("description", "").split())[:120]
            why = " ".join(sentences(row.reasons, names))
            place = row.said.get("place", "–")
            write(f"{where}\t{row.get_verdict_display()}\t{place}\t{words}\t{why}".rstrip())
        counts = dict(batch.rows.order_by().values_list("verdict").annotate(Count("pk")))
        for verdict in Verdict:
            if verdict in counts:
                write(f"{verdict.label}: {counts[verdict]}")
        open_questions, how_many = questions(batch)
        page = f"{settings.SITE_URL}{address_of(batch, 'change')}"
        if open_questions:
            write(f"Questions to be answered: {how_many}, at {page}")
        elif counts.get(Verdict.GOOD):
            write(f"Nothing is taken over yet: say --yes, or {page}")


def _officer(email: str) -> User:
    person = User.objects.filter(email__iexact=email.strip()).first()
    if person is None or not OFFICER(person, None):
        raise CommandError(f"“{email}” is no officer or lead of the Secretariat.", returncode=LEFT)
    return person


def _opened(path: Path) -> File:
    try:
        return open_file(path.name, path.read_bytes())
    except OSError as wrong:
        raise CommandError(f"{path}: {wrong.strerror}.", returncode=UNREADABLE) from None
    except Unreadable as wrong:
        raise CommandError(f"{path}: {wrong}", returncode=UNREADABLE) from None
