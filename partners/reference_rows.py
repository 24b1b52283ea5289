"""Reference data: rows of fixtures/*.json brought into the database, as often as one likes.

A row that is there already stays as it is, because an officer may have edited it in the admin.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from django.conf import settings
from django.db import models

M = TypeVar("M", bound=models.Model)


@dataclass
class Tally:
    """How many rows of one kind were added, changed back, or left as they were."""

    added: int = 0
    changed: int = 0
    left: int = 0


@dataclass(frozen=True)
class Kind:
    """One kind of reference data. `load` takes `overwrite`: restore what the files say."""

    label: str
    load: Callable[[bool], Tally]


def rows(name: str) -> Any:
    """The content of fixtures/<name>.json."""
    path = settings.BASE_DIR / "fixtures" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


@cache
def sources() -> dict[str, dict[str, str]]:
    """Title, date and address of each document that a row names as its source, by key."""
    found: dict[str, dict[str, str]] = rows("sources")
    return found


def cited(keys: Iterable[str]) -> str:
    """Sources as people read them: "Title, date; Title, date"."""
    documents = (sources()[key] for key in keys)
    return "; ".join(", ".join(filter(None, [one["title"], one["date"]])) for one in documents)


def keep(
    model: type[M], key: Mapping[str, Any], fields: Mapping[str, Any], tally: Tally, overwrite: bool
) -> tuple[M, bool]:
    """The row with that natural key, and whether it was written: made, or set back if so asked."""
    row, made = model._default_manager.get_or_create(**key, defaults=dict(fields))
    if made:
        tally.added += 1
        return row, True
    differing = [name for name, value in fields.items() if getattr(row, name) != value]
    if overwrite and differing:
        for name in differing:
            setattr(row, name, fields[name])
        row.save(update_fields=differing)
        tally.changed += 1
        return row, True
    tally.left += 1
    return row, overwrite


def is_theirs(model: type[models.Model], tally: Tally, overwrite: bool) -> bool:
    """For kinds without a code of their own: once there are rows, officers keep the list.

    Names and dates are all that tells these rows apart; to look again for one that an officer
    renamed or redated would bring the old one back.
    """
    tally.left = 0 if overwrite else model._default_manager.count()
    return tally.left > 0
