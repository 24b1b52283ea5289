"""The second factor: who must have one, who has one, and its reset for somebody who lost it."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history.log import record
from outbox.post import owe
from partners.access import fresh, snapshot, standing
from partners.granting.kinds import SECOND_FACTOR_RESET
from partners.letters import Notice, letters
from partners.models import Role, User
from partners.sessions import end_sessions
from workflow.errors import NotPermitted, Refused

# In a session begun at the provider of an agency that asked for two factors itself.
VOUCHED_FOR = "second_factor_vouched_for"

_RESET = Notice(
    subject=gettext_lazy("Your second factor was reset"),
    lead=gettext_lazy(
        "The CITES Secretariat has removed the authenticator app, the passkeys and the recovery "
        "codes of your account, and signed you out everywhere. You sign in with your password "
        "alone and then set up a new second factor."
    ),
    next=gettext_lazy("If you did not ask for this, tell the Secretariat at once."),
)


def must_have_one(person: Any) -> bool:
    """Does the person act for the Secretariat, or as an officer for an agency?"""
    mine = standing(person)
    return bool(
        settings.SECOND_FACTOR_REQUIRED and (mine.secretariat or mine.agencies.get(Role.OFFICER))
    )


def has_one(person: User) -> bool:
    """An authenticator app or a passkey; recovery codes alone are none."""
    own = Authenticator.objects.filter(user_id=person.pk)
    return own.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def is_missing(person: Any, session: SessionBase) -> bool:
    """Must the person set up a second factor before going on in this session?"""
    return must_have_one(person) and not (session.get(VOUCHED_FOR) or has_one(person))


@transaction.atomic
def reset(person: User, *, by: Any) -> None:
    """Remove every second factor of somebody who lost it, and end that person's sessions.

    Raises NotPermitted, and Refused when there is nothing to remove. Nobody resets their own at
    the desk: that would go round the question who is at the keyboard.
    """
    if Role.LEAD not in standing(fresh(by)).secretariat or person.pk == by.pk:
        raise NotPermitted
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    own = Authenticator.objects.filter(user_id=person.pk)
    types = sorted(own.values_list("type", flat=True))
    if not types:
        raise Refused(_("This person has no second factor."))
    own.delete()
    end_sessions(person)
    event = record(person, SECOND_FACTOR_RESET, by=snapshot(by, None), changes={"removed": types})
    owe(event, letters([person], _RESET, path="/account/", facts=dict, passages=list))
