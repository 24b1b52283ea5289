"""Giving and taking authority: mandates and API keys change here, and history keeps each change."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from history.log import record
from partners.access import fresh, snapshot, standing
from partners.models import Agency, ApiKey, Mandate, Role, User
from partners.models.people import today
from workflow.errors import InvalidInput, NotPermitted, Refused

MANDATE_GRANTED = "partners.mandate_granted"
MANDATE_ENDED = "partners.mandate_ended"
MANDATE_PROLONGED = "partners.mandate_prolonged"
ADDRESS_CHANGED = "partners.address_changed"
ACCESS_CLOSED = "partners.access_closed"
ACCESS_OPENED = "partners.access_opened"
KEY_ISSUED = "partners.key_issued"
KEY_REVOKED = "partners.key_revoked"


def _only_a_lead(by: Any) -> None:
    if Role.LEAD not in standing(fresh(by)).secretariat:
        raise NotPermitted


# ── Mandates ─────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def grant_mandate(mandate: Mandate, *, by: Any) -> Mandate:
    """Store a mandate that is not stored yet, as granted by `by`.

    Raises NotPermitted, and InvalidInput when it is for `by` or is held already.
    """
    _only_a_lead(by)
    not_for_oneself(mandate, by)
    if held_already(mandate):
        raise InvalidInput({"role": [_("This person holds this mandate already.")]})
    mandate.granted_by = by
    mandate.save(force_insert=True)
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
    """End a mandate at this moment, whatever its last day.

    Raises NotPermitted, and Refused with a sentence when it is over or nobody else leads.
    """
    _only_a_lead(by)
    locked = Mandate.objects.select_for_update(no_key=True).get(pk=mandate.pk)
    if is_over(locked):
        raise Refused(_("This mandate has ended already."))
    _refuse_to_lose_the_last_lead(locked)
    locked.ended_at = timezone.now()
    locked.save(update_fields=["ended_at"])
    record(locked, MANDATE_ENDED, by=snapshot(by, locked), changes={"ended_at": locked.ended_at})
    return locked


@transaction.atomic
def change_end(mandate: Mandate, until_on: date | None, *, by: Any) -> Mandate:
    """Set another last day, earlier or later. Raises as `grant_mandate` and `end_mandate` do."""
    _only_a_lead(by)
    locked = Mandate.objects.select_for_update(no_key=True).get(pk=mandate.pk)
    if locked.until_on == until_on:
        return locked
    if locked.ended_at:
        raise Refused(_("This mandate has ended already."))
    if _is_later(until_on, locked.until_on):
        not_for_oneself(locked, by)
    elif until_on and until_on < today():
        _refuse_to_lose_the_last_lead(locked)
    return _set_end(locked, until_on, by)


def _set_end(mandate: Mandate, until_on: date | None, by: Any) -> Mandate:
    before, mandate.until_on = mandate.until_on, until_on
    mandate.save(update_fields=["until_on"])
    record(
        mandate,
        MANDATE_PROLONGED if _is_later(until_on, before) else MANDATE_ENDED,
        by=snapshot(by, mandate),
        changes={"until_on": [before, until_on]},
    )
    return mandate


def _is_later(new: date | None, old: date | None) -> bool:
    return old is not None and (new is None or new > old)


def is_over(mandate: Mandate) -> bool:
    past = mandate.until_on is not None and mandate.until_on < today()
    return past or mandate.ended_at is not None


def is_in_force(mandate: Mandate) -> bool:
    return mandate.from_on <= today() and not is_over(mandate)


def _refuse_to_lose_the_last_lead(mandate: Mandate) -> None:
    # Without a lead nobody could grant anything any more, not even a new lead.
    leads = Mandate.objects.in_force().select_for_update(no_key=True).filter(role=Role.LEAD)
    if mandate.role == Role.LEAD and {lead.pk for lead in leads} <= {mandate.pk}:
        raise Refused(_("This is the last lead’s mandate. Grant another one first."))


# ── People ───────────────────────────────────────────────────────────────────────────────────


def would_lose_the_last_lead(person: User) -> bool:
    """Is this the only person who leads the Secretariat's desk?"""
    leads = Mandate.objects.in_force().filter(role=Role.LEAD)
    return set(leads.values_list("user_id", flat=True)) == {person.pk}


def keep_new_address(person: User, old: str, *, by: Any) -> None:
    """Who reads a person's mail can sign in as that person: a change is never without a trace."""
    _only_a_lead(by)
    record(
        person,
        ADDRESS_CHANGED,
        by=snapshot(by, None),
        changes={"email": [old, person.email]},
    )


def keep_access(person: User, *, by: Any) -> None:
    """Record that the account was just closed or opened again: it ends all authority at once."""
    _only_a_lead(by)
    record(
        person,
        ACCESS_OPENED if person.is_active else ACCESS_CLOSED,
        by=snapshot(by, None),
        changes={"is_active": [not person.is_active, person.is_active]},
    )


# ── API keys ─────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def issue_key(
    *, agency: Agency, label: str, scopes: Iterable[str], expires_at: datetime, by: Any
) -> tuple[ApiKey, str]:
    """A new key and its token, which is kept nowhere and cannot be had a second time.

    Raises NotPermitted, and InvalidInput when a valid key of the agency has that label: a form
    sent twice must not leave a second key behind.
    """
    _only_a_lead(by)
    # Two forms sent at once queue here, so that the second one sees the key of the first.
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
    if agency.is_coordinator:
        raise InvalidInput({"agency": [_("Keys are for the partner agencies only.")]})
    if ApiKey.objects.valid().filter(agency=agency, label=label).exists():
        raise InvalidInput({"label": [_("A valid key of this agency has this name already.")]})
    key = ApiKey(
        agency=agency, label=label, scopes=sorted(scopes), expires_at=expires_at, created_by=by
    )
    token = key.set_new_secret()
    key.save(force_insert=True)
    record(
        key,
        KEY_ISSUED,
        by=snapshot(by, None),
        changes={
            "agency": agency.code,
            "label": key.label,
            "prefix": key.prefix,
            "scopes": key.scopes,
            "expires_at": key.expires_at,
        },
    )
    return key, token


@transaction.atomic
def revoke_key(key: ApiKey, *, by: Any) -> ApiKey:
    """Shut a key for good. Raises NotPermitted, and Refused when it was revoked before."""
    _only_a_lead(by)
    locked = ApiKey.objects.select_for_update(no_key=True).get(pk=key.pk)
    if locked.revoked_at:
        raise Refused(_("This key has been revoked already."))
    locked.revoked_at = timezone.now()
    locked.save(update_fields=["revoked_at"])
    record(
        locked,
        KEY_REVOKED,
        by=snapshot(by, None),
        changes={"revoked_at": [None, locked.revoked_at]},
    )
    return locked
