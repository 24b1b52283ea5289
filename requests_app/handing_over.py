"""What of a Party's requests waits for its focal point: the list that a successor gets."""

from django.utils.translation import gettext as _

from partners.letters import Passages
from partners.models import Party
from requests_app.models import RequestState, SupportRequest, Thread, ThreadState


def open_for(party: Party) -> Passages:
    """Drafts, returned requests, questions, and what goes on; in the reader's language."""
    requests = SupportRequest.objects.filter(party=party).with_names().order_by("pk")
    by_state = [
        (_("Drafts, not yet submitted"), [RequestState.DRAFT]),
        (_("Returned for correction"), [RequestState.RETURNED]),
        (
            _("Submitted, with the Secretariat and the agencies"),
            [
                RequestState.SUBMITTED,
                RequestState.IN_REVIEW,
                RequestState.REFERRED,
                RequestState.AWAITING_FUNDS,
                RequestState.ACCEPTED,
                RequestState.UNDER_WAY,
            ],
        ),
    ]
    passages = [
        (heading, [f"{one.handle}: {one.support.name}" for one in requests if one.state in states])
        for heading, states in by_state
    ]
    asked = Thread.objects.filter(support_request__party=party, state=ThreadState.WAITING)
    questions = [str(one) for one in asked.select_related("support_request").order_by("pk")]
    passages.insert(2, (_("Questions that wait for an answer"), questions))
    return [(heading, "\n".join(lines)) for heading, lines in passages if lines]
