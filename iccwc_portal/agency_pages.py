"""To the provider of an agency and back: partners/agency_sign_in.py says who is let in."""

import logging

from allauth.account.utils import get_next_redirect_url
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base.constants import AuthProcess
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from requests import RequestException

from partners.agency_sign_in import refusal_page

log = logging.getLogger(__name__)

# What a provider that is down, or answers with something else than it should, makes of a call.
_OUT_OF_ORDER = (RequestException, KeyError, ValueError)


@require_POST
@never_cache
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    """A page that leads on to the provider.

    Not a redirect: the Content-Security-Policy lets forms lead nowhere but here, and that rule
    follows every redirect, also those between the provider's own servers.
    """
    try:
        provider = get_adapter().get_provider(request, provider_id)
        to_provider = provider.redirect(
            request, AuthProcess.LOGIN, next_url=get_next_redirect_url(request)
        )
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except ImmediateHttpResponse as answer:
        return answer.response
    except _OUT_OF_ORDER as error:
        return _out_of_order(request, provider_id, error)
    context = {"name": provider.name, "url": to_provider["Location"]}
    return render(request, "socialaccount/going_on.html", context)


@require_safe
@never_cache
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    """What the provider answers: signed in, or a sentence and a way on."""
    try:
        return openid_connect.callback(request, provider_id)
    except _OUT_OF_ORDER as error:
        return _out_of_order(request, provider_id, error)


def _out_of_order(request: HttpRequest, provider_id: str, error: Exception) -> HttpResponse:
    log.warning("The provider %s is out of order: %.200s", provider_id, error)
    return refusal_page(request, "out_of_order", status=503)
