"""What the clock does for the portal as a whole."""

import logging

from celery import shared_task
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from history.verify import Break, check
from outbox.models import first_today
from outbox.post import owe
from partners.letters import Notice, letters
from partners.recipients import secretariat_leads

log = logging.getLogger(__name__)

BROKEN = Notice(
    subject=_("The history of the portal is broken at event %(event)s"),
    lead=_(
        "The nightly check of the history found an event that does not fit: %(chain)s, "
        "number %(sequence)s. Somebody may have changed the record of what happened."
    ),
    next=_("Ask those who run the portal to compare the database with its last backup."),
)


@shared_task
@transaction.atomic
def check_history() -> bool:
    """Nightly: recompute every chain; tells the leads of the Secretariat when one is broken."""
    broken = check()
    if broken:
        log.critical("history is broken at event %s: %s", broken.event_id, broken.why)
    if first_today("history-check") and broken:
        _tell(broken)
    return broken is None


def _tell(broken: Break) -> None:
    facts = {
        "event": str(broken.event_id),
        "chain": broken.subject,
        "sequence": str(broken.sequence),
    }
    written = letters(secretariat_leads(), BROKEN, path="/", facts=lambda: facts, passages=list)
    owe(None, written)
