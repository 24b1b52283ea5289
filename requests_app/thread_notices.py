"""Who hears what about conversations, and in which words."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from history.models import Event
from outbox.post import Letter, owe
from partners.access import DRAFTER, standing
from partners.letters import Notice, Passages, letters
from partners.models import Role, User
from partners.recipients import people, secretariat_desk
from requests_app.conversations import agencies_reading
from requests_app.models import Thread
from requests_app.notices import people_of_the_country
from workflow.transitions import Act

COUNTRY = "the country"
THAT_AGENCY = "that agency"
OTHER_SIDES = "the other sides"

_ASKED = Notice(
    subject=_("%(reference)s: please answer a question"),
    lead=_("The CITES Secretariat has a question about your request for “%(support)s”."),
    next=_("The clock of your request stands still until you answer. Answer in the portal."),
)
_ANSWERED = Notice(
    subject=_("%(reference)s: new message from %(side)s"),
    lead=_("%(side)s has written about the request of %(party)s for “%(support)s”."),
    next=_("You can answer in the portal."),
)
_OPENED = Notice(
    subject=_("%(reference)s: a conversation has been opened to you"),
    lead=_(
        "The CITES Secretariat lets your agency take part in a conversation about the request of "
        "%(party)s for “%(support)s”."
    ),
    next=_("You can read it and answer in the portal."),
)
NOTICES: dict[str, Notice] = {"reply": _ANSWERED, "ask_again": _ASKED, "open_to": _OPENED}


def thread_moved(event: Event, thread: Thread, act: Act) -> None:
    if not act.transition.tells:
        return
    support_request = thread.support_request

    def facts() -> dict[str, str]:
        return {
            "reference": support_request.handle,
            "party": support_request.party.name,
            "support": support_request.support.name,
            "side": _side(thread, act),
        }

    written: list[Letter] = []
    for path, readers in _by_page(thread, people_of(act.transition.tells[0], thread, act)):
        written += letters(
            readers,
            NOTICES[act.transition.action],
            path=path,
            facts=facts,
            passages=lambda: _passages(thread, act),
        )
    owe(event, written)


def _by_page(thread: Thread, told: list[User]) -> list[tuple[str, list[User]]]:
    """The Secretariat answers at its desk, all others in the portal; so does an officer who is
    told as somebody of the country."""
    ours = {one.pk for one in secretariat_desk()} - {one.pk for one in _country(thread)}
    desk = reverse("admin:requests_app_thread_change", args=[thread.pk])
    return [
        (thread.get_absolute_url(), [one for one in told if one.pk not in ours]),
        (desk, [one for one in told if one.pk in ours]),
    ]


def people_of(audience: str, thread: Thread, act: Act) -> list[User]:
    """The people of one audience, as they are now."""
    if audience == THAT_AGENCY:
        return people(roles=[Role.OFFICER], agency_ids=[act.data["agency"].pk])
    if audience == COUNTRY:
        return _country(thread)
    reading = [agency.pk for agency in agencies_reading(thread)]
    sides: dict[str, list[User]] = {
        "country": _country(thread),
        "Secretariat": secretariat_desk(),
        "agencies": people(roles=[Role.OFFICER], agency_ids=reading),
    }
    told = {person.pk: person for person in sum(sides.values(), [])}
    own = sides[_own_side(thread, act)] if act.actor else []
    return [person for key, person in told.items() if key not in {one.pk for one in own}]


def _own_side(thread: Thread, act: Act) -> str:
    """The side on which the writer speaks, as history has it: see partners.access.snapshot."""
    if DRAFTER(act.actor, thread):
        return "country"
    return "Secretariat" if standing(act.actor).secretariat else "agencies"


def _side(thread: Thread, act: Act) -> str:
    """Who writes, in the reader's language."""
    if DRAFTER(act.actor, thread):
        return str(thread.support_request.party.name)
    if standing(act.actor).secretariat:
        return str(_("the CITES Secretariat"))
    mine = standing(act.actor).agencies.get(Role.OFFICER, ())
    return ", ".join(agency.name for agency in agencies_reading(thread).filter(pk__in=mine))


def _country(thread: Thread) -> list[User]:
    """Focal points, whoever wants to be told, and whoever of the country wrote in it."""
    wrote = people(
        roles=[Role.FOCAL_POINT, Role.CONTRIBUTOR], party_id=thread.support_request.party_id
    )
    authors = set(thread.posts.values_list("author_id", flat=True))
    told = {person.pk: person for person in people_of_the_country(thread.support_request)}
    told |= {person.pk: person for person in wrote if person.pk in authors}
    return list(told.values())


def _passages(thread: Thread, act: Act) -> Passages:
    passages = [(str(_("Subject")), thread.subject)]
    if act.data.get("text"):
        passages.append((str(_("Message")), act.data["text"]))
    return passages
