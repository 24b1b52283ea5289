"""What is to be stored when several people, and several pages of one person, write one request."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.dateparse import parse_datetime

from requests_app.models import SupportRequest


@dataclass(frozen=True)
class Sheet:
    """One opened page of the form and how many times it has sent what stands on it.

    Who types there has seen what it sent before; and of two sendings the later turn counts,
    in whatever order a bad line delivers them.
    """

    key: str
    turn: int


class Stamp(NamedTuple):
    """How an answer came to be stored: at which version of the row, by whom, when, from where."""

    version: int = 0
    by: int | None = None  # id of a User
    at: str = ""
    sheet: str = ""
    turn: int = 0

    @property
    def moment(self) -> datetime | None:
        return parse_datetime(self.at) if self.at else None


def stamp_of(support_request: SupportRequest, key: str) -> Stamp:
    return Stamp(*support_request.written.get(key, ()))


@dataclass(frozen=True)
class Conflict:
    """An answer that was stored after the writer had looked: both texts are kept."""

    key: str
    typed: Any
    stored: Any
    by: int | None  # who wrote what is stored now: id of a User
    at: datetime | None


def fingerprint(answer: Any) -> str:
    """Stands for an answer as a writer saw it; every empty answer has the same."""
    if not answer:
        return ""
    text = json.dumps(answer, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def merge(
    stored: Mapping[str, Any],
    typed: Mapping[str, Any],
    stamps: Mapping[str, Stamp],
    seen: Mapping[str, str] | None = None,
    sheet: Sheet | None = None,
) -> tuple[dict[str, Any], tuple[Conflict, ...]]:
    """The typed answers that are to be stored, and those that clash with what is stored now.

    `seen` holds the fingerprint of each answer as the writer saw it; without it every answer
    counts. What was left as it was seen never replaces a colleague's later words.
    """
    changed: dict[str, Any] = {}
    conflicts = []
    for key, answer in typed.items():
        now, base = fingerprint(stored.get(key)), None if seen is None else seen.get(key, "")
        stamp = stamps.get(key, Stamp())
        if fingerprint(answer) == now:
            continue
        if sheet and stamp.sheet == sheet.key:
            if sheet.turn >= stamp.turn:
                changed[key] = answer
        elif base is None or base == now:
            changed[key] = answer
        elif fingerprint(answer) != base:
            conflicts.append(Conflict(key, answer, stored.get(key), stamp.by, stamp.moment))
    return changed, tuple(conflicts)
