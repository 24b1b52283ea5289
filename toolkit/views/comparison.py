"""Two assessments of a Party compared: as confidential as they are."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partners.access import standing
from partners.desk import id_in
from toolkit.framework import chart
from toolkit.framework.comparison import compare as compared
from toolkit.models import Assessment, AssessmentState
from toolkit.views.assessments import party_of


@never_cache
@require_safe
@login_required
def compare(request: HttpRequest, iso3: str) -> HttpResponse:
    """?a=&b=: the numbers of two assessments. What cannot be compared is said in a sentence."""
    party, me = party_of(iso3), standing(request.user)
    rows = list(_inside(request, party))
    own = party.pk in me.all_parties
    if not (own or me.sees_all or rows):
        raise Http404
    chosen = [id_in(request.GET.get(name, "")) for name in ("a", "b")]
    context: dict[str, Any] = {
        "party": party,
        "rows": rows,
        "sees_country": own or me.sees_all,
        "chosen_a": chosen[0],
        "chosen_b": chosen[1],
    }
    if "a" not in request.GET and "b" not in request.GET:
        return render(request, "toolkit/assessments/compare.html", context)
    by_id = {one.pk: one for one in rows}
    one, other = (by_id.get(pk or 0) for pk in chosen)
    if one is None or other is None or one == other:
        context["refusal"] = _("Choose two different assessments from the list.")
        return render(request, "toolkit/assessments/compare.html", context, status=400)
    found = compared(one, other)
    context |= {
        "comparison": found,
        "charts": list(filter(None, [chart.means(found.groups), chart.present(found.groups)])),
    }
    return render(request, "toolkit/assessments/compare.html", context)


def _inside(request: HttpRequest, party: Any) -> Any:
    inside = Assessment.objects.inside(request.user).filter(party=party, edition__isnull=False)
    return inside.exclude(state=AssessmentState.DISCARDED).select_related("edition", "lead_agency")
