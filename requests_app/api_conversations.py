"""Conversations about requests in the API: to read, and to answer in."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from partners.access import standing
from partners.api_auth import reader_of
from partners.api_filters import MomentFilter, WordFilter
from partners.models import Scope
from requests_app.conversations import agencies_reading
from requests_app.models import Post, Thread, ThreadState
from requests_app.serializers import RequestAddress
from requests_app.workflow import THREADS
from workflow.addresses import with_gap
from workflow.api import ActionView, tagged
from workflow.executor import allowed_actions
from workflow.lists import ListOfRows
from workflow.offers import OfferSerializer, offers
from workflow.rows import Context, FromColumns

POSTS_SHOWN = 50
_SCOPES: dict[str, str] = {"GET": Scope.REQUESTS_READ, "POST": Scope.REFERRALS_WRITE}


@extend_schema_field(OpenApiTypes.URI)
class _Address(FromColumns):
    columns = ("id",)

    def function(self, context: Context) -> Any:
        before, after = with_gap("api:conversation-detail", context["request"])
        return lambda pk: f"{before}{pk}{after}"


class RequestOfConversation(serializers.Serializer[Any]):
    reference = serializers.CharField()
    url = RequestAddress()


class PostSerializer(serializers.ModelSerializer[Post]):
    """One message. Without an author it was written by the own system of `body`, through the
    API."""

    author = serializers.CharField(
        source="author.name", allow_null=True, read_only=True, help_text="the name of a person"
    )
    body = serializers.CharField(
        read_only=True, help_text="for whom, in English, as it was called then"
    )

    class Meta:
        model = Post
        fields = ["id", "text", "language", "author", "body", "asks", "written_at", "answered_at"]
        extra_kwargs: ClassVar[dict[str, Any]] = {
            "asks": {"help_text": "a question of the Secretariat to the country"},
        }


class ConversationSerializer(serializers.ModelSerializer[Thread]):
    """One conversation. While it is `waiting`, the clock of its request stands still: the country
    has been asked a question."""

    url = _Address()
    request = RequestOfConversation(source="support_request")

    class Meta:
        model = Thread
        fields = [
            "id", "url", "request", "subject", "state", "created_at", "updated_at", "version",
        ]  # fmt: skip


class ConversationDetail(ConversationSerializer):
    """One conversation with its newest messages, in the order in which they were written."""

    agencies = serializers.ListField(
        child=serializers.CharField(),
        allow_null=True,
        help_text="codes of the agencies that take part; null for agencies, which do not learn "
        "who else was asked",
    )
    posts = PostSerializer(many=True, help_text=f"the newest {POSTS_SHOWN}")
    all_posts = serializers.URLField(help_text="all messages, by pages, the oldest first")
    allowed_actions = OfferSerializer(many=True, help_text="what you may do now")

    class Meta(ConversationSerializer.Meta):
        fields = [
            *ConversationSerializer.Meta.fields, "agencies", "posts", "all_posts",
            "allowed_actions",
        ]  # fmt: skip


def _visible(request: Request) -> "QuerySet[Thread]":
    reader = reader_of(request, Scope.REQUESTS_READ)
    return Thread.objects.visible_to(reader).select_related("support_request")


def _represent(request: Request, thread: Thread) -> Response:
    shown = Post.objects.filter(thread=thread).select_related("author").order_by("-pk")
    context = {"request": request}
    said = dict(ConversationSerializer(thread, context=context).data)
    may_do = allowed_actions(thread, request.user)
    said |= {
        "agencies": _agencies(request, thread),
        "posts": PostSerializer(list(shown[:POSTS_SHOWN])[::-1], many=True, context=context).data,
        "all_posts": reverse("api:conversation-posts", args=[thread.pk], request=request),
        "allowed_actions": offers(may_do, thread, said["url"]),
    }
    return tagged(request, thread, said)


def _agencies(request: Request, thread: Thread) -> list[str] | None:
    me = standing(request.user)
    if not me.sees_all and thread.party_id not in me.all_parties:
        return None
    return list(agencies_reading(thread).order_by("code").values_list("code", flat=True))


class ConversationFilter(django_filters.FilterSet):
    """Every filter works on what the caller can see, so that none answers for hidden rows."""

    request = django_filters.CharFilter(
        field_name="support_request__reference", max_length=20, help_text="reference of the request"
    )
    state = WordFilter(choices=ThreadState.choices)
    updated_since = MomentFilter(field_name="updated_at", lookup_expr="gte")


class ConversationViewSet(ListOfRows, GenericViewSet[Thread]):
    """Conversations that you take part in: opened to your agency, or about a request of your
    country."""

    scopes = _SCOPES
    serializer_class = ConversationSerializer
    detail_serializer_class = ConversationDetail
    filterset_class = ConversationFilter
    lookup_value_regex = "[0-9]{1,18}"
    orderings = ("-id", "updated_at")

    def get_queryset(self) -> "QuerySet[Thread]":
        return _visible(self.request)

    @extend_schema(responses=ConversationDetail)
    def retrieve(self, request: Request, pk: str) -> Response:
        return _represent(request, get_object_or_404(self.get_queryset(), pk=int(pk)))


class PostViewSet(ListOfRows, GenericViewSet[Post]):
    """The messages of one conversation, the oldest first."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.REQUESTS_READ}
    queryset = Post.objects.none()  # for the description; the rows are those of one conversation
    serializer_class = PostSerializer
    orderings = ("id",)

    def get_queryset(self) -> "QuerySet[Post]":
        visible = Thread.objects.visible_to(self.request.user)
        return Post.objects.filter(thread__in=visible.filter(pk=self.kwargs["pk"]))

    @extend_schema(filters=True)
    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """The messages of one conversation, the oldest first."""
        get_object_or_404(Thread.objects.visible_to(request.user), pk=self.kwargs["pk"])
        return super().list(request, *args, **kwargs)


@extend_schema_view(post=extend_schema(responses={200: ConversationDetail}))
class ConversationActionView(ActionView):
    table = THREADS
    scopes = _SCOPES

    def get_queryset(self) -> "QuerySet[Thread]":
        return _visible(self.request)

    def represent(self, obj: Thread) -> Response:
        return _represent(self.request, obj)
