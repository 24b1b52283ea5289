"""Yearly re-confirmation: everybody concerned is reminded once, in one mail for all mandates."""

from collections import defaultdict
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from outbox.models import first_today
from outbox.post import owe
from partners.access import standing
from partners.granting.rules import HELPERS, may_confirm
from partners.letters import Passages, letters
from partners.models import Mandate, Role, User
from partners.models.people import today
from partners.recipients import people, secretariat_leads
from partners.words import TO_BE_CONFIRMED

AHEAD = timedelta(days=30)


@transaction.atomic
def remind() -> int:
    """Daily: remind of mandates that rest soon, or rest unnoticed; how many letters.

    A day without a worker is caught up with, and no mandate is reminded of twice in a year.
    """
    if not first_today("renewals"):
        return 0
    due = list(
        Mandate.objects.to_confirm(today() + AHEAD)
        .filter(reminded_at=None)
        .select_related("user", "party", "agency")
        .order_by("confirm_by", "pk")
    )
    Mandate.objects.filter(pk__in=[one.pk for one in due]).update(reminded_at=timezone.now())
    readers, concerns = _readers(due)
    written = [
        letter
        for person in readers
        for letter in letters(
            [person],
            TO_BE_CONFIRMED,
            path=_where(person, concerns[person.pk]),
            facts=dict,
            passages=partial(_passages, person, concerns[person.pk]),
        )
    ]
    owe(None, written)
    return len(written)


def _readers(due: "list[Mandate]") -> "tuple[list[User], dict[int, list[Mandate]]]":
    """Everybody who holds one of the mandates or may confirm it, with those mandates."""
    leads = secretariat_leads() if due else []
    known: dict[int, User] = {}
    concerns: dict[int, list[Mandate]] = defaultdict(list)
    for mandate in due:
        entitled = [*leads]
        if mandate.role in HELPERS and mandate.party_id:
            entitled += people(roles=[Role.FOCAL_POINT], party_id=mandate.party_id)
        for person in {mandate.user, *(one for one in entitled if may_confirm(one, mandate))}:
            known[person.pk] = person
            concerns[person.pk].append(mandate)
    return list(known.values()), concerns


def _where(person: User, mandates: "list[Mandate]") -> str:
    """Where the reader can confirm them, or read that somebody has to."""
    if Role.LEAD in standing(person).secretariat:
        return reverse("admin:partners_mandate_changelist") + "?confirmed=due"
    others = [one for one in mandates if one.user_id != person.pk and one.party]
    if others:
        party: Any = others[0].party
        return reverse("country_people", args=[party.code.lower()])
    return reverse("account")


def _passages(person: User, mandates: "list[Mandate]") -> Passages:
    own = [one for one in mandates if one.user_id == person.pk]
    others = [one for one in mandates if one.user_id != person.pk]
    passages = []
    if own:
        passages.append((_("Yours, for somebody else to confirm"), "\n".join(map(_line, own))))
    if others:
        lines = [f"{one.user.name}, {_line(one)}" for one in others]
        passages.append((_("For you to confirm"), "\n".join(lines)))
    return passages


def _line(mandate: Mandate) -> str:
    sentence = _("%(mandate)s: rests after %(day)s unless confirmed")
    day = date_format(mandate.confirm_by, "DATE_FORMAT")
    return sentence % {"mandate": str(mandate), "day": day}
