"""Parties and agencies: kept in order by officers, in three languages."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import who_can
from partners.desk import DeskAdmin, DeskInline, in_three_languages, parties_called
from partners.desk_rows import RowsInline
from partners.desk_seen import SeenFormSet, SeesWhatIsNew
from partners.models import (
    Agency,
    Invitation,
    Mandate,
    MembershipFigure,
    Office,
    Party,
    PartyAlias,
    Region,
    Role,
)
from partners.models.bodies import plain_spelling
from partners.recipients import parties_without_focal_point, people


def meant_by(spelling: str) -> Party | None:
    """The Party that a name means already."""
    alias = PartyAlias.objects.filter(spelling=spelling).select_related("party").first()
    return alias.party if alias else None


# ── Parties ──────────────────────────────────────────────────────────────────────────────────


class AliasForm(forms.ModelForm):
    class Meta:
        model = PartyAlias
        fields = ("written",)

    def clean_written(self) -> str:
        """One spelling means one Party, however it is accented or capitalised."""
        written: str = self.cleaned_data["written"]
        spelling = plain_spelling(written)
        if not spelling:
            raise ValidationError(_("Give at least one letter or number."))
        same = PartyAlias.objects.filter(spelling=spelling).exclude(pk=self.instance.pk)
        there = same.select_related("party").first()
        if there:
            raise ValidationError(
                _("“%(written)s” means %(party)s already.")
                % {"written": written, "party": there.party.name}
            )
        return written


class AliasFormSet(forms.BaseInlineFormSet):
    def clean(self) -> None:
        super().clean()
        seen: set[str] = set()
        for form in self.forms:
            written = getattr(form, "cleaned_data", {}).get("written")
            spelling = plain_spelling(written) if written else ""
            if spelling and spelling in seen:
                form.add_error("written", _("This spelling stands twice in the list."))
            seen.add(spelling)


class AliasInline(DeskInline):
    model = PartyAlias
    form = AliasForm
    formset = AliasFormSet
    verbose_name_plural = gettext_lazy("Other spellings")


class PartyForm(forms.ModelForm):
    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for name in (*in_three_languages("name"), "code"):
            there = meant_by(plain_spelling(said.get(name) or ""))
            if there and there.pk != self.instance.pk:
                sentence = _("“%(written)s” means %(party)s already.")
                self.add_error(name, sentence % {"written": said[name], "party": there.name})
        return said


class FocalPoint(admin.SimpleListFilter):
    title = gettext_lazy("focal point")
    parameter_name = "focal_point"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("gap", _("had people, has no focal point"))]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Party]") -> "QuerySet[Party]":
        if self.value() != "gap":
            return queryset
        return queryset.filter(pk__in=parties_without_focal_point().values("pk"))


@admin.register(Party)
class PartyAdmin(DeskAdmin):
    form = PartyForm
    inlines = (AliasInline,)
    list_display = ("name_here", "code", "region", "kind", "party_since")
    list_filter = ("region", "kind", FocalPoint)
    readonly_fields = ("focal_points",)
    list_select_related = ("region",)
    search_fields = ("code",)
    search_help_text = gettext_lazy("A name in any language or spelling, or a code")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("code", "iso2", "m49"),
                    ("kind", "region", "party_since"),
                    "focal_points",
                )
            },
        ),
        (gettext_lazy("Name"), {"fields": (in_three_languages("name"),)}),
    )

    @admin.display(description=gettext_lazy("focal points"))
    def focal_points(self, party: Party) -> str:
        """Who acts for the Party now, or that nobody does."""
        acting = people(roles=[Role.FOCAL_POINT], party_id=party.pk)
        names = "; ".join(f"{one.name} ({one.email})" for one in acting)
        if names or not parties_without_focal_point().filter(pk=party.pk).exists():
            return names or "–"
        return _("None at present: nobody can submit or answer for this Party.")

    @admin.display(description=gettext_lazy("Party"), ordering="name_en")
    def name_here(self, party: Party) -> str:
        return party.name

    def get_urls(self) -> Any:
        people_view = self.admin_site.admin_view(self.people_view)
        return [
            path("<int:pk>/people/", people_view, name="partners_party_people"),
            *super().get_urls(),
        ]

    def history_subjects(self, obj: Party) -> list[Any]:
        return [Mandate.objects.filter(party=obj), Invitation.objects.filter(party=obj)]

    def desk_links(self, request: HttpRequest, obj: Party) -> Any:
        return [(reverse("admin:partners_party_people", args=[obj.pk]), _("Who can do what"))]

    def people_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The people of the Party and what each may do now."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        party = get_object_or_404(self.get_queryset(request), pk=pk)
        context = self.admin_site.each_context(request) | {
            "title": _("Who can do what"),
            "subtitle": party.name,
            "back": reverse("admin:partners_party_change", args=[party.pk]),
            "opts": self.opts,
            "party": party,
            "powers": who_can.POWERS,
            "overview": who_can.overview(party, request.user),
        }
        return TemplateResponse(request, "admin/partners/who_can.html", context)

    def get_search_results(
        self, request: HttpRequest, queryset: "QuerySet[Party]", search_term: str
    ) -> "tuple[QuerySet[Party], bool]":
        return queryset.filter(pk__in=parties_called(search_term)), False

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Every name of the Party is a spelling by which it is found."""
        super().save_related(request, form, formsets, change)
        party = form.instance
        for written in (party.code, party.name_en, party.name_fr, party.name_es):
            PartyAlias.objects.get_or_create(
                spelling=plain_spelling(written), defaults={"party": party, "written": written}
            )


@admin.register(Region)
class RegionAdmin(DeskAdmin):
    list_display = ("name_here", "party_count")
    fieldsets = (
        (None, {"fields": ("key",)}),
        (gettext_lazy("Name"), {"fields": (in_three_languages("name"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Region]":
        return super().get_queryset(request).annotate(parties=Count("party"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("key",) if obj else ()

    @admin.display(description=gettext_lazy("CITES region"), ordering="name_en")
    def name_here(self, region: Region) -> str:
        return region.name

    @admin.display(description=gettext_lazy("Parties"), ordering="parties")
    def party_count(self, region: Any) -> int:
        return int(region.parties)


# ── Agencies ─────────────────────────────────────────────────────────────────────────────────


class FigureInline(DeskInline):
    model = MembershipFigure
    formset = SeenFormSet
    fields = (
        ("count", *in_three_languages("unit")),
        ("as_of", "precision", "is_approximate"),
        "source",
    )


class OfficeInline(RowsInline):
    model = Office
    fields = (("kind", "place", "source"), ("party", "latitude", "longitude"))


@admin.register(Agency)
class AgencyAdmin(SeesWhatIsNew, DeskAdmin):
    inlines = (FigureInline, OfficeInline)
    list_display = ("name_here", "code", "is_coordinator", "seat")
    readonly_fields = ("is_coordinator",)
    fieldsets = (
        (None, {"fields": (("code", "is_coordinator"), "seat", "source")}),
        (gettext_lazy("Name"), {"fields": (in_three_languages("name"),)}),
        (gettext_lazy("Full name"), {"fields": (in_three_languages("full_name"),)}),
        (gettext_lazy("Mandate"), {"fields": (in_three_languages("mandate"),)}),
        (
            gettext_lazy("Services"),
            {
                "fields": (in_three_languages("services"),),
                "description": gettext_lazy("One a line."),
            },
        ),
        (
            gettext_lazy("How to reach it"),
            {
                "fields": (
                    in_three_languages("presence"),
                    ("seat_latitude", "seat_longitude"),
                    ("secure_channel", "national_counterpart"),
                    in_three_languages("channel_serves"),
                    ("address", "postal_address"),
                    ("telephone", "fax"),
                    ("seat_source", "address_source"),
                )
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("code", "is_coordinator") if obj else ("is_coordinator",)

    @admin.display(description=gettext_lazy("agency"), ordering="name_en")
    def name_here(self, agency: Agency) -> str:
        return agency.name
