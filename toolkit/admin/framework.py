"""The Indicator Framework on the desk: its editions, and how their official titles are loaded."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from partners.access import LEAD
from partners.desk import ReadOnlyAdmin, address_of
from toolkit.framework.editions import EditionForm, add_edition
from toolkit.framework.importer import FRAMEWORK
from toolkit.framework.template import framework_template, loaded_edition
from toolkit.importing.pages import Place, import_page
from toolkit.models import Edition
from workflow.errors import InvalidInput

_NAME = "toolkit_edition"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=_XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return response


@admin.register(Edition)
class EditionAdmin(ReadOnlyAdmin):
    list_display = ("name", "key", "is_complete", "titled_here", "loaded_at")
    search_fields = ("name", "key")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Edition]":
        editions = Edition.objects.visible_to(request.user)
        return editions.annotate(
            titled=Count("indicators", filter=~Q(indicators__title_en="")),
            titled_fr=Count("indicators", filter=~Q(indicators__title_fr="")),
            titled_es=Count("indicators", filter=~Q(indicators__title_es="")),
        )

    def has_add_permission(self, request: HttpRequest) -> bool:
        return LEAD(request.user, None)

    @admin.display(description=gettext_lazy("indicators with their title"))
    def titled_here(self, edition: Any) -> int:
        return int(edition.titled)

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view
        return [
            path("template.xlsx", view(self.template_view), name=f"{_NAME}_template"),
            path("<int:pk>/indicators.xlsx", view(self.workbook_view), name=f"{_NAME}_workbook"),
            path("<int:pk>/import/", view(self.import_view), name=f"{_NAME}_import"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        links = [(reverse(f"admin:{_NAME}_template"), _("Download the template"))]
        return super().changelist_view(
            request, extra_context={**(extra_context or {}), "desk_links": links}
        )

    def _found(self, request: HttpRequest, pk: Any) -> Any:
        if not self.has_view_permission(request):
            raise PermissionDenied
        is_number = str(pk).isascii() and str(pk).isdigit()
        return get_object_or_404(self.get_queryset(request), pk=pk if is_number else 0)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """The instrument to read: what is loaded, and how the rest is."""
        if request.method not in {"GET", "HEAD"}:
            return HttpResponseNotAllowed(["GET", "HEAD"])
        edition = self._found(request, object_id)
        context = {
            **self.admin_site.each_context(request),
            "title": str(edition),
            "opts": self.opts,
            "edition": edition,
            "indicators": edition.indicators.select_related("outcome"),
            "outcomes": edition.outcomes.count(),
            "may_load": self.has_add_permission(request) and not edition.is_complete,
            "history_page": address_of(edition, "history"),
        }
        return TemplateResponse(request, "admin/toolkit/edition.html", context)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = EditionForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                made = add_edition(form.cleaned_data, request.user)
            except InvalidInput as refusal:
                for name, sentences in refusal.fields.items():
                    form.add_error(name, list(sentences))
            else:
                messages.success(request, _("Stored. Load its indicators next."))
                return redirect(address_of(made, "change"))
        context = self.admin_site.each_context(request) | {"opts": self.opts, "form": form}
        context |= {"title": _("Add an edition"), "button": _("Store")}
        context["back"] = reverse(f"admin:{_NAME}_changelist")
        context["subtitle"] = _("Editions of the Indicator Framework")
        return TemplateResponse(request, "admin/ask.html", context)

    def import_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """For leads: a complete edition never changes, so that loading cannot be undone."""
        edition = self._found(request, pk)
        if not self.has_add_permission(request):
            raise PermissionDenied
        frame = self.admin_site.each_context(request)
        place = Place(
            importer=FRAMEWORK,
            target=edition,
            about=str(edition),
            back=address_of(edition, "change"),
            template_file=reverse(f"admin:{_NAME}_template"),
            frame="admin/toolkit/import.html",
            more=frame | {"opts": self.opts, "title": FRAMEWORK.title, "subtitle": str(edition)},
        )
        return import_page(request, place)

    @method_decorator(require_safe)
    def template_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        return as_workbook(framework_template(), "indicator-framework")

    @method_decorator(require_safe)
    def workbook_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        edition = self._found(request, pk)
        return as_workbook(loaded_edition(edition), f"indicator-framework-{edition.key}")
