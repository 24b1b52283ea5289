"""The pages of the frame: home, about, partners, contact, language."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from iccwc_portal.api_problems import is_of_api, refusal
from partners.access import standing
from partners.models import Agency, User
from record.models import Activity, NewsItem
from requests_app.models import Support
from requests_app.typed import in_readable_words
from toolkit import asof
from toolkit import map as tracker_map


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    rows = asof.table(request.user, today)
    dates = [fact.effective_on for row in rows for fact in row.facts.values()]
    context = {
        "totals": asof.totals(rows, today),
        "tracker_map": tracker_map.of(rows, today),
        "latest_entry": max(dates, default=None),
        "agencies": Agency.objects.visible_to(request.user),
        "supports": Support.objects.visible_to(request.user).on_offer(),
        "activities": Activity.objects.visible_to(request.user).count(),
        "news": NewsItem.objects.visible_to(request.user).order_by("-dated_on", "-pk")[:3],
        "today": today,
        "hide_breadcrumbs": True,
    }
    return render(request, "portal/home.html", context)


@require_safe
@login_required
def start(request: HttpRequest) -> HttpResponse:
    """Where somebody who has signed in begins: the room that their mandates open."""
    me = standing(request.user)
    if me.sees_all:
        return redirect("admin:index")
    if me.parties:
        return redirect("my_country")
    # The page of the account says that there is no mandate.
    return redirect("inbox:list" if me.agencies else "account")


@require_safe
def partners(request: HttpRequest) -> HttpResponse:
    agencies = Agency.objects.visible_to(request.user).prefetch_related("figures")
    return render(request, "portal/partners.html", {"agencies": agencies})


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    agencies = list(Agency.objects.visible_to(request.user))
    secretariat = next((one for one in agencies if one.is_coordinator), None)
    context = {"agencies": agencies, "secretariat": secretariat}
    return render(request, "portal/about.html", context)


@require_safe
def contact(request: HttpRequest) -> HttpResponse:
    visible = Agency.objects.visible_to(request.user)
    secretariat = visible.filter(is_coordinator=True).first()
    return render(request, "portal/contact.html", {"secretariat": secretariat})


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Read on in another language, on this device and, when signed in, in the account."""
    code = request.POST.get("language", "")
    if code not in dict(settings.LANGUAGES):
        return HttpResponseBadRequest(_("The portal does not speak this language."))
    if isinstance(request.user, User):
        User.objects.filter(pk=request.user.pk).update(language=code)
    answer = redirect(_local(request, request.POST.get("next", "")) or "home")
    remember_language(answer, code)
    return answer


def remember_language(answer: HttpResponse, code: str) -> None:
    """For this device, also while nobody is signed in on it."""
    answer.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        code,
        max_age=60 * 60 * 24 * 365,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_of_api(request):
        return refusal(request, "malformed", _("The address cannot be read."))
    # Django gives up at a part of a form whose head is longer than 1,024 bytes: only the name of
    # a file can make it so long.
    long_name = isinstance(exception, MultiPartParserError) and "header size" in str(exception)
    return render(request, "400.html", {"file_name_is_too_long": long_name}, status=400)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if is_of_api(request):
        return refusal(request, "not_found", _("There is nothing here that you can see."))
    return render(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The reader's page was too old, or cookies are off; nothing was changed.

    What was typed on a page of ours is shown, to be copied; of a page elsewhere nothing is.
    """
    referer = _local(request, request.headers.get("referer", ""))
    context = {
        "title": _("This page was open for too long"),
        "back": referer or reverse("home"),
        "typed": in_readable_words(request.POST) if referer and _holds_texts(request) else [],
    }
    return render(request, "403_csrf.html", context, status=403)


def _holds_texts(request: HttpRequest) -> bool:
    """Not so the pages for signing in: what is typed there is secret."""
    return request.path.startswith(("/requests/", "/inbox/", "/country/"))


def _local(request: HttpRequest, address: str) -> str:
    """The address if it leads into this site, else nothing."""
    is_ours = url_has_allowed_host_and_scheme(
        address, {request.get_host()}, require_https=request.is_secure()
    )
    return address if is_ours else ""
