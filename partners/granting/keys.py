"""API keys: issued, replaced and revoked by a lead."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from history.log import record
from partners.access import fresh, snapshot
from partners.calling_from import read_networks
from partners.granting.kinds import KEY_ISSUED, KEY_LIMITED, KEY_REPLACED, KEY_REVOKED
from partners.granting.rules import only_a_lead
from partners.models import Agency, ApiKey, Mandate, Role, User
from partners.models.keys import end_of, in_a_year
from workflow.errors import InvalidInput, Refused

LONGEST_OVERLAP = timedelta(days=30)
MOST_CALLS = 60_000  # a minute


@transaction.atomic
def issue_key(
    *,
    agency: Agency,
    label: str,
    scopes: Iterable[str],
    expires_at: datetime,
    by: Any,
    held_by: User | None = None,
    networks: Iterable[str] = (),
    calls_a_minute: int | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its token, which is kept nowhere and cannot be had a second time.

    Raises NotPermitted, and InvalidInput when a valid key of the agency has that label: a form
    sent twice must not leave a second key behind. A key `held_by` an officer ends with that
    officer's mandate. `networks` and `calls_a_minute`: see `limit_key`.
    """
    only_a_lead(fresh(by))
    agency = _locked(agency)
    if agency.is_coordinator:
        raise InvalidInput({"agency": [_("Keys are for the partner agencies only.")]})
    if ApiKey.objects.valid().filter(agency=agency, label=label).exists():
        raise InvalidInput({"label": [_("A valid key of this agency has this name already.")]})
    if held_by and not is_officer_of(held_by, agency):
        raise InvalidInput({"held_by": [_("This person is no officer of the agency.")]})
    key = ApiKey(
        agency=agency,
        label=label,
        scopes=sorted(scopes),
        expires_at=expires_at,
        held_by=held_by,
        networks=read_networks(networks),
        calls_a_minute=_checked(calls_a_minute),
    )
    return _store(key, by)


@transaction.atomic
def rotate_key(key: ApiKey, *, last_day: date, by: Any) -> tuple[ApiKey, str]:
    """A new key in the place of `key`, for a year, with the same agency, name, scopes, holder
    and limits; and its token. The old one goes on until the end of `last_day`, so that the agency
    can change over. Raises NotPermitted, InvalidInput, and Refused when it is not valid or
    replaced already.
    """
    only_a_lead(fresh(by))
    _locked(key.agency)
    old = ApiKey.objects.select_for_update(no_key=True).get(pk=key.pk)
    _refuse_unless_it_can_be_replaced(old)
    first, last = overlap_of(old)
    if not first <= last_day <= last:
        said = {"first": date_format(first), "last": date_format(last)}
        raise InvalidInput({"last_day": [_("Choose a day between %(first)s and %(last)s.") % said]})
    before, old.expires_at = old.expires_at, min(old.expires_at, end_of(last_day))
    old.save(update_fields=["expires_at"])
    new, token = _store(
        ApiKey(
            agency=old.agency,
            label=old.label,
            scopes=old.scopes,
            expires_at=in_a_year(),
            held_by=old.held_by,
            networks=old.networks,
            calls_a_minute=old.calls_a_minute,
            replaces=old,
        ),
        by,
    )
    changes = {"replaced_by": new.prefix, "expires_at": [before, old.expires_at]}
    record(old, KEY_REPLACED, by=snapshot(by, None), changes=changes)
    return new, token


@transaction.atomic
def limit_key(
    key: ApiKey, *, networks: Iterable[str], calls_a_minute: int | None, by: Any
) -> ApiKey:
    """From which networks a key may be used (none named: from anywhere), and how often (None: as
    every key). Raises NotPermitted, InvalidInput, and Refused when the key is not valid."""
    only_a_lead(fresh(by))
    locked = ApiKey.objects.select_for_update(no_key=True).get(pk=key.pk)
    if not locked.is_valid:
        raise Refused(_("This key is not valid any more. Issue a new one."))
    wanted = {"networks": read_networks(networks), "calls_a_minute": _checked(calls_a_minute)}
    changes = {
        name: [getattr(locked, name), value]
        for name, value in wanted.items()
        if getattr(locked, name) != value
    }
    for name, value in wanted.items():
        setattr(locked, name, value)
    if changes:
        locked.save(update_fields=list(changes))
        record(locked, KEY_LIMITED, by=snapshot(by, None), changes=changes)
    return locked


def _checked(calls_a_minute: int | None) -> int | None:
    if calls_a_minute is not None and not 1 <= calls_a_minute <= MOST_CALLS:
        sentence = _("Give a number from 1 to %(most)d.") % {"most": MOST_CALLS}
        raise InvalidInput({"calls_a_minute": [sentence]})
    return calls_a_minute


def overlap_of(key: ApiKey) -> tuple[date, date]:
    """Between which days the last one of a key that is replaced can be chosen."""
    today = timezone.now().date()
    return today, min(today + LONGEST_OVERLAP, max(today, key.expires_at.date()))


def can_be_replaced(key: ApiKey) -> bool:
    return key.is_valid and not ApiKey.objects.filter(replaces=key).exists()


def _refuse_unless_it_can_be_replaced(key: ApiKey) -> None:
    new = ApiKey.objects.filter(replaces=key).first()
    if new:
        raise Refused(_("%(key)s has taken the place of this key already.") % {"key": new.prefix})
    if not key.is_valid:
        raise Refused(_("This key is not valid any more. Issue a new one."))


def _locked(agency: Agency) -> Agency:
    # Two forms sent at once queue here, so that the second one sees the key of the first.
    return Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)


def _store(key: ApiKey, by: Any) -> tuple[ApiKey, str]:
    token = key.set_new_secret()
    key.created_by = by
    key.save(force_insert=True)
    replaced = {"replaces": key.replaces.prefix} if key.replaces else {}
    record(
        key,
        KEY_ISSUED,
        by=snapshot(by, None),
        changes={
            "agency": key.agency.code,
            "label": key.label,
            "prefix": key.prefix,
            "scopes": key.scopes,
            "expires_at": key.expires_at,
            "held_by": key.held_by_id,
            "networks": key.networks,
            "calls_a_minute": key.calls_a_minute,
            **replaced,
        },
    )
    return key, token


def is_officer_of(person: User, agency: Agency) -> bool:
    held = Mandate.objects.in_force().filter(user=person, agency=agency, role=Role.OFFICER)
    return held.exists()


@transaction.atomic
def revoke_key(key: ApiKey, *, by: Any) -> ApiKey:
    """Shut a key for good. Raises NotPermitted, and Refused when it was revoked before."""
    only_a_lead(fresh(by))
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
