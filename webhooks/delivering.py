"""Delivering what webhooks are owed: claim the webhook, send without a transaction, note.

A webhook has one lease, so one worker at a time tells it anything; several workers share the
webhooks among them. A worker that dies leaves its lease to run out: what it had sent and not noted
goes again, under the same `webhook-id`. A delivery counts as made only when it was answered 2xx.
"""

import random
import time
import uuid
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from toolkit import feed
from webhooks import pausing, telling
from webhooks.couriers import DEADLINE, LANE_SECONDS, Couriers, Lane, Parcel
from webhooks.models import (
    OWED,
    Delivery,
    DeliveryState,
    Webhook,
    WebhookQuerySet,
    WebhookState,
    Why,
)
from webhooks.outcomes import Outcome
from workflow.sealing import Unreadable

AT_ONCE = 300  # deliveries in one lane
WEBHOOKS_AT_ONCE = 100
# Longer than a lane can last: until it begins no more, and the last request's deadline.
LEASE = timedelta(seconds=2 * (LANE_SECONDS + DEADLINE))
# Between tries of a receiver, each spread over ±25 %. The last one again and again, until the
# webhook is paused (webhooks.pausing).
WAITS = [
    timedelta(seconds=s) for s in (5, 30, 120, 300, 900, 1800, 3600, 7200, 14400, 21600)
]  # fmt: skip
MOST_ATTEMPTS = 20  # of one delivery, while others to the same receiver succeed: about three days
# Seconds between two looks for new events: what is recorded meanwhile goes together. The first
# event after a pause does not wait.
_GATHER = 0.1


def work(seconds: float) -> int:
    """Tell every webhook what it is owed, until nothing is left to do now, or time is up and the
    requests under way have ended; how many deliveries were made. While one of them hangs the others
    are told what is new, for as long as one can hang."""
    until, made = time.monotonic() + seconds, 0
    look_at = 0.0
    under_way: dict[int, Webhook] = {}
    with Couriers() as couriers:
        while True:
            now = time.monotonic()
            begins = now < until or bool(under_way and now < until + DEADLINE)
            if now >= look_at and begins:
                lanes, moved = _begin(under_way)
                for lane in lanes:
                    couriers.send(lane)
                if not moved and not under_way:
                    return made
                look_at = now + _GATHER
            if not under_way and now >= until:
                return made
            rest = max(look_at - now, 0.001) if begins else 1
            for lane in couriers.finished(rest):
                made += _note(lane, under_way.pop(lane.key))
                if len(lane.parcels) == AT_ONCE:
                    look_at = 0.0  # more of the same waits


def _begin(under_way: dict[int, Webhook]) -> tuple[list[Lane], bool]:
    """The lanes of the webhooks that can be told something, and whether anything moved. Keeps in
    `under_way` what is sent."""
    lanes, moved = [], False
    for webhook in claim():
        before = webhook.told_up_to
        lane = _lane_of(webhook)
        moved = moved or webhook.told_up_to != before
        if lane:
            moved = True
            under_way[lane.key] = webhook
            lanes.append(lane)
    return lanes, moved


# ── claiming ─────────────────────────────────────────────────────────────────────────────────


def claim() -> list[Webhook]:
    """Take the webhooks that can be told something now and that nobody else has."""
    ready, now = _ready(), timezone.now()
    if not ready.exists():
        return []  # without a transaction, which on SQLite would wait for whoever writes
    with transaction.atomic():
        rows = ready.select_for_update(skip_locked=True, no_key=True, of=("self",))
        taken = list(rows[:WEBHOOKS_AT_ONCE])
        token, ids = uuid.uuid4(), [one.pk for one in taken]
        Webhook.objects.filter(pk__in=ids).update(lease_token=token, lease_until=now + LEASE)
    for one in taken:
        one.lease_token = token
    return taken


def something_waits() -> bool:
    """Whether there is more to do now: a round ends when its time is up."""
    return _ready().exists()


def _ready() -> "WebhookQuerySet":
    now = timezone.now()
    owed = Delivery.objects.filter(webhook=OuterRef("pk"), state__in=OWED, next_try_at__lte=now)
    return (
        Webhook.objects.stood_behind()
        .filter(Q(told_up_to__lt=feed.newest()) | Exists(owed.order_by()))
        .filter(Q(lease_until=None) | Q(lease_until__lt=now))
        .filter(state=WebhookState.ACTIVE, next_try_at__lte=now)
        .order_by("next_try_at", "pk")
    )


def _lane_of(webhook: Webhook) -> Lane | None:
    """What the webhook is owed now, ready to go; None, and the lease given back, when it is owed
    nothing or cannot be signed for."""
    told = telling.tell(webhook)
    owed = _owed_now(webhook, told)
    try:
        secrets = webhook.secrets() if owed else []
    except Unreadable:
        _note_webhook(webhook, [Outcome("secret")])
        return None
    if not owed:
        _ours(webhook).update(lease_until=None, lease_token=None)
        return None
    parcels = [Parcel(one.pk, one.message_id, one.body) for one in owed]
    return Lane(webhook.pk, webhook.url, secrets, parcels)


def _owed_now(webhook: Webhook, just_told: set[int]) -> list[Delivery]:
    """What is to be sent now, the oldest first; what the agency may read no more is dropped. Of the
    events in `just_told` that was asked a moment ago."""
    due = Delivery.objects.filter(webhook=webhook, state__in=OWED, next_try_at__lte=timezone.now())
    owed = list(due.order_by("pk")[:AT_ONCE])
    older = [one.event_id for one in owed if one.event_id not in just_told]
    open_now = just_told | (telling.still_open(webhook, older) if older else set())
    closed = [one.pk for one in owed if one.event_id not in open_now]
    if closed:
        gone = {"state": DeliveryState.CLOSED, "error": "closed"}
        Delivery.objects.filter(pk__in=closed).update(**gone)
    return [one for one in owed if one.event_id in open_now]


# ── noting ───────────────────────────────────────────────────────────────────────────────────


def _note(lane: Lane, webhook: Webhook) -> int:
    """Keep how a lane went and give the webhook back; how many deliveries were made."""
    made = [key for key, outcome in lane.outcomes.items() if outcome.is_success]
    vain = {key: outcome for key, outcome in lane.outcomes.items() if not outcome.is_success}
    with transaction.atomic():
        _note_deliveries(webhook, made, vain)
        _note_webhook(webhook, list(lane.outcomes.values()))
    if any(outcome.is_gone for outcome in vain.values()):
        pausing.suspend(webhook, Why.GONE)
    elif webhook.failing_since and webhook.failing_since < timezone.now() - pausing.PATIENCE:
        pausing.suspend(webhook, Why.FAILING)
    return len(made)


def _note_deliveries(webhook: Webhook, made: list[int], vain: dict[int, Outcome]) -> None:
    now = timezone.now()
    owed = Delivery.objects.filter(webhook=webhook, state__in=OWED)
    owed.filter(pk__in=made).update(
        state=DeliveryState.SENT, sent_at=now, attempts=F("attempts") + 1, error=""
    )
    for one in owed.filter(pk__in=vain):
        one.attempts += 1
        others_arrive = bool(webhook.last_success_at and webhook.last_success_at > one.created_at)
        gives_up = one.attempts >= MOST_ATTEMPTS and others_arrive
        one.state = DeliveryState.DEAD if gives_up else DeliveryState.FAILED
        one.error = vain[one.pk].kept
        one.next_try_at = now + _wait(one.attempts)
        one.save(update_fields=["attempts", "state", "error", "next_try_at"])


def _note_webhook(webhook: Webhook, outcomes: list[Outcome]) -> None:
    """Back off after a failure, all the longer when nothing else succeeds; give back the lease."""
    now = timezone.now()
    vain = [outcome for outcome in outcomes if not outcome.is_success]
    succeeded = len(vain) < len(outcomes)
    webhook.failures = 0 if succeeded else webhook.failures + 1
    webhook.failing_since = None if succeeded else webhook.failing_since or now
    webhook.last_error = vain[-1].kept if vain else ""
    noted = {
        "failures": webhook.failures,
        "failing_since": webhook.failing_since,
        "last_error": webhook.last_error,
        "lease_until": None,
        "lease_token": None,
    }
    if succeeded:
        noted["last_success_at"] = webhook.last_success_at = now
    if vain:
        asked_for = timedelta(seconds=max(outcome.retry_after for outcome in vain))
        noted["next_try_at"] = now + max(_wait(webhook.failures), asked_for)
    _ours(webhook).update(**noted)


def _ours(webhook: Webhook) -> "WebhookQuerySet":
    """The row, as long as our lease on it stands."""
    return Webhook.objects.filter(pk=webhook.pk, lease_token=webhook.lease_token)


def _wait(failures: int) -> timedelta:
    usual = WAITS[min(max(failures, 1), len(WAITS)) - 1]
    return usual * random.uniform(0.75, 1.25)  # noqa: S311 - jitter, not a secret
