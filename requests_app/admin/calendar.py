"""The desk's days off, kept by officers. What changes here moves due dates at once, in the same
transaction."""

from datetime import MAXYEAR
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy, ngettext

from partners.desk import DeskAdmin, id_in, in_three_languages
from partners.desk_history import columns_of, keep
from partners.granting.kinds import DESK_ADDED
from requests_app.holiday_proposals import propose, years_without_holidays
from requests_app.models import Holiday
from requests_app.recomputing import recompute_due

_YEARS_AHEAD = 5


class YearFilter(admin.SimpleListFilter):
    title = gettext_lazy("year")
    parameter_name = "year"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        years = Holiday.objects.dates("day", "year", order="DESC")
        return [(str(one.year), str(one.year)) for one in years]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Holiday]") -> "QuerySet[Holiday]":
        if self.value() is None:
            return queryset
        year = id_in(str(self.value())) or 0
        return queryset.filter(day__year=year) if 0 < year < MAXYEAR else queryset.none()


class YearForm(forms.Form):
    """Which year to propose the days off of: this one, or one of the next."""

    year = forms.TypedChoiceField(label=gettext_lazy("Year"), coerce=int)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        this_year = timezone.now().year
        years = range(this_year, this_year + _YEARS_AHEAD + 1)
        field: Any = self.fields["year"]
        field.choices = [(year, str(year)) for year in years]


@admin.register(Holiday)
class HolidayAdmin(DeskAdmin):
    list_display = ("day", "name_here", "source")
    list_filter = (YearFilter,)
    search_fields = in_three_languages("name")
    ordering = ("day",)
    fieldsets = (
        (None, {"fields": ("day",)}),
        (gettext_lazy("Name"), {"fields": (in_three_languages("name"),)}),
        (None, {"fields": ("source",)}),
    )

    @admin.display(description=gettext_lazy("name"))
    def name_here(self, holiday: Holiday) -> str:
        return holiday.name

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing refers to a day off: one that is wrong may go."""
        return admin.ModelAdmin.has_delete_permission(self, request, obj)

    def save_model(self, request: HttpRequest, obj: Holiday, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        _say_what_moved(request)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        title = gettext_lazy("Delete a day off")
        holiday = self.get_object(request, object_id)
        context = {"title": title, "subtitle": holiday, **(extra_context or {})}
        return super().delete_view(request, object_id, context)

    def after_deleting(self, request: HttpRequest, obj: Holiday) -> None:
        _say_what_moved(request)

    # ── proposing a year ─────────────────────────────────────────────────────────────────────

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.propose_view)
        return [path("propose/", view, name="requests_app_holiday_propose"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        missing = years_without_holidays()
        this_year = timezone.now().year
        year = missing[0] if missing else this_year + 1
        targets = reverse("admin:requests_app_target_changelist")
        context: dict[str, Any] = {
            "missing": missing,
            "desk_links": [(targets, gettext_lazy("Targets of time"))],
        }
        if self.has_add_permission(request):
            context["year_form"] = YearForm(initial={"year": year})
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def propose_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        url = reverse("admin:requests_app_holiday_changelist")
        form = YearForm(request.POST)
        if not form.is_valid():
            messages.error(request, gettext_lazy("Choose one of the years that are offered."))
            return HttpResponseRedirect(url)
        year = form.cleaned_data["year"]
        _propose(request, year)
        return HttpResponseRedirect(f"{url}?year={year}")


@transaction.atomic
def _propose(request: HttpRequest, year: int) -> None:
    proposed = propose(year)
    added = len(proposed)
    if not added:
        known = gettext_lazy("All days that could be proposed for %(year)s are there already.")
        messages.info(request, known % {"year": year})
        return
    sentence = ngettext(
        "%(count)s day off was added for %(year)s. Check it against the UN list.",
        "%(count)s days off were added for %(year)s. Check them against the UN list.",
        added,
    )
    messages.success(request, sentence % {"count": added, "year": year})
    _say_what_moved(request)
    for holiday in proposed:
        keep(DESK_ADDED, holiday, request.user, {}, columns_of(holiday))


def _say_what_moved(request: HttpRequest) -> None:
    """Bring the due dates up to date, in the transaction of the change."""
    say_moved(request, recompute_due())


def say_moved(request: HttpRequest, moved: int) -> None:
    if moved:
        sentence = ngettext(
            "The due date of %(count)s request has moved.",
            "The due dates of %(count)s requests have moved.",
            moved,
        )
        messages.info(request, sentence % {"count": moved})
