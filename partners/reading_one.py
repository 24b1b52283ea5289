"""Reading one object for the API, with all that its answer shows; by key in one round trip.

What a key may do its own row says, and nothing is made of anything before that was looked at. But
as which agency it read a moment ago is remembered here, and so the key and what that agency may
see are asked for together. Where the row then says otherwise (the key has ended, is another
agency's, may read less), what came along with it is not looked at.

What is remembered is found by the digest of the whole secret: how long a call takes tells nothing
to whoever has none.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.db import connection
from django.utils.translation import get_language

from partners.access import AgencyReader
from partners.calling_from import address_of
from partners.kept_reading import Build, as_agency, kept_objects, reading_agency
from partners.models import ApiKey
from partners.models.keys import KEY_BY_PREFIX, prefix_and_digest
from partners.rates import rate_of, take_ahead
from workflow.asked_together import AskedTogether
from workflow.kept_queries import Found
from workflow.known_tags import Facts, facts_of
from workflow.rows import Context, Rows, rows_of

Parts = tuple[tuple[Any, Build], ...]  # each a serializer, and the rows that it shows
_MOST = 10_000
_readers: dict[str, "_Known"] = {}  # by the digest of the secret


@dataclass(frozen=True)
class _Known:
    """A key that read: as whom, and as what, by how long and from where its calls are counted."""

    reader: AgencyReader
    pk: int
    seconds: int
    home: str | None  # where it is not tied to networks: from there nothing stops it uncounted

    @classmethod
    def of(cls, key: ApiKey, agency_id: int) -> "_Known":
        reader = AgencyReader(agency_id, frozenset(key.scopes))
        return cls(reader, key.pk, rate_of(key).seconds, _home_of(key))


@dataclass(frozen=True)
class Wanted:
    """One object and the rows that belong to its answer; `which` names it, for each alike."""

    one: Build
    parts: Parts
    which: dict[str, Any]

    def find(self, agency_id: int) -> list[Found]:
        asked = _together(self.one, self.shown())
        return asked.find(agency_id=agency_id, **self.which)

    def find_with_key(self, prefix: str, agency_id: int) -> list[Found]:
        asked = _together_with_key(self.one, self.shown(), tuple(self.which))
        return asked.find(prefix=prefix, agency_id=agency_id, **self.which)

    def shown(self) -> "tuple[tuple[Rows, Build], ...]":
        """The parts in the reader's language."""
        return _shown(self.parts, get_language())


class Reading:
    """Reads it before any of it is made into anything: the answer may be one that the caller has.
    For a key all of it is asked at once. `facts` is all that the answer to a key follows from.

    `pk` is None where there is nothing to see.
    """

    def __init__(self, request: Any, actor: Any, wanted: Wanted) -> None:
        self.request, self.actor, self.wanted = request, actor, wanted
        self._asked_more = False
        self._found: list[Found] = []
        self.agency_id = reading_agency(actor)
        if self.agency_id is None:
            self._one = next(iter(wanted.one(actor, **wanted.which)), None)
            self.pk: int | None = self._one and self._one.pk
        else:
            self._found = _read(request, actor, wanted, self.agency_id)
            self.pk = next(iter(self._found[0].ids()), None)

    def made(self) -> Any:
        """The object."""
        return self._found[0].objects()[0] if self._found else self._one

    def rows(self, part: int, context: Context) -> list[dict[str, Any]]:
        """What the actor may see of that part, as its serializer shows it."""
        rows, build = self.wanted.shown()[part]
        if self._found:
            return rows.written(self._found[part + 1], context)
        return list(rows.read(build(self.actor, **self.wanted.which), context))

    @contextmanager
    def making(self) -> Iterator[None]:
        """While this lasts the answer is made of what was read."""

        def note(execute: Callable[..., Any], *asked: Any) -> Any:
            self._asked_more = True
            return execute(*asked)

        with connection.execute_wrapper(note):
            yield

    @property
    def facts(self) -> Facts | None:
        """None for people, of whom more counts than can be named here; and where the database was
        asked for more while the answer was made."""
        return None if self.agency_id is None or self._asked_more else self._facts

    @cached_property
    def _facts(self) -> Facts:
        asker = (self.agency_id, sorted(self.request.user.scopes))
        return facts_of(self.request, asker, [one.raw for one in self._found])


def key_opened_by(token: str, request: Any) -> ApiKey | None:
    """The valid key that `token` opens. For a view that says what is `wanted` of it, that is read
    along, if the key is known to read."""
    wanted, (prefix, name) = _wanted(request), prefix_and_digest(token)
    known = _readers.get(name) if wanted else None
    if wanted is None or known is None or _scope_of(request) not in known.reader.scopes:
        return ApiKey.objects.for_token(token)
    reader = known.reader
    if known.home and known.home == address_of(request):
        take_ahead(f"key-{known.pk}", known.seconds)
    found, *read = wanted.find_with_key(prefix, reader.agency_id)
    key = ApiKey.objects.opened_by(name, found.rows())
    if key is None or not key.is_valid:
        _readers.pop(name, None)
        return None
    if known.home != _home_of(key):
        _readers[name] = _Known.of(key, reader.agency_id)
    request._request.read_along = (key.pk, reader.agency_id, wanted), read
    return key


def _home_of(key: ApiKey) -> str | None:
    return None if key.networks else key.last_used_from


def _wanted(request: Any) -> Wanted | None:
    """What the view reads first, if it is about one object and says so."""
    view = request.parser_context.get("view")
    if not (getattr(view, "detail", False) and hasattr(view, "wanted")):
        return None
    wanted: Wanted | None = view.wanted(**view.kwargs)
    return wanted


def _scope_of(request: Any) -> str:
    scope: str = request.parser_context["view"].scopes["GET"]
    return scope


def _read(request: Any, key: ApiKey, wanted: Wanted, agency_id: int) -> list[Found]:
    """What was read along with the key, once; else it is read now, and the key is remembered."""
    read_for, found = request._request.__dict__.pop("read_along", (None, []))
    if read_for == (key.pk, agency_id, wanted):
        return list(found)
    if len(_readers) >= _MOST:
        _readers.clear()
    _readers[key.digest] = _Known.of(key, agency_id)
    return wanted.find(agency_id)


@lru_cache(maxsize=500)
def _shown(parts: Parts, language: str | None) -> "tuple[tuple[Rows, Build], ...]":
    """`rows_of` asks for the language itself: it is named here to be remembered by."""
    return tuple([(rows_of(serializer), build) for serializer, build in parts])


@lru_cache(maxsize=500)
def _together(one: Build, parts: "tuple[tuple[Rows, Build], ...]") -> AskedTogether:
    return AskedTogether(kept_objects(one), *(rows.kept(as_agency(build)) for rows, build in parts))


@lru_cache(maxsize=500)
def _together_with_key(
    one: Build, parts: "tuple[tuple[Rows, Build], ...]", which: tuple[str, ...]
) -> AskedTogether:
    others = _together(one, parts).queries
    names = [("prefix",), *[("agency_id", *which)] * len(others)]
    return AskedTogether(KEY_BY_PREFIX, *others, names=names)
