"""API keys that end soon: whoever uses them is told once, in time to ask for a new one."""

from datetime import timedelta
from functools import partial

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from outbox.models import first_today
from outbox.post import owe
from partners.letters import Passages, letters
from partners.models import ApiKey, Role, User
from partners.recipients import people, secretariat_leads
from partners.words import KEY_ENDS

AHEAD = timedelta(days=30)


@transaction.atomic
def remind() -> int:
    """Daily: a letter for each key that ends within a month and was not told of; how many."""
    if not first_today("key-reminders"):
        return 0
    ending = ApiKey.objects.ending(timezone.now() + AHEAD).filter(reminded_at=None)
    due = list(ending.select_related("agency", "held_by").order_by("expires_at", "pk"))
    ApiKey.objects.filter(pk__in=[key.pk for key in due]).update(reminded_at=timezone.now())
    written = [
        letter
        for key in due
        for letter in letters(
            _readers(key),
            KEY_ENDS,
            path=reverse("contact"),
            facts=partial(_facts, key),
            passages=partial(_passages, key),
        )
    ]
    owe(None, written)
    return len(written)


def _readers(key: ApiKey) -> list[User]:
    """Its holder; of a system's own key the officers of the agency; else the leads, who know whom
    to write to."""
    if key.held_by:
        return [key.held_by]
    return people(roles=[Role.OFFICER], agency_ids=[key.agency_id]) or secretariat_leads()


def _facts(key: ApiKey) -> dict[str, str]:
    day = date_format(key.last_day, "DATE_FORMAT")
    return {"key": key.prefix, "label": key.label, "agency": key.agency.name, "day": day}


def _passages(key: ApiKey) -> Passages:
    last = key.last_used_at
    return [
        (_("Used by"), key.label),
        (_("Last used"), date_format(last, "DATETIME_FORMAT") if last else _("never")),
    ]
