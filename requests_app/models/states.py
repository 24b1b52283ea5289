from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestState(models.TextChoices):
    """Where a support request stands. Moves between them: requests_app/workflow/requests.py."""

    DRAFT = "draft", _("draft")
    SUBMITTED = "submitted", _("submitted")
    IN_REVIEW = "in_review", _("in review")
    RETURNED = "returned", _("returned for correction")
    REFERRED = "referred", _("referred to agencies")
    AWAITING_FUNDS = "awaiting_funds", _("accepted, awaiting funds")
    ACCEPTED = "accepted", _("accepted")
    UNDER_WAY = "under_way", _("under way")
    COMPLETED = "completed", _("completed")
    DECLINED = "declined", _("declined")
    REDIRECTED = "redirected", _("redirected to another channel")
    WITHDRAWN = "withdrawn", _("withdrawn")


ENDED = frozenset(
    {
        RequestState.COMPLETED,
        RequestState.DECLINED,
        RequestState.REDIRECTED,
        RequestState.WITHDRAWN,
    }
)

# Submitted and not ended, in the order of the way: what somebody still has to work on.
OPEN = tuple(one for one in RequestState if one not in ENDED and one != RequestState.DRAFT)
DECIDED = (
    RequestState.AWAITING_FUNDS,
    RequestState.ACCEPTED,
    RequestState.UNDER_WAY,
    RequestState.COMPLETED,
    RequestState.DECLINED,
    RequestState.REDIRECTED,
)


class ReferralState(models.TextChoices):
    SENT = "sent", _("waiting for an answer")
    ACCEPTED = "accepted", _("accepted by the agency")
    DELIVERING = "delivering", _("being delivered")
    DELIVERED = "delivered", _("delivered")
    DECLINED = "declined", _("declined by the agency")
    RECALLED = "recalled", _("recalled")


class ThreadState(models.TextChoices):
    """Where a conversation stands. Moves: requests_app/workflow/threads.py."""

    OPEN = "open", _("open")
    WAITING = "waiting", _("waits for the country’s answer")
    CLOSED = "closed", _("closed")


class WaitsFor(models.TextChoices):
    """Who has to move next: see requests_app.settling."""

    SECRETARIAT = "secretariat", _("the Secretariat")
    COUNTRY = "country", _("the country")
    PARTNERS = "partners", _("the partners")
    NOBODY = "nobody", _("nobody")


class Openness(models.TextChoices):
    """May the agencies that a request was referred to read its documents, or one of them?"""

    CLOSED = "closed", _("confidential: the Party and the Secretariat alone")
    OPEN = "open", _("open to the agencies it is referred to")
    AS_REQUEST = "as_request", _("as the request")


class Urgency(models.TextChoices):
    NORMAL = "normal", _("normal")
    HIGH = "high", _("high")
    CRITICAL = "critical", _("critical: help is needed within days")
