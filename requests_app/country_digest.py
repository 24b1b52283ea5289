"""Once a week, what waits for a country: to each of its people who wants to hear of it."""

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _

from outbox.models import first_this_week
from outbox.post import owe
from partners.access import standing
from partners.letters import Notice, Passages, letters
from partners.models import User
from partners.recipients import people_of_parties
from requests_app.models import ENDED, RequestState, SupportRequest, Thread, ThreadState

NAMED = 10  # of each kind; the page has them all

_DIGEST = Notice(
    subject=_("What waits for your country"),
    lead=_("This waits for your country in the ICCWC support portal:"),
)


@transaction.atomic
def send_country_digest() -> int:
    """Tell everybody who acts for a Party what waits there; nothing when nothing does."""
    if not first_this_week("country-digest"):
        return 0
    readers = [person for person in people_of_parties() if person.wants_digest]
    return sum(_tell(person) for person in readers)


def _tell(person: User) -> bool:
    waiting = _waiting(person)
    if not any(lines for _heading, lines in waiting):
        return False
    written = letters(
        [person],
        _DIGEST,
        path=reverse("requests:list"),
        facts=dict,
        passages=lambda: _passages(person),
        can_be_switched_off=True,
    )
    owe(None, written)
    return True


def _passages(person: User) -> Passages:
    return [(heading, "\n".join(lines)) for heading, lines in _waiting(person) if lines]


def _waiting(person: User) -> list[tuple[str, list[str]]]:
    """Headings in the language that is active, each with what stands under it."""
    own = standing(person).all_parties
    requests = SupportRequest.objects.visible_to(person).filter(party__in=own).with_names()
    threads = Thread.objects.visible_to(person).filter(
        state=ThreadState.WAITING, support_request__party__in=own
    )
    asked = threads.exclude(support_request__state__in=ENDED).select_related("support_request")
    return [
        (translate_now("Questions to be answered"), [str(one) for one in asked[:NAMED]]),
        (translate_now("To be corrected"), _named(requests.filter(state=RequestState.RETURNED))),
        (translate_now("Drafts, not submitted"), _named(requests.filter(state=RequestState.DRAFT))),
    ]


def _named(requests: "QuerySet[SupportRequest]") -> list[str]:
    return [f"{one.party.name}, {one.support.name} ({one.handle})" for one in requests[:NAMED]]
