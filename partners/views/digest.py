from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partners.letters import person_of_switch


@require_http_methods(["GET", "POST"])
def digest_off(request: HttpRequest, token: str) -> HttpResponse:
    """Stop the digest without signing in. Reading the link changes nothing: scanners do that."""
    person = person_of_switch(token)
    context = {"person": person, "done": False, "title": _("Stop the digest")}
    if person and request.method == "POST":
        person.wants_digest = False
        person.save(update_fields=["wants_digest"])
        context["done"] = True
    return render(request, "partners/digest_off.html", context, status=200 if person else 404)
