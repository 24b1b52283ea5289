"""Accounts: what is changed about them leaves a trace, and its person is told."""

from typing import Any

from allauth.account.models import EmailAddress
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from history.log import record
from outbox.post import owe
from partners.access import fresh, snapshot
from partners.granting.ending import end_standing_in
from partners.granting.kinds import ACCESS_CLOSED, ACCESS_OPENED, ADDRESS_CHANGED
from partners.granting.mandates import lock_leads
from partners.granting.rules import only_a_lead
from partners.letters import Notice, Reader, letter_to
from partners.models import Mandate, Role, User
from partners.sessions import end_sessions
from workflow.errors import Refused

_MOVED = Notice(
    subject=_("The address of your account was changed"),
    lead=_(
        "The CITES Secretariat has changed the e-mail address of your account in the ICCWC "
        "support portal. Messages go to the new address from now on, and you sign in with it."
    ),
    next=_("If you did not ask for this, tell the Secretariat at once."),
)


def would_lose_the_last_lead(person: User) -> bool:
    """Is this the only person who leads the Secretariat's desk?"""
    leads = Mandate.objects.in_force().filter(role=Role.LEAD)
    return set(leads.values_list("user_id", flat=True)) == {person.pk}


def keep_new_address(person: User, old: str, *, by: Any, here: str | None = None) -> None:
    """Who reads a person's mail can sign in as that person: a change is never without a trace,
    and the old address hears of it. Links mailed to the old one are void, and all sessions but
    `here`, from which the change is made, end. Call in the transaction of the change."""
    only_a_lead(fresh(by))
    _forget_addresses(person)
    end_sessions(person, but=here)
    event = record(
        person,
        ADDRESS_CHANGED,
        by=snapshot(by, None),
        changes={"email": [old, person.email]},
    )
    reader = Reader(f"user:{person.pk}", old, person.language)
    owe(event, [letter_to(reader, _MOVED, path=reverse("contact"), facts=dict, passages=list)])


def keep_access(person: User, *, by: Any, here: str | None = None) -> None:
    """Record that the account was just closed or opened again: closing ends all authority at once,
    that of deputies, and every open session. Raises Refused when nobody would lead any more."""
    only_a_lead(fresh(by))
    record(
        person,
        ACCESS_OPENED if person.is_active else ACCESS_CLOSED,
        by=snapshot(by, None),
        changes={"is_active": [not person.is_active, person.is_active]},
    )
    if not person.is_active:
        _forget_addresses(person)
        _end_what_hangs_on(person, by)
        end_sessions(person, but=here)


def _end_what_hangs_on(person: User, by: Any) -> None:
    """Nobody stands in for somebody whose account is closed; and the last lead's stays open."""
    lock_leads()
    if not Mandate.objects.in_force().filter(role=Role.LEAD).exists():
        raise Refused(gettext("This person is the only lead. Appoint another one first."))
    held = Mandate.objects.select_for_update(no_key=True).filter(user=person, ended_at=None)
    for mandate in held.order_by("pk"):
        end_standing_in(mandate, by=by)


def _forget_addresses(person: User) -> None:
    """The account's own address is the only one. django-allauth would let in whoever stands in
    this table too, and nothing here writes to it: only rows of an earlier release can be there."""
    EmailAddress.objects.filter(user_id=person.pk).delete()
