"""What arrived for the desk, or will soon be late: which rows, for lists and their counts."""

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from requests_app.conversations import unread_posts
from requests_app.models import OPEN, Note, Referral, ReferralState, RequestState, Thread

SOON = timedelta(days=3)
FRESH = timedelta(days=14)  # how long a mention is news


def due_soon() -> Q:
    """Open requests that are late or soon will be; whose clock stands still is not due."""
    return Q(state__in=OPEN, due_at__lt=timezone.now() + SOON)


def mentions(actor: Any) -> Q:
    """Open requests with a fresh note that mentions the actor."""
    fresh = Note.objects.visible_to(actor).filter(
        support_request=OuterRef("pk"), mentions=actor.pk, written_at__gte=timezone.now() - FRESH
    )
    return Q(Exists(fresh), state__in=OPEN)


def arrived(referrals: "QuerySet[Referral]") -> "QuerySet[Referral]":
    """Answers of agencies to requests that are not decided yet."""
    answered = referrals.exclude(answered_at=None).exclude(state=ReferralState.RECALLED)
    return answered.filter(support_request__state=RequestState.REFERRED)


def unread_by(actor: Any, threads: "QuerySet[Thread]") -> "QuerySet[Thread]":
    """Conversations with something the actor has not read, about open requests in the actor's
    hands or in nobody's."""
    posts = unread_posts(actor).filter(thread=OuterRef("pk")).order_by()
    of_mine = Q(support_request__assignee=None) | Q(support_request__assignee_id=actor.pk)
    return threads.filter(of_mine, Exists(posts), support_request__state__in=OPEN)
