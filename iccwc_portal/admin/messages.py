"""Messages on the desk: what went out, what was given up, and whether the machinery is at work."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from outbox.delivery import resend
from outbox.enclosures import files_of
from outbox.models import Heartbeat, Message, State
from partners.access import standing
from partners.desk import ReadOnlyAdmin
from partners.models import Role

_TONES = {State.SENT: "good", State.DEAD: "attention", State.DUE: "waiting"}


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    list_display = (
        "created_at", "subject", "address", "language", "channel", "state_here", "attempts",
        "next_try_here", "error_here",
    )  # fmt: skip
    list_filter = ("state", "channel", "language", "created_at")
    search_fields = ("subject", "address")
    ordering = ("-pk",)
    fields = (
        "state_here", "subject", "channel", "recipient", "address", "language", "created_at",
        "sent_at", "attempts", "next_try_here", "last_error", "message_id", "event", "text_here",
        "enclosed_here",
    )  # fmt: skip

    def get_urls(self) -> Any:
        again = self.admin_site.admin_view(self.again_view)
        return [
            path("send-again/", again, name="outbox_message_all_again"),
            path("<int:pk>/send-again/", again, name="outbox_message_again"),
            *super().get_urls(),
        ]

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_here(self, message: Message) -> SafeString:
        tone = _TONES.get(State(message.state), "active")
        words = message.get_state_display()
        return format_html('<span class="status status--{}">{}</span>', tone, words)

    @admin.display(description=gettext_lazy("next try"), ordering="next_try_at")
    def next_try_here(self, message: Message) -> Any:
        return None if message.state in {State.SENT, State.DEAD} else message.next_try_at

    @admin.display(description=gettext_lazy("last error"))
    def error_here(self, message: Message) -> str:
        return Truncator(message.last_error).chars(60)

    @admin.display(description=gettext_lazy("text"))
    def text_here(self, message: Message) -> str:
        if message.holds_secret:
            return _("Not shown: it holds a link that lets its reader in.")
        return format_html('<pre class="desk-pre">{}</pre>', message.text)

    @admin.display(description=gettext_lazy("enclosures"))
    def enclosed_here(self, message: Message) -> str:
        enclosed = [
            f"{file.name} ({filesizeformat(len(file.content))})" for file in files_of(message)
        ]
        return ", ".join(enclosed) or _("None.")

    # ── the dead-letter desk ─────────────────────────────────────────────────────────────────

    def may_resend(self, request: HttpRequest) -> bool:
        return bool(standing(request.user).secretariat & {Role.OFFICER, Role.LEAD})

    def desk_links(self, request: HttpRequest, obj: Message) -> Any:
        if obj.state != State.DEAD or obj.holds_secret or not self.may_resend(request):
            return []
        return [(reverse("admin:outbox_message_again", args=[obj.pk]), _("Send again"))]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        dead_ones = request.GET.get("state__exact") == State.DEAD and self.may_resend(request)
        again = (reverse("admin:outbox_message_all_again"), _("Send all again"))
        context = {"desk_links": [again] if dead_ones else []}
        return super().changelist_view(request, context | (extra_context or {}))

    def again_view(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """Put one given-up message, or all of them, back in the queue; on POST alone."""
        if not self.may_resend(request):
            raise PermissionDenied
        dead = Message.objects.filter(state=State.DEAD, holds_secret=False)  # see resend
        ids = list((dead.filter(pk=pk) if pk else dead).values_list("pk", flat=True))
        back = f"{reverse('admin:outbox_message_changelist')}?state__exact={State.DEAD}"
        if request.method == "POST":
            count = resend(ids)
            words = ngettext("%(n)d message goes out again.", "%(n)d messages go out again.", count)
            messages.success(request, words % {"n": count})
            return redirect(back)
        words = ngettext("%(n)d message was given up.", "%(n)d messages were given up.", len(ids))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Send again"),
            "opts": self.opts,
            "subtitle": words % {"n": len(ids)},
            "back": back,
            "warning": _("Mend the cause first: see the last error of each message."),
            "button": _("Send again"),
        }
        return TemplateResponse(request, "admin/confirm.html", context)


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ("name", "seen_at", "every", "in_time")

    @admin.display(description=gettext_lazy("state"))
    def in_time(self, heartbeat: Heartbeat) -> SafeString:
        tone, words = ("attention", _("late")) if heartbeat.is_late else ("good", _("in time"))
        return format_html('<span class="status status--{}">{}</span>', tone, words)
