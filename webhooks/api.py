"""Webhooks in the API: an agency's keys with webhooks:manage make, change and look after them."""

from functools import cache
from http import HTTPStatus
from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.viewsets import GenericViewSet

from partners.api_filters import WordFilter
from partners.models import Scope
from webhooks import subscribing, telling, testing
from webhooks.models import OWED, Delivery, DeliveryState, Webhook, WebhookState
from webhooks.outcomes import Outcome, in_words
from webhooks.serializers import (
    DeliverySerializer,
    ProgressSerializer,
    WebhookDetail,
    WebhookSerializer,
    WebhookTested,
    WebhookWithSecret,
)
from webhooks.workflow import WEBHOOKS
from workflow.api import ActionView, DetailById, Resource, tagged
from workflow.executor import allowed_actions, require
from workflow.lists import ListOfRows
from workflow.offers import offers
from workflow.once import once
from workflow.parameters import KnownParameters
from workflow.preconditions import judge_if_match
from workflow.sealing import unseal
from workflow.serializers import action_serializer

_SCOPES: dict[str, str] = {"GET": Scope.WEBHOOKS_MANAGE, "POST": Scope.WEBHOOKS_MANAGE}
_READ: dict[str, str] = {"GET": Scope.WEBHOOKS_MANAGE}
_MOST_COUNTED = 1000

WebhookMake = action_serializer(subscribing.MAKE, "WebhookMake")


def _visible(request: Request) -> "QuerySet[Webhook]":
    return Webhook.objects.visible_to(request.user).select_related("agency")


def _with_secret(answer: Response, webhook: Webhook) -> Response:
    """The one answer that tells it. Not part of what its ETag stands for: nobody reads it again."""
    answer.data = {**answer.data, "secret": unseal(webhook.secret)}
    return answer


class OneOfTheAgency(Resource):
    """How a webhook is shown, read or acted on. Its `url` is the receiver's; what can be done with
    it stands below its address here."""

    detail_serializer_class = WebhookDetail

    def get_queryset(self) -> "QuerySet[Webhook]":
        view: Any = self
        return _visible(view.request)

    def represent(self, obj: Webhook) -> Response:
        view: Any = self
        request = view.request
        actions = allowed_actions(obj, request.user)
        allowed = offers(actions, obj, _address(request, obj))
        context = {"request": request, "allowed_actions": allowed}
        return tagged(request, obj, WebhookDetail(obj, context=context).data)


def _address(request: Request, webhook: Webhook) -> str:
    return str(reverse("api:webhook-detail", args=[webhook.pk], request=request))


class WebhookFilter(django_filters.FilterSet):
    state = WordFilter(choices=WebhookState.choices)


class WebhookViewSet(OneOfTheAgency, DetailById, ListOfRows, GenericViewSet[Webhook]):
    """The webhooks of your agency."""

    scopes = _SCOPES
    serializer_class = WebhookSerializer
    filterset_class = WebhookFilter
    orderings = ("-id",)

    @extend_schema(request=WebhookMake, responses={201: WebhookWithSecret})
    def create(self, request: Request) -> Response:
        """Make a webhook. Its secret is in this answer and in no other."""
        # Also of a repetition: whoever may make none any more is not told the secret again.
        subscribing.agency_for(request.user)
        judged = cache(lambda: self._judged(request))
        return once(request, lambda: self._make(request, judged()), ahead=judged)

    def _judged(self, request: Request) -> dict[str, Any]:
        body = WebhookMake(data=request.data, context={"object": None})
        body.is_valid(raise_exception=True)
        answers: dict[str, Any] = body.validated_data
        subscribing.judge(**answers)
        return answers

    def _make(self, request: Request, answers: dict[str, Any]) -> Response:
        webhook = subscribing.make(by=request.user, **answers)
        answer = _with_secret(self.represent(webhook), webhook)
        answer.status_code = HTTPStatus.CREATED
        answer["Location"] = _address(request, webhook)
        return answer


@extend_schema_view(post=extend_schema(responses={200: WebhookDetail}))
class WebhookActionView(OneOfTheAgency, ActionView):
    table = WEBHOOKS
    scopes = _SCOPES

    def judged_ahead(self, request: Request, obj: Webhook) -> dict[str, Any]:
        """What the body says. All that refuses the action is judged here as in the action, for
        what is done before it: nobody else's machine is called for a call that is refused."""
        require(self.action_name, obj, request.user)
        judge_if_match(request, lambda: self.represent(obj))
        body = self.get_serializer_class()(data=request.data, context={"object": obj})
        body.is_valid(raise_exception=True)
        answers: dict[str, Any] = body.validated_data
        return answers


@extend_schema_view(post=extend_schema(responses={200: WebhookDetail}))
class ChangeView(WebhookActionView):
    """Change what is given; the rest stays. A new address must be public."""

    def post(self, request: Request, **kwargs: Any) -> Response:
        obj = self.get_object()
        return once(
            request,
            lambda: self._act(request, obj),
            ahead=lambda: self._judge_new_address(request, obj),
        )

    def _judge_new_address(self, request: Request, obj: Webhook) -> None:
        if url := self.judged_ahead(request, obj).get("url"):
            subscribing.judge_name(url)


@extend_schema_view(post=extend_schema(responses={200: WebhookWithSecret}))
class RotateSecretView(WebhookActionView):
    """Replace the secret. Both sign for a day; the new one is in this answer and in no other."""

    def post(self, request: Request, **kwargs: Any) -> Response:
        # Also of a repetition: whoever may not have it any more is not told it again.
        require(self.action_name, self.get_object(), request.user)
        return super().post(request, **kwargs)

    def _act(self, request: Request, obj: Webhook) -> Response:
        answer = super()._act(request, obj)
        obj.refresh_from_db()
        return _with_secret(answer, obj)


@extend_schema_view(post=extend_schema(responses={200: WebhookTested}))
class SendTestView(WebhookActionView):
    """Send one `webhook.test` now; the answer says how it went."""

    def post(self, request: Request, **kwargs: Any) -> Response:
        obj = self.get_object()
        # Before anything is written: nobody waits for the receiver with a lock in hand.
        outcome = cache(lambda: self._outcome(request, obj))
        return once(request, lambda: self._noted(request, obj, outcome()), ahead=outcome)

    def _outcome(self, request: Request, obj: Webhook) -> Outcome:
        self.judged_ahead(request, obj)
        return testing.send_test(obj, by=request.user)

    def _noted(self, request: Request, obj: Webhook, outcome: Outcome) -> Response:
        answer = self._act(request, obj)
        if outcome.is_success:
            testing.is_back(obj)
        said = {"delivered": outcome.is_success, "error": in_words(outcome.kept)}
        answer.data = {**answer.data, "test": said}
        return answer


# ── how it goes ──────────────────────────────────────────────────────────────────────────────


class ProgressView(KnownParameters, GenericAPIView[Webhook]):
    """How delivering to one webhook is getting on. Beside the webhook, whose ETag says what was
    agreed and does not change with every delivery."""

    scopes: ClassVar[dict[str, str]] = _READ
    serializer_class = ProgressSerializer
    pagination_class = None
    detail = True

    def get_queryset(self) -> "QuerySet[Webhook]":
        return _visible(self.request)

    def get(self, request: Request, pk: int) -> Response:
        webhook: Any = get_object_or_404(self.get_queryset(), pk=pk)
        owed = Delivery.objects.filter(webhook=webhook, state__in=OWED).order_by()
        webhook.waiting = waiting = owed[:_MOST_COUNTED].count()
        if webhook.state != WebhookState.ENDED and waiting < _MOST_COUNTED:
            webhook.waiting += telling.not_told_yet(webhook, _MOST_COUNTED - waiting)
        return Response(ProgressSerializer(webhook).data)


class DeliveryFilter(django_filters.FilterSet):
    state = WordFilter(choices=DeliveryState.choices)


class DeliveriesView(ListOfRows, GenericAPIView[Delivery]):
    """What one webhook was told in the last month, and what it is still owed; newest first."""

    scopes: ClassVar[dict[str, str]] = _READ
    queryset = Delivery.objects.none()  # for the description; the rows are those of one webhook
    action = "list"  # to be had as a file too, as every list
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilter
    orderings = ("-id",)

    def get_queryset(self) -> "QuerySet[Delivery]":
        webhook: Any = get_object_or_404(_visible(self.request), pk=self.kwargs["pk"])
        return Delivery.objects.filter(webhook=webhook)

    @extend_schema(filters=True, responses=DeliverySerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        return self.list(request)
