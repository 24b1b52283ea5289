"""An invitation: read by GET, accepted by POST, and never without a way on."""

from enum import StrEnum
from typing import Any

from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import translation
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from partners.forms import NewAccountForm
from partners.inviting import ask_again, person_at
from partners.links import Bearer, NewAccount, find, holds_link
from partners.models import Invitation, InvitationState, User
from partners.notices import role_in_words
from workflow.errors import Refused
from workflow.executor import perform


class Stand(StrEnum):
    """How a reader of the link stands to the invitation, and so what the page offers."""

    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"  # sent again since: only the newest link works
    EXPIRED = "expired"
    CLOSED = "closed"  # the account with that address is closed
    OTHER = "other"  # signed in as somebody else
    SIGN_IN = "sign_in"
    READY = "ready"  # signed in as the invited person
    NEW = "new"  # no account yet


_GONE = {Stand.ACCEPTED, Stand.WITHDRAWN, Stand.REPLACED, Stand.EXPIRED}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    found = find(Invitation, token)
    if found is None:
        return _page(request, None, Stand.UNKNOWN, status=404)
    invited, bearer = found
    _speak(request, invited.language)
    stand = _stand(request.user, invited, bearer)
    if request.method == "POST" and stand == Stand.EXPIRED:
        ask_again(invited)
        return _page(request, invited, stand, asked=True)
    if request.method == "POST" and stand == Stand.READY:
        return _accept(request, invited, request.user)
    if stand == Stand.NEW:
        return _open_account(request, invited, bearer)
    status = 410 if stand in _GONE else 200
    return _page(request, invited, stand, status=409 if request.method == "POST" else status)


def _stand(user: Any, invited: Invitation, bearer: Bearer) -> Stand:
    if invited.state != InvitationState.SENT:
        return Stand(invited.state)
    if not holds_link(bearer, invited):
        return Stand.REPLACED
    if invited.is_expired:
        return Stand.EXPIRED
    account = person_at(invited.email)
    if account and not account.is_active:
        return Stand.CLOSED
    if user.is_authenticated:
        return Stand.READY if account and user.pk == account.pk else Stand.OTHER
    return Stand.SIGN_IN if account else Stand.NEW


def _open_account(request: HttpRequest, invited: Invitation, bearer: Bearer) -> HttpResponse:
    form = NewAccountForm(invited, request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _page(request, invited, Stand.NEW, form=form)
    said = form.cleaned_data
    account = NewAccount(said["name"], said["language"], said["time_zone"], said["password"])
    return _accept(request, invited, Bearer(bearer.nonce, account), form)


def _accept(
    request: HttpRequest, invited: Invitation, actor: Any, form: NewAccountForm | None = None
) -> HttpResponse:
    """Do it, sign a new person in, and lead on to where the mandate is used."""
    try:
        perform("accept", invited, by=actor)
    except Refused as refusal:
        invited.refresh_from_db()
        stand = Stand.NEW if form else Stand.READY
        if invited.state != InvitationState.SENT:
            stand = Stand(invited.state)  # accepted or withdrawn at the same moment
        return _page(request, invited, stand, status=409, form=form, sentence=refusal.in_one)
    mandate: Any = invited.mandate
    sentence = _("You now act as %(role)s for %(body)s.")
    said = {"role": role_in_words(mandate), "body": mandate.body}
    messages.success(request, sentence % said)
    if isinstance(actor, User) or request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    translation.activate(mandate.user.language)
    record_authentication(request, mandate.user, "password", email=mandate.user.email)
    return perform_login(
        request, mandate.user, redirect_url=resolve_url(settings.LOGIN_REDIRECT_URL)
    )


def _speak(request: HttpRequest, language: str) -> None:
    """The language of the invitation, unless the reader has chosen one here."""
    chosen = settings.LANGUAGE_COOKIE_NAME in request.COOKIES or request.user.is_authenticated
    if not chosen:
        translation.activate(language)
        request.LANGUAGE_CODE = language


def _page(
    request: HttpRequest,
    invited: Invitation | None,
    stand: Stand,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context: dict[str, Any] = {"stand": stand.value, "invited": invited, **more}
    if invited:
        context["role"] = role_in_words(invited)
    context["sign_in"] = f"{reverse('account_login')}?{urlencode({'next': request.path})}"
    return render(request, "partners/invitation.html", context, status=status)
