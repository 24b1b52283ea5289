"""The words of every message about requests and referrals, by action and audience."""

from django.utils.translation import gettext_lazy as _

from partners.letters import Notice

_WHAT_FOLLOWS = _("You can follow the request in the portal at any time.")
_TAKE_UP_OR_RETURN = _("Take it up, or return it for correction.")

REQUEST_NOTICES: dict[tuple[str, str], Notice] = {
    ("submit", "focal points"): Notice(
        subject=_("%(reference)s: your request has been received"),
        lead=_("The request of %(party)s for “%(support)s” has reached the CITES Secretariat."),
        next=_(
            "The Secretariat looks at it, passes it on to the partner agencies as appropriate and "
            "advises you on the next steps. This message does not promise support. Please quote "
            "the reference in every letter."
        ),
    ),
    ("submit", "Secretariat desk"): Notice(
        subject=_("%(reference)s: new request from %(party)s"),
        lead=_("%(party)s has submitted a request for “%(support)s”."),
        next=_TAKE_UP_OR_RETURN,
    ),
    ("submit again", "Secretariat desk"): Notice(
        subject=_("%(reference)s: corrected request from %(party)s"),
        lead=_("%(party)s has corrected its request for “%(support)s” and submitted it again."),
        next=_TAKE_UP_OR_RETURN,
    ),
    ("take_up", "focal points"): Notice(
        subject=_("%(reference)s: your request is being looked at"),
        lead=_("An officer of the CITES Secretariat has taken up your request for “%(support)s”."),
        next=_WHAT_FOLLOWS,
    ),
    ("return", "focal points"): Notice(
        subject=_("%(reference)s: please correct your request"),
        lead=_("The CITES Secretariat needs something more before it can go on."),
        next=_("Open the request, correct it and submit it again. Your answers are all there."),
    ),
    ("refer", "those agencies"): Notice(
        subject=_("%(reference)s: request from %(party)s referred to you"),
        lead=_(
            "The CITES Secretariat refers the request of %(party)s for “%(support)s” "
            "to your agency."
        ),
        next=_("Please accept or decline the referral, through the API or in the portal."),
    ),
    ("refer", "focal points"): Notice(
        subject=_("%(reference)s: your request has been passed on"),
        lead=_("The CITES Secretariat has passed your request on to partner agencies of ICCWC."),
        next=_WHAT_FOLLOWS,
    ),
    ("advise", "focal points"): Notice(
        subject=_("%(reference)s: advice on the next steps"),
        lead=_("The CITES Secretariat advises you on your request for “%(support)s”."),
    ),
    ("accept", "focal points"): Notice(
        subject=_("%(reference)s: your request has been accepted"),
        lead=_(
            "Your request for “%(support)s” has been accepted. The lead agency is %(lead_agency)s."
        ),
        next=_WHAT_FOLLOWS,
    ),
    ("accept", "agencies"): Notice(
        subject=_("%(reference)s: request of %(party)s accepted"),
        lead=_(
            "The request of %(party)s for “%(support)s” has been accepted. "
            "The lead agency is %(lead_agency)s."
        ),
    ),
    ("fund", "focal points"): Notice(
        subject=_("%(reference)s: funding has been found"),
        lead=_("Your request for “%(support)s” was waiting for funds. They have been found."),
        next=_WHAT_FOLLOWS,
    ),
    ("fund", "lead agency"): Notice(
        subject=_("%(reference)s: funding has been found"),
        lead=_("Funds have been found for the request of %(party)s for “%(support)s”."),
        next=_("The support can begin."),
    ),
    ("decline", "focal points"): Notice(
        subject=_("%(reference)s: your request has been declined"),
        lead=_("Your request for “%(support)s” cannot be taken forward."),
        next=_(
            "If the situation changes, write to the CITES Secretariat: it can reopen a request."
        ),
    ),
    ("decline", "agencies"): Notice(
        subject=_("%(reference)s: request of %(party)s declined"),
        lead=_("The request of %(party)s for “%(support)s” has been declined."),
    ),
    ("redirect", "focal points"): Notice(
        subject=_("%(reference)s: please use another channel"),
        lead=_("What you ask for with “%(support)s” is better served by another channel."),
    ),
    ("start", "focal points"): Notice(
        subject=_("%(reference)s: support has begun"),
        lead=_("The support that you asked for with “%(support)s” is under way."),
        next=_WHAT_FOLLOWS,
    ),
    ("start", "agencies"): Notice(
        subject=_("%(reference)s: support to %(party)s has begun"),
        lead=_("Work on the request of %(party)s for “%(support)s” is under way."),
    ),
    ("complete", "focal points"): Notice(
        subject=_("%(reference)s: support is completed"),
        lead=_("The support that you asked for with “%(support)s” is completed."),
    ),
    ("complete", "agencies"): Notice(
        subject=_("%(reference)s: support to %(party)s is completed"),
        lead=_("Work on the request of %(party)s for “%(support)s” is completed."),
    ),
    ("withdraw", "Secretariat desk"): Notice(
        subject=_("%(reference)s: withdrawn by %(party)s"),
        lead=_("%(party)s has withdrawn its request for “%(support)s”."),
    ),
    ("withdraw", "agencies"): Notice(
        subject=_("%(reference)s: withdrawn by %(party)s"),
        lead=_("%(party)s has withdrawn its request for “%(support)s”. Please stop work on it."),
    ),
    ("reopen", "focal points"): Notice(
        subject=_("%(reference)s: your request has been reopened"),
        lead=_("The CITES Secretariat looks at your request for “%(support)s” again."),
        next=_WHAT_FOLLOWS,
    ),
    ("send_letter", "Secretariat desk"): Notice(
        subject=_("%(reference)s: signed letter received from %(party)s"),
        lead=_("%(party)s has sent the signed letter for its request for “%(support)s”."),
    ),
    ("assign", "that officer"): Notice(
        subject=_("%(reference)s: given to you"),
        lead=_("The request of %(party)s for “%(support)s” is in your hands now."),
    ),
    ("note", "those mentioned"): Notice(
        subject=_("%(reference)s: a note for you"),
        lead=_("An internal note on the request of %(party)s for “%(support)s” mentions you."),
    ),
    ("ask", "focal points"): Notice(
        subject=_("%(reference)s: please answer a question"),
        lead=_("The CITES Secretariat has a question about your request for “%(support)s”."),
        next=_("The clock of your request stands still until you answer. Answer in the portal."),
    ),
    ("write", "Secretariat desk"): Notice(
        subject=_("%(reference)s: message from %(party)s"),
        lead=_("%(party)s has written about its request for “%(support)s”."),
        next=_("You can answer in the portal."),
    ),
}

REFERRAL_NOTICES: dict[str, Notice] = {
    "accept": Notice(
        subject=_("%(reference)s: accepted by %(agency)s"),
        lead=_("%(agency)s accepts the referral of the request of %(party)s for “%(support)s”."),
    ),
    "decline": Notice(
        subject=_("%(reference)s: declined by %(agency)s"),
        lead=_("%(agency)s declines the referral of the request of %(party)s for “%(support)s”."),
    ),
    "start": Notice(
        subject=_("%(reference)s: %(agency)s has begun"),
        lead=_("%(agency)s has begun its part for the request of %(party)s for “%(support)s”."),
    ),
    "deliver": Notice(
        subject=_("%(reference)s: delivered by %(agency)s"),
        lead=_("%(agency)s reports its part for the request of %(party)s for “%(support)s” done."),
    ),
    "report": Notice(
        subject=_("%(reference)s: progress reported by %(agency)s"),
        lead=_(
            "%(agency)s reports what it has delivered so far for the request of %(party)s for "
            "“%(support)s”."
        ),
    ),
    "ask": Notice(
        subject=_("%(reference)s: question from %(agency)s"),
        lead=_("%(agency)s has a question about the request of %(party)s for “%(support)s”."),
        next=_("You can answer in the portal."),
    ),
    "send_document": Notice(
        subject=_("%(reference)s: document from %(agency)s"),
        lead=_("%(agency)s has sent a document on the request of %(party)s for “%(support)s”."),
        next=_("It is with the documents of the request."),
    ),
    "remind": Notice(
        subject=_("%(reference)s: reminder from the CITES Secretariat"),
        lead=_(
            "The CITES Secretariat still waits for your agency's answer to the request of "
            "%(party)s for “%(support)s”. It is due on %(due)s."
        ),
        next=_("Please accept or decline the referral, through the API or in the portal."),
    ),
    "prolong": Notice(
        subject=_("%(reference)s: answer due on %(due)s"),
        lead=_(
            "The CITES Secretariat has set another day for your agency's answer to the request of "
            "%(party)s for “%(support)s”: %(due)s."
        ),
    ),
    "recall": Notice(
        subject=_("%(reference)s: referral recalled"),
        lead=_(
            "The CITES Secretariat recalls the referral of the request of %(party)s for "
            "“%(support)s” to your agency."
        ),
        next=_("No answer is needed any more."),
    ),
}
