"""Who hears what about requests and referrals, and in which words."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format

from history.models import Event
from outbox.enclosures import Enclosure
from outbox.post import Letter, owe
from partners.access import standing
from partners.audiences import (
    AT_THE_DESK,
    OFFICERS_OF_AGENCY,
    TOLD_OF_MOVES,
    Audience,
    people_told,
)
from partners.letters import Notice, Passages, letters
from partners.models import Role, User
from partners.recipients import people, secretariat_desk
from requests_app.models import Referral, SupportRequest
from requests_app.questions import known_by_key
from requests_app.words import REFERRAL_NOTICES, REQUEST_NOTICES
from workflow.inputs import Kind
from workflow.transitions import Act

FOCAL_POINTS = "focal points"
DESK = "Secretariat desk"
AGENCIES = "agencies"
NEWLY_REFERRED = "those agencies"
LEAD_AGENCY = "lead agency"
THIS_AGENCY = "that agency"
ASSIGNEE = "that officer"
MENTIONED = "those mentioned"
_OF_THE_SECRETARIAT = frozenset({DESK, ASSIGNEE, MENTIONED})

# The copy of a submitted version, as outbox.enclosures knows it: see requests_app.copy_pdf.
COPY = "requests_app.copy"

# The Secretariat's note is for the agencies alone: in messages and in the timeline.
NOT_FOR_THE_COUNTRY = frozenset({"note"})
_NOT_QUOTED = frozenset(
    {
        "assignee",
        "letter",
        "file",
        "funding_known",
        "declared",
        "standard",
        "open_files",
        "mentions",
    }
)
# An agency does not learn who else was asked.
_WITHHELD = {FOCAL_POINTS: NOT_FOR_THE_COUNTRY, NEWLY_REFERRED: frozenset({"agencies"})}


def request_moved(event: Event, support_request: SupportRequest, act: Act) -> None:
    """Write the messages that the transition owes, one per person whatever their hats."""
    told: dict[int, Letter] = {}
    for audience in act.transition.tells:
        notice = _notice(event, audience, act)
        readers = [p for p in people_of(audience, support_request, act) if p.pk not in told]
        written = letters(
            readers,
            notice,
            path=_page_about(event, audience, support_request),
            facts=lambda: _facts(support_request),
            passages=partial(_passages, support_request, act, _WITHHELD.get(audience, frozenset())),
            enclosures=_enclosures(event, audience, support_request),
        )
        told |= {person.pk: letter for person, letter in zip(readers, written, strict=True)}
    owe(event, list(told.values()))


def referral_moved(event: Event, referral: Referral, act: Act) -> None:
    """The same words for every audience of the action; one message per person."""
    support_request = referral.support_request
    told: dict[int, Letter] = {}
    known: dict[str, Letter] = {}
    wanted = {audience: _REFERRAL_READERS[audience] for audience in act.transition.tells}
    for audience, everybody in people_told(wanted, referral).items():
        readers = [person for person in everybody if person.pk not in told]
        written = letters(
            readers,
            REFERRAL_NOTICES[act.transition.action],
            path=_page_of_answer(event, audience, support_request, act),
            facts=lambda: {
                **_facts(support_request),
                "agency": referral.agency.name,
                "due": date_format(referral.answer_due_on, "DATE_FORMAT"),
            },
            passages=lambda: _passages(support_request, act),
            known=known,
        )
        told |= {person.pk: letter for person, letter in zip(readers, written, strict=True)}
    owe(event, list(told.values()))


def _notice(event: Event, audience: str, act: Act) -> Notice:
    """The desk has seen a request before that was returned: it is not new to them."""
    again = (event.changes.get("submitted_version") or 1) > 1
    if again and audience == DESK:
        return REQUEST_NOTICES["submit again", DESK]
    return REQUEST_NOTICES[act.transition.action, audience]


def desk_page(support_request: SupportRequest) -> str:
    """The page on which the Secretariat works, which nobody else can open."""
    return reverse("admin:requests_app_supportrequest_change", args=[support_request.pk])


def _page_about(event: Event, audience: str, support_request: SupportRequest) -> str:
    """The conversation that the action began, else the request; the Secretariat’s at its desk."""
    thread = event.changes.get("thread")
    if audience in _OF_THE_SECRETARIAT:
        at_the_desk = "admin:requests_app_thread_change"
        return reverse(at_the_desk, args=[thread]) if thread else desk_page(support_request)
    if thread:
        return reverse("requests:thread", args=[support_request.handle, thread])
    return support_request.get_absolute_url()


def _page_of_answer(event: Event, audience: str, support_request: SupportRequest, act: Act) -> str:
    # Once recalled, the request is not found by its agency: the way on is the inbox.
    if act.transition.action == "recall":
        return reverse("inbox:list")
    return _page_about(event, audience, support_request)


def _enclosures(
    event: Event, audience: str, support_request: SupportRequest
) -> tuple[Enclosure, ...]:
    """With the news that a request was received goes the copy of what was submitted."""
    number = event.changes.get("submitted_version")
    if audience != FOCAL_POINTS or number is None:
        return ()
    version = support_request.versions.get(number=number)
    return (Enclosure(COPY, version.pk),)


def people_of(audience: str, support_request: SupportRequest, act: Act) -> list[User]:
    """The people of one audience, as they are now."""
    return _REQUEST_READERS[audience](support_request, act)


# ── readers ──────────────────────────────────────────────────────────────────────────────────


def people_of_the_country(support_request: SupportRequest) -> list[User]:
    """The focal points, and of the others of the Party those who want to hear of every move."""
    return people_told({"told": TOLD_OF_MOVES}, support_request)["told"]


def is_told_of_moves(actor: Any, support_request: SupportRequest) -> bool:
    """Is this somebody of `people_of_the_country`?"""
    mine = standing(actor)
    party = support_request.party_id
    if party in mine.parties.get(Role.FOCAL_POINT, ()):
        return True
    return party in mine.all_parties and bool(getattr(actor, "wants_moves", False))


def _focal_points(support_request: SupportRequest, act: Act) -> list[User]:
    return people_of_the_country(support_request)


def _desk(support_request: SupportRequest, act: Act) -> list[User]:
    return secretariat_desk()


def _agencies(support_request: SupportRequest, act: Act) -> list[User]:
    live = support_request.referrals.live()
    agency_ids = {*live.values_list("agency_id", flat=True), *_lead_that_sees(support_request)}
    return people(roles=[Role.OFFICER], agency_ids=agency_ids)


def _assignee(support_request: SupportRequest, act: Act) -> list[User]:
    """The officer it is given to; who takes it for themselves needs no mail."""
    officer = act.data.get("assignee")
    return [officer] if officer and officer != act.actor else []


def _mentioned(support_request: SupportRequest, act: Act) -> list[User]:
    return list(act.data.get("mentions") or [])


def _newly_referred(support_request: SupportRequest, act: Act) -> list[User]:
    return people(roles=[Role.OFFICER], agency_ids=[a.pk for a in act.data["agencies"]])


def _lead_agency(support_request: SupportRequest, act: Act) -> list[User]:
    return people(roles=[Role.OFFICER], agency_ids=_lead_that_sees(support_request))


def _lead_that_sees(support_request: SupportRequest) -> set[int]:
    """The lead agency; not one whose referral was recalled after the request had ended."""
    lead = support_request.lead_agency
    if lead is None:
        return set()
    held = support_request.referrals.exclude(state="recalled").filter(agency=lead)
    return {lead.pk} if lead.is_coordinator or held.exists() else set()


_REQUEST_READERS: dict[str, Callable[[SupportRequest, Act], list[User]]] = {
    FOCAL_POINTS: _focal_points,
    DESK: _desk,
    AGENCIES: _agencies,
    NEWLY_REFERRED: _newly_referred,
    LEAD_AGENCY: _lead_agency,
    ASSIGNEE: _assignee,
    MENTIONED: _mentioned,
}
# Those who hear what an agency does, or what is done with its referral.
_REFERRAL_READERS: dict[str, Audience] = {
    DESK: AT_THE_DESK,
    FOCAL_POINTS: TOLD_OF_MOVES,
    THIS_AGENCY: OFFICERS_OF_AGENCY,
}


# ── words of the case ────────────────────────────────────────────────────────────────────────


def _facts(support_request: SupportRequest) -> dict[str, str]:
    return {
        "reference": support_request.handle,
        "party": support_request.party.name,
        "support": support_request.support.name,
        "lead_agency": support_request.lead_agency.name if support_request.lead_agency else "",
    }


def _passages(
    support_request: SupportRequest, act: Act, withheld: frozenset[str] = frozenset()
) -> Passages:
    """What was typed, under the label it was typed at; remarks under the questions they are about.
    Files and bare names are left out."""
    passages: Passages = []
    for one in act.transition.inputs:
        said = act.data.get(one.name)
        if said in (None, "") or one.name in withheld | _NOT_QUOTED:
            continue
        if one.kind == Kind.NOTES:
            known = known_by_key(support_request.support.asks)
            passages += [(str(known[key].label), text) for key, text in said.items()]
        else:
            passages.append((str(one.label), _as_text(said, dict(one.choices))))
    return passages


def _as_text(value: Any, choices: dict[str, Any]) -> str:
    if value in ("", None):
        return ""
    if isinstance(value, str):
        return str(choices.get(value, value))
    if hasattr(value, "isoformat"):
        return date_format(value, "DATE_FORMAT")
    if isinstance(value, (list, tuple)) or hasattr(value, "iterator"):
        return ", ".join(str(one) for one in value)
    return str(value)
