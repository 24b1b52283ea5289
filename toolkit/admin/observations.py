"""What documents say of Parties, on the desk."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy

from partners.desk import ReadOnlyAdmin, parties_called
from toolkit.models import Observation


@admin.register(Observation)
class ObservationAdmin(ReadOnlyAdmin):
    list_display = ("party", "instrument", "status", "step", "when_here", "source")
    list_select_related = ("party",)
    list_filter = ("instrument", "status", "effective_on")
    search_fields = ("party__code", "source", "note")
    exclude = ("event",)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        found, doubled = super().get_search_results(request, queryset, search_term)
        if search_term.strip():
            found |= queryset.filter(party__in=parties_called(search_term))
        return found, doubled

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Observation]":
        return Observation.objects.visible_to(request.user)

    @admin.display(description=gettext_lazy("as of"), ordering="effective_on")
    def when_here(self, observation: Observation) -> str:
        return observation.when_in_words
