import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def new_message_id() -> str:
    return f"<{uuid.uuid4()}@{settings.MESSAGE_ID_DOMAIN}>"


class Channel(models.TextChoices):
    EMAIL = "email", _("e-mail")


class State(models.TextChoices):
    DUE = "due", _("due")
    LEASED = "leased", _("being sent")
    SENT = "sent", _("sent")
    FAILED = "failed", _("will be tried again")
    DEAD = "dead", _("given up")


class MessageQuerySet(models.QuerySet["Message"]):
    def ready(self) -> "MessageQuerySet":
        """What a worker may take now: waiting, or left behind by a worker that died."""
        now = timezone.now()
        waiting = models.Q(state__in=[State.DUE, State.FAILED], next_try_at__lte=now)
        return self.filter(waiting | models.Q(state=State.LEASED, lease_until__lt=now))

    def owed(self) -> "MessageQuerySet":
        """Not yet delivered and not given up."""
        return self.filter(state__in=[State.DUE, State.FAILED, State.LEASED])


class Message(models.Model):
    """A message owed to somebody, written in the transaction of what it tells about.

    Text is rendered then, in the recipient's language: what was said is kept as it was said.
    `message_id` never changes, so a receiver can tell a repeat after a crash from a second mail.
    """

    event = models.ForeignKey(
        "history.Event", models.PROTECT, null=True, related_name="+", verbose_name=_("event")
    )
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    recipient = models.CharField(_("recipient"), max_length=60)
    address = models.CharField(_("address"), max_length=500)
    language = models.CharField(_("language"), max_length=5)
    subject = models.CharField(_("subject"), max_length=300)
    text = models.TextField(_("text"))
    html = models.TextField(_("HTML"), blank=True)
    message_id = models.CharField(max_length=120, unique=True, default=new_message_id)
    holds_secret = models.BooleanField(default=False)
    enclosures = models.JSONField(_("enclosures"), default=list)  # see outbox.enclosures
    state = models.CharField(_("state"), max_length=6, choices=State, default=State.DUE)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    sent_at = models.DateTimeField(_("sent"), null=True)

    objects = MessageQuerySet.as_manager()

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "recipient", "channel"], name="outbox_one_message_per_person"
            )
        ]
        indexes = [models.Index(fields=["state", "next_try_at"], name="outbox_due")]

    def __str__(self) -> str:
        return f"{self.channel} {self.recipient}: {self.subject}"


class Heartbeat(models.Model):
    """When a part of the machinery was last seen at work."""

    name = models.CharField(_("what"), max_length=60, primary_key=True)
    seen_at = models.DateTimeField(_("last seen"))
    every = models.DurationField(_("expected every"), default=timedelta(seconds=10))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def is_late(self) -> bool:
        """Missed three times in a row: a restart alone does not raise it."""
        return timezone.now() > self.seen_at + 3 * self.every + timedelta(seconds=30)


def first_today(name: str) -> bool:
    """Leave the heartbeat of a daily job; False when today's is there already, so that a job
    that is started twice does its work once. Call in the transaction of that work."""
    return _first(name, timedelta(days=1), "%Y-%m-%d")


def first_this_week(name: str) -> bool:
    """The same for a weekly job that is looked after daily: weeks begin on Monday."""
    return _first(name, timedelta(days=7), "%G-%V")


def _first(name: str, every: timedelta, turn: str) -> bool:
    now = timezone.now()
    defaults = {"seen_at": now - 2 * every, "every": every}
    Heartbeat.objects.get_or_create(name=name, defaults=defaults)
    row = Heartbeat.objects.select_for_update().get(name=name)
    if row.seen_at.strftime(turn) == now.strftime(turn):
        return False
    row.seen_at = now
    row.save(update_fields=["seen_at"])
    return True


def beat(name: str, every: timedelta) -> None:
    Heartbeat.objects.update_or_create(
        name=name, defaults={"seen_at": timezone.now(), "every": every}
    )
