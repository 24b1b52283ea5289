"""Webhooks: where an agency is told of events, and what is owed to each of them."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from history.models import Event
from partners.access import AgencyReader, reads_as, standing
from partners.models import Agency, ApiKey, Mandate, Role, Scope, User
from workflow.guard import StateField, StatefulQuerySet, VersionField
from workflow.sealing import unseal

# What a webhook may be told, of the scopes of the key that makes it.
READABLE = (Scope.REQUESTS_READ, Scope.TOOLKIT_READ)


class WebhookState(models.TextChoices):
    ACTIVE = "active", _("active")
    PAUSED = "paused", _("paused")
    ENDED = "ended", _("ended")


class Why(models.TextChoices):
    """Why a webhook is paused."""

    ASKED = "asked", _("somebody paused it")
    FAILING = "failing", _("nothing could be delivered for three days")
    GONE = "gone", _("the receiver answered that it is gone (410)")
    KEY_ENDED = "key_ended", _("the API key that it was made with is not valid any more")
    LEFT = "left", _("whoever made it is no officer of the agency any more")


# Paused so, nobody stands behind it until somebody of the agency resumes it.
NOBODYS = (Why.KEY_ENDED, Why.LEFT)


class WebhookQuerySet(StatefulQuerySet["Webhook"]):
    def visible_to(self, actor: object) -> "WebhookQuerySet":
        """To keys of the agency with webhooks:manage and its officers; the Secretariat sees all."""
        me = standing(reads_as(actor, Scope.WEBHOOKS_MANAGE))
        if me.sees_all:
            return self
        roles = (Role.OFFICER, Role.VIEWER) if isinstance(actor, ApiKey) else (Role.OFFICER,)
        ids = {agency for role in roles for agency in me.agencies.get(role, ())}
        return self.filter(agency_id__in=ids)

    def stood_behind(self) -> "WebhookQuerySet":
        """Those of a key that is valid now, or of a person who is an officer of the agency now: a
        key that was revoked because it leaked leaves no ear behind, nor does whoever left."""
        officers = Mandate.objects.in_force().filter(
            user=models.OuterRef("created_by"), agency=models.OuterRef("agency"), role=Role.OFFICER
        )
        return self.filter(
            models.Q(created_with__in=ApiKey.objects.valid()) | models.Exists(officers)
        )


class Webhook(models.Model):
    """An address of an agency that is told of the events it may read.

    `told_up_to` is the last event for which was decided whether to tell of it; what follows is
    still to be looked at. Everything about trying stands here and not on each delivery: a receiver
    that is away is asked with one event, not with all that wait for it.

    A key (`created_with`) or an officer (`created_by`) stands behind it since `stands_since`: who
    made it, or who last said where it leads, took its secret or had events sent again.
    """

    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="webhooks", verbose_name=_("agency")
    )
    created_with = models.ForeignKey(
        ApiKey, models.PROTECT, null=True, related_name="webhooks", verbose_name=_("made with")
    )
    created_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="webhooks", verbose_name=_("made by")
    )
    stands_since = models.DateTimeField(default=timezone.now, editable=False)
    label = models.CharField(_("name"), max_length=100)
    url = models.CharField(_("address"), max_length=500)
    scopes = models.JSONField(_("may be told"), default=list)
    kinds = models.JSONField(_("kinds of events"), default=list)
    parties = models.JSONField(_("Parties"), default=list)
    state = StateField(_("state"), max_length=6, choices=WebhookState, default=WebhookState.ACTIVE)
    version = VersionField()
    paused_why = models.CharField(_("why it is paused"), max_length=9, choices=Why, blank=True)
    secret = models.TextField(editable=False)  # sealed: workflow.sealing
    previous_secret = models.TextField(blank=True, editable=False)
    previous_until = models.DateTimeField(null=True, editable=False)
    told_up_to = models.BigIntegerField(_("told up to event"), default=0)
    failures = models.PositiveIntegerField(_("tries in vain since then"), default=0)
    failing_since = models.DateTimeField(_("in vain since"), null=True)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now)
    last_success_at = models.DateTimeField(_("last delivery"), null=True)
    last_error = models.CharField(_("last error"), max_length=200, blank=True)
    lease_until = models.DateTimeField(null=True)
    lease_token = models.UUIDField(null=True)
    created_at = models.DateTimeField(_("made"), default=timezone.now)

    objects = WebhookQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.agency.code}: {self.label}"

    @property
    def reader(self) -> AgencyReader:
        """As whom the feed is read for it."""
        return AgencyReader(self.agency_id, frozenset(self.scopes))

    def secrets(self) -> list[str]:
        """What to sign with now: the secret and, until it ends, the one before it."""
        both = self.previous_until is not None and self.previous_until > timezone.now()
        sealed = [self.secret, self.previous_secret] if both else [self.secret]
        return [unseal(one) for one in sealed if one]


class DeliveryState(models.TextChoices):
    DUE = "due", _("due")
    FAILED = "failed", _("will be tried again")
    SENT = "sent", _("delivered")
    DEAD = "dead", _("given up")
    CLOSED = "closed", _("dropped: the agency may read the event no more")


OWED = (DeliveryState.DUE, DeliveryState.FAILED)


class Delivery(models.Model):
    """One event owed to one webhook. Rows of their own, not messages of the outbox: ADR 18.

    No lease stands here: whoever holds that of the webhook sends its deliveries.
    """

    webhook = models.ForeignKey(
        Webhook, models.PROTECT, related_name="deliveries", db_index=False
    )  # fmt: skip
    event = models.ForeignKey(Event, models.PROTECT, related_name="+", db_index=False)
    body = models.TextField()
    state = models.CharField(
        _("state"), max_length=6, choices=DeliveryState, default=DeliveryState.DUE
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_try_at = models.DateTimeField(_("next try"), default=timezone.now)
    error = models.CharField(_("error"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("written"), default=timezone.now)
    sent_at = models.DateTimeField(_("delivered"), null=True)

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["webhook", "event"], name="webhooks_each_event_once")
        ]
        indexes = [
            models.Index(
                fields=["webhook", "id"],
                condition=models.Q(state__in=["due", "failed"]),
                name="webhooks_owed",
            ),
            models.Index(fields=["webhook", "-id"], name="webhooks_newest"),
        ]

    def __str__(self) -> str:
        return self.message_id

    @property
    def message_id(self) -> str:
        """The `webhook-id`: the same at every try, at a repeat after a crash, and at a replay."""
        return f"msg_{self.webhook_id}_{self.event_id}"
