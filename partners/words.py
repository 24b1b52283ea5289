"""What the letters say about coming to a mandate, keeping it and handing it over."""

from django.utils.translation import gettext_lazy as _

from partners.letters import Notice

INVITED = Notice(
    subject=_("Invitation to the ICCWC support portal: %(role)s, %(body)s"),
    lead=_(
        "%(inviter)s invites you to act as %(role)s for %(body)s in the ICCWC support portal. "
        "The invitation is for %(name)s, %(email)s."
    ),
    next=_(
        "Follow the link to read the invitation and to accept it. Nothing happens until you do. "
        "Do not pass the link on: whoever has it can accept in your name."
    ),
)
INVITED_TO_SUCCEED = Notice(
    subject=_("Invitation to the ICCWC support portal: %(role)s, %(body)s"),
    lead=_(
        "%(inviter)s invites you to take over as %(role)s for %(body)s in the ICCWC support "
        "portal. The invitation is for %(name)s, %(email)s. When you accept, everything of "
        "%(body)s passes to you, and you get a list of what is open."
    ),
    next=INVITED.next,
)
ACCEPTED = Notice(
    subject=_("%(name)s has accepted your invitation"),
    lead=_("%(name)s (%(email)s) now acts as %(role)s for %(body)s."),
)
WANTED_AGAIN = Notice(
    subject=_("%(name)s asks for a new invitation"),
    lead=_(
        "%(name)s (%(email)s) was invited to act as %(role)s for %(body)s, and opened the link "
        "after its last day."
    ),
    next=_("If you still want this, send the invitation again."),
)
CONFIRM_ADDRESS = Notice(
    subject=_("Confirm your request for access to the ICCWC support portal"),
    lead=_(
        "Somebody, probably you, asked for access to the ICCWC support portal with this address: "
        "%(role)s, %(body)s."
    ),
    next=_(
        "Follow the link to read the request and to confirm it within 7 days. If it was not you, "
        "do nothing: an unconfirmed request goes to nobody and is deleted."
    ),
)
ACCESS_ASKED = Notice(
    subject=_("Request for access: %(role)s, %(body)s"),
    lead=_(
        "%(name)s asks for access to the portal as %(role)s for %(body)s. The address is "
        "confirmed; who this person is has still to be checked with the Party or the agency."
    ),
    next=_("Grant or refuse the request at the desk."),
)
ACCESS_REFUSED = Notice(
    subject=_("Your request for access to the ICCWC support portal"),
    lead=_("The CITES Secretariat did not grant your request for access: %(role)s, %(body)s."),
    next=_("If this is a misunderstanding, write to the Secretariat."),
)
MANDATE_ENDED = Notice(
    subject=_("Your mandate has ended: %(role)s, %(body)s"),
    lead=_("You no longer act as %(role)s for %(body)s in the ICCWC support portal."),
    next=_("If this is a mistake, write to the CITES Secretariat."),
)
MANDATE_ENDS = Notice(
    subject=_("Your mandate ends on %(day)s: %(role)s, %(body)s"),
    lead=_("After %(day)s you no longer act as %(role)s for %(body)s in the ICCWC support portal."),
    next=MANDATE_ENDED.next,
)
SUCCEEDED = Notice(
    subject=_("You are the focal point of %(body)s: what is open"),
    lead=_(
        "Everything of %(body)s in the ICCWC support portal passes to you on %(from_on)s: its "
        "requests and drafts, its messages and its people. This is open now."
    ),
    next=_("You can work on all of it, whoever began it."),
)
TO_BE_CONFIRMED = Notice(
    subject=_("Mandates to be confirmed for another year"),
    lead=_(
        "A mandate in the ICCWC support portal rests unless somebody entitled confirms it every "
        "year. These are due within a month."
    ),
    next=_("Nobody confirms a mandate of his own."),
)
KEY_ENDS = Notice(
    subject=_("An API key of %(agency)s ends on %(day)s: %(label)s"),
    lead=_(
        "The API key that begins with %(key)s (%(label)s) ends on %(day)s. After that day the "
        "system that uses it is shut out of the ICCWC support portal."
    ),
    next=_(
        "Ask the CITES Secretariat for a new key in good time. The old one can go on for some days "
        "beside the new one."
    ),
)
