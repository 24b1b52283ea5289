"""Activities on the desk."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partners.desk_rows import RowsInline
from record.admin.base import RecordAdmin, languages
from record.admin.origins import NamesOrigins
from record.models import Activity, ActivityPlace


class PlaceInline(RowsInline):
    model = ActivityPlace
    fields = (("party", "name"), ("latitude", "longitude"))


@admin.register(Activity)
class ActivityAdmin(NamesOrigins, RecordAdmin):
    page = "record:activity"
    inlines = (PlaceInline,)
    list_display = ("title_here", "kind", "stage", "lasting_here", "state_here", "missing_here")
    list_filter = ("state", "kind", "stage", "confidence")
    fieldsets = (
        (None, {"fields": (("kind", "stage", "slug"), "support", "agencies")}),
        languages("title", _("Title")),
        (_("Dates"), {"fields": (("starts_on", "precision"), ("ends_on", "ends_precision"))}),
        languages("text", _("Description")),
        (
            _("Where it came from"),
            {
                "fields": (("support_request", "recommendation"),),
                "description": _("Seen by the Secretariat alone, whatever else is public."),
            },
        ),
        (_("Link"), {"fields": ("link",)}),
    )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        imports = [
            (reverse("admin:record_activityimport_changelist"), gettext("Imports from lists"))
        ]
        return super().changelist_view(request, {"desk_links": imports, **(extra_context or {})})
