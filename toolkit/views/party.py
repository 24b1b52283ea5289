"""A Party's page of the tracker, for everybody: its cycles, and what documents say of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partners.models import Party
from toolkit.forms import AsOfForm
from toolkit.party_page import Asked, read
from toolkit.views.unchanged import unless_unchanged


@require_safe
@unless_unchanged()
def party(request: HttpRequest, code: str) -> HttpResponse:
    found = Party.objects.select_related("region").filter(code=code.upper()).first()
    if found is None:
        return render(request, "toolkit/unknown_party.html", {"code": code}, status=404)
    form = AsOfForm(request.GET)
    if not form.is_valid():
        context = {"party": found, "form": form}
        return render(request, "toolkit/party.html", context, status=400)
    asked = Asked(request.user, form.cleaned_data["as_of"], form.cleaned_data["known_at"])
    page = read(found, asked)
    return render(request, "toolkit/party.html", {"party": found, "form": form, "page": page})
