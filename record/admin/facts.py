"""Recognition, operations and meetings on the desk."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from partners.desk import DeskAdmin, in_three_languages
from partners.desk_rows import RowsInline
from partners.desk_seen import SeesWhatIsNew
from record.admin.base import RecordAdmin, languages
from record.models import (
    GlobalMeeting,
    Operation,
    OperationFigure,
    Recognition,
    Series,
)


@admin.register(Recognition)
class RecognitionAdmin(RecordAdmin):
    page = "record:recognition_one"
    list_display = (
        "title_here",
        "symbol",
        "dated_here",
        "state_here",
        "missing_here",
    )
    list_filter = ("state", "category", "confidence")
    fieldsets = (
        (None, {"fields": (("symbol", "adopted_as", "slug"), "category", "position")}),
        languages("title", _("Title")),
        languages("body", _("Body")),
        (_("Date and place"), {"fields": (("effective_on", "precision", "place"), "url")}),
        languages("asks", _("What it asks, in our own words")),
        languages("note", _("Remark")),
    )


class FigureInline(RowsInline):
    model = OperationFigure
    fields = (
        ("measure", "qualifier", "number"),
        ("effective_on", "precision"),
        ("source", "source_url"),
    )


@admin.register(Operation)
class OperationAdmin(RecordAdmin):
    page = "record:operation"
    inlines = (FigureInline,)
    list_display = ("title_here", "series", "lasting_here", "state_here", "missing_here")
    list_select_related = ("series",)
    list_filter = ("state", "series", "confidence")
    fieldsets = (
        (None, {"fields": (("series", "slug"),)}),
        languages("title", _("Name")),
        (_("Dates"), {"fields": (("starts_on", "precision"), ("ends_on", "ends_precision"))}),
        languages("led_by", _("Led by")),
        languages("role", _("Role of ICCWC")),
        languages("remark", _("Remark")),
    )


@admin.register(Series)
class SeriesAdmin(SeesWhatIsNew, DeskAdmin):
    list_display = ("name", "key", "position")
    fields = (("key", "name", "position"), in_three_languages("led_by"), "source")


@admin.register(GlobalMeeting)
class GlobalMeetingAdmin(RecordAdmin):
    page = "record:meeting"
    list_display = ("number", "place", "lasting_here", "state_here")
    search_fields = ("place", "beside")
    fieldsets = (
        (None, {"fields": (("number", "slug"), ("place", "beside"))}),
        (_("Dates"), {"fields": (("starts_on", "precision"), ("ends_on", "ends_precision"))}),
        (_("Participants"), {"fields": (("attendance_qualifier", "attendance"),)}),
        languages("note", _("Remark")),
    )
