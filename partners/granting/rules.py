"""Who may bring somebody to a mandate, end it, or confirm it. Every door asks here.

A lead of the Secretariat may do it for everybody, a focal point for its own Party's helpers, and
nobody for himself. The rules take a mandate, or an invitation to one: both have a body, a role
and, for a deputy, the mandate that it stands in for.
"""

from datetime import date, timedelta
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from partners.access import standing
from partners.models import Mandate, Role
from partners.models.people import today
from workflow.errors import InvalidInput, NotPermitted, Refused

HELPERS = frozenset({Role.CONTRIBUTOR, Role.VIEWER})
LONGEST_ABSENCE = timedelta(days=92)


def leads(actor: Any) -> bool:
    return Role.LEAD in standing(actor).secretariat


def only_a_lead(actor: Any) -> None:
    if not leads(actor):
        raise NotPermitted


def is_focal_point(actor: Any, party_id: int | None) -> bool:
    """In force now, be it as a deputy."""
    return party_id in standing(actor).parties.get(Role.FOCAL_POINT, ())


def in_own_right(actor: Any, party_id: int | None) -> bool:
    """Focal point, and not as somebody's deputy."""
    return party_id in standing(actor).focal_point_of


def may_name(actor: Any, seat: Any) -> bool:
    """May `actor` give this mandate to somebody? Whose it is to be: see `not_for_oneself`.

    A lead names anybody but deputies: a deputy is named by the one who will be absent.
    """
    if seat.stands_in_for_id:
        absent = seat.stands_in_for
        return absent.user_id == actor.pk and in_own_right(actor, seat.party_id)
    if leads(actor):
        return True
    return seat.role in HELPERS and is_focal_point(actor, seat.party_id)


def may_end(actor: Any, mandate: Mandate) -> bool:
    """A focal point ends helpers and, in its own right, deputies of its Party."""
    if leads(actor):
        return True
    if mandate.user_id == actor.pk:
        return False
    if mandate.stands_in_for_id:
        return in_own_right(actor, mandate.party_id)
    return mandate.role in HELPERS and is_focal_point(actor, mandate.party_id)


def may_confirm(actor: Any, mandate: Mandate) -> bool:
    """For another year: never for oneself, and a deputy's time is set already."""
    if mandate.user_id == actor.pk or mandate.stands_in_for_id:
        return False
    if leads(actor):
        return True
    return mandate.role in HELPERS and is_focal_point(actor, mandate.party_id)


def may_withdraw(actor: Any, invitation: Any) -> bool:
    """Leads, and focal points of the Party where the invitation is to a helper or a deputy."""
    own_people = invitation.role in HELPERS or invitation.stands_in_for_id
    return leads(actor) or (bool(own_people) and is_focal_point(actor, invitation.party_id))


def check_absent(absent: Mandate | None) -> None:
    """Nobody is named to stand in for a mandate that is not in force. Raises Refused."""
    if absent and not Mandate.objects.in_force().filter(pk=absent.pk).exists():
        sentence = _("%(name)s is not a focal point at present: nobody can stand in.")
        raise Refused(sentence % {"name": absent.user.name})


def check_deputy(absent: Mandate | None, until_on: date | None) -> None:
    """A deputy stands in until a day that is near. Raises InvalidInput."""
    if absent is None:
        return
    if until_on is None:
        raise InvalidInput({"until_on": [_("Say until which day the deputy stands in.")]})
    latest = min(today() + LONGEST_ABSENCE, absent.until_on or date.max)
    if not today() <= until_on <= latest:
        sentence = _("A deputy stands in until a day between %(first)s and %(last)s.")
        said = {"first": date_format(today()), "last": date_format(latest)}
        raise InvalidInput({"until_on": [sentence % said]})
