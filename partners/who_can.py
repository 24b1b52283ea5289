"""Who can do what for a Party now: its people and what each may do, and what is missing."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.access import DRAFTER, FOCAL_POINT, read_together, standing
from partners.granting import is_in_force, rests, rules
from partners.models import Invitation, Mandate, Party, Role, User
from partners.models.people import today
from partners.notices import role_in_words
from partners.renewal import AHEAD
from workflow.transitions import Words


@dataclass(frozen=True)
class _Matter:
    """Something of the Party, as the rules of authority ask about it."""

    party_id: int


_Question = Callable[[User, Party], bool]


def _reads(person: User, party: Party) -> bool:
    return party.pk in standing(person).all_parties


def _names_helpers(person: User, party: Party) -> bool:
    return rules.may_name(person, Mandate(party=party, role=Role.CONTRIBUTOR))


# The answers come from the rules that the pages ask too.
POWERS: tuple[tuple[Words, _Question], ...] = (
    (gettext_lazy("reads all of the Party"), _reads),
    (
        gettext_lazy("writes requests and messages"),
        lambda person, party: DRAFTER(person, _Matter(party.pk)),
    ),
    (
        gettext_lazy("submits, withdraws and answers for the Party"),
        lambda person, party: FOCAL_POINT(person, _Matter(party.pk)),
    ),
    (gettext_lazy("invites contributors and viewers"), _names_helpers),
    (
        gettext_lazy("names a deputy"),
        lambda person, party: rules.in_own_right(person, party.pk),
    ),
)


@dataclass(frozen=True)
class Seat:
    """One mandate: who holds it, how it stands, and whether the person has each of POWERS now."""

    mandate: Mandate
    role: str
    tone: str
    stands: str
    may: list[tuple[Words, bool]]


@dataclass(frozen=True)
class Overview:
    seats: list[Seat]
    invitations: list[Invitation]
    gaps: list[str]


def overview(party: Party, actor: Any) -> Overview:
    """As `actor` may see it; the same number of queries for any number of people."""
    visible = Mandate.objects.visible_to(actor).filter(party=party, ended_at=None)
    mandates = [
        one
        for one in visible.select_related("user", "party", "stands_in_for__user").order_by("pk")
        if one.until_on is None or one.until_on >= today()
    ]
    mandates.sort(key=lambda one: (list(Role).index(Role(one.role)), bool(one.stands_in_for_id)))
    read_together([one.user for one in mandates])
    invited = Invitation.objects.visible_to(actor).filter(party=party).open()
    return Overview(
        [_seat(one, party) for one in mandates],
        list(invited.select_related("party", "agency").order_by("pk")),
        _gaps(mandates),
    )


def _seat(mandate: Mandate, party: Party) -> Seat:
    tone, stands = _how_it_stands(mandate)
    may = [(words, asks(mandate.user, party)) for words, asks in POWERS]
    return Seat(mandate, capfirst(str(role_in_words(mandate))), tone, stands, may)


def _how_it_stands(mandate: Mandate) -> tuple[str, str]:
    if not mandate.user.is_active:
        return "ended", _("the account is closed")
    if mandate.from_on > today():
        return "waiting", _("from %(day)s") % {"day": date_format(mandate.from_on)}
    if rests(mandate):
        return "attention", _("rests: not confirmed for this year")
    if mandate.until_on:
        return "active", _("in force until %(day)s") % {"day": date_format(mandate.until_on)}
    if mandate.confirm_by <= today() + AHEAD:
        day = {"day": date_format(mandate.confirm_by)}
        return "attention", _("in force, to be confirmed by %(day)s") % day
    return "good", _("in force")


def _gaps(mandates: list[Mandate]) -> list[str]:
    """What the Party cannot do as things stand, or soon."""
    acting = [one for one in mandates if one.role == Role.FOCAL_POINT and is_in_force(one)]
    own_right = [one for one in acting if not one.stands_in_for_id]
    if not acting:
        return [_("Nobody can submit or answer for this Party: it has no focal point.")]
    gaps = []
    if not own_right:
        gaps.append(
            _("Only a deputy acts for this Party: its focal point’s mandate is not in force.")
        )
    if len({one.user_id for one in acting}) == 1:
        gaps.append(_("One person alone can submit and answer for this Party."))
    if all(one.until_on for one in acting):
        last = max(one.until_on for one in acting if one.until_on)
        sentence = _("After %(day)s nobody can submit or answer for this Party.")
        gaps.append(sentence % {"day": date_format(last)})
    return gaps
