"""Recognition, operations, meetings and the library on the desk."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from partners.desk import DeskAdmin, in_three_languages
from partners.desk_rows import RowsInline
from partners.desk_seen import SeesWhatIsNew
from record.admin.base import RecordAdmin, languages
from record.models import (
    Document,
    DocumentVersion,
    GlobalMeeting,
    Operation,
    OperationFigure,
    Recognition,
    Series,
    Topic,
)


@admin.register(Recognition)
class RecognitionAdmin(RecordAdmin):
    page = "record:recognition_one"
    list_display = (
        "title_here",
        "symbol",
        "category",
        "effective_on",
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
    list_display = ("title_here", "series", "starts_on", "state_here", "missing_here")
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
    list_display = ("number", "place", "starts_on", "state_here")
    search_fields = ("place", "beside")
    fieldsets = (
        (None, {"fields": (("number", "slug"), ("place", "beside"))}),
        (_("Dates"), {"fields": (("starts_on", "precision"), ("ends_on", "ends_precision"))}),
        (_("Participants"), {"fields": (("attendance_qualifier", "attendance"),)}),
    )


class VersionInline(RowsInline):
    model = DocumentVersion
    fields = (("language", "url", "file"),)


@admin.register(Document)
class DocumentAdmin(RecordAdmin):
    page = "record:document"
    inlines = (VersionInline,)
    list_display = ("title_here", "symbol", "kind", "effective_on", "state_here", "missing_here")
    list_filter = ("state", "kind", "confidence")
    fieldsets = (
        (None, {"fields": (("symbol", "slug", "kind"), ("effective_on", "precision"), "topics")}),
        languages("title", _("Title")),
        languages("note", _("Remark")),
    )


@admin.register(Topic)
class TopicAdmin(SeesWhatIsNew, DeskAdmin):
    list_display = ("name_en", "name_fr", "name_es", "key")
    fields = ("key", in_three_languages("name"))
