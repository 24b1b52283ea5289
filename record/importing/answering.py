"""The questions of a file, and what follows from an answer: the rows that waited for it are judged
again, and may be good then, or ask the next question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Min
from django.utils.translation import gettext as _

from history.log import record
from partners.access import OFFICER, snapshot
from partners.desk_history import columns_of, keep
from partners.granting.kinds import DESK_ADDED
from partners.models import Party, PartyAlias
from partners.models.bodies import plain_spelling
from record.importing.files import Reason
from record.importing.judging import OUT, Judge
from record.importing.known import Known
from record.importing.places import Names
from record.importing.reading import AT_ONCE, in_pieces, store
from record.importing.workflow import ANSWERED
from record.models import Activity, ActivityImport, ImportRow, ImportState, Verdict
from workflow.errors import InvalidInput, NotPermitted

SHOWN = 20  # questions on a page; the rest follows when these are answered
# How the reading of a cell was noted: what an answer does not change.
_OF_THE_CELL = frozenset({"joined_lines", "split_line"})
_STAR = frozenset({"nothing", Activity.Stage.PLANNED, Activity.Stage.ONGOING, OUT})


@dataclass(frozen=True)
class Question:
    """One question, of all the rows that wait for its answer."""

    key: str
    count: int
    first: ImportRow

    @property
    def subject(self) -> str:
        """What it is about: "place", "kind", "star" or "position"."""
        return self.key.partition(":")[0]

    @property
    def written(self) -> str:
        return str(self.first.said.get(self.subject, ""))

    @property
    def why(self) -> list[Reason]:
        return list(self.first.reasons[:1])


def questions(batch: ActivityImport) -> tuple[list[Question], int]:
    """Those that are open, most rows first, and how many there are in all."""
    asked = ImportRow.objects.filter(batch=batch, verdict=Verdict.ASKED).order_by()
    found = list(
        asked.values("asks").annotate(rows=Count("pk"), first=Min("pk")).order_by("-rows", "asks")
    )
    firsts = ImportRow.objects.in_bulk([one["first"] for one in found[:SHOWN]])
    shown = [Question(one["asks"], one["rows"], firsts[one["first"]]) for one in found[:SHOWN]]
    return shown, len(found)


def answer(
    batch: ActivityImport, key: str, value: str, *, by: Any, keep_spelling: bool = False
) -> int:
    """Keep the answer and judge the rows again that waited for it; how many. `keep_spelling`: from
    now on these words are known as another spelling of the Party. Raises NotPermitted and
    InvalidInput."""
    if not OFFICER(by, None):
        raise NotPermitted
    _refuse_unfit(key, value)
    with transaction.atomic():
        locked = ActivityImport.objects.select_for_update(no_key=True, of=("self",)).get(
            pk=batch.pk
        )
        # Behind the lock: whoever drops the import or answers this has done so, or waits.
        waiting = ImportRow.objects.filter(batch=locked, verdict=Verdict.ASKED, asks=key)
        first = waiting.order_by("pk").first()
        if first is None or locked.state == ImportState.DROPPED or locked.read_at is None:
            raise InvalidInput({"": [_("This question is no longer open.")]})
        before = locked.answers.get(key)
        locked.answers = {**locked.answers, key: value}
        locked.save(update_fields=["answers"])
        if keep_spelling:
            _keep_spelling(str(first.said.get("place", "")), value, by)
        changes = {key: [before, value]}
        record(locked, ANSWERED, by=snapshot(by, locked), changes=changes)
    return judge_again(locked, key)


def judge_again(batch: ActivityImport, key: str) -> int:
    """In pieces, so that nobody else has to wait for all of them."""
    judge, known = Judge(Names.now(), batch.answers), Known(batch)
    waiting = ImportRow.objects.filter(batch=batch, verdict=Verdict.ASKED, asks=key)
    count = 0
    for ids in in_pieces(
        list(waiting.order_by("number", "part").values_list("pk", flat=True)), AT_ONCE
    ):
        with transaction.atomic():
            rows = list(waiting.filter(pk__in=ids).order_by("number", "part"))
            for row in rows:
                _judge_again(row, judge, known)
            store(rows, ["understood", "verdict", "reasons", "asks", "key", "activity"])
            count += len(rows)
    return count


def _judge_again(row: ImportRow, judge: Judge, known: Known) -> None:
    found = judge.again(row.number, row.said)
    of_the_cell: list[Any] = [one for one in row.reasons if one[0] in _OF_THE_CELL]
    found.notes = [*of_the_cell, *found.notes]
    row.verdict, row.reasons, row.activity_id = known.look_at(found, row.number)
    row.understood, row.key = found.understood, found.key
    row.asks = "" if found.refused else found.asks


def _refuse_unfit(key: str, value: str) -> None:
    """Raise InvalidInput for what is no answer to this question."""
    subject = key.partition(":")[0]
    kind, _colon, code = value.partition(":")
    fits: Mapping[str, bool] = {
        "place": kind in {"name", OUT} or (kind in {"parties", "within"} and _are_parties(code)),
        "kind": value in {*Activity.Kind.values, OUT},
        "star": value in _STAR,
        "position": value in {"keep", "none", OUT},
    }
    if not fits.get(subject):
        raise InvalidInput({"answer": [_("Choose one of the answers.")]})


def _are_parties(codes: str) -> bool:
    asked = set(codes.split("+"))
    return Party.objects.filter(code__in=asked).count() == len(asked)


def _keep_spelling(written: str, value: str, by: Any) -> None:
    """As other spellings are kept at the desk, with the same event."""
    kind, _colon, code = value.partition(":")
    if kind != "parties" or "+" in code:
        raise InvalidInput({"keep": [_("Only a spelling of one Party can be kept.")]})
    spelling = plain_spelling(written)
    party = Party.objects.get(code=code)
    alias, is_new = PartyAlias.objects.select_related("party").get_or_create(
        spelling=spelling, defaults={"party": party, "written": written}
    )
    if is_new:
        keep(DESK_ADDED, alias, by, {}, columns_of(alias))
    elif alias.party != party:
        # Kept by somebody since the file was read.
        sentence = _("“%(written)s” is known already as a spelling of %(party)s.")
        raise InvalidInput({"keep": [sentence % {"written": written, "party": alias.party.name}]})
