"""What needs attention at the desk, each with how many and the list of exactly those rows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from history.models import Check
from outbox.models import Heartbeat, Message, State
from partners.models import AccessRequest, AccessState, Mandate
from partners.recipients import parties_without_focal_point
from partners.renewal import AHEAD
from record.models import CheckedLink
from requests_app import queues
from requests_app.figures.arrivals import arrived, due_soon, mentions, unread_by
from requests_app.models import Referral, Thread
from toolkit.models import Proposal

MOST = 1_000  # counted no further


@dataclass(frozen=True)
class Pile:
    """So much of something waits: a number, a word and the list behind it."""

    count: int
    words: Any
    url: str
    is_urgent: bool = False

    @property
    def is_more(self) -> bool:
        return self.count > MOST


@dataclass(frozen=True)
class Group:
    heading: Any
    piles: list[Pile]


def waiting(actor: Any) -> list[Group]:
    """By whom it concerns; what is empty is left out, but for the desk's first questions."""
    groups = [
        Group(_("For you"), _filled(_mine(actor))),
        Group(_("For the desk"), _of_the_desk(actor)),
        Group(_("People and Parties"), _filled(_people())),
        Group(_("Public record"), _filled(_record())),
    ]
    return [group for group in groups if group.piles]


def troubles() -> list[Pile]:
    """What is wrong with the machinery: messages given up, parts that are not at work, and what
    the last check of the history found."""
    late = sum(heartbeat.is_late for heartbeat in Heartbeat.objects.all())
    check = Check.objects.first()
    piles = [
        Pile(
            _number(Message.objects.filter(state=State.DEAD)),
            _("Messages given up"),
            _list("outbox_message", state__exact=State.DEAD),
        ),
        Pile(late, _("Parts of the machinery that are late"), _list("outbox_heartbeat")),
        Pile(
            int(bool(check and check.fault)),
            _("Fault found by the last check of the history"),
            _list("history_event"),
        ),
    ]
    return _filled(piles)


def _mine(actor: Any) -> list[Pile]:
    requests, threads = queues.submitted_to(actor), Thread.objects.visible_to(actor)
    due = requests.filter(due_soon(), assignee_id=actor.pk)
    return [
        Pile(
            _number(due),
            _("In your hands: due or overdue"),
            _list("requests_app_supportrequest", queue="mine", due="soon"),
            is_urgent=True,
        ),
        Pile(
            _number(queues.BY_KEY["mine"].of(actor)),
            _("In your hands"),
            _list("requests_app_supportrequest", queue="mine"),
        ),
        Pile(
            _number(unread_by(actor, threads)),
            _("Conversations with something new"),
            _list("requests_app_thread", unread="me"),
        ),
        Pile(
            _number(requests.filter(mentions(actor))),
            _("Notes that mention you"),
            _list("requests_app_supportrequest", queue="all", mentions="me"),
        ),
    ]


def _of_the_desk(actor: Any) -> list[Pile]:
    new, overdue = queues.BY_KEY["new"], queues.BY_KEY["overdue"]
    return [
        Pile(
            _number(new.of(actor)),
            _("New: to be taken up"),
            _list("requests_app_supportrequest", queue="new"),
            is_urgent=True,
        ),
        Pile(
            _number(overdue.of(actor)),
            _("Overdue"),
            _list("requests_app_supportrequest", queue="overdue"),
            is_urgent=True,
        ),
        Pile(
            _number(arrived(Referral.objects.visible_to(actor))),
            _("Answers of agencies, to be weighed"),
            _list("requests_app_referral", reply="arrived"),
        ),
        Pile(
            _number(Referral.objects.visible_to(actor).overdue()),
            _("Answers of agencies overdue"),
            _list("requests_app_referral", answer="late"),
            is_urgent=True,
        ),
        Pile(
            _number(Proposal.objects.all()),
            _("Toolkit changes that wait for confirmation"),
            _list("toolkit_implementation", waits="confirmation"),
            is_urgent=True,
        ),
    ]


def _people() -> list[Pile]:
    """Who waits for access, which Parties nobody acts for, whose mandates rest soon."""
    due = Mandate.objects.to_confirm(timezone.now().date() + AHEAD)
    return [
        Pile(
            _number(AccessRequest.objects.filter(state=AccessState.CONFIRMED)),
            _("Requests for access"),
            _list("partners_accessrequest", state="confirmed"),
            is_urgent=True,
        ),
        Pile(
            _number(parties_without_focal_point()),
            _("Parties without a focal point"),
            _list("partners_party", focal_point="gap"),
            is_urgent=True,
        ),
        Pile(
            _number(due),
            _("Mandates to be confirmed"),
            _list("partners_mandate", confirmed="due"),
        ),
    ]


def _record() -> list[Pile]:
    return [
        Pile(
            _number(CheckedLink.objects.exclude(dead_since=None)),
            _("Links that are dead"),
            _list("record_checkedlink", standing="dead"),
        )
    ]


def _filled(piles: Iterable[Pile]) -> list[Pile]:
    return [pile for pile in piles if pile.count]


def _number(rows: "QuerySet[Any]") -> int:
    """How many, counted no further than MOST and one: enough to say “more”."""
    return rows.order_by().values("pk")[: MOST + 1].count()


def _list(name: str, **narrowed: Any) -> str:
    url = reverse(f"admin:{name}_changelist")
    return f"{url}?{urlencode(narrowed)}" if narrowed else url
