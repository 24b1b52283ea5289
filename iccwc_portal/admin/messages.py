"""Messages on the desk: what went out, to whom, about what; what was given up, and sending it
again; whether the machinery is at work."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from iccwc_portal import machinery
from iccwc_portal.admin.message_words import (
    AboutFilter,
    LanguageFilter,
    OwedFilter,
    about_reference,
    link_to_case,
    link_to_reader,
    why_it_failed,
    with_cases,
)
from outbox.delivery import resend
from outbox.enclosures import files_of
from outbox.models import Heartbeat, Message, State
from partners.access import standing
from partners.desk import ReadOnlyAdmin
from partners.desk_words import LANGUAGE_NAMES
from partners.models import Role

_TONES = {State.SENT: "good", State.DEAD: "attention", State.DUE: "waiting"}


@admin.register(Message)
class MessageAdmin(ReadOnlyAdmin):
    actions = ("send_again",)
    list_display = (
        "subject", "to_here", "about_here", "standing_here", "created_at",
    )  # fmt: skip
    list_filter = ("state", OwedFilter, AboutFilter, LanguageFilter, "created_at")
    search_fields = ("subject", "address")
    search_help_text = gettext_lazy("Words of the subject, an address, or a reference")
    ordering = ("-pk",)
    sortable_by = ("created_at",)
    fields = (
        "state_here", "subject", "reader_here", "about_here", "language", "created_at", "sent_at",
        "attempts", "next_try_here", "why_here", "last_error", "event_here", "text_here",
        "enclosed_here", "message_id", "channel",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> Any:
        return with_cases(super().get_queryset(request).select_related("event"), request.user)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        found, doubled = super().get_search_results(request, queryset, search_term)
        if search_term.strip():
            found |= queryset.filter(about_reference(search_term.strip(), request.user))
        return found, doubled

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

    @admin.display(description=gettext_lazy("why it failed"))
    def why_here(self, message: Message) -> str:
        return why_it_failed(message.last_error)

    @admin.display(description=gettext_lazy("to"), ordering="address")
    def reader_here(self, message: Message) -> SafeString | str:
        return link_to_reader(message)

    @admin.display(description=gettext_lazy("to"), ordering="address")
    def to_here(self, message: Message) -> SafeString:
        language = LANGUAGE_NAMES.get(message.language, message.language)
        return format_html(
            '{}<br><span class="muted">{}</span>', self.reader_here(message), language
        )

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def standing_here(self, message: Message) -> SafeString:
        """The state and, where there is more to say, why and when."""
        more = [self.why_here(message)] if message.last_error else []
        if message.sent_at:
            more.append(date_format(localtime(message.sent_at), "DATETIME_FORMAT"))
        if message.state == State.FAILED:
            moment = date_format(localtime(message.next_try_at), "DATETIME_FORMAT")
            more.append(_("Next try: %(moment)s") % {"moment": moment})
        lines = format_html_join("", '<br><span class="muted">{}</span>', ((one,) for one in more))
        return format_html("{}{}", self.state_here(message), lines)

    @admin.display(description=gettext_lazy("about"))
    def about_here(self, message: Message) -> SafeString | str:
        return link_to_case(message)

    @admin.display(description=gettext_lazy("event"))
    def event_here(self, message: Message) -> SafeString | str:
        if message.event is None:
            return "–"
        url = reverse("admin:history_event_change", args=[message.event.pk])
        return format_html('<a href="{}">{}</a>', url, message.event.label)

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

    # ── several at once ──────────────────────────────────────────────────────────────────────

    def has_resend_permission(self, request: HttpRequest) -> bool:
        return self.may_resend(request)

    @admin.action(description=gettext_lazy("Send again"), permissions=["resend"])
    def send_again(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        """Chosen in the list, asked on a page, done by POST, with what became of each."""
        chosen = list(queryset.order_by("pk"))
        open_ones = [one for one in chosen if one.state == State.DEAD and not one.holds_secret]
        if "sure" in request.POST and open_ones:
            count = resend([one.pk for one in open_ones])
            words = ngettext("%(n)d message goes out again.", "%(n)d messages go out again.", count)
            messages.success(request, words % {"n": count})
            return redirect(request.get_full_path())
        context = {
            **self.admin_site.each_context(request),
            "title": _("Send again"),
            "opts": self.opts,
            "open_ones": open_ones,
            "left_out": [(one, _why_not(one)) for one in chosen if one not in open_ones],
            "selected": ACTION_CHECKBOX_NAME,
            "list": request.get_full_path(),
        }
        return TemplateResponse(request, "admin/messages/send_again.html", context)


def _why_not(message: Message) -> str:
    if message.state != State.DEAD:
        return _("It was not given up: %(state)s.") % {"state": message.get_state_display()}
    return _("It held a link that lets its reader in: send the invitation again instead.")


@admin.register(Heartbeat)
class HeartbeatAdmin(ReadOnlyAdmin):
    list_display = ("name_here", "seen_at", "every", "in_time")
    fields = list_display

    def desk_links(self, request: HttpRequest, obj: Heartbeat) -> Any:
        return [(reverse("admin:health"), _("Health of the portal"))]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        links = {"desk_links": [(reverse("admin:health"), _("Health of the portal"))]}
        return super().changelist_view(request, links | (extra_context or {}))

    @admin.display(description=gettext_lazy("part"), ordering="name")
    def name_here(self, heartbeat: Heartbeat) -> str:
        return machinery.name_of(heartbeat)

    @admin.display(description=gettext_lazy("state"))
    def in_time(self, heartbeat: Heartbeat) -> SafeString:
        return format_html(
            '<span class="status status--{}">{}</span>', *machinery.state_of(heartbeat)
        )
