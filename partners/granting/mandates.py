"""Mandates are granted and confirmed here, and ended in `ending`; history keeps each change."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from history.log import record
from partners.access import fresh, snapshot
from partners.granting import rules
from partners.granting.kinds import (
    MANDATE_CONFIRMED,
    MANDATE_GRANTED,
)
from partners.models import Mandate, Role, User
from partners.models.people import a_year_from_now, today
from workflow.errors import InvalidInput, NotPermitted, Refused


@transaction.atomic
def grant_mandate(mandate: Mandate, *, by: Any, succeeds: Mandate | None = None) -> Mandate:
    """Store a mandate that is not stored yet, as granted by `by`.

    Raises NotPermitted, InvalidInput when it is for `by`, is held already, or is a deputy's and
    has no fitting end, and Refused when nobody is to be stood in for.
    """
    if mandate.stands_in_for:
        locked(mandate.stands_in_for)  # it must not end while somebody is named to stand in for it
    if not rules.may_name(fresh(by), mandate):
        raise NotPermitted
    not_for_oneself(mandate, by)
    rules.check_absent(mandate.stands_in_for)
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
def confirm(mandate: Mandate, *, by: Any) -> Mandate:
    """Let a mandate go on for a year from today; one that rested is in force again at once.

    Raises NotPermitted, and Refused when it is over.
    """
    confirmed = locked(mandate)
    if not rules.may_confirm(fresh(by), confirmed):
        raise NotPermitted
    if is_over(confirmed):
        raise Refused(_("This mandate has ended already."))
    before, confirmed.confirm_by = confirmed.confirm_by, a_year_from_now()
    confirmed.reminded_at = None
    confirmed.save(update_fields=["confirm_by", "reminded_at"])
    record(
        confirmed,
        MANDATE_CONFIRMED,
        by=snapshot(by, confirmed),
        changes={"confirm_by": [before, confirmed.confirm_by]},
    )
    return confirmed


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


def locked(mandate: Mandate) -> Mandate:
    """The row, read again and locked.

    Those of all leads are locked together, and in one order: whether a lead may go depends on the
    others, and two who end each other at once would otherwise wait for each other.
    """
    if mandate.role == Role.LEAD:
        lock_leads()
    return Mandate.objects.select_for_update(no_key=True).get(pk=mandate.pk)


def lock_leads() -> None:
    leads = Mandate.objects.filter(role=Role.LEAD, ended_at=None).order_by("pk")
    list(leads.select_for_update(no_key=True))
