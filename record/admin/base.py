"""How records are kept on the desk: languages side by side, what is missing marked, and a button
for each action that may be done now."""

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.acting import Acting
from partners.desk import DeskAdmin, in_three_languages
from partners.desk_words import LANGUAGE_NAMES
from record.completeness import languages_missing
from record.models import Publication
from workflow.executor import allowed_actions

_TONES = {Publication.DRAFT: "attention", Publication.WITHDRAWN: "ended"}


def languages(field: str, words: Any) -> tuple[Any, dict[str, Any]]:
    """A fieldset of one text in three languages."""
    return (words, {"fields": (in_three_languages(field),)})


class RecordAdmin(Acting, DeskAdmin):
    """One kind of record. A subclass names `page`, the address of its public page, and the
    `fieldsets` of its own; what all records have follows them."""

    page = ""
    list_filter: ClassVar[Any] = ("state", "confidence")
    search_fields: ClassVar[Any] = ("title_en", "title_fr", "title_es", "source")
    readonly_fields = ("state_here", "publish_at", "missing_here")
    common = (
        (gettext_lazy("Source"), {"fields": (("source", "source_url"), "confidence")}),
        (gettext_lazy("For editors"), {"fields": ("editors_note",)}),
        (gettext_lazy("Publication"), {"fields": (("state_here", "publish_at"), "missing_here")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*(self.fieldsets or ()), *self.common)

    def get_urls(self) -> Any:
        act = self.admin_site.admin_view(self.act_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_act"
        return [path("<int:pk>/actions/<slug:action>/", act, name=name), *super().get_urls()]

    def desk_links(self, request: HttpRequest, obj: Any) -> Any:
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_act"
        words = _("Read it on the portal") if obj.is_public else _("Preview")
        actions = [
            (reverse(name, args=[obj.pk, one.action]), one.label)
            for one in allowed_actions(obj, request.user)
        ]
        return [(reverse(self.page, args=[obj.slug]), words), *actions]

    def act_view(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        obj = get_object_or_404(self.shown_to(request), pk=pk)
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk])
        return self.act(request, obj, action, back=back, told=[])

    @admin.display(description=gettext_lazy("title"), ordering="title_en")
    def title_here(self, obj: Any) -> str:
        return str(obj)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_here(self, obj: Any) -> SafeString:
        waits = obj.state == Publication.PUBLISHED and not obj.is_public
        tone = "active" if waits else _TONES.get(obj.state, "good")
        words = _("will be published") if waits else obj.get_state_display()
        return format_html('<span class="status status--{}">{}</span>', tone, words)

    @admin.display(description=gettext_lazy("not translated into"))
    def missing_here(self, obj: Any) -> str:
        names = [str(LANGUAGE_NAMES[code]) for code in languages_missing(obj)] if obj.pk else []
        return ", ".join(names) or "–"
