"""What can be asked for, reasons and standard texts, and the triage criteria: kept by officers, in
three languages."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from partners.desk import DeskAdmin, in_three_languages
from requests_app.models import Criterion, Reason, Support
from requests_app.standard_texts import judge


class CatalogueAdmin(DeskAdmin):
    """The key is what history and the API call an entry: it stays as it was first written."""

    list_display: tuple[str, ...] = ("name_here", "key", "position", "is_offered")
    list_filter: ClassVar[tuple[str, ...]] = ("is_offered",)
    search_fields = ("key", *in_three_languages("name"))
    ordering: ClassVar[tuple[str, ...]] = ("position", "key")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("key",) if obj else ()

    @admin.display(description=gettext_lazy("name"), ordering="name_en")
    def name_here(self, entry: Any) -> str:
        return str(entry.name)


@admin.register(Support)
class SupportAdmin(CatalogueAdmin):
    fieldsets = (
        (None, {"fields": (("key", "position", "is_offered"),)}),
        (gettext_lazy("Name"), {"fields": (in_three_languages("name"),)}),
        (gettext_lazy("Hint"), {"fields": (in_three_languages("hint"),)}),
        (
            gettext_lazy("Handling"),
            {
                "fields": (
                    "asks",
                    ("opens_toolkit", "letter_may_follow"),
                    "usual_lead",
                    "usual_others",
                )
            },
        ),
        (None, {"fields": ("source",)}),
    )

    def formfield_for_manytomany(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        kwargs["widget"] = forms.CheckboxSelectMultiple
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(Reason)
class ReasonAdmin(CatalogueAdmin):
    """Reasons and standard texts. A text is judged here, because an officer who fills it in later
    sends it to a country."""

    list_display = ("name_here", "use", "key", "position", "is_offered")
    list_filter = ("use", "is_offered")
    ordering = ("use", "position", "key")
    fieldsets = (
        (None, {"fields": (("key", "use"), ("position", "is_offered"))}),
        (gettext_lazy("Name"), {"fields": (in_three_languages("name"),)}),
        (
            gettext_lazy("Text to begin with"),
            {
                "fields": (in_three_languages("text"),),
                "description": gettext_lazy(
                    "{reference}, {party} and {support} are filled in for the case, in the "
                    "language of the request. The officer can change the text before it is sent."
                ),
            },
        ),
    )

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name.startswith("text_"):
            field.validators = [*field.validators, judge]
        return field


@admin.register(Criterion)
class CriterionAdmin(CatalogueAdmin):
    fieldsets = (
        (None, {"fields": (("key", "position", "is_offered"),)}),
        (gettext_lazy("Name"), {"fields": (in_three_languages("name"),)}),
    )
