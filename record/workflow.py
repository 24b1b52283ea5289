"""The life of a record: drafted, published from a moment on, withdrawn, taken up again."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _

from history.log import SYSTEM, record
from history.models import Event
from partners.access import OFFICER, fresh, snapshot
from record.completeness import missing
from record.models import (
    Activity,
    Document,
    GlobalMeeting,
    NewsItem,
    Operation,
    Publication,
    Recognition,
    Record,
)
from workflow.errors import InvalidInput
from workflow.guard import may_write
from workflow.inputs import Input, Kind, in_twenty_years
from workflow.transitions import Act, Data, Table, Transition

P = Publication
LOADED = "record.load"  # from the reference data, as published


def moment_of(text: str) -> datetime:
    """A moment of Geneva's clock as people type it, or with an offset. Raises ValidationError."""
    try:
        moment = parse_datetime(text.strip())
    except ValueError:
        moment = None
    if moment is None:
        raise ValidationError(translate_now("Give a day and a time such as 2026-12-01 09:00."))
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(settings.DESK_TIME_ZONE))


def _is_to_come(text: str) -> None:
    """What is meant to be public since earlier is published now: nobody could read it then."""
    moment = moment_of(text)
    if moment < timezone.now():
        raise ValidationError(
            translate_now("That moment has passed. Leave it empty to publish now.")
        )
    if moment.date() > in_twenty_years():
        raise ValidationError(translate_now("That is more than twenty years from now."))


FROM = Input(
    name="publish_at",
    label=_("Public from"),
    kind=Kind.LINE,
    required=False,
    max_length=40,
    hint=_("A day and a time of Geneva such as 2026-12-01 09:00. Empty: from now on."),
    judge=_is_to_come,
)
REASON = Input(name="reason", label=_("Reason"), max_length=2000)


def _whole(obj: Record, act: Act) -> None:
    if sentences := missing(obj):
        raise InvalidInput({"": sentences})


def _waits(obj: Record) -> bool:
    return not obj.is_public


def _publish(obj: Record, act: Act) -> Data:
    typed = act.data.get("publish_at")
    obj.publish_at = moment_of(typed) if typed else timezone.now()
    return {"publish_at": obj.publish_at}


def _says(obj: Record) -> str:
    if obj.is_public:
        return ""
    return translate_now("Will be public from %(moment)s.") % {"moment": obj.public_from}


def _withdraw(obj: Record, act: Act) -> Data:
    return {"reason": act.data["reason"]}


def _tell_nobody(event: Event, obj: Any, act: Act) -> None:
    """Who follows the public record reads its feed."""


def _life(model: type[models.Model], name: str) -> Table:
    publish = Transition(
        action="publish",
        label=_("Publish"),
        done=_("Published"),
        sources=frozenset({P.DRAFT}),
        target=P.PUBLISHED,
        who=OFFICER,
        inputs=(FROM,),
        guard=_whole,
        change=_publish,
        says=_says,
    )
    reschedule = Transition(
        action="reschedule",
        label=_("Change the moment"),
        done=_("Moment of publication changed"),
        sources=frozenset({P.PUBLISHED}),
        when=_waits,
        in_the_way=_("it is public already."),
        who=OFFICER,
        inputs=(FROM,),
        guard=_whole,
        change=_publish,
        says=_says,
    )
    withdraw = Transition(
        action="withdraw",
        label=_("Withdraw"),
        done=_("Withdrawn"),
        sources=frozenset({P.PUBLISHED}),
        target=P.WITHDRAWN,
        who=OFFICER,
        inputs=(REASON,),
        change=_withdraw,
        warning=_("Nobody outside the Secretariat can read it any more."),
    )
    revise = Transition(
        action="revise",
        label=_("Make it a draft again"),
        done=_("Made a draft again"),
        sources=frozenset({P.WITHDRAWN}),
        target=P.DRAFT,
        who=OFFICER,
    )
    return Table(
        name=name,
        model=model,
        transitions=(publish, reschedule, withdraw, revise),
        snapshot=snapshot,
        fresh=fresh,
        notify=_tell_nobody,
    )


RECOGNITION = _life(Recognition, "recognition")
ACTIVITIES = _life(Activity, "activities")
OPERATIONS = _life(Operation, "operations")
MEETINGS = _life(GlobalMeeting, "network_meetings")
NEWS = _life(NewsItem, "news")
LIBRARY = _life(Document, "library")
TABLES = (RECOGNITION, ACTIVITIES, OPERATIONS, MEETINGS, NEWS, LIBRARY)


def load_published(obj: Record, moment: datetime) -> None:
    """Publish a row of the reference data, with an event that says where it came from. Call in
    the transaction that made it."""
    obj.publish_at = moment
    with may_write("state", "version"):
        obj.state, obj.version = P.PUBLISHED, 1
        obj.save(update_fields=["state", "version", "publish_at"])
    record(obj, LOADED, by=SYSTEM, changes={"state": [P.DRAFT, P.PUBLISHED]}, source=obj.source)
