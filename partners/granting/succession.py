"""Everything of a Party passes from one focal point to the next in one step."""

from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from history.log import record
from partners import notices
from partners.access import fresh, snapshot
from partners.granting.ending import end_now, set_end
from partners.granting.kinds import MANDATE_HANDED_OVER
from partners.granting.mandates import grant_mandate, is_over, locked
from partners.granting.rules import only_a_lead
from partners.models import Mandate, Role, User
from partners.models.people import today
from workflow.errors import InvalidInput, Refused


def can_be_handed_over(mandate: Mandate) -> bool:
    """A focal point's own mandate, also one that is over: a successor may be found later."""
    return mandate.role == Role.FOCAL_POINT and not mandate.stands_in_for_id


@transaction.atomic
def hand_over(
    mandate: Mandate, to: User, *, by: Any, on: date | None = None, office: str = ""
) -> Mandate:
    """End the mandate, now or after the day `on`, and grant the same one to the successor.

    Deputies end with the mandate they stand in for; contributors and viewers are the Party's and
    stay. The successor is told what is open. Raises NotPermitted, InvalidInput and Refused.
    """
    only_a_lead(fresh(by))
    old = locked(mandate)
    if not can_be_handed_over(old):
        raise Refused(_("Only the mandate of a focal point can be handed over."))
    if to.pk == old.user_id:
        raise InvalidInput({"email": [_("This is the focal point that leaves.")]})
    first_day = _end(old, on, by)
    new = Mandate(user=to, party=old.party, role=old.role, office=office, from_on=first_day)
    grant_mandate(new, by=by, succeeds=old)
    event = record(
        old,
        MANDATE_HANDED_OVER,
        by=snapshot(by, old),
        changes={"to": to.pk, "mandate": new.pk, "from_on": first_day},
    )
    notices.tell_successor(event, new)
    return new


def _end(old: Mandate, on: date | None, by: Any) -> date:
    """End the old mandate; the first day of the new one."""
    if is_over(old):
        return today()
    if on is None:
        end_now(old, by=by)
        return today()
    latest = old.until_on or today() + timedelta(days=365)
    if not today() <= on <= latest:
        said = {"first": date_format(today()), "last": date_format(latest)}
        raise InvalidInput({"on": [_("Choose a day between %(first)s and %(last)s.") % said]})
    if old.until_on != on:
        set_end(old, on, by=by)
    return on + timedelta(days=1)
