"""The timeline as people read it: what happened, who did it, when, in which words."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.fields.json import KT
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from history.models import Event
from partners.access import standing
from partners.models import Agency
from partners.naming import in_readers_language
from requests_app.models import Asks, Reason, Referral, RequestVersion, Support, Thread
from requests_app.questions import known_by_key
from requests_app.timeline import REFERRAL, THREAD, open_changes
from requests_app.workflow import REFERRALS, REQUESTS, THREADS, inputs
from workflow.inputs import Input, Kind

Words = list[tuple[str, str]]

# Said elsewhere on the page, or of no use to a reader.
_NOT_SHOWN = frozenset({"state", "reference", "assignee"})


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


@dataclass(frozen=True)
class _Names:
    """What codes in the log stand for, in the reader's language."""

    agencies: dict[str, str]
    reasons: dict[str, str]
    agency_of: dict[int, str]  # by referral
    subjects: dict[int, str]  # by conversation
    bodies: dict[str, str]  # by English name
    forms: dict[int, str]  # by event with remarks: the form that the remarks are about


def entries(events: Iterable[Event], actor: Any) -> list[Entry]:
    """The entries for visible events of one request, in the order given; eight queries at most."""
    events = list(events)
    changes = open_changes(events, actor)
    ids = {event.subject_id for event in events if event.subject_type == REFERRAL}
    agencies = {agency.code: agency.name for agency in Agency.objects.all()}
    names = _Names(
        agencies=agencies,
        reasons=_reasons_in(events),
        agency_of={
            referral.pk: referral.agency.name
            for referral in Referral.objects.filter(pk__in=ids).select_related("agency")
        },
        subjects=_subjects_of(events),
        bodies=in_readers_language(event.actor_body for event in events),
        forms=_forms_remarked(events),
    )
    return [_entry(event, changes[event.pk], names, actor) for event in events]


def _entry(event: Event, said: dict[str, Any], names: _Names, actor: Any) -> Entry:
    of = names.agency_of.get(event.subject_id) if event.subject_type == REFERRAL else None
    of = names.subjects.get(event.subject_id) if event.subject_type == THREAD else of
    return Entry(
        what=f"{event.label} ({of})" if of else event.label,
        who=name_of_actor(event, actor),
        body=names.bodies.get(event.actor_body, event.actor_body),
        recorded_at=event.recorded_at,
        words=_words(event, said, names),
    )


def _reasons_in(events: Iterable[Event]) -> dict[str, str]:
    """The catalogue of reasons, where one of them was given."""
    if any(event.kind == REQUESTS.kind("decline") for event in events):
        return {reason.key: reason.name for reason in Reason.objects.all()}
    return {}


def _subjects_of(events: Iterable[Event]) -> dict[int, str]:
    ids = {event.subject_id for event in events if event.subject_type == THREAD}
    return dict(Thread.objects.filter(pk__in=ids).values_list("pk", "subject")) if ids else {}


def _forms_remarked(events: Iterable[Event]) -> dict[int, str]:
    """For remarks on single questions, the form as it was submitted last before them."""
    remarked = [event for event in events if event.changes.get("remarks")]
    if not remarked:
        return {}
    forms = Support.objects.filter(key=OuterRef("chosen")).values("asks")
    submitted = list(
        RequestVersion.objects.filter(support_request__in={one.subject_id for one in remarked})
        .annotate(chosen=KT("answers__support"))
        .order_by("submitted_at")
        .values_list("support_request", "submitted_at", Subquery(forms))
    )
    return {
        event.pk: asks
        for event in remarked
        for pk, moment, asks in submitted
        if pk == event.subject_id and moment <= event.recorded_at
    }


def name_of_actor(event: Event, actor: Any) -> str:
    """The Secretariat sees which key acted; for others it is the body's system."""
    if event.actor_kind == "api_key" and not standing(actor).sees_all:
        return _("Through the API")
    if event.actor_kind == "system":
        return _("ICCWC support portal")
    return event.actor_name


def _words(event: Event, said: dict[str, Any], names: _Names) -> Words:
    declared = _inputs_of(event.kind)
    words: Words = []
    for name, value in said.items():
        if name not in declared or name in _NOT_SHOWN or value in ("", None, []):
            continue
        if declared[name].kind == Kind.NOTES:
            known = known_by_key(names.forms.get(event.pk) or Asks.GENERAL)
            words += [(str(known[key].label), text) for key, text in value.items()]
        else:
            words.append((str(declared[name].label), _as_text(declared[name], value, names)))
    return words


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


def _as_text(one: Input, value: Any, names: _Names) -> str:
    if one.kind == Kind.YES_NO:
        return _("Yes") if value else _("No")
    if one.kind == Kind.DATE:
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    if one.kind == Kind.CHOICE:
        return str(dict(one.choices).get(value, value))
    if one.kind == Kind.SOME_OF:
        return ", ".join(names.agencies.get(code, code) for code in value)
    if one.kind == Kind.ONE_OF:
        return names.agencies.get(value) or names.reasons.get(value, value)
    return str(value)
