"""Who is written to when a webhook is paused by the portal."""

from datetime import datetime
from urllib.parse import urlsplit

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from history.models import Event
from outbox.post import owe
from partners.letters import Passages, letters
from partners.models import Role, User
from partners.recipients import people, secretariat_leads
from webhooks import words
from webhooks.models import Webhook
from webhooks.outcomes import in_words
from workflow.transitions import Act

THE_AGENCY = "officers of the agency"


def webhook_moved(event: Event, webhook: Webhook, act: Act) -> None:
    if THE_AGENCY not in act.transition.tells:
        return
    written = letters(
        readers(webhook),
        words.PAUSED,
        path=reverse("api:docs"),
        facts=lambda: {
            "agency": webhook.agency.name,
            "label": webhook.label,
            "host": urlsplit(webhook.url).hostname or "",
        },
        passages=lambda: _passages(webhook),
    )
    owe(event, written)


def readers(webhook: Webhook) -> list[User]:
    """The officers of the agency; else the leads, who know whom to write to."""
    return people(roles=[Role.OFFICER], agency_ids=[webhook.agency_id]) or secretariat_leads()


def _passages(webhook: Webhook) -> Passages:
    said: Passages = [(_("Why it is paused"), str(webhook.get_paused_why_display()))]
    if webhook.last_error:
        said.append((_("What happened at the last try"), in_words(webhook.last_error)))
    last = webhook.last_success_at
    moment = _moment(last) if last else _("never")
    return [*said, (_("Last delivery"), moment)]


def _moment(moment: datetime) -> str:
    """With its zone: letters are read everywhere."""
    here = localtime(moment)
    return f"{date_format(here, 'DATETIME_FORMAT')} {here:%Z}"
