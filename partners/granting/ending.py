"""How a mandate ends: at once, or on a day; and what ends with it. History keeps each change."""

from datetime import date
from typing import Any

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from history.log import record
from partners import notices
from partners.access import fresh, snapshot
from partners.granting import rules
from partners.granting.kinds import MANDATE_ENDED, MANDATE_PROLONGED
from partners.granting.mandates import is_over, locked, not_for_oneself
from partners.models import Invitation, InvitationState, Mandate, Role
from partners.sessions import end_sessions_unless_in_force
from workflow.errors import NotPermitted, Refused
from workflow.executor import perform


@transaction.atomic
def end_mandate(mandate: Mandate, *, by: Any) -> Mandate:
    """End a mandate at this moment, whatever its last day, and those of its deputies with it.

    Raises NotPermitted, and Refused with a sentence when it is over or nobody else leads.
    """
    ending = locked(mandate)
    if not rules.may_end(fresh(by), ending):
        raise NotPermitted
    if is_over(ending):
        raise Refused(_("This mandate has ended already."))
    _refuse_to_lose_the_last_lead(ending)
    end_now(ending, by=by)
    return ending


def end_now(mandate: Mandate, *, by: Any) -> None:
    """The end itself, of a locked mandate; the caller has asked whether it may end."""
    mandate.ended_at = timezone.now()
    mandate.save(update_fields=["ended_at"])
    event = record(
        mandate, MANDATE_ENDED, by=snapshot(by, mandate), changes={"ended_at": mandate.ended_at}
    )
    notices.tell_of_end(event, mandate, by)
    end_standing_in(mandate, by=by)
    end_sessions_unless_in_force(mandate.user)


def end_standing_in(mandate: Mandate, *, by: Any) -> None:
    """Nobody stands in for this locked mandate any more, and nobody is invited to."""
    for deputy in _deputies_of(mandate):
        end_now(deputy, by=by)
    offered = Invitation.objects.filter(stands_in_for=mandate, state=InvitationState.SENT)
    for invitation in offered.order_by("pk"):
        perform("withdraw", invitation, by=by)


def _deputies_of(mandate: Mandate) -> list[Mandate]:
    """Those who stand in for it and are not over, locked."""
    deputies = mandate.deputies.select_for_update(no_key=True).filter(ended_at=None)
    return [one for one in deputies.order_by("pk") if not is_over(one)]


@transaction.atomic
def change_end(mandate: Mandate, until_on: date | None, *, by: Any) -> Mandate:
    """Set another last day, earlier or later. Raises as `grant_mandate` and `end_mandate` do."""
    rules.only_a_lead(fresh(by))
    changed = locked(mandate)
    if changed.until_on == until_on:
        return changed
    if changed.ended_at:
        raise Refused(_("This mandate has ended already."))
    rules.check_deputy(changed.stands_in_for, until_on)
    if _is_later(until_on, changed.until_on):
        not_for_oneself(changed, by)
    else:
        _refuse_to_lose_the_last_lead(changed, until_on)
    return set_end(changed, until_on, by=by)


def set_end(mandate: Mandate, until_on: date | None, *, by: Any) -> Mandate:
    """The change itself, of a locked mandate. No deputy stands in for longer."""
    before, mandate.until_on = mandate.until_on, until_on
    mandate.save(update_fields=["until_on"])
    is_prolonged = _is_later(until_on, before)
    event = record(
        mandate,
        MANDATE_PROLONGED if is_prolonged else MANDATE_ENDED,
        by=snapshot(by, mandate),
        changes={"until_on": [before, until_on]},
    )
    if not is_prolonged:
        notices.tell_of_end(event, mandate, by)
    if is_over(mandate):
        end_standing_in(mandate, by=by)
    for deputy in _deputies_of(mandate):
        if until_on and deputy.until_on and deputy.until_on > until_on:
            set_end(deputy, max(until_on, deputy.from_on), by=by)
    end_sessions_unless_in_force(mandate.user)
    return mandate


def _is_later(new: date | None, old: date | None) -> bool:
    return old is not None and (new is None or new > old)


def _refuse_to_lose_the_last_lead(mandate: Mandate, until_on: date | None = None) -> None:
    """Without a lead nobody could grant anything any more, not even a new lead. One may go, now
    or after a day, whom another one outlasts."""
    if mandate.role != Role.LEAD:
        return
    others = Mandate.objects.in_force().filter(role=Role.LEAD).exclude(pk=mandate.pk)
    if until_on:
        others = others.filter(models.Q(until_on=None) | models.Q(until_on__gt=until_on))
    if not others.exists():
        raise Refused(_("This is the last lead’s mandate. Grant another one first."))
