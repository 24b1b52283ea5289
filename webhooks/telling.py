"""Which webhook is told of which event: the log itself is the list of what is to be told.

Nothing is written while the event is: a transaction that records one pays nothing. A webhook
remembers how far it was told; what follows is read here, by the one rule of the feed
(toolkit.feed), and becomes rows of deliveries in the transaction that moves that mark. Ids commit
in their order (history.triggers), so nothing appears later behind the mark.
"""

from django.db import transaction

from toolkit import feed
from toolkit.feed_kinds import chosen_by
from toolkit.feed_subjects import subject_of, with_names
from webhooks.models import Delivery, Webhook
from webhooks.payload import body_of

AT_ONCE = 300  # deliveries


def tell(webhook: Webhook) -> set[int]:
    """Write what is owed to the webhook of the next events; their ids. The caller holds its lease.

    Repeatable: an event that is owed or was delivered already is not written twice.
    """
    newest = feed.newest()
    if webhook.told_up_to >= newest:
        return set()
    following = feed.after(webhook.reader, webhook.told_up_to).filter(pk__lte=newest)
    wanted = following.filter(chosen_by(webhook.kinds))
    enough = with_names(wanted).only("kind", "subject_type", "subject_id", "recorded_at")
    events = list(enough[:AT_ONCE])
    up_to = events[-1].pk if len(events) == AT_ONCE else newest
    owed = [
        Delivery(webhook=webhook, event=event, body=body_of(event, subject))
        for event, subject in ((event, subject_of(event)) for event in events)
        if not webhook.parties or subject["party"] in webhook.parties
    ]
    with transaction.atomic():
        Delivery.objects.bulk_create(owed, ignore_conflicts=True)
        # Somebody may have asked for a replay meanwhile: the mark that was put back stays there.
        mark = Webhook.objects.filter(pk=webhook.pk, told_up_to=webhook.told_up_to)
        mark.update(told_up_to=up_to)
    webhook.told_up_to = up_to
    return {one.event_id for one in owed}


def not_told_yet(webhook: Webhook, at_most: int) -> int:
    """How many events wait that no delivery was written for: while a receiver fails, or the
    webhook is paused, nobody looks. Where it is told of some Parties alone, of so many are looked
    at, and the rest counts as more."""
    following = feed.after(webhook.reader, webhook.told_up_to).filter(chosen_by(webhook.kinds))
    if not webhook.parties:
        return following[:at_most].count()
    enough = with_names(following).only("kind", "subject_type", "subject_id")[:at_most]
    return sum(subject_of(event)["party"] in webhook.parties for event in enough)


def still_open(webhook: Webhook, event_ids: list[int]) -> set[int]:
    """Those of the events that the agency may read now: asked again whenever something is sent."""
    open_now = feed.visible_to(webhook.reader).filter(pk__in=event_ids)
    return set(open_now.values_list("pk", flat=True))
