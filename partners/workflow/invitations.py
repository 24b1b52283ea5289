"""What may happen to an invitation."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners import inviting, notices
from partners.access import fresh
from partners.granting import rules
from partners.granting.mandates import grant_mandate, locked
from partners.granting.succession import hand_over
from partners.links import Bearer, holds_link, snapshot
from partners.models import Invitation, InvitationState, Mandate, User
from partners.models.joining import in_two_weeks, new_nonce
from partners.models.people import today
from workflow.errors import Refused
from workflow.transitions import Act, Data, Table, Transition, Who

S = InvitationState


def _is_invited(actor: Any, invitation: Invitation) -> bool:
    if isinstance(actor, User):
        return actor.is_active and actor.email.lower() == invitation.email.lower()
    return holds_link(actor, invitation)


INVITED = Who("the invited person", _is_invited)
WITHDRAWER = Who(
    "Secretariat lead; focal point of the Party, for its helpers and deputies", rules.may_withdraw
)
INVITER = Who(
    "whoever may grant that mandate, and is not the invited person",
    lambda actor, invitation: (
        rules.may_name(actor, invitation) and not _is_invited(actor, invitation)
    ),
)


def _accept(invitation: Invitation, act: Act) -> Data:
    inviter = fresh(invitation.invited_by)
    if not rules.may_name(inviter, invitation):
        raise Refused(
            translate_now(
                "%(inviter)s, who invited you, can no longer grant this mandate. Ask for access "
                "in your own name."
            )
            % {"inviter": inviter.name}
        )
    if invitation.until_on and invitation.until_on < today():
        raise Refused(translate_now("The mandate would have ended already."))
    person = _person_who_accepts(invitation, act.actor)
    invitation.mandate = _grant(invitation, person, inviter)
    return {"person": person.pk, "mandate": invitation.mandate.pk}


def _person_who_accepts(invitation: Invitation, actor: Any) -> User:
    if isinstance(actor, User):
        return actor
    account = actor.account if isinstance(actor, Bearer) else None
    taken = Refused(
        translate_now("There is an account with this address. Sign in with it, then accept.")
    )
    if account is None or inviting.person_at(invitation.email):
        raise taken
    try:
        with transaction.atomic():
            return User.objects.create_user(
                invitation.email,
                account.password,
                name=account.name,
                language=account.language,
                time_zone=account.time_zone,
            )
    except IntegrityError:  # another invitation to the same address was accepted just now
        raise taken from None


def _grant(invitation: Invitation, person: User, inviter: User) -> Mandate:
    if invitation.succeeds:
        return hand_over(invitation.succeeds, person, by=inviter, office=invitation.office)
    return grant_mandate(inviting.seat_of(invitation, person), by=inviter)


def _send_again(invitation: Invitation, act: Act) -> Data:
    invitation.nonce = new_nonce()
    invitation.expires_at = in_two_weeks()
    invitation.invited_by = act.actor
    return {"expires_at": invitation.expires_at}


def _lock_absent(invitation: Invitation) -> None:
    # As the end of a mandate does, which then withdraws the invitations of its deputies.
    if invitation.stands_in_for:
        locked(invitation.stands_in_for)


INVITATIONS = Table(
    name="invitations",
    model=Invitation,
    transitions=(
        Transition(
            action="accept",
            label=_("Accept the invitation"),
            done=_("Invitation accepted"),
            sources=frozenset({S.SENT}),
            target=S.ACCEPTED,
            when=lambda invitation: not invitation.is_expired,
            who=INVITED,
            change=_accept,
            tells=(notices.THE_INVITER,),
        ),
        Transition(
            action="send_again",
            label=_("Send again"),
            done=_("Invitation sent again"),
            sources=frozenset({S.SENT}),
            who=INVITER,
            change=_send_again,
            tells=(notices.THE_INVITED,),
            warning=_("The link of the earlier message stops working."),
        ),
        Transition(
            action="withdraw",
            label=pgettext_lazy("an invitation", "Withdraw"),
            done=_("Invitation withdrawn"),
            sources=frozenset({S.SENT}),
            target=S.WITHDRAWN,
            who=WITHDRAWER,
            warning=_("The link in the message stops working. The invited person is not told."),
        ),
    ),
    snapshot=snapshot,
    fresh=fresh,
    lock_first=_lock_absent,
    notify=notices.invitation_moved,
)
