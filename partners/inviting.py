"""Inviting somebody to a mandate. The link in the mail is the only way to an account."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db import models, transaction
from django.utils.translation import gettext as _

from history.log import record
from partners.access import fresh, snapshot
from partners.granting import rules
from partners.granting.kinds import INVITED
from partners.granting.mandates import held_already
from partners.models import Agency, Invitation, Mandate, Party, User
from partners.models.people import AGENCY_ROLES, PARTY_ROLES, SECRETARIAT_ROLES, today
from partners.notices import send_invitation, tell_inviter
from partners.words import WANTED_AGAIN
from workflow.errors import InvalidInput, NotPermitted

MOST_OPEN = 20  # of one body, by others than leads: enough for a ministry, too few to pester with
_A_DAY = 24 * 60 * 60


@transaction.atomic
def invite(
    *,
    by: Any,
    email: str,
    name: str,
    language: str,
    role: str,
    party: Party | None = None,
    agency: Agency | None = None,
    office: str = "",
    until_on: date | None = None,
    stands_in_for: Mandate | None = None,
    succeeds: Mandate | None = None,
) -> Invitation:
    """Store an invitation and owe its mail. Raises NotPermitted, InvalidInput and Refused."""
    invitation = Invitation(
        invited_by=by,
        email=email.lower(),
        name=name,
        language=language,
        role=role,
        party=party,
        agency=agency,
        office=office,
        until_on=until_on,
        stands_in_for=stands_in_for,
        succeeds=succeeds,
    )
    actor = fresh(by)
    if not rules.may_name(actor, invitation):
        raise NotPermitted
    _lock_body(invitation)
    _check_seat(invitation)
    _check_person(invitation, actor)
    _check_number(invitation, actor)
    return _send(invitation, by)


def _send(invitation: Invitation, by: Any) -> Invitation:
    invitation.save(force_insert=True)
    event = record(
        invitation,
        INVITED,
        by=snapshot(by, invitation),
        changes={
            "role": invitation.role,
            "body": invitation.body.code if invitation.body else "",
            "until_on": invitation.until_on,
            "stands_in_for": invitation.stands_in_for_id,
            "succeeds": invitation.succeeds_id,
        },
    )
    send_invitation(event, invitation)
    return invitation


def seat_of(invitation: Invitation, person: User) -> Mandate:
    """The mandate that an invitation promises, not stored."""
    return Mandate(
        user=person,
        party=invitation.party,
        agency=invitation.agency,
        role=invitation.role,
        office=invitation.office,
        until_on=invitation.until_on,
        stands_in_for=invitation.stands_in_for,
    )


def person_at(email: str) -> User | None:
    return User.objects.filter(email__iexact=email).first()


def ask_again(invitation: Invitation) -> bool:
    """Tell the inviter that a link had run out; at most once a day. Was it done now?"""
    if not cache.add(f"invitation-wanted-again:{invitation.pk}", True, _A_DAY):
        return False
    tell_inviter(None, invitation, WANTED_AGAIN)
    return True


def fitting_roles(party: Party | None, agency: Agency | None) -> Sequence[str]:
    if party:
        return sorted(PARTY_ROLES)
    return sorted(SECRETARIAT_ROLES if agency and agency.is_coordinator else AGENCY_ROLES)


def _lock_body(invitation: Invitation) -> None:
    # A form that is sent twice at once: the second one sees the invitation of the first.
    model: type[models.Model] = Party if invitation.party_id else Agency
    pk = invitation.party_id or invitation.agency_id
    model._base_manager.select_for_update(no_key=True).get(pk=pk)


def _check_seat(invitation: Invitation) -> None:
    if invitation.role not in fitting_roles(invitation.party, invitation.agency):
        raise InvalidInput({"role": [_("This role does not exist for this body.")]})
    if invitation.until_on and invitation.until_on < today():
        raise InvalidInput({"until_on": [_("This day has passed.")]})
    rules.check_absent(invitation.stands_in_for)
    rules.check_deputy(invitation.stands_in_for, invitation.until_on)


def _check_person(invitation: Invitation, by: User) -> None:
    problem = ""
    person = person_at(invitation.email)
    if invitation.email == by.email.lower():
        problem = _("You cannot invite yourself.")
    elif person and not person.is_active:
        problem = _("The account with this address is closed. Ask the Secretariat.")
    elif person and held_already(seat_of(invitation, person)):
        problem = _("This person holds this mandate already.")
    elif _open_ones(invitation).filter(email=invitation.email, role=invitation.role).exists():
        problem = _("This person is invited already. Send that invitation again if it was lost.")
    if problem:
        raise InvalidInput({"email": [problem]})


def _check_number(invitation: Invitation, by: Any) -> None:
    if not rules.leads(by) and _open_ones(invitation).count() >= MOST_OPEN:
        sentence = _("%(count)d invitations are open already. Withdraw some of them first.")
        raise InvalidInput({"email": [sentence % {"count": MOST_OPEN}]})


def _open_ones(invitation: Invitation) -> "models.QuerySet[Invitation]":
    same_body = Invitation.objects.filter(party=invitation.party, agency=invitation.agency)
    return same_body.open()
