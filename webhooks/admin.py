"""Webhooks on the desk: whether agencies' systems hear of events; a lead pauses and resumes."""

from typing import Any
from urllib.parse import urlsplit

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.acting import ActingAdmin
from webhooks.models import OWED, Webhook, WebhookState
from webhooks.outcomes import in_words
from workflow.executor import allowed_actions

_ACT = "webhooks_webhook_act"
_TONES = {WebhookState.PAUSED: "attention", WebhookState.ENDED: "ended"}


@admin.register(Webhook)
class WebhookAdmin(ActingAdmin):
    list_display = ("label", "agency", "host", "state_here", "last_success_at", "waiting")
    list_select_related = ("agency", "created_with", "created_by")
    list_filter = ("state", ("agency", admin.RelatedOnlyFieldListFilter))
    search_fields = ("label", "agency__code")
    search_help_text = gettext_lazy("A name, or the code of an agency")
    fields = (
        "state_here", "why_here", "agency", "label", "host", "kinds_here", "parties_here",
        "created_with", "created_by", "created_at", "last_success_at", "failing_since", "failures",
        "error_here", "next_try_here", "waiting",
    )  # fmt: skip
    readonly_fields = fields
    empty_value_display = "–"

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Webhook]":
        owed = Count("deliveries", filter=Q(deliveries__state__in=OWED))
        rows = Webhook.objects.visible_to(request.user).annotate(owed=owed)
        return rows.select_related("agency", "created_with", "created_by").order_by("-pk")

    def get_urls(self) -> Any:
        act = self.admin_site.admin_view(self.act_view)
        return [path("<int:pk>/actions/<slug:action>/", act, name=_ACT), *super().get_urls()]

    def desk_links(self, request: HttpRequest, obj: Any) -> Any:
        return [
            (reverse(f"admin:{_ACT}", args=[obj.pk, one.action]), one.label)
            for one in allowed_actions(obj, request.user)
        ]

    def act_view(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        webhook = get_object_or_404(self.shown_to(request), pk=pk)
        if action not in {"pause", "resume", "end"}:
            raise Http404
        back = reverse("admin:webhooks_webhook_change", args=[webhook.pk])
        return self.act(request, webhook, action, back=back, told=[])

    # ── columns ──────────────────────────────────────────────────────────────────────────────

    @admin.display(description=gettext_lazy("goes to"))
    def host(self, webhook: Webhook) -> str:
        """Only the host: the rest of the address may hold a secret of the receiver."""
        return urlsplit(webhook.url).hostname or ""

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_here(self, webhook: Webhook) -> SafeString:
        failing = webhook.state == WebhookState.ACTIVE and webhook.failures
        tone = "active" if failing else _TONES.get(WebhookState(webhook.state), "good")
        words = _("active, fails now") if failing else webhook.get_state_display()
        return format_html('<span class="status status--{}">{}</span>', tone, words)

    @admin.display(description=gettext_lazy("why it is paused"))
    def why_here(self, webhook: Webhook) -> str:
        return webhook.get_paused_why_display() or "–"

    @admin.display(description=gettext_lazy("kinds of events"))
    def kinds_here(self, webhook: Webhook) -> str:
        return ", ".join(webhook.kinds) or _("every kind")

    @admin.display(description=gettext_lazy("Parties"))
    def parties_here(self, webhook: Webhook) -> str:
        return ", ".join(webhook.parties) or _("every Party")

    @admin.display(description=gettext_lazy("last error"))
    def error_here(self, webhook: Webhook) -> str:
        return in_words(webhook.last_error) or "–"

    @admin.display(description=gettext_lazy("next try"))
    def next_try_here(self, webhook: Webhook) -> Any:
        trying = webhook.state == WebhookState.ACTIVE and webhook.failures
        return webhook.next_try_at if trying else "–"

    @admin.display(description=gettext_lazy("events that wait"))
    def waiting(self, webhook: Any) -> int:
        return int(webhook.owed)
