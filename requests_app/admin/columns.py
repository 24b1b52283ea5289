"""The columns of the queue: what an officer needs to see to choose the next request."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy, pgettext_lazy

from requests_app.admin.taking import may_take, take_in_words
from requests_app.ageing import NOTHING, due_in_words, in_days, lateness
from requests_app.models import SupportRequest, WaitsFor
from requests_app.queues import queue_in
from requests_app.templatetags.case_tags import status


class QueuePage(ChangeList):
    """The list, whose rows lead to their requests in the queue that is open."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.queue = queue_in(request.GET)
        self.result_list: list[Any] = list(self.result_list)
        here = urlencode({"list": self.get_query_string().removeprefix("?")})
        for row in self.result_list:
            if row.assignee_id is None and may_take(request.user, row):
                take = reverse("admin:requests_app_supportrequest_take", args=[row.pk])
                row.take_address = f"{take}?{here}"

    def url_for_result(self, result: Any) -> str:
        address = reverse("admin:requests_app_supportrequest_change", args=[result.pk])
        return f"{address}?{urlencode({'queue': self.queue.key})}" if self.queue else address


class QueueColumns:
    """For the admin of requests. No column asks the database anything of its own."""

    @admin.display(description=gettext_lazy("Party"), ordering="party__name_en")
    def party_here(self, support_request: SupportRequest) -> str:
        return support_request.party.name

    @admin.display(description=gettext_lazy("urgency"), ordering="urgency")
    def urgency_here(self, support_request: SupportRequest) -> str:
        return str(support_request.get_urgency_display()).partition(":")[0]

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_here(self, support_request: SupportRequest) -> SafeString:
        return status(support_request)

    @admin.display(description=gettext_lazy("waits for"), ordering="waits_for")
    def waits_here(self, support_request: SupportRequest) -> str:
        if support_request.waits_for == WaitsFor.NOBODY:
            return NOTHING
        return capfirst(str(support_request.get_waits_for_display()))

    @admin.display(description=gettext_lazy("age"), ordering="-submitted_at")
    def age(self, support_request: SupportRequest) -> str:
        if support_request.is_ended or not support_request.submitted_at:
            return NOTHING
        return in_days((timezone.now() - support_request.submitted_at).days)

    @admin.display(description=pgettext_lazy("a day", "due"), ordering="due_at")
    def due_here(self, support_request: SupportRequest) -> str:
        late = lateness(support_request)
        if not late:
            return due_in_words(support_request)
        words = '<span class="status status--attention">{}</span> {}'
        return format_html(words, late, due_in_words(support_request))

    @admin.display(description=gettext_lazy("officer"), ordering="assignee__name")
    def officer_here(self, support_request: SupportRequest) -> str:
        if support_request.assignee:
            return support_request.assignee.name
        address = getattr(support_request, "take_address", "")
        if not address:
            return NOTHING
        # Sent with the list's own form: the button brings its address and the version shown.
        return format_html(
            '<button class="desk-take" formaction="{}" name="version" value="{}" title="{}">{}'
            '<span class="visually-hidden"> {}</span></button>',
            address,
            support_request.version,
            *take_in_words(support_request),
            support_request.reference,
        )
