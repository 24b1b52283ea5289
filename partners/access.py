"""Who may see and do what: the one resolver. Everything asks here; nothing else reads mandates.

An actor is a User, an ApiKey, or anybody else (the public). `standing` says what the actor's
mandates amount to now; the rules (`Who`) of the transition tables and every `visible_to` are
written in its terms.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import translation

from history.log import SYSTEM, ActorSnapshot
from partners.models import Agency, ApiKey, Mandate, Party, Role, Scope, User
from workflow.transitions import Who

Bodies = dict[str, frozenset[int]]


@dataclass(frozen=True)
class AgencyReader:
    """An agency that reads with some scopes, where no key calls: what a webhook may be told."""

    agency_id: int
    scopes: frozenset[str]


@dataclass(frozen=True)
class Standing:
    """What an actor is at this moment: roles by Party, by agency, and in the Secretariat."""

    parties: Bodies = field(default_factory=dict)  # role -> ids of Parties
    agencies: Bodies = field(default_factory=dict)  # role -> ids of partner agencies
    secretariat: frozenset[str] = frozenset()
    focal_point_of: frozenset[int] = frozenset()  # Parties, in one's own right: not as a deputy

    @property
    def all_parties(self) -> frozenset[int]:
        return frozenset().union(*self.parties.values())

    @property
    def all_agencies(self) -> frozenset[int]:
        return frozenset().union(*self.agencies.values())

    @property
    def sees_all(self) -> bool:
        return bool(self.secretariat)


NOBODY = Standing()


def standing(actor: Any) -> Standing:
    """The actor's standing now. For a User or an ApiKey it is worked out once per loaded row (once
    a web request).

    The executor always asks about a freshly loaded actor: see `fresh`.
    """
    if isinstance(actor, ApiKey):
        return _once(actor, _standing_of_key)
    if isinstance(actor, AgencyReader):
        return Standing(agencies={Role.VIEWER: frozenset({actor.agency_id})})
    if not isinstance(actor, User) or not actor.is_active:
        return NOBODY
    return _once(actor, _standing_of_user)


def _once(actor: Any, read: Callable[[Any], Standing]) -> Standing:
    known: Standing | None = getattr(actor, "_standing", None)
    if known is None:
        known = actor._standing = read(actor)
    return known


def fresh(actor: Any) -> Any:
    """The same actor, read again: a mandate that ended a second ago no longer counts."""
    if isinstance(actor, ApiKey):
        return ApiKey.objects.again(actor)
    if isinstance(actor, User):
        # A web request's user is a lazy stand-in: __class__ is User, its type is not.
        return actor.__class__._base_manager.get(pk=actor.pk)
    return actor


# What a key does with which of them, each table says by its `scope`.
_WRITING = frozenset({Scope.REFERRALS_WRITE, Scope.TOOLKIT_WRITE})


def _standing_of_key(key: ApiKey) -> Standing:
    # A key of the Secretariat could read everything; none is ever honoured as such.
    if key.agency.is_coordinator or not key.is_valid:
        return NOBODY
    role = Role.OFFICER if _WRITING.intersection(key.scopes) else Role.VIEWER
    return Standing(agencies={role: frozenset({key.agency_id})})


def reads_as(actor: Any, scope: str) -> Any:
    """As whom the actor reads what `scope` covers: a key without it reads as the public does."""
    if isinstance(actor, ApiKey | AgencyReader) and scope not in actor.scopes:
        return AnonymousUser()
    return actor


def read_together(people: Collection[User]) -> None:
    """The standing of many people in one query; `standing` then asks no more about them."""
    held = Mandate.objects.in_force().filter(user__in=people).select_related("agency")
    by_user: dict[int, list[Mandate]] = defaultdict(list)
    for mandate in held:
        by_user[mandate.user_id].append(mandate)
    for user in people:
        user._standing = _standing_from(by_user[user.pk])  # type: ignore[attr-defined]


def _standing_of_user(user: User) -> Standing:
    return _standing_from(user.mandates.in_force().select_related("agency"))


def _standing_from(mandates: Iterable[Mandate]) -> Standing:
    parties: dict[str, set[int]] = defaultdict(set)
    agencies: dict[str, set[int]] = defaultdict(set)
    secretariat: set[str] = set()
    own_right: set[int] = set()
    for mandate in mandates:
        if mandate.party_id:
            parties[mandate.role].add(mandate.party_id)
            if mandate.role == Role.FOCAL_POINT and not mandate.stands_in_for_id:
                own_right.add(mandate.party_id)
        elif mandate.agency and mandate.agency.is_coordinator:
            secretariat.add(mandate.role)
        elif mandate.agency_id:
            agencies[mandate.role].add(mandate.agency_id)
    return Standing(
        _frozen(parties), _frozen(agencies), frozenset(secretariat), frozenset(own_right)
    )


def _frozen(bodies: dict[str, set[int]]) -> Bodies:
    return {role: frozenset(ids) for role, ids in bodies.items()}


def person_behind(actor: Any) -> User | None:
    """Whoever writes when the actor does: a key's holder. None for an agency's own system."""
    if isinstance(actor, ApiKey):
        return actor.held_by
    person: User = actor
    return person


# ── Rules for transition tables ──────────────────────────────────────────────────────────────


def _in_party(*roles: str) -> Any:
    def test(actor: Any, obj: Any) -> bool:
        mine = standing(actor).parties
        return any(obj.party_id in mine.get(role, ()) for role in roles)

    return test


def _in_secretariat(*roles: str) -> Any:
    return lambda actor, obj: bool(standing(actor).secretariat & set(roles))


# Keys are for the partner agencies (granting.issue_key): none passes these four.
FOCAL_POINT = Who("focal point of the Party", _in_party(Role.FOCAL_POINT), keys=False)
DRAFTER = Who(
    "focal point or contributor of the Party",
    _in_party(Role.FOCAL_POINT, Role.CONTRIBUTOR),
    keys=False,
)
OFFICER = Who("Secretariat officer", _in_secretariat(Role.OFFICER, Role.LEAD), keys=False)
LEAD = Who("Secretariat lead", _in_secretariat(Role.LEAD), keys=False)
LEAD_AGENCY = Who(
    "officer of the lead agency",
    lambda actor, obj: obj.lead_agency_id in standing(actor).agencies.get(Role.OFFICER, ()),
)
REFERRED_AGENCY = Who(
    "officer of that agency",
    lambda actor, obj: obj.agency_id in standing(actor).agencies.get(Role.OFFICER, ()),
)


def parties_in_role(actor: Any, *roles: str) -> "models.QuerySet[Party]":
    """The Parties for which the actor holds one of the roles."""
    mine = standing(actor).parties
    ids = {party_id for role in roles for party_id in mine.get(role, ())}
    return Party.objects.filter(pk__in=ids)


# ── Actors, as history keeps them ────────────────────────────────────────────────────────────


def snapshot(actor: Any, obj: Any) -> ActorSnapshot:
    """Name and body of the actor in the matter of `obj`, in English, for the record."""
    if isinstance(actor, ApiKey):
        return ActorSnapshot("api_key", actor.pk, f"API key {actor.prefix}", actor.agency.name_en)
    if not isinstance(actor, User):
        return SYSTEM
    return ActorSnapshot("user", actor.pk, actor.name, _acting_body(actor, obj))


def _acting_body(user: User, obj: Any) -> str:
    mine = standing(user)
    party_id = getattr(obj, "party_id", None)
    with translation.override("en"):
        if party_id in mine.all_parties:
            return Party.objects.get(pk=party_id).name_en
        if mine.secretariat:
            return Agency.objects.coordinator().name_en
        agency = Agency.objects.filter(pk__in=mine.all_agencies).first()
        return agency.name_en if agency else ""


# ── The admin's permission questions ─────────────────────────────────────────────────────────

# What officers keep in order; everything else in the admin is for reading.
KEPT_BY_OFFICERS = {
    "partners.party", "partners.partyalias", "partners.region", "partners.agency",
    "partners.membershipfigure", "partners.office", "partners.network", "requests_app.support",
    "requests_app.reason", "requests_app.criterion", "requests_app.holiday", "requests_app.target",
    "partners.networkmembership", "record.activity", "record.activityplace", "record.document",
    "record.documentversion", "record.globalmeeting", "record.networkassessment",
    "record.networkcontact", "record.newsitem", "record.operation", "record.operationfigure",
    "record.picture", "record.recognition", "record.series", "record.topic",
}  # fmt: skip
# Nothing refers to these rows: one that is wrong may go.
MAY_BE_DELETED = {"requests_app.holiday", "requests_app.target"}
KEPT_BY_LEADS = KEPT_BY_OFFICERS | {
    "partners.user", "partners.mandate", "partners.apikey", "partners.invitation",
}  # fmt: skip


class MandateBackend:
    """Answers the admin's permission questions from mandates; signs nobody in."""

    def authenticate(self, request: Any, **credentials: Any) -> None:
        return None

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id).first()

    def has_perm(self, user: User, perm: str, obj: Any = None) -> bool:
        roles = standing(user).secretariat
        app, _dot, codename = perm.partition(".")
        verb, _underscore, model = codename.partition("_")
        if verb in {"view", "enter"}:
            return bool(roles)
        if verb not in {"add", "change", "delete"}:
            return False
        kept: set[str] = set()
        if Role.OFFICER in roles:
            kept = KEPT_BY_OFFICERS
        if Role.LEAD in roles:
            kept = KEPT_BY_LEADS
        if verb == "delete":
            kept = kept & MAY_BE_DELETED
        return f"{app}.{model}" in kept

    def has_module_perms(self, user: User, app_label: str) -> bool:
        return bool(standing(user).secretariat)
