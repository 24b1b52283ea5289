"""Making a webhook, and what can be said about one."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _

from history.log import record
from partners.access import fresh, snapshot, standing
from partners.models import Agency, ApiKey, Party, Role, Scope
from toolkit import feed, feed_kinds
from webhooks import addresses, waking
from webhooks.models import READABLE, Webhook, WebhookState
from webhooks.payload import new_secret
from workflow.errors import InvalidInput, NotPermitted
from workflow.inputs import Input, Kind
from workflow.sealing import seal
from workflow.transitions import Transition, Who

MADE = "webhooks.create"
MOST = 20  # of one agency, the ended ones not counted


def moment_in(text: str) -> datetime:
    """The moment that a text names with its offset, in UTC. Raises ValidationError."""
    try:
        moment = parse_datetime(text)
        moment = moment.astimezone(UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        moment = None
    if moment is None:
        raise ValidationError(translate_now("Give a moment such as 2026-03-02T09:00:00Z."))
    if moment > timezone.now():
        raise ValidationError(translate_now("This moment has not come yet."))
    return moment


LABEL = Input(name="label", label=_("Name"), kind=Kind.LINE, max_length=100)
URL = Input(
    name="url",
    label=_("Address"),
    kind=Kind.LINE,
    max_length=500,
    hint=_("Begins with https:// and leads to a public address."),
    judge=addresses.judge_form,
)
KINDS = Input(
    name="kinds",
    label=_("Kinds of events"),
    kind=Kind.WORDS,
    required=False,
    max_length=60,
    hint=_("As the feed names them; “referrals.*” for all of a group. None: every kind."),
    judge=feed_kinds.judge,
)
PARTIES = Input(
    name="parties",
    label=_("Parties"),
    kind=Kind.SOME_OF,
    required=False,
    rows=lambda webhook: Party.objects.order_by("name_en"),
    key="code",
    hint=_("Only what is about these Parties. None: every Party."),
)
INPUTS = (LABEL, URL, KINDS, PARTIES)


def _may_make(actor: Any, nothing: Any) -> bool:
    try:
        agency_for(actor)
    except NotPermitted:
        return False
    return True


# In no table: there is no webhook yet that could stand in a state.
MAKE = Transition(
    action="create",
    label=_("Make a webhook"),
    done=_("Webhook made"),
    sources=frozenset(),
    who=Who("key of an agency with webhooks:manage, or officer of an agency", _may_make),
    inputs=INPUTS,
)


def agency_for(actor: Any) -> Agency:
    """Whose webhooks the actor makes. Raises NotPermitted, also for an officer of two agencies,
    who uses a key of the one that is meant."""
    mine = standing(actor)
    if isinstance(actor, ApiKey):
        ids = mine.all_agencies if Scope.WEBHOOKS_MANAGE in actor.scopes else frozenset[int]()
    else:
        ids = mine.agencies.get(Role.OFFICER, frozenset())
    if len(ids) != 1:
        raise NotPermitted
    return Agency.objects.get(pk=next(iter(ids)))


def make(
    *,
    label: str,
    url: str,
    by: Any,
    kinds: Sequence[str] = (),
    parties: Sequence[Party] = (),
) -> Webhook:
    """A new webhook, which is told of what is recorded from now on. Raises NotPermitted and
    InvalidInput. Asks no network: whoever answers a person calls `judge` before."""
    agency_for(by)
    check({"label": label, "url": url, "kinds": kinds, "parties": parties})
    return _store(label, url, list(kinds), list(parties), by)


@transaction.atomic
def _store(label: str, url: str, kinds: list[str], parties: list[Party], by: Any) -> Webhook:
    by = fresh(by)
    # Two calls at once queue here, so that both are counted.
    agency = Agency.objects.select_for_update(no_key=True).get(pk=agency_for(by).pk)
    now_there = Webhook.objects.filter(agency=agency).exclude(state=WebhookState.ENDED).count()
    if now_there >= MOST:
        sentence = translate_now("The agency has %(most)d webhooks already. End one first.")
        raise InvalidInput({"label": [sentence % {"most": MOST}]})
    webhook = Webhook(
        agency=agency,
        label=label,
        url=url,
        scopes=scopes_of(by),
        kinds=kinds,
        parties=[party.code for party in parties],
        secret=seal(new_secret()),
        told_up_to=feed.newest(),
    )
    stand_behind(webhook, by)
    webhook.save(force_insert=True)
    changes = said_of(webhook) | {"agency": agency.code, "scopes": webhook.scopes}
    record(webhook, MADE, by=snapshot(by, webhook), changes=changes)
    transaction.on_commit(waking.somebody_listens, robust=True)
    return webhook


def stand_behind(webhook: Webhook, actor: Any) -> None:
    """From now on it ends with this key, or with this officer's mandate. Not saved yet."""
    is_key = isinstance(actor, ApiKey)
    webhook.created_with = actor if is_key else None
    webhook.created_by = None if is_key else actor
    webhook.stands_since = timezone.now()


def scopes_of(actor: Any) -> list[str]:
    """What a webhook may be told that this actor makes or resumes."""
    mine = actor.scopes if isinstance(actor, ApiKey) else READABLE
    return [scope.value for scope in READABLE if scope in mine]


def said_of(webhook: Webhook) -> dict[str, Any]:
    """A webhook as history keeps it. Of the address only the host: the rest may hold a secret of
    the receiver."""
    host = urlsplit(webhook.url).hostname or ""
    return {
        "label": webhook.label,
        "host": host,
        "kinds": webhook.kinds,
        "parties": webhook.parties,
    }


def check(answers: dict[str, Any]) -> None:
    """Raises InvalidInput with the sentences of what does not do."""
    problems = {one.name: one.problem_with(answers[one.name]) for one in INPUTS}
    if any(problems.values()):
        raise InvalidInput({name: [said] for name, said in problems.items() if said})


def judge(
    *, label: str, url: str, kinds: Sequence[str] = (), parties: Sequence[Party] = ()
) -> None:
    """`check` and `judge_name`, of the answers to MAKE."""
    check({"label": label, "url": url, "kinds": kinds, "parties": parties})
    judge_name(url)


def judge_name(url: str) -> None:
    """Raises InvalidInput when the address leads nowhere that webhooks go. Asks the resolver, so
    never in a transaction: others would wait for it. What counts is judged again when a delivery
    connects; this only lets the person who typed it know at once."""
    try:
        addresses.judge_form(url)
        addresses.judge_name(url)
    except ValidationError as unfit:
        raise InvalidInput({"url": unfit.messages}) from None
