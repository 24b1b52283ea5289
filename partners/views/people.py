"""A Party's people: who acts for it, who is invited, and what its focal point may do about it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partners import granting
from partners.access import standing
from partners.forms import DEPUTY, InviteForm
from partners.granting import rules
from partners.inviting import invite
from partners.models import Invitation, InvitationState, Mandate, Party, Role
from partners.models.people import today
from partners.notices import role_in_words
from partners.renewal import AHEAD
from workflow.errors import InvalidInput, Refused
from workflow.executor import allowed_actions
from workflow.pages import action_page


@dataclass(frozen=True)
class Place:
    """One mandate as the page shows it, with what the reader may do."""

    mandate: Mandate
    role: Any
    may_end: bool
    may_confirm: bool
    rests: bool
    is_due: bool  # to be confirmed within a month


def party_of(request: HttpRequest, iso3: str) -> Party:
    """The Party, for its own people and for the Secretariat; 404 for everybody else."""
    me = standing(request.user)
    party = get_object_or_404(Party.objects.visible_to(request.user), code=iso3.upper())
    if party.pk not in me.all_parties and not me.sees_all:
        raise Http404
    return party


@require_safe
@login_required
def country_people(request: HttpRequest, iso3: str) -> HttpResponse:
    party, actor = party_of(request, iso3), request.user
    places = [_place(one, actor) for one in _mandates(party, actor)]
    manages = rules.is_focal_point(actor, party.pk)
    context = {
        "party": party,
        "acting": [one for one in places if not granting.is_over(one.mandate) and not one.rests],
        "resting": [one for one in places if one.rests],
        "ended": [one for one in places if granting.is_over(one.mandate)],
        "invitations": [
            (one, role_in_words(one), allowed_actions(one, actor)) for one in _invited(party, actor)
        ],
        "manages": manages,
        "sees_addresses": manages or standing(actor).sees_all,
    }
    return render(request, "partners/people.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def country_invite(request: HttpRequest, iso3: str) -> HttpResponse:
    party, actor = party_of(request, iso3), request.user
    if not rules.is_focal_point(actor, party.pk):
        raise PermissionDenied
    with_deputy = rules.in_own_right(actor, party.pk)
    form = InviteForm(request.POST or None, with_deputy=with_deputy)
    if request.method == "POST" and form.is_valid() and _send(form, party, actor):
        sentence = _("The invitation is on its way to %(email)s.")
        messages.success(request, sentence % {"email": form.cleaned_data["email"]})
        return redirect("country_people", iso3=party.code.lower())
    return render(request, "partners/invite.html", {"form": form, "party": party})


def _send(form: InviteForm, party: Party, actor: Any) -> bool:
    said = dict(form.cleaned_data)
    if said["role"] == DEPUTY:
        own = Mandate.objects.in_force().filter(
            user=actor, party=party, role=Role.FOCAL_POINT, stands_in_for=None
        )
        said |= {"role": Role.FOCAL_POINT, "stands_in_for": own.first()}
    try:
        invite(by=actor, party=party, **said)
    except InvalidInput as refusal:
        form.show(refusal)
        return False
    except Refused as refusal:
        form.add_error(None, refusal.sentence)
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def mandate_end(request: HttpRequest, iso3: str, mandate: int) -> HttpResponse:
    party = party_of(request, iso3)
    ending = get_object_or_404(_mandates(party, request.user), pk=mandate)
    if not rules.may_end(request.user, ending):
        raise PermissionDenied
    words = {
        "title": _("End this mandate"),
        "warning": _("This person can do nothing more for your Party, from this moment."),
        "button": _("End now"),
        "warns": True,
    }
    return _ask_or_do(request, party, ending, granting.end_mandate, words, _("It has ended."))


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def mandate_confirm(request: HttpRequest, iso3: str, mandate: int) -> HttpResponse:
    party = party_of(request, iso3)
    confirmed = get_object_or_404(_mandates(party, request.user), pk=mandate)
    if not rules.may_confirm(request.user, confirmed):
        raise PermissionDenied
    words = {
        "title": _("Confirm this mandate"),
        "warning": _("This person goes on for a year from today."),
        "button": _("Confirm for a year"),
    }
    return _ask_or_do(request, party, confirmed, granting.confirm, words, _("It is confirmed."))


def _ask_or_do(
    request: HttpRequest, party: Party, mandate: Mandate, do: Any, words: dict[str, Any], done: str
) -> HttpResponse:
    back = reverse("country_people", args=[party.code.lower()])
    if request.method != "POST":
        about = {"party": party, "mandate": mandate, "role": role_in_words(mandate), "back": back}
        return render(request, "partners/confirm.html", about | words)
    try:
        do(mandate, by=request.user)
    except Refused as refusal:
        messages.error(request, refusal.sentence)
    else:
        messages.success(request, f"{mandate.user}: {done}")
    return redirect(back)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def invitation_action(request: HttpRequest, iso3: str, pk: int, action: str) -> HttpResponse:
    party = party_of(request, iso3)
    visible = Invitation.objects.visible_to(request.user).filter(party=party)
    invitation = get_object_or_404(visible.select_related("party", "invited_by"), pk=pk)
    back = reverse("country_people", args=[party.code.lower()])
    return action_page(request, invitation, action, about=str(invitation), back=back)


# ── what is shown ────────────────────────────────────────────────────────────────────────────


def _mandates(party: Party, actor: Any) -> "QuerySet[Mandate]":
    """Those in force, resting or to come, and those that ended within a year."""
    visible = Mandate.objects.visible_to(actor).filter(party=party)
    a_year_ago = timezone.now() - timedelta(days=365)
    return (
        visible.select_related("user", "party", "stands_in_for__user")
        .exclude(ended_at__lt=a_year_ago)
        .exclude(until_on__lt=a_year_ago.date())
        .order_by("role", "user__name", "pk")
    )


def _invited(party: Party, actor: Any) -> "QuerySet[Invitation]":
    """Open ones, and those that ran out and can be sent again."""
    sent = Invitation.objects.visible_to(actor).filter(party=party, state=InvitationState.SENT)
    return sent.select_related("party", "invited_by", "stands_in_for")


def _place(mandate: Mandate, actor: Any) -> Place:
    over = granting.is_over(mandate)
    due = not over and mandate.confirm_by <= today() + AHEAD and not mandate.stands_in_for_id
    return Place(
        mandate=mandate,
        role=role_in_words(mandate),
        may_end=not over and rules.may_end(actor, mandate),
        may_confirm=due and rules.may_confirm(actor, mandate),
        rests=granting.rests(mandate),
        is_due=due,
    )
