"""Links on the desk: which are dead, which give cause for doubt, and where they stand."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _

from partners.desk import ReadOnlyAdmin
from record.link_checks import in_words
from record.links import held_by
from record.models import CheckedLink


class Standing(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "standing"
    WAYS: Any = {
        "dead": (_("dead"), {"dead_since__isnull": False}),
        "doubtful": (_("in doubt"), {"dead_since": None, "failures__gt": 0}),
        "good": (_("answers"), {"failures": 0, "checked_at__isnull": False}),
        "new": (_("not looked at yet"), {"checked_at": None}),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(key, words) for key, (words, _asked) in self.WAYS.items()]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        way = self.WAYS.get(self.value())
        return queryset.filter(**way[1]) if way else queryset


@admin.register(CheckedLink)
class CheckedLinkAdmin(ReadOnlyAdmin):
    list_display = ("url", "standing", "found", "failures", "checked_at", "stands_in")
    list_filter = (Standing,)
    search_fields = ("url",)
    fields = (
        "url", "standing", "found", "failures", "dead_since", "checked_at", "first_seen_at",
        "stands_in",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        """The dead first, then those in doubt."""
        rows = super().get_queryset(request)
        return rows.order_by("-failures", "url")

    def get_ordering(self, request: HttpRequest) -> Any:
        return ("-failures", "url")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Where the links of one page stand is asked for all of them at once."""
        found = super().get_changelist_instance(request)
        rows = list(found.result_list)
        held = held_by([one.url for one in rows])
        for one in rows:
            one.held = held[one.url]
        found.result_list = rows
        return found

    @admin.display(description=_("state"))
    def standing(self, obj: Any) -> SafeString:
        if obj.dead_since:
            tone, words = "attention", translate_now("dead")
        elif obj.failures:
            tone, words = "active", translate_now("in doubt")
        elif obj.checked_at:
            tone, words = "good", translate_now("answers")
        else:
            tone, words = "waiting", translate_now("not looked at yet")
        return format_html('<span class="status status--{}">{}</span>', tone, words)

    @admin.display(description=_("found"))
    def found(self, obj: Any) -> str:
        return in_words(obj.answer) or "–"

    @admin.display(description=_("stands in"))
    def stands_in(self, obj: Any) -> "SafeString | str":
        held = obj.held if hasattr(obj, "held") else held_by([obj.url])[obj.url]
        links = (
            (
                reverse(f"admin:record_{one.record._meta.model_name}_change", args=[one.pk]),
                one.record._meta.verbose_name,
                one.title,
            )
            for one in held
        )
        return format_html_join("; ", '<a href="{}">{}: {}</a>', links) or "–"
