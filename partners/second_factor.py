"""The second factor: who must have one, who has one, and its reset for somebody who lost it."""

from collections.abc import Callable
from enum import StrEnum
from functools import wraps
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
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

# In a session begun at the provider of an agency that asked for two factors itself: the agency.
VOUCHED_FOR = "second_factor_vouched_for_by"

View = Callable[..., HttpResponseBase]

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


class Duty(StrEnum):
    """What somebody who needs a second factor has to do before going on."""

    NOTHING = ""
    SET_UP = "set_up"
    SHOW = "show"  # it is set up, but this session has never shown it


def duty(request: HttpRequest) -> Duty:
    person: Any = request.user
    if not must_have_one(person) or _is_vouched_for(request):
        return Duty.NOTHING
    if not has_one(person):
        return Duty.SET_UP
    records = get_authentication_records(request, person)
    shown = any(record.get("method") == "mfa" for record in records)
    return Duty.NOTHING if shown else Duty.SHOW


def is_missing(request: HttpRequest) -> bool:
    """Must the person set up a second factor before going on in this session?"""
    return duty(request) == Duty.SET_UP


def _is_vouched_for(request: HttpRequest) -> bool:
    """The word of an agency counts for those who need a second factor as its officers alone."""
    agency, mine = request.session.get(VOUCHED_FOR), standing(request.user)
    obliged_by = mine.agencies.get(Role.OFFICER, frozenset())
    return agency is not None and not mine.secretariat and obliged_by <= {agency}


def sets_one_up(view: View) -> View:
    """For pages on which a factor is set up. Whoever sets up the first one has shown it thereby;
    every other session of that person began with a password alone, and ends."""

    @wraps(view)
    @transaction.atomic
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        person: Any = request.user
        is_first = person.is_authenticated and not has_one(person)
        answer = view(request, *args, **kwargs)
        if is_first and request.method == "POST" and has_one(person):
            record_authentication(request, person, "mfa")
            end_sessions(person, but=request.session.session_key)
        return answer

    return page


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
