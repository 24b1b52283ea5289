"""The demonstration's part of the public record: news, an event that is to come, activities at
every stage, contacts of networks. Each title says that it is an example."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from iccwc_portal.demo.cases import actor
from iccwc_portal.demo.drawing import containers
from iccwc_portal.demo.moments import days_ago
from partners.models import Agency, Network, Party, User
from partners.models.people import today
from partners.reference_rows import rows
from record.models import (
    Activity,
    ActivityPlace,
    Confidence,
    NetworkContact,
    NewsItem,
    Picture,
    Topic,
)
from record.pictures import made_of, put
from requests_app.models import Support, SupportRequest
from workflow.executor import perform

Said = Mapping[str, Any]
_EDITOR = "officer-a"
_SOURCE = "Made up for this demonstration"


def load() -> None:
    """What is not there yet; run after the requests."""
    said: Any = rows("demo_record")
    _contacts(said["contacts"])
    for one in said["topics"]:
        Topic.objects.get_or_create(key=one["key"], defaults=one)
    for one in _missing(NewsItem, said["news"]):
        with days_ago(one["ago"]):
            _news(one, said["picture"])
    for one in _missing(Activity, said["activities"]):
        _activity(one)


def _missing(model: Any, said: list[Said]) -> list[Said]:
    there = set(model.objects.values_list("slug", flat=True))
    return [one for one in said if one["slug"] not in there]


def _texts(one: Said) -> dict[str, Any]:
    return {name: one[name] for name in one if name[:-3] in {"title", "lead", "text"}}


def _news(one: Said, picture: Said) -> None:
    made = NewsItem(
        slug=one["slug"],
        dated_on=today() - timedelta(days=one["ago"]),
        event_place=one.get("event_place", ""),
        source=_SOURCE,
        confidence=Confidence.UNCONFIRMED,
        **_texts(one),
    )
    if "in_days" in one:
        made.event_from = today() + timedelta(days=one["in_days"])
        made.event_until = made.event_from + timedelta(days=one["lasts"])
    if one.get("pictured"):
        made.picture = _picture(picture)
    made.save()
    made.topics.set(Topic.objects.filter(key__in=one["topics"]))
    made.parties.set(Party.objects.filter(code__in=one["parties"]))
    _move(made, one)


def _picture(said: Said) -> Picture:
    upload = SimpleUploadedFile("containers.png", containers(), content_type="image/png")
    editor = User.objects.get(email=f"{_EDITOR}@example.org")
    picture = Picture(**said, credit=_SOURCE, added_by=editor)
    put(picture, made_of(upload))
    picture.save()
    return picture


def _activity(one: Said) -> None:
    support = Support.objects.filter(key=one.get("support", "")).first()
    made = Activity(
        slug=one["slug"], kind=one["kind"], stage=one["stage"], support=support,
        starts_on=_day(one, "starts"), ends_on=_day(one, "ends"),
        source=_SOURCE, confidence=Confidence.UNCONFIRMED, **_texts(one),
    )  # fmt: skip
    if "answers" in one:
        answered = SupportRequest.objects.filter(party__code=one["answers"])
        made.support_request = answered.exclude(reference=None).order_by("pk").first()
    made.save()
    made.agencies.set(Agency.objects.filter(code__in=one["agencies"]))
    for place in one["places"]:
        party = Party.objects.get(code=place["party"])
        ActivityPlace.objects.create(activity=made, **{**place, "party": party})
    _move(made, one)


def _day(one: Said, name: str) -> Any:
    return today() + timedelta(days=one[name]) if name in one else None


def _move(made: Any, one: Said) -> None:
    """Its moves, as the desk makes them."""
    moment = timezone.now() + timedelta(days=one.get("public_in_days", 0))
    data = {
        "publish": {"publish_at": moment.isoformat() if "public_in_days" in one else ""},
        "withdraw": {"reason": "Example for demonstration"},
    }
    for action in one["moves"]:
        perform(action, made, by=actor(_EDITOR), data=data[action])


def _contacts(said: list[Said]) -> None:
    for one in said:
        network = Network.objects.get(slug=one["network"])
        about = {name: value for name, value in one.items() if name != "network"}
        key = {"network": network, "office": about.pop("office")}
        NetworkContact.objects.get_or_create(**key, defaults=about | {"confirmed_on": today()})
