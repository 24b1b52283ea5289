"""The pages of the report: asked for on a form, read, printed and downloaded."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import translation
from django.utils.translation import gettext as _

from iccwc_portal.report.as_docx import docx
from iccwc_portal.report.as_pdf import pdf
from iccwc_portal.report.asking import ReportForm
from iccwc_portal.report.document import Document
from iccwc_portal.report.parts import report
from outbox.models import Message

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def urls(site: Any) -> list[Any]:
    """Four addresses of the desk, under report/."""

    def page(view: Callable[..., HttpResponse]) -> Any:
        return site.admin_view(view)

    return [
        path("report/", page(lambda request: ask(request, site)), name="report"),
        path("report/document.html", page(as_html), name="report_html"),
        path("report/document.pdf", page(as_pdf), name="report_pdf"),
        path("report/document.docx", page(as_docx), name="report_docx"),
    ]


def ask(request: HttpRequest, site: Any) -> HttpResponse:
    """The form; once it is filled in, the addresses of the document."""
    form = ReportForm(request.GET if request.GET else None)
    context = site.each_context(request) | {
        "title": _("Report for the Standing Committee"),
        "opts": Message._meta,
        "form": form,
    }
    if form.is_bound and form.is_valid():
        context["links"] = [
            (words, f"{reverse(f'admin:report_{name}')}?{form.address}")
            for name, words in (
                ("html", _("To read and to print (HTML)")),
                ("pdf", _("PDF")),
                ("docx", _("Word (DOCX)")),
            )
        ]
    status = 400 if form.is_bound and not form.is_valid() else 200
    return TemplateResponse(request, "admin/report/ask.html", context, status=status)


def as_html(request: HttpRequest) -> HttpResponse:
    def page(document: Document) -> HttpResponse:
        with translation.override(document.language):
            return render(request, "report/document.html", {"document": document})

    return _answer(request, page)


def as_pdf(request: HttpRequest) -> HttpResponse:
    return _answer(request, lambda one: _file(f"{one.name}.pdf", pdf(one), "application/pdf"))


def as_docx(request: HttpRequest) -> HttpResponse:
    return _answer(request, lambda one: _file(f"{one.name}.docx", docx(one), _WORD))


def _answer(request: HttpRequest, make: Callable[[Document], HttpResponse]) -> HttpResponse:
    """The document that the address asks for; what is wrong with it is said on the form."""
    form = ReportForm(request.GET)
    if not form.is_valid():
        return redirect(f"{reverse('admin:report')}?{request.GET.urlencode()}")
    return make(report(request.user, form.asked))


def _file(name: str, content: bytes, kind: str) -> HttpResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=kind, headers=disposition)
