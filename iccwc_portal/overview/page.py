"""The page of the overview: choose a period, see the figures."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from iccwc_portal.overview import sections
from requests_app.figures.period import LAST_YEAR, Period
from workflow.forms import IsoDateField

LONGEST = 5 * 366  # days; more months than that nobody reads


class PeriodForm(forms.Form):
    first = IsoDateField(label=gettext_lazy("From"))
    last = IsoDateField(label=gettext_lazy("Until"))
    hide_optional = True

    def clean(self) -> Any:
        said = super().clean() or self.cleaned_data
        first, last = said.get("first"), said.get("last")
        if first and last:
            self._judge(first, last)
        return said

    def _judge(self, first: date, last: date) -> None:
        if first > last:
            self.add_error("last", _("The last day is before the first."))
        elif last - first > timedelta(days=LONGEST):
            self.add_error("first", _("Choose at most five years."))
        elif Period.in_text(str(Period(first, last))) is None:
            self.add_error("last", _("Choose days before the year %d.") % LAST_YEAR)


def overview(request: HttpRequest, site: AdminSite) -> TemplateResponse:
    """What is asked for by ?first=…&last=…, else the last twelve months. Bad days get a sentence,
    and the figures of the usual period."""
    period = Period.of_last_twelve_months()
    form = PeriodForm({"first": period.first, "last": period.last})
    if "first" in request.GET or "last" in request.GET:
        form = PeriodForm(request.GET)
        if form.is_valid():
            period = Period(form.cleaned_data["first"], form.cleaned_data["last"])
    context = {
        **site.each_context(request),
        "title": _("Overview"),
        "form": form,
        "period": period,
        "is_asked": form.is_valid(),
        "sections": sections.every(period, request.user),
        "world": sections.world(period, request.user),
    }
    return TemplateResponse(request, "admin/overview/page.html", context)
