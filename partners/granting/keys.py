"""API keys: issued and revoked by a lead."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from history.log import record
from partners.access import fresh, snapshot
from partners.granting.kinds import KEY_ISSUED, KEY_REVOKED
from partners.granting.rules import only_a_lead
from partners.models import Agency, ApiKey, Mandate, Role, User
from workflow.errors import InvalidInput, Refused


@transaction.atomic
def issue_key(
    *,
    agency: Agency,
    label: str,
    scopes: Iterable[str],
    expires_at: datetime,
    by: Any,
    held_by: User | None = None,
) -> tuple[ApiKey, str]:
    """A new key and its token, which is kept nowhere and cannot be had a second time.

    Raises NotPermitted, and InvalidInput when a valid key of the agency has that label: a form
    sent twice must not leave a second key behind. A key `held_by` an officer ends with that
    officer's mandate.
    """
    only_a_lead(fresh(by))
    # Two forms sent at once queue here, so that the second one sees the key of the first.
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency.pk)
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
        created_by=by,
        held_by=held_by,
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
            "held_by": key.held_by_id,
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
