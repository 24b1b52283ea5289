"""What the pages of the Secretariat's desk share: lists and forms."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.utils import get_fields_from_path, unquote
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.db import DataError, models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext

from partners.desk_history import KeepsHistory
from partners.desk_parties import offered_on
from partners.desk_words import LANGUAGE_NAMES, Words, label_of
from partners.history_page import history_of
from partners.models import Party, PartyAlias
from partners.models.bodies import plain_spelling
from workflow.errors import Refused
from workflow.forms import IsoDateField

LONGEST_ID = 18  # digits that fit into the column of any database


def in_three_languages(field: str) -> tuple[str, ...]:
    """The columns of a translated field, to stand side by side in a fieldset."""
    return tuple(f"{field}_{language}" for language in LANGUAGE_NAMES)


def id_in(typed: str) -> int | None:
    """The id that an address or a parameter names, or None; str.isdigit() knows "²" too."""
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= LONGEST_ID
    return int(typed) if is_number else None


def parties_called(search_term: str) -> "models.QuerySet[Party]":
    """Parties by part of a name, in any language and spelling, or by code."""
    plain = plain_spelling(search_term)
    spelled = (
        PartyAlias.objects.filter(spelling__contains=plain) if plain else PartyAlias.objects.none()
    )
    return Party.objects.filter(
        models.Q(pk__in=spelled.values("party_id"))
        | models.Q(name_en__icontains=search_term)
        | models.Q(name_fr__icontains=search_term)
        | models.Q(name_es__icontains=search_term)
        | models.Q(code__iexact=search_term)
    )


class LinesField(forms.CharField):
    """A list of texts, typed one a line."""

    widget = forms.Textarea(attrs={"rows": 5})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return [line.strip() for line in (value or "").splitlines() if line.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(data) != list(initial or [])


class DeskForms:
    """How a model's form reads on the desk: plain controls that work without scripts."""

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest | None, **kwargs: Any
    ) -> forms.Field | None:
        if isinstance(db_field, models.URLField):
            kwargs["assume_scheme"] = "https"
        field = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if field is None:
            return None
        field.label = capfirst(str(label_of(db_field.name) or field.label))
        words = {
            name: getattr(field, name) for name in ("label", "required", "help_text", "initial")
        }
        if isinstance(field, forms.JSONField):
            field = LinesField(**words)
        elif isinstance(field, forms.DateField):
            field = IsoDateField(**words)
        if isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget = field.widget.widget  # other records are made on their own pages
        language = db_field.name.rpartition("_")[2]
        if language in LANGUAGE_NAMES:
            field.widget.attrs["lang"] = language
        return field


class DeskInline(DeskForms, admin.StackedInline):
    """Rows of a record that stand on its page, with an empty one to fill in."""

    extra = 1

    @property
    def media(self) -> forms.Media:
        return forms.Media()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _parameters_of(model: type[models.Model], offered: Any) -> set[str]:
    """The parameters with which a list is narrowed by one entry of `list_filter`."""
    if isinstance(offered, type):
        return {offered.parameter_name}  # type: ignore[attr-defined]
    path = offered if isinstance(offered, str) else offered[0]
    field: Any = get_fields_from_path(model, path)[-1]
    if field.is_relation:
        ways = [f"__{field.target_field.name}__exact"]
    elif isinstance(field, models.DateField):
        ways = ["__gte", "__lt"]
    elif field.choices or isinstance(field, models.BooleanField):
        ways = ["__exact"]
    else:
        ways = [""]  # a choice among all values
    return {f"{path}{way}" for way in (*ways, "__isnull")}


def address_of(obj: models.Model, page: str) -> str:
    """A page of the desk about a record whose model is registered."""
    return reverse(f"admin:{obj._meta.app_label}_{obj._meta.model_name}_{page}", args=[obj.pk])


class DeskAdmin(KeepsHistory, DeskForms, admin.ModelAdmin):
    """Lists without totals, forms without deleting, and nothing that acts on many rows."""

    actions: Any = None
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 0
    save_as = False
    show_facets = admin.ShowFacets.NEVER
    linked_by: tuple[str, ...] = ()  # lookups of links from other pages that no filter offers

    @property
    def media(self) -> forms.Media:
        """Only what marks rows. Django would send 85 KB more for widgets that the desk has not;
        every page works without any of it."""
        return forms.Media(js=["admin/js/actions.js"])

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        """Only what the filters of the list offer. Django would take a lookup on any column,
        and a list that grows shorter tells what stands in a column that is never shown."""
        offered = self.get_list_filter(request) if request else self.list_filter
        return lookup in self.linked_by or any(
            lookup in _parameters_of(self.model, one) for one in offered
        )

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        try:
            return super().get_changelist_instance(request)
        except (OverflowError, DataError) as error:  # a number or a date beyond the column
            raise IncorrectLookupParameters(error) from error

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        title = capfirst(str(self.opts.verbose_name_plural))
        return super().changelist_view(request, {"title": title, **(extra_context or {})})

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refusal:
            # What the form cannot know beforehand; nothing was stored.
            messages.error(request, refusal.in_one)
            return redirect(request.get_full_path())

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        # Named here too, because fields that are only shown take their labels from the form.
        labels = {f.name: label_of(f.name) for f in self.opts.fields if label_of(f.name)}
        return super().get_form(request, obj, change, **{"labels": labels, **kwargs})

    def history_subjects(self, obj: Any) -> list[Any]:
        """Those whose history is shown with that of `obj`: querysets of other models."""
        return []

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """What happened to one record, from the history of the portal: Django's own log of
        the admin knows nothing of the workflow."""
        obj = self.get_object(request, unquote(object_id))
        if obj is None:
            # As every other page of a record that is not there.
            gone: Any = self
            return gone._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_permission(request, obj):
            raise PermissionDenied
        before = id_in(request.GET.get("before", ""))
        found = history_of(obj, self.history_subjects(obj), before)
        context = self.admin_site.each_context(request) | {
            "title": gettext("History"),
            "subtitle": str(obj),
            "back": address_of(obj, "change"),
            "opts": self.opts,
        }
        return TemplateResponse(request, "admin/history.html", context | found)

    def desk_links(self, request: HttpRequest, obj: Any) -> list[tuple[str, Words]]:
        """Addresses and words of the buttons above the form of a stored record."""
        return []

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        context["desk_links"] = self.desk_links(request, obj) if obj else []
        context["party_names"] = offered_on(request)
        return super().render_change_form(request, context, *args, **kwargs)


class ReadOnlyAdmin(DeskAdmin):
    """Records that the desk only reads: what changes them is the workflow, or nothing."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
