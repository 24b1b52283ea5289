"""The change feed: every event that the caller may read, in the order of its recording."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import replace_query_param

from history.models import Event
from iccwc_portal.api_pages import page_size
from iccwc_portal.api_waiting import (
    COME_BACK_IN,
    LONGEST_WAIT,
    PLACES,
    caller_now,
    seconds_to_wait,
    until_something_comes,
)
from partners.api_auth import reader_of
from partners.models import Party, Scope
from requests_app import timeline as requests_timeline
from requests_app.entries import name_of_actor
from toolkit import feed, feed_kinds, feed_subjects
from toolkit import timeline as toolkit_timeline
from workflow.lists import Selectable, chosen_fields
from workflow.parameters import LARGEST_ID, InvalidParameter
from workflow.rows import rows_of


class SubjectSerializer(serializers.Serializer[Any]):
    """What the event is about: a request by reference, anything else by id and Party or request."""

    type = serializers.ChoiceField(choices=feed_subjects.NAMES)
    id = serializers.IntegerField(
        allow_null=True, help_text="of whatever has no reference and no code"
    )
    request = serializers.CharField(allow_null=True, help_text="reference of the request")
    party = serializers.CharField(allow_null=True, help_text="code of the Party")


class ActorSerializer(serializers.Serializer[Any]):
    name = serializers.CharField()
    body = serializers.CharField()


class EventSerializer(serializers.ModelSerializer[Event]):
    label = serializers.CharField(  # type: ignore[assignment]  # also a Field's attribute
        read_only=True, help_text="in the reader's language"
    )
    subject = serializers.SerializerMethodField()
    actor = serializers.SerializerMethodField()
    source = serializers.SerializerMethodField(  # type: ignore[assignment]  # as `label`
        help_text="of a letter: for those inside"
    )
    changes = serializers.SerializerMethodField(help_text="as far as you may read them")

    class Meta:
        model = Event
        fields = [
            "id", "kind", "label", "subject", "effective_on", "precision", "recorded_at",
            "actor", "source", "changes",
        ]  # fmt: skip

    @extend_schema_field(SubjectSerializer)
    def get_subject(self, event: Any) -> dict[str, Any]:
        return feed_subjects.subject_of(event)

    @extend_schema_field(ActorSerializer)
    def get_actor(self, event: Event) -> dict[str, str]:
        reader = self.context["request"].user
        hidden = toolkit_timeline.hides_the_person(event, self.context["inside"])
        name = "" if hidden else name_of_actor(event, reader)
        return {"name": name, "body": event.actor_body}

    def get_source(self, event: Event) -> str:
        return toolkit_timeline.open_source(event, self.context["inside"])

    def get_changes(self, event: Event) -> dict[str, Any]:
        return dict(self.context["changes"].get(event.pk, {}))


class EventPage(serializers.Serializer[Any]):
    """`after` is where to go on, now or later; `next` is null when this is all there is now."""

    after = serializers.IntegerField()
    next = serializers.URLField(allow_null=True)
    results = EventSerializer(many=True)


LATEST = "latest"
_PARAMETERS = [
    OpenApiParameter(
        "after",
        {"anyOf": [{"type": "integer", "minimum": 0}, {"const": LATEST}]},
        description="id of the last event seen, or `latest` for the present end",
    ),
    OpenApiParameter(
        "wait",
        {"type": "integer", "minimum": 0, "maximum": LONGEST_WAIT},
        description="seconds to wait for something to come",
    ),
    OpenApiParameter(
        "kind",
        {"type": "array", "items": {"type": "string"}},
        description="events of this kind alone, or of a group such as `referrals.*`; may be given "
        "several times",
    ),
    OpenApiParameter("page_size", OpenApiTypes.INT, description="1 to 100, usually 50"),
    OpenApiParameter(
        "fields", OpenApiTypes.STR, description="fields of the events, separated by commas"
    ),
    OpenApiParameter(
        "request", OpenApiTypes.STR, description="events of the request of this reference alone"
    ),
    OpenApiParameter(
        "party", OpenApiTypes.STR, description="Toolkit events of the Party of this code alone"
    ),
]


class EventFeed(Selectable, GenericAPIView[Event]):
    """The ordered change feed. Ids only grow; what is recorded comes after all you have seen.

    `after=latest` gives no events and where the feed ends now: begin there, then read the lists,
    then follow. With `wait` the answer comes as soon as there is something, or empty when the time
    is over; one with `Retry-After` was not held, because too many wait already.

    What becomes readable later keeps its smaller id: `request` or `party` give the whole of one
    matter. When an implementation is made public, `toolkit.publish` says in `changes.opened` how
    its steps stand.

    A key reads here what its other scopes let it read: events of requests and referrals with
    requests:read, those of unpublished implementations with toolkit:read.
    """

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.EVENTS_READ}
    own_parameters = tuple(one.name for one in _PARAMETERS)
    given_several_times = ("kind",)
    queryset = Event.objects.none()
    serializer_class = EventSerializer
    filter_backends = ()
    pagination_class = None
    detail = False

    @extend_schema(operation_id="events_list", parameters=_PARAMETERS, responses=EventPage)
    def get(self, request: Request) -> Response:
        size, wait, after = page_size(request), seconds_to_wait(request), _after(request)
        narrow, kinds = _narrowed(request), _kinds(request)
        seen = feed.newest() if wait else 0  # first: nothing may come between it and a look
        # Before the look: so far every event is judged, also those of kinds that nobody asked for.
        end = feed.end_of(request.user) if after is None or kinds else 0
        begin = end if after is None else after
        held = True

        def look() -> list[Event]:
            if narrow is None:
                return feed.next_after(self.request.user, begin, size + 1, kinds)
            found = narrow(feed.after(self.request.user, begin))
            return list(feed.shaped(found, kinds)[: size + 1])

        def look_again() -> list[Event]:
            self.request.user = caller_now(self.request, self.scopes["GET"])
            return look()

        events = [] if after is None else look()
        if not events and feed.is_far_beyond(begin):
            raise InvalidParameter({"after": [_("There is no such event yet.")]})
        if wait and not events:
            with PLACES.one_for(_caller(request)) as held:
                if held:
                    events = until_something_comes(wait, seen, feed.newest, look_again)
        answer = self._answer(events, size, max(begin, end))
        if not held:
            answer["Retry-After"] = str(COME_BACK_IN)
        return answer

    def _answer(self, events: list[Event], size: int, end: int) -> Response:
        """`end` is how far everything was looked at, where the page is not full."""
        request, page = self.request, events[:size]
        for_requests = reader_of(request, Scope.REQUESTS_READ)
        for_toolkit = reader_of(request, Scope.TOOLKIT_READ)
        last = max(page[-1].pk, 0 if len(events) > size else end) if page else end
        own = [event for event in page if event.subject_type in toolkit_timeline.SUBJECTS]
        changes = requests_timeline.open_changes(page, for_requests)
        inside = toolkit_timeline.with_every_word(own, for_toolkit)
        changes |= toolkit_timeline.open_changes(own, for_toolkit, inside)
        context = {"request": request, "changes": changes, "inside": inside}
        shown = rows_of(EventSerializer, chosen_fields(request)).of_objects(page, context)
        more = replace_query_param(request.build_absolute_uri(), "after", str(last))
        return Response(
            {"after": last, "next": more if len(events) > size else None, "results": list(shown)}
        )


def _after(request: Request) -> int | None:
    """The id to go on from; None for the present end of the feed."""
    asked = request.query_params.get("after", "0")
    if asked == LATEST:
        return None
    if asked.isascii() and asked.isdigit() and len(asked) < 20 and int(asked) <= LARGEST_ID:
        return int(asked)
    said = _("Give the id of an event, 0 to begin, or “latest” for the end.")
    raise InvalidParameter({"after": [said]})


def _narrowed(request: Request) -> "Callable[[QuerySet[Event]], QuerySet[Event]] | None":
    """The filter that `request` or `party` ask for; None when neither does."""
    reference, code = (request.query_params.get(name) for name in ("request", "party"))
    if reference and code:
        raise InvalidParameter({"party": [_("Ask for a request or for a Party, not for both.")]})
    if reference:
        return lambda events: feed.of_request(events, reference)
    if code:
        party = Party.objects.filter(code=code).first()
        if party is None:
            raise InvalidParameter({"party": [_("There is no Party with this code.")]})
        return lambda events: feed.of_party(events, party)
    return None


def _kinds(request: Request) -> tuple[str, ...]:
    """The kinds that are asked for; none for all."""
    words = tuple(dict.fromkeys(request.query_params.getlist("kind")))
    try:
        feed_kinds.judge(words)
    except ValidationError as unfit:
        raise InvalidParameter({"kind": unfit.messages}) from None
    return words


def _caller(request: Request) -> str:
    return f"{type(request.user).__name__} {request.user.pk}"
