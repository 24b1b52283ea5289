"""Mandates: granted and ended by a lead, never for oneself; what was granted is not rewritten."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import granting
from partners.desk import DeskAdmin, parties_called
from partners.models import Mandate
from workflow.errors import InvalidInput, Refused


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, user: Any) -> str:
        """Two people may have the same name."""
        return f"{user.name} <{user.email}>"


class MandateForm(forms.ModelForm):
    """Says at the field what `granting` would refuse."""

    by: Any  # who is signed in; set by the admin

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if "user" in said and said["user"].pk == self.by.pk:
            self.add_error("user", _("Nobody can grant a mandate to themselves."))
        elif {"user", "role", "from_on"} <= said.keys() and granting.held_already(Mandate(**said)):
            self.add_error("role", _("This person holds this mandate already."))
        return said


class Holds(admin.SimpleListFilter):
    title = gettext_lazy("in force")
    parameter_name = "holds"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("now", _("now")), ("later", _("not yet")), ("over", _("no longer"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Mandate]") -> "QuerySet[Mandate]":
        day = timezone.now().date()
        conditions = {
            "now": Q(from_on__lte=day, ended_at=None) & (Q(until_on=None) | Q(until_on__gte=day)),
            "later": Q(from_on__gt=day, ended_at=None),
            "over": Q(until_on__lt=day) | Q(ended_at__isnull=False),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))


@admin.register(Mandate)
class MandateAdmin(DeskAdmin):
    form = MandateForm
    list_display = ("person", "role", "body_here", "from_on", "until_on", "holds", "granter")
    list_select_related = ("user", "party", "agency", "granted_by")
    list_filter = (Holds, "role", ("agency", admin.RelatedOnlyFieldListFilter))
    search_fields = ("user__name", "user__email")
    search_help_text = gettext_lazy("A person’s name or address, or a Party in any spelling")
    fields = (
        "user",
        ("party", "agency"),
        "role",
        ("from_on", "until_on"),
        "ended_at",
        "granted_by",
    )

    def get_urls(self) -> Any:
        end = self.admin_site.admin_view(self.end_view)
        return [path("<int:pk>/end/", end, name="partners_mandate_end"), *super().get_urls()]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (
            ("user", "party", "agency", "role", "from_on", "ended_at", "granted_by") if obj else ()
        )

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else self.fields[:-2]

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        form.by = request.user
        return form

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        found, doubled = super().get_search_results(request, queryset, search_term)
        if search_term:
            found |= queryset.filter(party__in=parties_called(search_term))
        return found, doubled

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "user":
            kwargs["form_class"] = PersonField
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @admin.display(description=gettext_lazy("person"), ordering="user__name")
    def person(self, mandate: Mandate) -> str:
        return mandate.user.name

    @admin.display(description=gettext_lazy("granted by"))
    def granter(self, mandate: Mandate) -> str:
        return mandate.granted_by.name if mandate.granted_by else ""

    @admin.display(description=gettext_lazy("for"))
    def body_here(self, mandate: Mandate) -> str:
        return str(mandate.body)

    @admin.display(description=gettext_lazy("in force"), boolean=True)
    def holds(self, mandate: Mandate) -> bool:
        return granting.is_in_force(mandate)

    def save_model(self, request: HttpRequest, obj: Mandate, form: Any, change: bool) -> None:
        if change:
            granting.change_end(obj, obj.until_on, by=request.user)
        else:
            granting.grant_mandate(obj, by=request.user)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Refused as refusal:
            # What the form cannot know beforehand; nothing was stored.
            messages.error(request, sentence_of(refusal))
            return redirect(request.get_full_path())

    def desk_links(self, request: HttpRequest, obj: Mandate) -> Any:
        if granting.is_over(obj) or not self.has_change_permission(request, obj):
            return []
        return [(reverse("admin:partners_mandate_end", args=[obj.pk]), _("End now"))]

    def end_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        mandate = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, mandate):
            raise PermissionDenied
        back = reverse("admin:partners_mandate_change", args=[mandate.pk])
        if request.method != "POST":
            return TemplateResponse(
                request, "admin/confirm.html", self._question(request, mandate, back)
            )
        try:
            granting.end_mandate(mandate, by=request.user)
        except Refused as refusal:
            messages.error(request, sentence_of(refusal))
            return redirect(back)
        messages.success(request, _("The mandate has ended."))
        return redirect(back)

    def _question(self, request: HttpRequest, mandate: Mandate, back: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": _("End this mandate now"),
            "subtitle": f"{mandate.user}: {mandate}",
            "opts": self.opts,
            "back": back,
            "original": mandate,
            "warning": _("This person can no longer act in this role."),
            "button": _("End now"),
        }


def sentence_of(refusal: Refused) -> str:
    if isinstance(refusal, InvalidInput):
        return " ".join(word for words in refusal.fields.values() for word in words)
    return refusal.sentence
