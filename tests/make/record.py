"""Records of the consortium. They are made as drafts and brought to `state` by the workflow."""

from datetime import date
from itertools import count
from typing import Any, TypeVar

from partners.models import Network, Party, PartyAlias
from record.importing.carrying import carry_on
from record.importing.files import open_file
from record.importing.reading import look_through
from record.models import (
    Activity,
    ActivityImport,
    ActivityPlace,
    Document,
    GlobalMeeting,
    NewsItem,
    Operation,
    Recognition,
    Record,
)
from tests.make.bodies import party
from tests.make.people import the_officer
from workflow.executor import perform

R = TypeVar("R", bound=Record)

_numbers = count(1)
_SOURCED = {"source": "CITES SC66 Inf. 9", "source_url": "https://cites.org/sc66-inf-9"}


def activity(state: str = "published", at: Party | None = None, **fields: Any) -> Activity:
    """A training for customs officers, at a place of that Party if one is given."""
    made = _made(Activity, "Training for customs officers", {"kind": "capacity", **fields})
    if at:
        ActivityPlace.objects.create(activity=made, party=at)
    return _brought(made, state, fields)


def operation(state: str = "published", **fields: Any) -> Operation:
    said = {"starts_on": date(2015, 5, 4), "ends_on": date(2015, 5, 27), **fields}
    return _brought(_made(Operation, "Operation", said), state, fields)


def recognition(state: str = "published", **fields: Any) -> Recognition:
    said = {
        "category": "global",
        "body_en": "United Nations General Assembly",
        "effective_on": date(2015, 7, 30),
        **fields,
    }
    return _brought(_made(Recognition, "Tackling illicit trafficking", said), state, fields)


def document(state: str = "published", **fields: Any) -> Document:
    return _brought(_made(Document, "Report", {"kind": "report", **fields}), state, fields)


def news_item(state: str = "published", **fields: Any) -> NewsItem:
    said = {"dated_on": date(2026, 3, 2), "lead_en": "Officers met in Nairobi.", **fields}
    return _brought(_made(NewsItem, "Officers met", said), state, fields)


def global_meeting(state: str = "published", **fields: Any) -> GlobalMeeting:
    number = next(_numbers)
    said = {"number": number, "place": "Bangkok", "starts_on": date(2013, 3, 5), **_SOURCED}
    said |= {"slug": f"meeting-{number}"} | _columns(fields)
    return _brought(GlobalMeeting.objects.create(**said), state, fields)


def activity_import(state: str = "waiting", by: Any = None) -> ActivityImport:
    """A list with one good row, read at the desk; all of it is taken over where it is "taken"."""
    by = by or the_officer()
    file = open_file("list.csv", b"Country,Description,Kind\nKEN,Training (2015),analysis\n")
    PartyAlias.objects.get_or_create(spelling="ken", defaults={"party": party(), "written": "KEN"})
    made = look_through(file, source="A list of 2026", by=by)
    ways = {"waiting": "", "taken": "take", "dropped": "drop"}
    if ways[state]:
        perform(ways[state], made, by=by)
        carry_on(made.pk)
        made.refresh_from_db()
    return made


def network(*members: Party, **fields: Any) -> Network:
    number = next(_numbers)
    said = {"slug": f"network-{number}", "name": f"Network {number}", "region": "Africa"}
    made = Network.objects.create(**said | {"source": "CoP16 Inf. 13"} | fields)
    made.members.add(*members)
    return made


def _made(model: type[R], title: str, said: dict[str, Any]) -> R:
    number = next(_numbers)
    slug = f"{model._meta.model_name}-{number}"
    titles = {"title_en": f"{title} {number}", "slug": slug}
    return model._default_manager.create(**titles | _SOURCED | _columns(said))


def _columns(said: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in said.items() if name != "publish_at"}


def _brought(made: R, state: str, said: dict[str, Any]) -> R:
    """The record in that state; `publish_at` as somebody types it, now if it is not said."""
    ways = {"draft": (), "published": ("publish",), "withdrawn": ("publish", "withdraw")}
    data = {
        "publish": {"publish_at": said.get("publish_at", "")},
        "withdraw": {"reason": "Published too early."},
    }
    for action in ways[state]:
        perform(action, made, by=the_officer(), data=data[action])
    made.refresh_from_db()
    return made
