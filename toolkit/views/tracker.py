"""The tracker: the public table as of any day, the moves of those entitled."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from toolkit import asof
from toolkit.forms import TableForm
from toolkit.landmarks import FIRST_DAY, landmarks
from toolkit.models import Implementation
from toolkit.steps import Phase, Step
from toolkit.views import files
from toolkit.views.unchanged import unless_unchanged
from workflow.pages import action_page


@require_safe
@unless_unchanged()
def table(request: HttpRequest) -> HttpResponse:
    form = TableForm(request.GET)
    if not form.is_valid():
        return render(request, "toolkit/table.html", {"form": form}, status=400)
    printed = files.printed(request, form)
    totals = asof.totals(printed.rows, printed.as_of)
    context = {
        "form": form,
        "printed": printed,
        "steps": list(Step),
        "totals": totals,
        "phases": [(phase, totals.by_phase[phase]) for phase in Phase],
        "landmarks": landmarks(),
        "first_day": FIRST_DAY,
        "today": timezone.localdate(),
    }
    return render(request, "toolkit/table.html", context)
