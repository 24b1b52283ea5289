"""The letters about coming to a mandate, keeping it and handing it over."""

from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _

from history.models import Event
from outbox.post import owe
from partners import words
from partners.granting.rules import may_name
from partners.handover import open_matters
from partners.letters import Notice, Passages, Reader, letter_to, letters
from partners.links import path_of
from partners.models import AccessRequest, Invitation, Mandate
from partners.models.people import today
from partners.recipients import secretariat_leads
from workflow.transitions import Act

THE_INVITED = "the invited person"
THE_INVITER = "whoever invited"
THE_LEADS = "Secretariat leads"
WHO_ASKED = "whoever asked"


def invitation_moved(event: Event, invitation: Invitation, act: Act) -> None:
    if THE_INVITED in act.transition.tells:
        send_invitation(event, invitation)
    if THE_INVITER in act.transition.tells:
        tell_inviter(event, invitation, words.ACCEPTED)


def send_invitation(event: Event, invitation: Invitation) -> None:
    notice = words.INVITED_TO_SUCCEED if invitation.succeeds_id else words.INVITED
    reader = Reader(f"invitation:{invitation.pk}", invitation.email, invitation.language)
    letter = letter_to(
        reader,
        notice,
        path=path_of(invitation),
        facts=lambda: _about(invitation),
        passages=lambda: [
            *_until(invitation),
            (
                translate_now("This invitation can be accepted until"),
                date_format(invitation.expires_at, "DATE_FORMAT"),
            ),
        ],
        holds_secret=True,
    )
    owe(event, [letter])


def tell_inviter(event: Event | None, invitation: Invitation, notice: Notice) -> None:
    """A letter to whoever invited; to the leads when that person may invite no more."""
    entitled = may_name(invitation.invited_by, invitation)
    readers = [invitation.invited_by] if entitled else secretariat_leads()
    written = letters(
        readers,
        notice,
        path=_where_it_is_kept(invitation) if entitled else _at_the_desk(invitation),
        facts=lambda: _about(invitation),
        passages=lambda: _until(invitation),
    )
    owe(event, written)


def _where_it_is_kept(invitation: Invitation) -> str:
    if invitation.party and (invitation.stands_in_for_id or not _by_a_lead(invitation)):
        return reverse("country_people", args=[invitation.party.code.lower()])
    return _at_the_desk(invitation)


def _by_a_lead(invitation: Invitation) -> bool:
    return invitation.invited_by.pk in {lead.pk for lead in secretariat_leads()}


def _at_the_desk(invitation: Invitation) -> str:
    return reverse("admin:partners_invitation_change", args=[invitation.pk])


# ── Asking for access ────────────────────────────────────────────────────────────────────────


def send_confirmation(access_request: AccessRequest) -> None:
    """The link that confirms the address. No event: until then nobody is known to have asked."""
    letter = letter_to(
        _reader_of(access_request),
        words.CONFIRM_ADDRESS,
        path=path_of(access_request),
        facts=lambda: _about(access_request),
        passages=list,
        holds_secret=True,
    )
    owe(None, [letter])


def access_request_moved(event: Event, access_request: AccessRequest, act: Act) -> None:
    """Who asked hears of a grant by the invitation it sends."""
    if THE_LEADS in act.transition.tells:
        desk = reverse("admin:partners_accessrequest_change", args=[access_request.pk])
        written = letters(
            secretariat_leads(),
            words.ACCESS_ASKED,
            path=desk,
            facts=lambda: _about(access_request),
            passages=lambda: _asked(access_request),
        )
        owe(event, written)
    if WHO_ASKED in act.transition.tells:
        refused = letter_to(
            _reader_of(access_request),
            words.ACCESS_REFUSED,
            path=reverse("contact"),
            facts=lambda: _about(access_request),
            passages=lambda: [(translate_now("The reason"), act.data["reason"])],
        )
        owe(event, [refused])


def _reader_of(access_request: AccessRequest) -> Reader:
    return Reader(f"access:{access_request.pk}", access_request.email, access_request.language)


def _asked(access_request: AccessRequest) -> Passages:
    return [
        (translate_now("Name"), access_request.name),
        (translate_now("E-mail address"), access_request.email),
        (translate_now("Office"), access_request.office or "–"),
        (translate_now("Why"), access_request.why),
    ]


# ── Handing over ─────────────────────────────────────────────────────────────────────────────


def tell_successor(event: Event, mandate: Mandate) -> None:
    """What the new focal point finds open for its Party."""
    party: Any = mandate.party
    written = letters(
        [mandate.user],
        words.SUCCEEDED,
        path=reverse("requests:list"),
        facts=lambda: {
            "body": party.name,
            "from_on": date_format(mandate.from_on, "DATE_FORMAT"),
        },
        passages=lambda: open_matters(party) or [_nothing_open()],
    )
    owe(event, written)


def _nothing_open() -> tuple[str, str]:
    return translate_now("Open now"), translate_now("Nothing.")


def tell_of_end(event: Event, mandate: Mandate, by: Any) -> None:
    """A mandate has ended, or is to end on another day than its holder was told."""
    if mandate.user_id == by.pk or not mandate.user.is_active:
        return
    last = None if mandate.ended_at else mandate.until_on
    written = letters(
        [mandate.user],
        words.MANDATE_ENDS if last and last >= today() else words.MANDATE_ENDED,
        path=reverse("account"),
        facts=lambda: {
            "role": str(role_in_words(mandate)),
            "body": str(mandate.body),
            "day": date_format(last, "DATE_FORMAT") if last else "",
        },
        passages=list,
    )
    owe(event, written)


# ── words of the case ────────────────────────────────────────────────────────────────────────


def _about(prospect: Invitation | AccessRequest) -> dict[str, str]:
    inviter = prospect.invited_by.name if isinstance(prospect, Invitation) else ""
    return {
        "name": prospect.name,
        "email": prospect.email,
        "role": str(role_in_words(prospect)),
        "body": str(prospect.body),
        "inviter": inviter,
    }


def role_in_words(seat: Any) -> "str | Promise":
    """A deputy holds the role of a focal point, and is called a deputy."""
    if getattr(seat, "stands_in_for_id", None):
        return _("deputy of the focal point")
    label: str = seat.get_role_display()
    return label


def _until(invitation: Invitation) -> Passages:
    """The dates of the mandate, where it has an end."""
    if invitation.until_on is None:
        return []
    until = date_format(invitation.until_on, "DATE_FORMAT")
    return [(capfirst(translate_now("The mandate ends on")), until)]
