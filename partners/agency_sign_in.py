"""An officer of an agency signs in at the agency's own provider (OpenID Connect).

The provider only says who somebody is. What that person may do stands in mandates, and an account
is never made here. docs/adr/0010.
"""

import logging
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.base import AuthError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from requests import RequestException

from partners.access import standing
from partners.models import Agency, User

log = logging.getLogger(__name__)


class AgencySignInAdapter(DefaultSocialAccountAdapter):
    """Lets in whom the provider vouches for and who acts for that very agency, and nobody else."""

    def list_apps(self, request: Any, provider: Any = None, client_id: Any = None) -> list[Any]:
        """Providers come from the settings alone, never from the database."""
        return [app for app in super().list_apps(request, provider, client_id) if not app.pk]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        if sociallogin.state.get("process") != "login":
            refuse(request, "failed")
        addresses = [one.email for one in sociallogin.email_addresses if one.verified is True]
        if not addresses:
            refuse(request, "unverified")
        person = officer_at(sociallogin.provider.app.settings["agency"], addresses[0])
        if person is None:
            refuse(request, "unknown", address=addresses[0])
        sociallogin.user = person

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> NoReturn:
        if isinstance(exception, RequestException):
            refuse(request, "out_of_order", status=503)
        if exception is not None:
            log.warning("Signing in through %s failed: %.200s", provider.name, exception)
        refuse(request, "cancelled" if error == AuthError.CANCELLED else "failed")


def officer_at(agency_code: str, address: str) -> User | None:
    """Who has this address and acts for this agency, and for no Party nor the Secretariat."""
    person = User.objects.filter(email__iexact=address, is_active=True).first()
    agency = Agency.objects.filter(code=agency_code).first()
    if person is None or agency is None:
        return None
    mine = standing(person)
    elsewhere = mine.secretariat or mine.parties
    return person if agency.pk in mine.all_agencies and not elsewhere else None


def vouching_agency(sociallogin: Any) -> Agency | None:
    """The agency whose provider's signed statement says that it asked for more than a password.

    "mfa" is the word of RFC 8176 for it; other words of that list leave room for doubt.
    """
    if sociallogin is None:
        return None
    ways = sociallogin.account.extra_data.get("id_token", {}).get("amr")
    if not isinstance(ways, list) or "mfa" not in ways:
        return None
    return Agency.objects.filter(code=sociallogin.provider.app.settings["agency"]).first()


def refuse(request: HttpRequest, why: str, *, status: int = 403, address: str = "") -> NoReturn:
    """Answer with a sentence and a way on; nobody was signed in."""
    raise ImmediateHttpResponse(refusal_page(request, why, status=status, address=address))


def refusal_page(request: HttpRequest, why: str, *, status: int, address: str = "") -> HttpResponse:
    context = {"why": why, "address": address}
    return render(request, "socialaccount/refused.html", context, status=status)
