"""Conversations at the desk: to read, to answer, to open to an agency, to close."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
)
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from partners.acting import ActingAdmin, Button, Told
from partners.desk import Words, id_in, parties_called
from requests_app import thread_notices
from requests_app.admin.figure_filters import OF_THREADS
from requests_app.conversations import agencies_reading, mark_read, with_unread
from requests_app.models import Thread
from requests_app.templatetags.case_tags import status
from requests_app.views.messages import posts_of
from requests_app.workflow import THREADS
from workflow.executor import allowed_actions
from workflow.transitions import Act, Transition

_NAME = "requests_app_thread"
_HEADINGS: dict[str, Words] = {
    thread_notices.COUNTRY: gettext_lazy("The country"),
    thread_notices.OTHER_SIDES: gettext_lazy("The others in the conversation"),
}


def told_of(thread: Thread, transition: Transition, actor: Any) -> list[Told]:
    """The same people as in thread_notices; whom an agency has, is said for each agency."""
    act = Act(transition, actor, {}, thread.state)
    told = []
    for audience in transition.tells:
        if audience in _HEADINGS:
            people = thread_notices.people_of(audience, thread, act)
            told.append(Told(_HEADINGS[audience], people))
    if transition.action == "open_to" and (rows := transition.inputs[0].rows):
        for agency in rows(thread):
            chosen = Act(transition, actor, {"agency": agency}, thread.state)
            people = thread_notices.people_of(thread_notices.THAT_AGENCY, thread, chosen)
            heading = format_lazy("{}: {}", gettext_lazy("If you choose"), agency.name)
            told.append(Told(heading, people))
    return told


@admin.register(Thread)
class ThreadAdmin(ActingAdmin):
    list_display = ("subject", "reference", "party_here", "state_here", "updated_at")
    list_select_related = ("support_request__party",)
    list_filter = ("state", *OF_THREADS)
    linked_by = ("support_request__id__exact",)
    search_fields = ("subject", "support_request__reference")
    search_help_text = gettext_lazy("A subject, a reference, or a Party in any spelling")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Thread]":
        return Thread.objects.visible_to(request.user).select_related(
            "support_request__party", "support_request__support"
        )

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        found, doubled = super().get_search_results(request, queryset, search_term)
        if search_term.strip():
            found |= queryset.filter(support_request__party__in=parties_called(search_term))
        return found, doubled

    @admin.display(description=gettext_lazy("reference"), ordering="support_request__reference")
    def reference(self, thread: Thread) -> str:
        return thread.support_request.handle

    @admin.display(description=gettext_lazy("Party"), ordering="support_request__party__name_en")
    def party_here(self, thread: Thread) -> str:
        return thread.support_request.party.name

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_here(self, thread: Thread) -> SafeString:
        return status(thread)

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/actions/<slug:action>/", view(self.act_view), name=f"{_NAME}_act"),
            path("<int:pk>/read/", view(self.read_view), name=f"{_NAME}_read"),
            *super().get_urls(),
        ]

    def _found(self, request: HttpRequest, pk: Any) -> Thread:
        if id_in(str(pk)) is None:
            raise Http404
        found: Thread = get_object_or_404(with_unread(self.shown_to(request), request.user), pk=pk)  # type: ignore[arg-type]
        return found

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The page of a conversation: to read. No form of it changes anything."""
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        thread = self._found(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": thread.subject,
            "opts": self.opts,
            "thread": thread,
            "support_request": thread.support_request,
            "buttons": [
                Button(one.label, reverse(f"admin:{_NAME}_act", args=[thread.pk, one.action]))
                for one in allowed_actions(thread, request.user)
            ],
            "open_to": agencies_reading(thread),
            **posts_of(thread, request),
        }
        return TemplateResponse(request, "admin/requests_app/thread.html", context)

    def act_view(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        thread = self._found(request, pk)
        if action not in THREADS.by_action:
            raise Http404
        told = told_of(thread, THREADS.by_action[action], request.user)
        return self.act(request, thread, action, back=address_of(thread), told=told)

    def read_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        thread = self._found(request, pk)
        mark_read(thread, request.user)  # type: ignore[arg-type]
        return HttpResponseRedirect(address_of(thread))


def address_of(thread: Thread) -> str:
    return reverse(f"admin:{_NAME}_change", args=[thread.pk])
