"""Which implementations a figure counts, and from which events that follows."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from toolkit.forms import TableForm
from toolkit.tracing import Figure, counted, evidence
from toolkit.views.files import printed
from toolkit.views.unchanged import unless_unchanged


@require_safe
@unless_unchanged()
def figure(request: HttpRequest, name: str) -> HttpResponse:
    if name not in Figure.values:
        raise Http404
    context: dict[str, Any] = {"figure": Figure(name), "figures": list(Figure)}
    form = TableForm(request.GET)
    if not form.is_valid():
        return render(request, "toolkit/figure.html", {**context, "form": form}, status=400)
    table = printed(request, form)
    rows = counted(table.rows, name)
    context |= {"form": form, "printed": table, "rows": evidence(rows, request.user)}
    return render(request, "toolkit/figure.html", context)
