"""One's own account: what it holds, its settings, and where it is signed in."""

from collections import Counter
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.contrib.sessions.models import Session
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from iccwc_portal.account_settings import AccountSettings
from iccwc_portal.devices import in_words
from iccwc_portal.views import remember_language
from partners import second_factor
from partners.models import Mandate
from partners.models.people import today
from partners.sessions import end_sessions


@require_safe
@login_required
def account(request: HttpRequest) -> HttpResponse:
    """What one may do here, how one signs in, and the way to each page that changes it."""
    person: Any = request.user
    context = {
        "mandates": _mandates(person),
        "today": today(),
        "second_factor": _ways_to_sign_in(person),
        "second_factor_missing": second_factor.is_missing(request),
        "sessions": _open_sessions(person).count(),
        "settings": AccountSettings(instance=person).in_words(),
    }
    return render(request, "account/overview.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def settings_page(request: HttpRequest) -> HttpResponse:
    person: Any = request.user
    form = AccountSettings(request.POST or None, instance=person)
    if request.method != "POST" or not form.is_valid():
        return render(request, "account/settings.html", {"form": form})
    form.save()
    with translation.override(person.language):
        messages.success(request, _("Your settings are saved."))
    answer = redirect("account")
    remember_language(answer, person.language)
    return answer


@require_http_methods(["GET", "POST"])
@login_required
@never_cache
def sessions(request: HttpRequest) -> HttpResponse:
    """Where one is signed in; signs out elsewhere, or everywhere."""
    person: Any = request.user
    here = request.session.session_key
    if request.method == "POST" and request.POST.get("where") == "everywhere":
        end_sessions(person)
        logout(request)
        messages.success(request, _("You have signed out everywhere."))
        return redirect("account_login")
    if request.method == "POST":
        end_sessions(person, but=here)
        messages.success(request, _("You are signed in on this device only."))
        return redirect("usersessions_list")
    rows = [
        {"device": in_words(one.user_agent), "is_here": one.session_key == here, "session": one}
        for one in _open_sessions(person)
    ]
    return render(request, "usersessions/usersession_list.html", {"rows": rows})


def _mandates(person: Any) -> "QuerySet[Mandate]":
    """Those that are not over, the resting ones too."""
    held = person.mandates.filter(ended_at=None).exclude(until_on__lt=today())
    return held.select_related("party", "agency", "stands_in_for__user")


def _ways_to_sign_in(person: Any) -> dict[str, int]:
    """How many of each the person has set up; of recovery codes, how many are left."""
    own = list(Authenticator.objects.filter(user_id=person.pk))
    counted = dict(Counter(one.type for one in own))
    codes = [one for one in own if one.type == Authenticator.Type.RECOVERY_CODES]
    left = len(codes[0].wrap().get_unused_codes()) if codes else 0
    return counted | {"recovery_codes": left}


def _open_sessions(person: Any) -> "QuerySet[UserSession]":
    """The newest first, without those that ran out."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    own = UserSession.objects.filter(user_id=person.pk, session_key__in=alive)
    return own.order_by("-last_seen_at")
