"""Conversations about requests in the API: to read, and to answer in."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
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
from workflow.addresses import AddressById
from workflow.api import ActionView, DetailById, Resource
from workflow.lists import ListOfRows
from workflow.offers import OfferSerializer
from workflow.rows import given, rows_of

POSTS_SHOWN = 50
_SCOPES: dict[str, str] = {"GET": Scope.REQUESTS_READ, "POST": Scope.REFERRALS_WRITE}


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

    url = AddressById("api:conversation-detail")
    request = RequestOfConversation(source="support_request")

    class Meta:
        model = Thread
        fields = [
            "id", "url", "request", "subject", "state", "created_at", "updated_at", "version",
        ]  # fmt: skip


class ConversationDetail(ConversationSerializer):
    """One conversation with its newest messages, in the order in which they were written."""

    agencies = given(
        serializers.ListField(child=serializers.CharField(), allow_null=True),
        help_text="codes of the agencies that take part; null for agencies, which do not learn "
        "who else was asked",
    )
    posts = given(PostSerializer(many=True), help_text=f"the newest {POSTS_SHOWN}")
    all_posts = given(OpenApiTypes.URI, help_text="all messages, by pages, the oldest first")
    allowed_actions = given(OfferSerializer(many=True), help_text="what you may do now")

    class Meta(ConversationSerializer.Meta):
        fields = [
            *ConversationSerializer.Meta.fields, "agencies", "posts", "all_posts",
            "allowed_actions",
        ]  # fmt: skip


class _Conversations(Resource):
    request: Any
    scopes = _SCOPES
    detail_serializer_class = ConversationDetail

    def get_queryset(self) -> "QuerySet[Thread]":
        reader = reader_of(self.request, Scope.REQUESTS_READ)
        return Thread.objects.visible_to(reader).select_related("support_request")

    def beside(self, obj: Thread) -> dict[str, Any]:
        newest = Post.objects.filter(thread=obj).order_by("-pk")[:POSTS_SHOWN]
        posts = rows_of(PostSerializer).read(newest, {"request": self.request})
        return {
            "agencies": _agencies(self.request, obj),
            "posts": list(posts)[::-1],
            "all_posts": reverse("api:conversation-posts", [obj.pk], request=self.request),
        }


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


class ConversationViewSet(_Conversations, DetailById, ListOfRows, GenericViewSet[Thread]):
    """Conversations that you take part in: opened to your agency, or about a request of your
    country."""

    serializer_class = ConversationSerializer
    filterset_class = ConversationFilter
    orderings = ("-id", "updated_at")


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


class ConversationActionView(_Conversations, ActionView):
    table = THREADS
