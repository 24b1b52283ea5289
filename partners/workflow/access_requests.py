"""What may happen to a request for access."""

from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners import inviting, notices
from partners.access import fresh
from partners.asking import may_be_confirmed
from partners.granting import rules
from partners.links import holds_link, snapshot
from partners.models import AccessRequest, AccessState, Agency, Party, Role
from partners.models.people import today
from workflow.errors import InvalidInput
from workflow.inputs import Input, Kind
from workflow.transitions import Act, Data, Table, Transition, Who

A = AccessState


def _decides(actor: Any, access_request: AccessRequest) -> bool:
    return rules.leads(actor) and actor.email.lower() != access_request.email.lower()


WHO_ASKED = Who("whoever holds the mailed link", holds_link)
DECIDER = Who("Secretariat lead, not on a request of his own", _decides)

_ROLES = [
    (role.value, capfirst(role.label)) for role in Role if role not in {Role.LEAD, Role.AUDITOR}
]
PARTY = Input(
    name="party",
    label=_("Party"),
    kind=Kind.ONE_OF,
    required=False,
    rows=lambda obj: Party.objects.order_by("name_en"),
    key="code",
    initial=lambda access_request: access_request.party,
)
AGENCY = Input(
    name="agency",
    label=_("Agency"),
    kind=Kind.ONE_OF,
    required=False,
    rows=lambda obj: Agency.objects.partners(),
    key="code",
    initial=lambda access_request: access_request.agency,
)
ROLE = Input(
    name="role",
    label=_("Role"),
    kind=Kind.CHOICE,
    choices=_ROLES,
    initial=lambda access_request: access_request.role,
)
OFFICE = Input(
    name="office",
    label=_("Office"),
    kind=Kind.LINE,
    required=False,
    max_length=200,
    initial=lambda access_request: access_request.office,
)
UNTIL = Input(
    name="until_on",
    label=_("Until"),
    kind=Kind.DATE,
    required=False,
    earliest=today,
    hint=_("Without a date the mandate goes on as long as it is confirmed each year."),
)
REASON = Input(
    name="reason",
    label=_("Reason"),
    hint=_("The person reads it as you write it."),
    max_length=2000,
)


def _confirm(access_request: AccessRequest, act: Act) -> Data:
    access_request.confirmed_at = timezone.now()
    return {"role": access_request.role, "body": access_request.body and access_request.body.code}


def _one_body(access_request: AccessRequest, act: Act) -> None:
    if (act.data["party"] is None) == (act.data["agency"] is None):
        sentence = translate_now("Choose either a Party or an agency.")
        raise InvalidInput({"party": [sentence]})


def _invite(access_request: AccessRequest, act: Act) -> Data:
    access_request.invitation = inviting.invite(
        by=act.actor,
        email=access_request.email,
        name=access_request.name,
        language=access_request.language,
        role=act.data["role"],
        party=act.data["party"],
        agency=act.data["agency"],
        office=act.data["office"] or "",
        until_on=act.data["until_on"],
    )
    return {"invitation": access_request.invitation.pk}


ACCESS_REQUESTS = Table(
    name="access",
    model=AccessRequest,
    transitions=(
        Transition(
            action="confirm",
            label=_("Confirm my request"),
            done=_("Address confirmed"),
            sources=frozenset({A.UNCONFIRMED}),
            target=A.CONFIRMED,
            when=may_be_confirmed,
            who=WHO_ASKED,
            change=_confirm,
            tells=(notices.THE_LEADS,),
        ),
        Transition(
            action="grant",
            label=_("Grant"),
            done=_("Access granted, invitation sent"),
            sources=frozenset({A.CONFIRMED}),
            target=A.GRANTED,
            who=DECIDER,
            inputs=(PARTY, AGENCY, ROLE, OFFICE, UNTIL),
            guard=_one_body,
            change=_invite,
        ),
        Transition(
            action="refuse",
            label=pgettext_lazy("a request for access", "Refuse"),
            done=_("Access refused"),
            sources=frozenset({A.CONFIRMED}),
            target=A.REFUSED,
            who=DECIDER,
            inputs=(REASON,),
            change=lambda access_request, act: {"reason": act.data["reason"]},
            tells=(notices.WHO_ASKED,),
        ),
    ),
    snapshot=snapshot,
    fresh=fresh,
    notify=notices.access_request_moved,
)
