"""What may happen to a webhook."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from history.log import SYSTEM
from history.models import Event
from partners.access import LEAD, fresh, snapshot, standing
from partners.models import ApiKey, Role, Scope
from webhooks import notices, waking
from webhooks.models import NOBODYS, OWED, Delivery, DeliveryState, Webhook, WebhookState, Why
from webhooks.payload import new_secret
from webhooks.subscribing import INPUTS, moment_in, said_of, scopes_of, stand_behind
from workflow.errors import InvalidInput
from workflow.inputs import Input, Kind
from workflow.sealing import seal
from workflow.transitions import Act, Data, Table, Transition, Who

W = WebhookState
OVERLAP = timedelta(days=1)  # both secrets sign for so long after a rotation
_IN_USE = frozenset({W.ACTIVE, W.PAUSED})


def _manages(actor: Any, webhook: Webhook) -> bool:
    mine = standing(actor)
    if isinstance(actor, ApiKey):
        return webhook.agency_id in mine.all_agencies
    return webhook.agency_id in mine.agencies.get(Role.OFFICER, ())


def _hears_as_much(actor: Any, webhook: Webhook) -> bool:
    """Else a key that reads little could have what it may not read sent to where it likes."""
    return _manages(actor, webhook) and set(webhook.scopes) <= set(scopes_of(actor))


def _may_go_on(actor: Any, webhook: Webhook) -> bool:
    """A lead stands behind no agency's webhook."""
    return LEAD(actor, webhook) and webhook.paused_why not in NOBODYS


MANAGER = Who("key of the agency with webhooks:manage, or officer of the agency", _manages)
EQUAL = Who(f"{MANAGER.label}, that may read what the webhook is told", _hears_as_much)
LEAD_WHILE_SOMEBODY_STANDS = Who(f"{LEAD.label}, while its key or officer is there", _may_go_on)
THE_PORTAL = Who("the portal itself", lambda actor, webhook: actor is SYSTEM, keys=False)

_OPTIONAL = tuple(replace(one, required=False) for one in INPUTS)
SINCE = Input(
    name="since",
    label=_("From when on"),
    kind=Kind.LINE,
    max_length=40,
    hint=_("A moment such as 2026-03-02T09:00:00Z."),
    judge=moment_in,
)
WHY = Input(name="why", label=_("Why"), kind=Kind.CHOICE, choices=Why.choices)


def _change(webhook: Webhook, act: Act) -> Data:
    """What is not answered stays as it is; an empty list takes a filter away. Who says where it
    leads stands behind it."""
    before = said_of(webhook)
    if act.data["url"] and act.data["url"] != webhook.url:
        stand_behind(webhook, act.actor)
    for name in ("label", "url"):
        if act.data[name]:
            setattr(webhook, name, act.data[name])
    if act.data["kinds"] is not None:
        webhook.kinds = list(act.data["kinds"])
    if act.data["parties"] is not None:
        webhook.parties = [party.code for party in act.data["parties"]]
    _try_at_once(webhook)
    after = said_of(webhook)
    return {name: [was, after[name]] for name, was in before.items() if was != after[name]}


def _try_at_once(webhook: Webhook) -> None:
    webhook.failures, webhook.failing_since = 0, None
    webhook.next_try_at = timezone.now()
    failed = Delivery.objects.filter(webhook=webhook, state=DeliveryState.FAILED)
    failed.update(state=DeliveryState.DUE, next_try_at=timezone.now(), attempts=0)


def _pause(webhook: Webhook, act: Act) -> Data:
    webhook.paused_why = Why.ASKED
    return {}


def _suspend(webhook: Webhook, act: Act) -> Data:
    webhook.paused_why = act.data["why"]
    return {"why": webhook.paused_why, "last_error": webhook.last_error}


def _resume(webhook: Webhook, act: Act) -> Data:
    """Where nobody stands behind it any more, whoever resumes does from then on: a key with what
    it may read, or an officer."""
    why, webhook.paused_why = webhook.paused_why, ""
    # Before the event of this action, at its commit too, asks for a worker.
    transaction.on_commit(waking.somebody_listens, robust=True)
    if why in NOBODYS:
        stand_behind(webhook, act.actor)
        if isinstance(act.actor, ApiKey):
            webhook.scopes = scopes_of(act.actor)
    _try_at_once(webhook)
    return {"why": why}


def _rotate(webhook: Webhook, act: Act) -> Data:
    """Who is given the secret stands behind it: it ends with them."""
    stand_behind(webhook, act.actor)
    webhook.previous_secret, webhook.secret = webhook.secret, seal(new_secret())
    webhook.previous_until = timezone.now() + OVERLAP
    return {"previous_until": webhook.previous_until}


def _replay(webhook: Webhook, act: Act) -> Data:
    """Send again, under the same ids, what it was told since then, and what it never was. Who asks
    for it stands behind it."""
    try:
        since = moment_in(act.data["since"])
    except ValidationError as unfit:
        raise InvalidInput({"since": unfit.messages}) from None
    stand_behind(webhook, act.actor)
    last = Event.objects.filter(recorded_at__lt=since).order_by("-pk").values_list("pk", flat=True)
    before = last.first() or 0
    webhook.told_up_to = min(webhook.told_up_to, before)
    again = Delivery.objects.filter(webhook=webhook, event_id__gt=before).exclude(state__in=OWED)
    again.update(state=DeliveryState.DUE, attempts=0, error="", next_try_at=timezone.now())
    return {"since": since}


def _end(webhook: Webhook, act: Act) -> Data:
    webhook.secret = webhook.previous_secret = ""
    owed = Delivery.objects.filter(webhook=webhook, state__in=OWED)
    owed.update(state=DeliveryState.DEAD)
    return {}


WEBHOOKS = Table(
    name="webhooks",
    model=Webhook,
    scope=Scope.WEBHOOKS_MANAGE,
    transitions=(
        Transition(
            action="change",
            label=_("Change"),
            done=_("Webhook changed"),
            sources=_IN_USE,
            who=EQUAL,
            inputs=_OPTIONAL,
            change=_change,
        ),
        Transition(
            action="pause",
            label=_("Pause"),
            done=_("Webhook paused"),
            sources=frozenset({W.ACTIVE}),
            target=W.PAUSED,
            who=MANAGER | LEAD,
            change=_pause,
        ),
        Transition(
            action="resume",
            label=_("Resume"),
            done=_("Webhook resumed"),
            sources=frozenset({W.PAUSED}),
            target=W.ACTIVE,
            who=MANAGER | LEAD_WHILE_SOMEBODY_STANDS,
            change=_resume,
        ),
        Transition(
            action="rotate_secret",
            label=_("Replace the secret"),
            done=_("Secret of the webhook replaced"),
            sources=_IN_USE,
            who=EQUAL,
            change=_rotate,
        ),
        Transition(
            action="send_test",
            label=_("Send a test"),
            done=_("Test sent to the webhook"),
            sources=_IN_USE,
            who=MANAGER,
            alters=False,
        ),
        Transition(
            action="replay",
            label=_("Send again"),
            done=_("Webhook told again"),
            sources=_IN_USE,
            who=EQUAL,
            inputs=(SINCE,),
            change=_replay,
        ),
        Transition(
            action="suspend",
            label=_("Pause in the name of the portal"),
            done=_("Webhook paused by the portal"),
            sources=frozenset({W.ACTIVE}),
            target=W.PAUSED,
            who=THE_PORTAL,
            inputs=(WHY,),
            change=_suspend,
            tells=(notices.THE_AGENCY,),
        ),
        Transition(
            action="end",
            label=_("End"),
            done=_("Webhook ended"),
            sources=_IN_USE,
            target=W.ENDED,
            who=MANAGER | LEAD,
            change=_end,
            warning=_("It is told nothing any more, and cannot be opened again."),
        ),
    ),
    snapshot=snapshot,
    fresh=fresh,
    notify=notices.webhook_moved,
)
