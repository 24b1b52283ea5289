"""Asking for access: a form for everybody, and the page of the link that confirms the address."""

from allauth.core import ratelimit
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from partners import asking
from partners.forms import AskForm, party_or_agency
from partners.links import find, holds_link
from partners.models import AccessRequest, AccessState
from workflow.errors import Refused
from workflow.executor import perform


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_access(request: HttpRequest) -> HttpResponse:
    """The answer is the same whether the address has an account or not."""
    form = AskForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return render(request, "partners/ask_access.html", {"form": form})
    if not ratelimit.consume(request, action="ask_access"):
        return ratelimit.respond_429(request)
    said = dict(form.cleaned_data)
    said["email"] = said["email"].lower()
    said["party"], said["agency"] = party_or_agency(said.pop("body"))
    # Nobody's mailbox is filled; whoever fills it does not learn where it stopped.
    if ratelimit.consume(request, action="ask_access_mail", key=said["email"]):
        with transaction.atomic():
            asking.ask(**said)
    return redirect("access_asked")


@require_safe
def access_asked(request: HttpRequest) -> HttpResponse:
    return render(request, "partners/access_asked.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def access_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Reading the link changes nothing: scanners do that."""
    found = find(AccessRequest, token)
    if found is None or not holds_link(found[1], found[0]):
        return render(request, "partners/access_confirm.html", {"stand": "unknown"}, status=404)
    asked, bearer = found
    stand, status = "open", 200
    if request.method == "POST" and asked.state == AccessState.UNCONFIRMED:
        try:
            perform("confirm", asked, by=bearer)
            stand = "done"
        except Refused:  # confirmed at the same moment, or too late
            asked.refresh_from_db()
    if stand != "done" and asked.state != AccessState.UNCONFIRMED:
        stand, status = "confirmed", 410
    elif stand != "done" and not asking.may_be_confirmed(asked):
        stand, status = "expired", 410
    context = {"stand": stand, "asked": asked}
    return render(request, "partners/access_confirm.html", context, status=status)
