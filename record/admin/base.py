"""How records are kept on the desk: languages side by side, what is missing marked, and a button
for each action that may be done now."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.acting import Acting
from partners.desk import DeskAdmin, in_three_languages
from partners.desk_seen import SeesWhatIsNew
from partners.desk_words import LANGUAGE_NAMES
from partners.models import Party
from record.admin.forms import RecordForm
from record.completeness import (
    OTHER_LANGUAGES,
    languages_missing,
    not_translated_into,
    texts_of,
)
from record.models import Publication
from workflow.executor import allowed_actions, table_of

_TONES = {Publication.DRAFT: "attention", Publication.WITHDRAWN: "ended"}
# What readers never see, nor that it changed.
_INSIDE = frozenset({"editors_note", "support_request", "recommendation"})
_SHOWN = ("state_here", "public_from_here", "missing_here")


def languages(field: str, words: Any) -> tuple[Any, dict[str, Any]]:
    """A fieldset of one text in three languages."""
    return (words, {"fields": (in_three_languages(field),)})


class NotTranslated(admin.SimpleListFilter):
    title = gettext_lazy("not translated into")
    parameter_name = "untranslated"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [(code, LANGUAGE_NAMES[code]) for code in OTHER_LANGUAGES]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        language = self.value()
        if language not in OTHER_LANGUAGES:
            return queryset
        return queryset.filter(not_translated_into(queryset.model, language))


class RecordAdmin(SeesWhatIsNew, Acting, DeskAdmin):
    """One kind of record. A subclass names `page`, the address of its public page, and the
    `fieldsets` of its own; what all records have follows them."""

    page = ""
    fieldsets: ClassVar[Any] = None
    list_filter: ClassVar[Any] = ("state", "confidence")
    search_fields: ClassVar[Any] = ("title_en", "title_fr", "title_es", "source")
    common = (
        (gettext_lazy("Source"), {"fields": (("source", "source_url"), "confidence")}),
        (gettext_lazy("For editors"), {"fields": ("editors_note",)}),
        (gettext_lazy("Publication"), {"fields": (_SHOWN,)}),
    )

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Boxes to tick: a list from which several are chosen with keys held down is lost by one
        click. Not for Parties, of which there are too many."""
        if db_field.related_model is not Party:
            kwargs.setdefault("widget", forms.CheckboxSelectMultiple)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return (*(self.fieldsets or ()), *self.common)

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        own = kwargs.pop("form", self.form)
        if not issubclass(own, RecordForm):
            own = type(own.__name__, (RecordForm, own), {})
        return super().get_form(request, obj, change, form=own, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What others link to stays where it is from the first publication on."""
        fixed = ("slug",) if obj and obj.publish_at else ()
        return (*super().get_readonly_fields(request, obj), *fixed, *_SHOWN)

    def get_list_filter(self, request: HttpRequest) -> Any:
        offered = super().get_list_filter(request)
        return (*offered, NotTranslated) if texts_of(self.model) else offered

    def get_urls(self) -> Any:
        act = self.admin_site.admin_view(self.act_view)
        name = f"{self.opts.app_label}_{self.opts.model_name}_act"
        return [path("<int:pk>/actions/<slug:action>/", act, name=name), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        form.edited_before = obj.edited_at
        super().save_model(request, obj, form, change)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """What was changed for editors alone is no change to readers: the date stays."""
        super().save_related(request, form, formsets, change)
        is_seen = set(form.changed_data) - _INSIDE or any(one.has_changed() for one in formsets)
        if change and not is_seen:
            row = self.model._base_manager.filter(pk=form.instance.pk)
            row.update(edited_at=form.edited_before)

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
        if action not in table_of(obj).by_action:
            raise Http404
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[obj.pk])
        return self.act(request, obj, action, back=back, told=[])

    @admin.display(description=gettext_lazy("title"), ordering="title_en")
    def title_here(self, obj: Any) -> str:
        return str(obj)

    @admin.display(description=gettext_lazy("date"), ordering="effective_on")
    def dated_here(self, obj: Any) -> str:
        """No more exact than it is known."""
        return obj.when_in_words or "–"

    @admin.display(description=gettext_lazy("date"), ordering="starts_on")
    def lasting_here(self, obj: Any) -> str:
        return obj.when_in_words or "–"

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_here(self, obj: Any) -> SafeString:
        waits = obj.state == Publication.PUBLISHED and not obj.is_public
        tone = "active" if waits else _TONES.get(obj.state, "good")
        words = _("will be published") if waits else obj.get_state_display()
        return format_html('<span class="status status--{}">{}</span>', tone, words)

    @admin.display(description=gettext_lazy("public from"))
    def public_from_here(self, obj: Any) -> str:
        return obj.public_from or "–"

    @admin.display(description=gettext_lazy("not translated into"))
    def missing_here(self, obj: Any) -> str:
        """Marked in the list too, by a sign beside the names."""
        names = [str(LANGUAGE_NAMES[code]) for code in languages_missing(obj)] if obj.pk else []
        if not names:
            return "–"
        return format_html('<span class="untranslated">{}</span>', ", ".join(names))
