"""The filters of the desk's queue. Without one the queue shows what is still open."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.desk import id_in
from partners.models import User
from requests_app.models import ENDED, ReferralState, RequestState, SupportRequest
from requests_app.queues import BY_KEY, queue_in

Requests = QuerySet[SupportRequest]


class QueueFilter(admin.SimpleListFilter):
    """One of the queues that stand beside every page of the desk; so it is not offered again."""

    title = gettext_lazy("queue")
    parameter_name = "queue"
    template = "admin/requests_app/filter_elsewhere.html"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(queue.key, str(queue.label)) for queue in BY_KEY.values()]

    def queryset(self, request: HttpRequest, queryset: Requests) -> Requests:
        queue = queue_in(request.GET)
        return queryset.filter(queue.chosen(request.user)) if queue else queryset


class StateFilter(admin.SimpleListFilter):
    """Narrows the queue; with no queue named it looks among all requests."""

    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        states = [(one.value, capfirst(str(one.label))) for one in RequestState]
        without_drafts = [pair for pair in states if pair[0] != RequestState.DRAFT]
        return [("all", _("All")), ("ended", _("Ended")), *without_drafts]

    def choices(self, changelist: Any) -> Iterator[Any]:
        queue = queue_in(changelist.params)
        yield {
            "selected": self.value() is None and queue is not None,
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": queue.label if queue and self.value() is None else _("Open work"),
        }
        for value, words in self.lookup_choices:
            yield {
                "selected": value == (self.value() or ("all" if queue is None else None)),
                "query_string": changelist.get_query_string({self.parameter_name: value}),
                "display": words,
            }

    def queryset(self, request: HttpRequest, queryset: Requests) -> Requests:
        value = self.value()
        if value == "ended":
            return queryset.filter(state__in=ENDED)
        return queryset.filter(state=value) if value in RequestState.values else queryset


class OfficerFilter(admin.SimpleListFilter):
    title = gettext_lazy("officer")
    parameter_name = "officer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        desk = User.objects.filter(mandates__agency__is_coordinator=True).distinct()
        others = [(str(user.pk), user.name) for user in desk if user.pk != request.user.pk]
        return [("me", _("Mine")), ("nobody", _("Nobody yet")), *others]

    def queryset(self, request: HttpRequest, queryset: Requests) -> Requests:
        value = self.value()
        if value == "me":
            return queryset.filter(assignee_id=request.user.pk)
        if value == "nobody":
            return queryset.filter(assignee=None)
        officer = id_in(value or "")
        return queryset if officer is None else queryset.filter(assignee_id=officer)


class AnswerFilter(admin.SimpleListFilter):
    """Referrals whose agency has not answered yet."""

    title = gettext_lazy("answer")
    parameter_name = "answer"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", _("Waiting")), ("late", _("Overdue"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in {"waiting", "late"}:
            return queryset
        if self.value() == "late":
            return queryset.overdue()
        return queryset.filter(state=ReferralState.SENT)
