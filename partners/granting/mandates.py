"""Mandates are granted, ended, prolonged and confirmed here; history keeps each change."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from history.log import record
from partners.access import fresh, snapshot
from partners.granting import rules
from partners.granting.kinds import (
    MANDATE_CONFIRMED,
    MANDATE_ENDED,
    MANDATE_GRANTED,
    MANDATE_PROLONGED,
)
from partners.models import Mandate, Role, User
from partners.models.people import a_year_from_now, today
from partners.sessions import end_sessions_unless_in_force
from workflow.errors import InvalidInput, NotPermitted, Refused


@transaction.atomic
def grant_mandate(mandate: Mandate, *, by: Any, succeeds: Mandate | None = None) -> Mandate:
    """Store a mandate that is not stored yet, as granted by `by`.

    Raises NotPermitted, and InvalidInput when it is for `by`, is held already, or is a deputy's
    and has no fitting end.
    """
    if not rules.may_name(fresh(by), mandate):
        raise NotPermitted
    not_for_oneself(mandate, by)
    rules.check_deputy(mandate.stands_in_for, mandate.until_on)
    # Two grants to the same person queue here, so that the second one sees the first.
    User.objects.select_for_update(no_key=True).get(pk=mandate.user_id)
    if held_already(mandate):
        raise InvalidInput({"role": [_("This person holds this mandate already.")]})
    mandate.granted_by = by
    mandate.save(force_insert=True)
    related = {"stands_in_for": mandate.stands_in_for_id, "succeeds": succeeds and succeeds.pk}
    record(
        mandate,
        MANDATE_GRANTED,
        by=snapshot(by, mandate),
        changes={
            "person": mandate.user_id,
            "role": mandate.role,
            "body": mandate.body.code if mandate.body else "",
            "from_on": mandate.from_on,
            "until_on": mandate.until_on,
            **{name: pk for name, pk in related.items() if pk},
        },
    )
    return mandate


def not_for_oneself(mandate: Mandate, by: Any) -> None:
    if mandate.user_id == by.pk:
        raise InvalidInput({"user": [_("Nobody can grant a mandate to themselves.")]})


def held_already(mandate: Mandate) -> bool:
    """Does the person hold the same mandate on any day of this one?"""
    body = {"party": mandate.party} if mandate.party else {"agency": mandate.agency}
    same = Mandate.objects.filter(user=mandate.user, role=mandate.role, ended_at=None, **body)
    still_to_come = same.exclude(until_on__lt=mandate.from_on)
    if mandate.until_on:
        still_to_come = still_to_come.exclude(from_on__gt=mandate.until_on)
    return still_to_come.exists()


@transaction.atomic
def end_mandate(mandate: Mandate, *, by: Any) -> Mandate:
    """End a mandate at this moment, whatever its last day, and those of its deputies with it.

    Raises NotPermitted, and Refused with a sentence when it is over or nobody else leads.
    """
    locked = _locked(mandate)
    if not rules.may_end(fresh(by), locked):
        raise NotPermitted
    if is_over(locked):
        raise Refused(_("This mandate has ended already."))
    _refuse_to_lose_the_last_lead(locked)
    end_now(locked, by=by)
    return locked


def end_now(mandate: Mandate, *, by: Any) -> None:
    """The end itself, of a locked mandate; the caller has asked whether it may end."""
    mandate.ended_at = timezone.now()
    mandate.save(update_fields=["ended_at"])
    record(mandate, MANDATE_ENDED, by=snapshot(by, mandate), changes={"ended_at": mandate.ended_at})
    for deputy in deputies_of(mandate):
        end_now(deputy, by=by)
    end_sessions_unless_in_force(mandate.user)


def deputies_of(mandate: Mandate) -> "list[Mandate]":
    """Those who stand in for it and are not over, locked."""
    deputies = mandate.deputies.select_for_update(no_key=True).filter(ended_at=None)
    return [one for one in deputies.order_by("pk") if not is_over(one)]


@transaction.atomic
def change_end(mandate: Mandate, until_on: date | None, *, by: Any) -> Mandate:
    """Set another last day, earlier or later. Raises as `grant_mandate` and `end_mandate` do."""
    rules.only_a_lead(fresh(by))
    locked = _locked(mandate)
    if locked.until_on == until_on:
        return locked
    if locked.ended_at:
        raise Refused(_("This mandate has ended already."))
    rules.check_deputy(locked.stands_in_for, until_on)
    if _is_later(until_on, locked.until_on):
        not_for_oneself(locked, by)
    elif until_on and until_on < today():
        _refuse_to_lose_the_last_lead(locked)
    return set_end(locked, until_on, by=by)


def set_end(mandate: Mandate, until_on: date | None, *, by: Any) -> Mandate:
    """The change itself, of a locked mandate. No deputy stands in for longer."""
    before, mandate.until_on = mandate.until_on, until_on
    mandate.save(update_fields=["until_on"])
    record(
        mandate,
        MANDATE_PROLONGED if _is_later(until_on, before) else MANDATE_ENDED,
        by=snapshot(by, mandate),
        changes={"until_on": [before, until_on]},
    )
    for deputy in deputies_of(mandate):
        if until_on and deputy.until_on and deputy.until_on > until_on:
            set_end(deputy, max(until_on, deputy.from_on), by=by)
    end_sessions_unless_in_force(mandate.user)
    return mandate


def _is_later(new: date | None, old: date | None) -> bool:
    return old is not None and (new is None or new > old)


@transaction.atomic
def confirm(mandate: Mandate, *, by: Any) -> Mandate:
    """Let a mandate go on for a year from today; one that rested is in force again at once.

    Raises NotPermitted, and Refused when it is over.
    """
    locked = _locked(mandate)
    if not rules.may_confirm(fresh(by), locked):
        raise NotPermitted
    if is_over(locked):
        raise Refused(_("This mandate has ended already."))
    before, locked.confirm_by = locked.confirm_by, a_year_from_now()
    locked.reminded_at = None
    locked.save(update_fields=["confirm_by", "reminded_at"])
    record(
        locked,
        MANDATE_CONFIRMED,
        by=snapshot(by, locked),
        changes={"confirm_by": [before, locked.confirm_by]},
    )
    return locked


def is_over(mandate: Mandate) -> bool:
    past = mandate.until_on is not None and mandate.until_on < today()
    return past or mandate.ended_at is not None


def rests(mandate: Mandate) -> bool:
    """Not over, but nobody has confirmed it for this year."""
    unconfirmed = mandate.confirm_by < today() and not is_over(mandate)
    return unconfirmed and not is_in_force(mandate)


def is_in_force(mandate: Mandate) -> bool:
    """As `Mandate.objects.in_force` has it, without a query for nearly all."""
    if mandate.from_on > today() or is_over(mandate) or not mandate.user.is_active:
        return False
    if mandate.confirm_by >= today():
        return True
    return mandate.role == Role.LEAD and Mandate.objects.in_force().filter(pk=mandate.pk).exists()


def _locked(mandate: Mandate) -> Mandate:
    return Mandate.objects.select_for_update(no_key=True).get(pk=mandate.pk)


def _refuse_to_lose_the_last_lead(mandate: Mandate) -> None:
    # Without a lead nobody could grant anything any more, not even a new lead.
    leads = Mandate.objects.in_force().select_for_update(no_key=True).filter(role=Role.LEAD)
    if mandate.role == Role.LEAD and {lead.pk for lead in leads} <= {mandate.pk}:
        raise Refused(_("This is the last lead’s mandate. Grant another one first."))
