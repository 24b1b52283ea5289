"""Imports of activities on the desk: a file is read, its questions are answered, its good rows are
taken over, and what came of them is published; each by a yes of its own."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from partners.access import OFFICER
from partners.acting import ActingAdmin
from partners.desk import Words, address_of
from partners.spreadsheets import in_lines, in_the_readers_words
from record.admin.import_forms import ReadForm, answer_in
from record.admin.import_page import context_of
from record.importing.answering import answer
from record.importing.carrying import begin
from record.importing.places import Names, called
from record.importing.reading import (
    A_FEW_TO_READ,
    AT_ONCE,
    begin_to_read,
    in_pieces,
    look_through,
)
from record.importing.sentences import sentences
from record.models import ActivityImport, ImportFile, ImportRow, ImportState, Verdict
from workflow.errors import Refused
from workflow.executor import allowed_actions, table_of

_TONES = {ImportState.WAITING: "attention", ImportState.TAKEN: "good", ImportState.DROPPED: "ended"}
# Headings that the reader knows, so that what is mended can be sent again.
_AS_WRITTEN = (
    "place", "description", "kind", "stage", "link", "visible", "longitude", "latitude",
)  # fmt: skip


@admin.register(ActivityImport)
class ImportAdmin(ActingAdmin):
    list_display = ("name", "source", "state_here", "made_by", "made_at")
    list_select_related = ("made_by",)
    list_filter = ("state",)
    search_fields = ("name", "source")

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view
        one, name = "<int:pk>/", "record_activityimport"
        return [
            path("read/", view(self.read_view), name=f"{name}_read"),
            path(f"{one}answers/", view(self.answer_view), name=f"{name}_answer"),
            path(f"{one}left.csv", view(self.left_view), name=f"{name}_left"),
            path(f"{one}actions/<slug:action>/", view(self.act_view), name=f"{name}_act"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        links: list[tuple[str, Words]] = []
        if OFFICER(request.user, None):
            links = [(reverse("admin:record_activityimport_read"), _("Import activities"))]
        return super().changelist_view(request, {"desk_links": links, **(extra_context or {})})

    def read_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for a file and judge its rows; nothing of it becomes an activity."""
        if not OFFICER(request.user, None):
            raise PermissionDenied
        is_sent = request.method == "POST"
        form = ReadForm(request.POST, request.FILES) if is_sent else ReadForm()
        if is_sent and form.is_valid():
            said = {name: form.cleaned_data[name] for name in ("source", "source_url", "star")}
            return self._read(request, form, said)
        context = self.admin_site.each_context(request) | {"opts": self.opts, "form": form}
        context |= {"title": _("Import activities"), "button": _("Read the file")}
        page = "admin/record/import_read.html"
        return TemplateResponse(request, page, context, status=400 if form.errors else 200)

    def _read(self, request: HttpRequest, form: ReadForm, said: Mapping[str, str]) -> HttpResponse:
        """At once what is short; a long list by a worker, and its page says how far it is."""
        is_long = form.opened.count > A_FEW_TO_READ
        later = form.content if is_long else b""
        batch = look_through(form.opened, by=request.user, later=later, **said)
        if is_long:
            begin_to_read(batch)
            sentence = _("The file is here and is being read. Nothing is taken over yet.")
        else:
            sentence = _("The file was read. Nothing is taken over yet.")
        messages.success(request, sentence)
        return redirect(address_of(batch, "change"))

    def get_queryset(self, request: HttpRequest) -> Any:
        kept = ImportFile.objects.filter(batch=OuterRef("pk"))
        return super().get_queryset(request).annotate(is_being_read=Exists(kept))

    @method_decorator(require_safe)
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        batch = get_object_or_404(self.shown_to(request), pk=_number(object_id))
        return self._look(request, batch, {})

    def _look(
        self, request: HttpRequest, batch: ActivityImport, wrong: Mapping[str, str]
    ) -> HttpResponse:
        is_open = batch.state != ImportState.DROPPED and batch.read_at is not None
        may_answer = OFFICER(request.user, None) and is_open
        context = self.admin_site.each_context(request)
        context |= context_of(request, batch, may_answer, wrong)
        context |= {
            "title": _("Import of activities"),
            "subtitle": batch.name,
            "opts": self.opts,
            "actions": allowed_actions(batch, request.user),
            "history_page": address_of(batch, "history"),
        }
        status = 400 if wrong else 200
        return TemplateResponse(request, "admin/record/import.html", context, status=status)

    @method_decorator(require_POST)
    def answer_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = get_object_or_404(self.shown_to(request), pk=pk)
        if not OFFICER(request.user, None):
            raise PermissionDenied
        key, (value, error) = request.POST.get("key", ""), answer_in(request, Names.now())
        if not error:
            try:
                keep = "keep" in request.POST
                count = answer(batch, key, value, by=request.user, keep_spelling=keep)
            except Refused as refused:
                error = refused.in_one
        if error:
            typed = {
                "chosen": request.POST.get("answer", ""),
                "typed": request.POST.get("party", ""),
            }
            return self._look(request, batch, {"key": key, "error": error, **typed})
        sentence = ngettext(
            "Answered: %(count)d row was judged again.",
            "Answered: %(count)d rows were judged again.",
            count,
        )
        messages.success(request, sentence % {"count": count})
        return redirect(address_of(batch, "change"))

    def act_view(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        batch = get_object_or_404(self.shown_to(request), pk=pk)
        if action not in table_of(batch).by_action:
            raise Http404
        back = address_of(batch, "change")
        response = self.act(request, batch, action, back=back, told=[])
        if request.method == "POST" and response.status_code == 302:  # noqa: PLR2004 - it was done
            begin(batch)
        return response

    @method_decorator(require_safe)
    def left_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The rows that are not taken over and why, with their cells, to be mended."""
        batch = get_object_or_404(self.shown_to(request), pk=pk)
        response = StreamingHttpResponse(
            in_the_readers_words(_left_of(batch)), content_type="text/csv; charset=utf-8"
        )
        response["Content-Disposition"] = f'attachment; filename="import-{batch.pk}-left.csv"'
        return response  # type: ignore[return-value]  # both are answers

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_here(self, batch: ActivityImport) -> SafeString:
        tone = _TONES[ImportState(batch.state)]
        words: Words = batch.get_state_display()
        if batch.state != ImportState.DROPPED and batch.read_at is None:
            being_read = batch.is_being_read  # type: ignore[attr-defined]  # of get_queryset
            words = _("is being read") if being_read else _("reading broke off: send it again")
        return format_html('<span class="status status--{}">{}</span>', tone, words)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):  # noqa: PLR2004 - of the column
        raise Http404
    return int(text)


def _left_of(batch: ActivityImport) -> Iterator[bytes]:
    names = called()
    left = [Verdict.REFUSED, Verdict.ASKED, Verdict.KNOWN]
    rows = ImportRow.objects.filter(batch=batch, verdict__in=left).order_by("number", "part")
    head = ["Row", "Part", "Verdict", "Why", *(name.capitalize() for name in _AS_WRITTEN)]
    yield in_lines([head]).encode()
    for piece in in_pieces(rows.iterator(chunk_size=AT_ONCE), AT_ONCE):
        yield in_lines(_left(row, names) for row in piece).encode()


def _left(row: ImportRow, names: Mapping[str, str]) -> list[Any]:
    why = " ".join(sentences(row.reasons, names))
    cells = [row.said.get(name, "") for name in _AS_WRITTEN]
    return [row.number, row.part, row.get_verdict_display(), why, *cells]
