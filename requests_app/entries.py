"""The timeline as people read it: what happened, who did it, when, in which words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from history.models import Event
from partners.access import standing
from partners.models import Agency
from partners.naming import in_readers_language
from requests_app.models import Asks, Attachment, Criterion
from requests_app.questions import known_by_key
from requests_app.timeline import open_changes
from requests_app.workflow import REFERRALS, REQUESTS, THREADS, inputs
from workflow.inputs import Input, Kind

Words = list[tuple[str, str]]

# Said elsewhere on the page, or of no use to a reader.
_NOT_SHOWN = frozenset({"state", "reference"})


@dataclass(frozen=True)
class Entry:
    """One line of a timeline."""

    what: str
    who: str
    body: str
    recorded_at: datetime
    when: str = ""  # the effective date, where it differs from the day of recording
    source: str = ""
    words: Words = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Names:
    """What codes in the log stand for, in the reader's language."""

    agencies: dict[str, str]
    criteria: dict[str, str]
    files: dict[str, str]  # by id, as text
    bodies: dict[str, str]  # by English name


def entries(events: Iterable[Event], actor: Any, names: Names | None = None) -> list[Entry]:
    """The entries for events of `about_request`, in the order given; five queries at most, and
    none for the Secretariat where the caller knows the `names` already."""
    events = list(events)
    changes = open_changes(events, actor)
    known = names or _names_in(events, changes)
    return [_entry(event, changes[event.pk], known, actor) for event in events]


def _entry(event: Event, said: dict[str, Any], names: Names, actor: Any) -> Entry:
    agency = getattr(event, "referred_to", None)
    of = names.agencies.get(agency, agency) if agency else getattr(event, "conversation", None)
    return Entry(
        what=f"{event.label} ({of})" if of else event.label,
        who=name_of_actor(event, actor),
        body=names.bodies.get(event.actor_body, event.actor_body),
        recorded_at=event.recorded_at,
        words=_words(event, said, names),
    )


def _names_in(events: list[Event], changes: dict[int, dict[str, Any]]) -> Names:
    assessed = any(event.kind == REQUESTS.kind("assess") for event in events)
    criteria = Criterion.objects.all() if assessed else ()
    said = changes.values()
    files = {int(pk) for one in said for pk in (one.get("open_files") or ())}
    files |= {int(pk) for one in said for pk in (one.get("files") or ())}
    found = Attachment.objects.filter(pk__in=files).values_list("pk", "name") if files else ()
    return Names(
        agencies={agency.code: agency.name for agency in Agency.objects.all()},
        criteria={criterion.key: criterion.name for criterion in criteria},
        files={str(pk): name for pk, name in found},
        bodies=in_readers_language(event.actor_body for event in events),
    )


def name_of_actor(event: Event, actor: Any) -> str:
    """The Secretariat sees which key acted; for others it is the body's system."""
    if event.actor_kind == "api_key" and not standing(actor).sees_all:
        return _("Through the API")
    if event.actor_kind == "system":
        return _("ICCWC support portal")
    return event.actor_name


def _words(event: Event, said: dict[str, Any], names: Names) -> Words:
    declared = _inputs_of(event.kind)
    words: Words = []
    for name in declared:  # as the form has it: a database may keep keys in an order of its own
        value = said.get(name)
        if name in _NOT_SHOWN or value in ("", None, [], {}):
            continue
        if name == "assignee" and event.kind != REQUESTS.kind("assign"):
            continue  # whoever takes up is its officer, as is said elsewhere on the page
        if declared[name].kind == Kind.NOTES:
            known = known_by_key(getattr(event, "form", None) or Asks.GENERAL)
            words += [(str(known[key].label), text) for key, text in value.items()]
        elif declared[name].kind == Kind.MARKS:
            words += _marks(declared[name], value, names)
        else:
            chosen = getattr(event, "catalogue_name", None)
            said_there = _as_text(declared[name], value, names, chosen)
            words.append((str(declared[name].label), said_there))
    if note := getattr(event, "note_text", None):
        words.append((str(inputs.NOTE_TEXT.label), note))
    return words


def _marks(one: Input, value: dict[str, Any], names: Names) -> Words:
    """A line for each subject that was marked: "yes. In the action plan of 2025."."""
    choices = {key: str(label) for key, label in one.choices}
    lines: Words = []
    places = {key: place for place, key in enumerate([*names.criteria, *names.files])}
    for key, said in sorted(value.items(), key=lambda pair: places.get(pair[0], 0)):
        mark, text = (said["mark"], said["text"]) if isinstance(said, dict) else (said, "")
        label = names.criteria.get(key) or names.files.get(key) or key
        shown = choices.get(mark, str(mark)) if mark else _("no longer said")
        lines.append((label, f"{shown} – {text}" if text else shown))
    return lines


_TABLES = {table.name: table for table in (REQUESTS, REFERRALS, THREADS)}


def _inputs_of(kind: str) -> dict[str, Input]:
    """The inputs under whose labels the words of an event were typed."""
    table = _TABLES.get(kind.partition(".")[0], REQUESTS)
    transition = table.by_action.get(kind.rpartition(".")[2])
    if transition is None:  # a referral that was sent
        return {one.name: one for one in (inputs.NOTE, inputs.ANSWER_DUE_ON)}
    declared = {one.name: one for one in transition.inputs}
    if table is REFERRALS:
        # History keeps a comment and a reason alike as the agency's answer.
        typed = [one for one in transition.inputs if one.kind == Kind.TEXT]
        declared |= dict(zip(["answer"], typed, strict=False))
    return declared


def _as_text(one: Input, value: Any, names: Names, catalogue_name: str | None) -> str:
    if one.kind == Kind.YES_NO:
        return _("Yes") if value else _("No")
    if one.kind == Kind.DATE:
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    if one.kind == Kind.CHOICE:
        return str(dict(one.choices).get(value, value))
    if one.kind == Kind.SOME_OF:
        codes = [str(code) for code in value]
        return ", ".join(names.agencies.get(one) or names.files.get(one, one) for one in codes)
    if one.kind == Kind.ONE_OF:
        return names.agencies.get(value) or catalogue_name or str(value)
    return str(value)
