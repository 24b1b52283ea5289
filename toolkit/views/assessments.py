"""Assessments of a Party: its own people write them; after submission the Secretariat and the lead
agency read them too. For everybody else none of these pages is there."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from partners.access import DRAFTER, standing
from partners.kept_text import as_initial, keeps_typed_text
from partners.models import Party
from toolkit import assessing
from toolkit.assessment_pages import outcomes_of, scored
from toolkit.entries import entries
from toolkit.models import Assessment, Edition
from toolkit.timeline import about_assessment
from toolkit.workflow.assessments import ASSESSMENTS, begin
from workflow.doors import attempt, status_of
from workflow.errors import InvalidInput
from workflow.executor import allowed_actions, can
from workflow.forms import ActionForm, action_form
from workflow.pages import action_page


def party_of(iso3: str) -> Party:
    return get_object_or_404(Party, code=iso3.upper())


def found(request: HttpRequest, iso3: str, pk: int) -> Assessment:
    """One that the reader may read inside; nobody else learns that it is there."""
    inside = Assessment.objects.inside(request.user).select_related(
        "party", "edition", "lead_agency", "implementation__party"
    )
    one: Assessment = get_object_or_404(inside, pk=pk, party__code=iso3.upper())
    return one


@never_cache
@require_safe
@login_required
def assessment_list(request: HttpRequest, iso3: str) -> HttpResponse:
    party, me = party_of(iso3), standing(request.user)
    inside = Assessment.objects.inside(request.user).filter(party=party)
    rows = list(inside.select_related("lead_agency", "edition"))
    own = party.pk in me.all_parties
    if not (own or me.sees_all or rows):
        raise Http404
    context = {
        "party": party,
        "rows": rows,
        "own": own,
        "sees_country": own or me.sees_all,
        "may_begin": DRAFTER(request.user, Assessment(party=party)),
        "comparable": [one for one in rows if one.edition_id and one.state != "discarded"],
    }
    return render(request, "toolkit/assessments/list.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed_text
def assessment_begin(request: HttpRequest, iso3: str) -> HttpResponse:
    """The head of a new assessment: for focal points and contributors of the Party."""
    party = party_of(iso3)
    draft = Assessment(party=party)
    if not DRAFTER(request.user, draft):
        raise Http404
    edit = ASSESSMENTS.by_action["edit"]
    if request.method == "POST":
        form = _with_nothing(action_form(edit, draft, request.POST))
        made = _begun(form, party, request.user)
        if made:
            messages.success(request, _("The draft is stored. Answer the indicators next."))
            return redirect(assessing.page_of(made, party))
    else:
        form = _with_nothing(action_form(edit, draft, initial=as_initial(request)))
    usable = Edition.objects.usable().exists()
    context = {"form": form, "party": party, "usable": usable}
    return render(request, "toolkit/assessments/begin.html", context)


def _begun(form: ActionForm, party: Party, by: Any) -> Assessment | None:
    if not form.is_valid():
        return None
    try:
        return begin(party, by=by, said=form.said)
    except InvalidInput as refusal:
        for name, sentences in refusal.fields.items():
            form.add_error(name, list(sentences))
        return None


def _with_nothing(form: ActionForm) -> ActionForm:
    """A choice that may be left out can also be taken back."""
    for one in form.transition.inputs:
        field: Any = form.fields[one.name]
        if not one.required and one.name in {"edition", "lead_agency", "implementation"}:
            field.choices = [("", _("None of these")), *(c for c in field.choices if c[0])]
            form.initial[one.name] = form.initial.get(one.name) or ""
    return form


@never_cache
@require_safe
@login_required
def assessment_page(request: HttpRequest, iso3: str, pk: int) -> HttpResponse:
    one = found(request, iso3, pk)
    me, actions = standing(request.user), allowed_actions(one, request.user)
    sections = outcomes_of(one)
    context = {
        "assessment": one,
        "party": one.party,
        "sees_country": one.party_id in me.all_parties or me.sees_all,
        "agencies": one.agencies.all(),
        "sections": sections,
        "answered": sum(section.answered for section in sections),
        "count": sum(len(section.rows) for section in sections),
        "may_score": any(action.action == "score" for action in actions),
        "actions": [action for action in actions if action.action != "score"],
        "others": _others(request, one),
        "timeline": entries(about_assessment(one, request.user), request.user),
    }
    return render(request, "toolkit/assessments/assessment.html", context)


def _others(request: HttpRequest, one: Assessment) -> list[Assessment]:
    """With which it can be compared."""
    if one.edition_id is None:
        return []
    inside = Assessment.objects.inside(request.user).filter(party=one.party_id)
    return list(inside.filter(edition__isnull=False).exclude(pk=one.pk).exclude(state="discarded"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def assessment_action(request: HttpRequest, iso3: str, pk: int, action: str) -> HttpResponse:
    """Every action but `score`, which has pages of its own; `edit` has the form of beginning."""
    one = found(request, iso3, pk)
    if action == "score":
        raise Http404
    if action == "edit" and can(request.user, "edit", one):
        return _edit(request, one)
    return action_page(request, one, action, about=about(one), back=assessing.page_of(one))


def _edit(request: HttpRequest, one: Assessment) -> HttpResponse:
    """The head of a draft. A page that comes too late keeps what was typed."""
    edit = ASSESSMENTS.by_action["edit"]
    data = request.POST if request.method == "POST" else None
    form = _with_nothing(action_form(edit, one, data))
    if data is not None and attempt(form, by=request.user):
        messages.success(request, f"{edit.done}.")
        return redirect(assessing.page_of(one))
    context = {"form": form, "party": one.party, "usable": True, "assessment": one}
    return render(request, "toolkit/assessments/begin.html", context, status=status_of(form))


def about(one: Assessment) -> str:
    said = {"party": one.party.name, "day": one.when_in_words}
    return _("%(party)s, assessment of %(day)s") % said


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed_text
def assessment_scores(request: HttpRequest, iso3: str, pk: int, number: int) -> HttpResponse:
    """The indicators of one outcome; they are stored page by page."""
    one = found(request, iso3, pk)
    return scored(request, one, number, about=about(one), address=_scores_at)


def _scores_at(one: Assessment, number: int) -> str:
    return reverse("country_assessment_scores", args=[one.party.code.lower(), one.pk, number])
