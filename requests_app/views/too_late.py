"""For texts that arrive when the request can no longer be written: shown, so they can be copied."""

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render

from requests_app.models import SupportRequest
from requests_app.typed import in_readable_words
from requests_app.working_copy import support_written


def too_late(request: HttpRequest, draft: SupportRequest, sent: QueryDict) -> HttpResponse:
    context = {"draft": draft, "typed": in_readable_words(sent, support_written(draft).asks)}
    return render(request, "requests_app/too_late.html", context, status=409)
