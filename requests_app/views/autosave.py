"""What a script that saves by itself is answered: a line about what became of the text."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from requests_app.drafts import Written
from requests_app.forms import StepForm
from requests_app.models import SupportRequest

SCRIPT = "HX-Request"  # the header by which htmx makes itself known


def is_by_itself(request: HttpRequest) -> bool:
    return SCRIPT in request.headers


def was_pressed(request: HttpRequest) -> bool:
    """Is it a button that sends the form, through the script?"""
    return bool(request.POST.keys() & {"onwards", "leave", "back"})


def go_to(address: str) -> HttpResponse:
    """A button was pressed and everything is saved: the script leads on."""
    return HttpResponse(headers={"HX-Redirect": address})


def state_of(request: HttpRequest, form: StepForm, written: Written) -> HttpResponse:
    """Saved, or why not; with the marks of those answers that are stored as they stand there."""
    labels = {question.key: str(question.label) for question in form.step.questions}
    unread = [f"{labels[key]} – {one}" for key in form.unreadable for one in form.errors[key]]
    context: dict[str, Any] = {
        "kind": "saved",
        "marks": form.saved(written.support_request),
        "clashes": [labels[one.key] for one in written.conflicts],
        "refused": [*unread, *(f"{labels[key]} – {said}" for key, said in written.refused.items())],
    }
    if context["clashes"] or context["refused"]:
        context["kind"] = "problem"
    status = 200 if context["kind"] == "saved" else 409
    return render(request, "requests_app/_save_state.html", context, status=status)


def closed_state(request: HttpRequest, draft: SupportRequest) -> HttpResponse:
    context = {"kind": "closed", "draft": draft}
    return render(request, "requests_app/_save_state.html", context, status=409)
