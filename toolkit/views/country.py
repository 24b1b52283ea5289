"""My country: a Party's requests, its Toolkit cycle, its action plan and its people."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from partners.access import standing
from partners.kept_text import as_initial, keeps_typed_text
from partners.models import Party, Role
from partners.naming import in_readers_order
from toolkit import country, documents, waiting
from toolkit.entries import entries
from toolkit.models import Recommendation
from toolkit.timeline import about_recommendation
from workflow.executor import allowed_actions, can
from workflow.pages import action_page


@never_cache
@require_safe
@login_required
def my_country(request: HttpRequest) -> HttpResponse:
    """On to the reader's Party; who acts for several chooses."""
    mine = Party.objects.filter(pk__in=standing(request.user).all_parties)
    parties = in_readers_order(mine)
    if not parties:
        raise Http404
    if len(parties) == 1:
        return redirect("country", parties[0].code.lower())
    return render(request, "toolkit/my_country.html", {"parties": parties})


@never_cache
@require_safe
@login_required
def country_page(request: HttpRequest, iso3: str) -> HttpResponse:
    """For the people of the Party and the Secretariat; nobody else learns that it is there."""
    me, actor = standing(request.user), request.user
    party = get_object_or_404(Party, code=iso3.upper())
    if party.pk not in me.all_parties and not me.sees_all:
        raise Http404
    cycles = country.cycles_of(party, actor)
    tasks, settled = country.tasks_of(cycles, actor)
    requests = country.requests_of(party, actor)
    drafts_for = me.parties.get(Role.FOCAL_POINT, frozenset()) | me.parties.get(
        Role.CONTRIBUTOR, frozenset()
    )
    context = {
        "party": party,
        "requests": requests,
        "unread": sum(row.unread for row in requests),
        "cycle": cycles[0] if cycles else None,
        "publication": country.about_publication(cycles[0], actor) if cycles else [],
        "plans": cycles,
        "proposals": waiting.of_party(party.pk, actor),
        "earlier_cycles": len(cycles) > 1,
        "tasks": tasks,
        "settled": settled,
        "people": country.people_of(party),
        "may_begin": party.pk in drafts_for,
        "own": party.pk in me.all_parties,
    }
    return render(request, "toolkit/country.html", context)


def _inside(request: HttpRequest, iso3: str, pk: int) -> Recommendation:
    """With every word of it: what the public reads of a plan stands on the tracker's pages."""
    inside = Recommendation.objects.inside(request.user).select_related(
        "implementation__party",
        "implementation__lead_agency",
        "superseded_by__implementation__party",
    )
    return get_object_or_404(inside, pk=pk, implementation__party__code=iso3.upper())


def _about(recommendation: Recommendation) -> str:
    return _("%(party)s, recommendation %(number)d") % {
        "party": recommendation.implementation.party.name,
        "number": recommendation.number,
    }


@never_cache
@require_safe
@login_required
def recommendation_page(request: HttpRequest, iso3: str, pk: int) -> HttpResponse:
    recommendation = _inside(request, iso3, pk)
    implementation = recommendation.implementation
    me = standing(request.user)
    events = list(about_recommendation(recommendation, request.user))
    context = {
        "recommendation": recommendation,
        "about": _about(recommendation),
        "implementation": implementation,
        "party": implementation.party,
        "actions": allowed_actions(recommendation, request.user),
        "is_late": recommendation.is_overdue(timezone.now().date()),
        "due_changes": country.due_changes(events),
        "replaces": country.replaced_by(recommendation, request.user),
        "requests": country.requests_grown_from(recommendation, request.user),
        "documents": documents.visible_of(implementation, request.user).filter(
            recommendation=recommendation
        ),
        "may_open": can(request.user, "open_document", implementation),
        "timeline": entries(events, request.user),
        "sees_country": implementation.party_id in me.all_parties or me.sees_all,
    }
    return render(request, "toolkit/recommendation.html", context)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed_text
def recommendation_action(request: HttpRequest, iso3: str, pk: int, action: str) -> HttpResponse:
    recommendation = _inside(request, iso3, pk)
    answer = action_page(
        request,
        recommendation,
        action,
        about=_about(recommendation),
        back=recommendation.get_absolute_url(),
        initial=as_initial(request),
    )
    if action == "ask_support" and answer.status_code == HTTPStatus.FOUND:
        # Done: on to the draft, which is there to be written.
        draft = recommendation.support_requests.latest("pk")
        return redirect("requests:edit", draft.handle)
    return answer
