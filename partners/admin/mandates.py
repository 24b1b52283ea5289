"""Mandates: granted and ended by a lead, never for oneself; what was granted is not rewritten."""

from datetime import timedelta
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
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import granting
from partners.admin.renewing import ConfirmsMany
from partners.admin.succession import HandsOver
from partners.desk import DeskAdmin, parties_called
from partners.granting import rules
from partners.granting.succession import can_be_handed_over
from partners.models import Mandate
from partners.models.people import today
from partners.notices import role_in_words
from partners.renewal import AHEAD
from workflow.errors import Refused


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
            "now": Q(pk__in=Mandate.objects.in_force().values("pk")),
            "later": Q(from_on__gt=day, ended_at=None),
            "over": Q(until_on__lt=day) | Q(ended_at__isnull=False),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))


class Confirmed(admin.SimpleListFilter):
    title = gettext_lazy("to be confirmed")
    parameter_name = "confirmed"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("due", _("within a month, or resting")), ("resting", _("resting"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Mandate]") -> "QuerySet[Mandate]":
        ahead = {"due": AHEAD, "resting": timedelta(days=-1)}.get(self.value() or "")
        if ahead is None:
            return queryset
        return queryset.filter(pk__in=Mandate.objects.to_confirm(today() + ahead).values("pk"))


@admin.register(Mandate)
class MandateAdmin(HandsOver, ConfirmsMany, DeskAdmin):
    form = MandateForm
    actions = ("confirm_many",)
    list_display = (
        "person", "role_here", "body_here", "from_on", "until_on", "confirm_by", "holds", "granter",
    )  # fmt: skip
    list_select_related = ("user", "party", "agency", "granted_by")
    list_filter = (Holds, Confirmed, "role", ("agency", admin.RelatedOnlyFieldListFilter))
    search_fields = ("user__name", "user__email")
    search_help_text = gettext_lazy("A person’s name or address, or a Party in any spelling")
    fields = (
        "user",
        ("party", "agency"),
        "role",
        "office",
        ("from_on", "until_on"),
        ("confirm_by", "ended_at"),
        "granted_by",
        "stands_in_for",
    )

    def get_urls(self) -> Any:
        views = {"end": self.end_view, "confirm": self.confirm_view}
        return [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(view),
                name=f"partners_mandate_{name}",
            )
            for name, view in views.items()
        ] + super().get_urls()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (
            "user", "party", "agency", "role", "office", "from_on", "confirm_by", "ended_at",
            "granted_by", "stands_in_for",
        ) if obj else ()  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else self.fields[:-3]

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

    @admin.display(description=gettext_lazy("role"), ordering="role")
    def role_here(self, mandate: Mandate) -> str:
        return capfirst(str(role_in_words(mandate)))

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

    def desk_links(self, request: HttpRequest, obj: Mandate) -> Any:
        me = request.user
        offered = [
            ("hand_over", _("Hand over"), rules.leads(me) and can_be_handed_over(obj)),
            ("confirm", _("Confirm"), not granting.is_over(obj) and rules.may_confirm(me, obj)),
            ("end", _("End now"), not granting.is_over(obj) and rules.leads(me)),
        ]
        return [
            (reverse(f"admin:partners_mandate_{name}", args=[obj.pk]), label)
            for name, label, is_open in offered
            if is_open
        ]

    def end_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        words = {
            "title": _("End this mandate now"),
            "warning": _("This person can no longer act in this role."),
            "button": _("End now"),
        }
        return self._ask_or_do(
            request, pk, granting.end_mandate, words, _("The mandate has ended.")
        )

    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        words = {
            "title": _("Confirm this mandate"),
            "warning": _("This person goes on for a year from today."),
            "button": _("Confirm for a year"),
        }
        done = _("The mandate is confirmed.")
        return self._ask_or_do(request, pk, granting.confirm, words, done)

    def _ask_or_do(
        self, request: HttpRequest, pk: int, do: Any, words: dict[str, Any], done: str
    ) -> HttpResponse:
        mandate = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, mandate):
            raise PermissionDenied
        back = reverse("admin:partners_mandate_change", args=[mandate.pk])
        if request.method != "POST":
            frame = self.admin_site.each_context(request) | {
                "subtitle": f"{mandate.user}: {mandate}",
                "opts": self.opts,
                "back": back,
                "original": mandate,
            }
            return TemplateResponse(request, "admin/confirm.html", frame | words)
        try:
            do(mandate, by=request.user)
        except Refused as refusal:
            messages.error(request, refusal.in_one)
        else:
            messages.success(request, done)
        return redirect(back)
