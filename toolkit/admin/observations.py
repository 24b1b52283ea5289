"""What documents say, on the desk: entered one by one or from a file, withdrawn, never edited."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from partners.access import OFFICER
from partners.acting import ActingAdmin
from partners.desk import Words, address_of, parties_called
from partners.history_page import name_of_actor
from partners.models import Party
from toolkit.admin.observation_forms import ObservationForm, StatementForm, TotalForm
from toolkit.importing.pages import Place, import_page
from toolkit.models import Observation, PublishedTotal
from toolkit.observing_import import OBSERVATIONS, template
from toolkit.workflow import observe, observe_total
from workflow.executor import allowed_actions, table_of

_DATED = ("effective_on", "precision", "is_approximate", "date_in_source", "source", "source_url")


def _lines(*texts: str) -> SafeString:
    return format_html_join(mark_safe("<br>"), "{}", ((one,) for one in texts if one))


def _withdrawn(statement: Any) -> str:
    return "" if statement.withdrawn_at is None else statement.get_state_display()


class CameBy(admin.SimpleListFilter):
    title = gettext_lazy("how it came in")
    parameter_name = "came"
    _WAYS = {
        "typed": {"event__actor_kind": "user"},
        "imported": {"event__changes__has_key": "file"},
        "loaded": {"event__actor_kind": "system"},
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("typed", _("entered at the desk")),
            ("imported", _("imported from a file")),
            ("loaded", _("loaded with the portal")),
        ]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Any]") -> "QuerySet[Any]":
        found = queryset.filter(**self._WAYS.get(self.value() or "", {}))
        if self.value() == "typed":
            return found.exclude(event__changes__has_key="file")
        return found


class StatementAdmin(ActingAdmin):
    """Statements of documents: to read, to enter, to withdraw."""

    form_to_enter: type[StatementForm]
    enter_title: Words

    @property
    def media(self) -> forms.Media:
        return super().media + forms.Media(css={"all": ["css/statements.css"]})

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return self.model.objects.inside(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return OFFICER(request.user, None)

    def keep(self, said: dict[str, Any], by: Any) -> Any:
        raise NotImplementedError

    def get_urls(self) -> Any:
        act = self.admin_site.admin_view(self.act_view)
        name = f"toolkit_{self.opts.model_name}_act"
        return [path("<int:pk>/actions/<slug:action>/", act, name=name), *super().get_urls()]

    def desk_links(self, request: HttpRequest, obj: Any) -> list[tuple[str, Words]]:
        act = f"admin:toolkit_{self.opts.model_name}_act"
        links: list[tuple[str, Words]] = [
            (reverse(act, args=[obj.pk, one.action]), one.label)
            for one in allowed_actions(obj, request.user)
        ]
        if self.has_add_permission(request):
            add = reverse(f"admin:toolkit_{self.opts.model_name}_add")
            begun = {"written": obj.date_in_source, "instrument": obj.instrument}
            begun |= {"source": obj.source, "source_url": obj.source_url}
            links.append((f"{add}?{urlencode(begun)}", _("Enter another of this document")))
        return links

    def act_view(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        statement = get_object_or_404(self.shown_to(request), pk=pk)
        if action not in table_of(statement).by_action:
            raise Http404
        return self.act(request, statement, action, back=address_of(statement, "change"), told=[])

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        begun = {name: request.GET[name] for name in request.GET}
        form = self.form_to_enter(request.POST if request.method == "POST" else None, initial=begun)
        made = self.keep(form.said, request.user) if form.is_valid() else None
        if made:
            messages.success(request, _("Stored."))
            return redirect(address_of(made, "change"))
        if form.is_bound and form.is_valid():  # somebody stored it between our look and our writing
            form.add_error(None, _("This statement is stored already."))
        context = self.admin_site.each_context(request) | {"opts": self.opts, "form": form}
        context |= {"title": self.enter_title, "button": _("Store"), "warning": self._twin(form)}
        return TemplateResponse(request, "admin/ask.html", context)

    def _twin(self, form: StatementForm) -> str:
        twin = getattr(form, "twin", None)
        if twin is None:
            return ""
        words = _("The one that is stored: %(date)s, %(source)s")
        said = words % {"date": twin.when_in_words, "source": twin.source}
        return format_html('<a href="{}">{}</a>', address_of(twin, "change"), said)

    @admin.display(description=gettext_lazy("as of"), ordering="effective_on")
    def when_here(self, statement: Any) -> str:
        words = statement.when_in_words
        return f"{words} ({_('approximate')})" if statement.is_approximate else words

    @admin.display(description=gettext_lazy("entered"), ordering="event__recorded_at")
    def came_here(self, statement: Any) -> SafeString:
        """Who entered it, when, and from which file."""
        event = statement.event
        moment = date_format(timezone.localtime(event.recorded_at), "DATETIME_FORMAT")
        return _lines(name_of_actor(event), moment, event.changes.get("file", ""))


@admin.register(Observation)
class ObservationAdmin(StatementAdmin):
    list_display = ("party", "says_here", "when_here", "source", "came_here")
    list_select_related = ("party", "event")
    list_filter = ("state", "instrument", "status", CameBy, "effective_on")
    search_fields = ("party__code", "source", "note")
    search_help_text = gettext_lazy("A Party in any language and spelling, a document, or a note")
    fields = (
        "party", "instrument", "status", "step", "when_here", *_DATED[2:], "note", "state",
        "withdrawn_at", "came_here",
    )  # fmt: skip
    readonly_fields = fields
    form_to_enter = ObservationForm
    enter_title = gettext_lazy("Enter an observation from a document")

    def keep(self, said: dict[str, Any], by: Any) -> Observation | None:
        return observe(by=by, **said)

    @admin.display(description=gettext_lazy("what it says"), ordering="status")
    def says_here(self, one: Observation) -> SafeString:
        status = one.get_status_display()
        said = f"{status} ({one.get_step_display()})" if one.step else status
        return _lines(one.get_instrument_display(), said, _withdrawn(one))

    def history_subjects(self, obj: Observation) -> list[Any]:
        return [Party.objects.filter(pk=obj.party_id)]

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        found, doubled = super().get_search_results(request, queryset, search_term)
        if search_term.strip():
            found |= queryset.filter(party__in=parties_called(search_term))
        return found, doubled

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view
        return [
            path("import/", view(self.import_view), name="toolkit_observation_import"),
            path("import/template.csv", view(self.template_view), name="toolkit_observation_csv"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        totals = reverse("admin:toolkit_publishedtotal_changelist")
        links: list[tuple[str, Words]] = [(totals, _("Totals in documents"))]
        if self.has_add_permission(request):
            links.append((reverse("admin:toolkit_observation_import"), OBSERVATIONS.title))
        return super().changelist_view(request, {"desk_links": links, **(extra_context or {})})

    def import_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        frame = self.admin_site.each_context(request)
        back = reverse("admin:toolkit_observation_changelist")
        place = Place(
            importer=OBSERVATIONS,
            target=None,
            about=_("Observations in documents"),
            back=back,
            template_file=reverse("admin:toolkit_observation_csv"),
            frame="admin/toolkit/import.html",
            more=frame | {"opts": self.opts, "title": OBSERVATIONS.title},
        )
        return import_page(request, place)

    @method_decorator(require_safe)
    def template_view(self, request: HttpRequest) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        response = HttpResponse(template(), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="observations.csv"'
        return response


@admin.register(PublishedTotal)
class TotalAdmin(StatementAdmin):
    list_display = ("when_here", "says_here", "source", "came_here")
    list_select_related = ("event",)
    list_filter = ("state", "instrument", "effective_on")
    search_fields = ("text", "source")
    fields = (
        "text", "instrument", "in_all", "complete", "under_way", "is_rough", "when_here",
        *_DATED[2:], "state", "withdrawn_at", "came_here",
    )  # fmt: skip
    readonly_fields = fields
    form_to_enter = TotalForm
    enter_title = gettext_lazy("Enter a total from a document")

    @admin.display(description=gettext_lazy("what it says"), ordering="text")
    def says_here(self, one: PublishedTotal) -> SafeString:
        return _lines(one.get_instrument_display(), one.text, _withdrawn(one))

    def keep(self, said: dict[str, Any], by: Any) -> PublishedTotal | None:
        return observe_total(by=by, **said)
