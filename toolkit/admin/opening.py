"""Opening a cycle at the desk, for a request that came by letter."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.access import OFFICER
from partners.models import Agency, Party
from partners.naming import in_readers_order
from toolkit.notices import desk_page
from toolkit.workflow import open_at_desk
from workflow.errors import InvalidInput, NotPermitted
from workflow.forms import IsoDateField

_WARNING = gettext_lazy(
    "The cycle begins with its first step, the request, done. The focal points of the Party and "
    "the lead agency are told at once. Nothing of it is public until the country consents."
)


class OpeningForm(forms.Form):
    """What a cycle begins with; the rules are those of toolkit.workflow.opening."""

    party = forms.ModelChoiceField(Party.objects.all(), label=gettext_lazy("Party"))
    requested_on = IsoDateField(label=gettext_lazy("Date of the request"))
    lead_agency = forms.ModelChoiceField(
        Agency.objects.partners(), label=gettext_lazy("Lead agency"), required=False
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=300,
        help_text=gettext_lazy("The letter that says so: who wrote it, when, its reference."),
    )
    despite = forms.CharField(
        label=gettext_lazy("Reason for the exception"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=2000,
        required=False,
        help_text=gettext_lazy(
            "Only where a rule speaks against it: a cycle of the Party that still runs, a day "
            "before the country became a Party or before the Toolkit was launched."
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ordered = [(one.pk, one.name) for one in in_readers_order(Party.objects.all())]
        self.fields["party"].choices = [("", _("Choose one")), *ordered]  # type: ignore[attr-defined]


def may_open(request: HttpRequest) -> bool:
    return OFFICER(request.user, None)


def open_page(request: HttpRequest, frame: dict[str, Any]) -> HttpResponse:
    """GET shows the form, POST opens the cycle and leads to its page."""
    if not may_open(request):
        raise PermissionDenied
    form = OpeningForm(request.POST if request.method == "POST" else None)
    for field in form.fields.values():
        field.widget.is_required = False  # missing answers get our sentence, not the browser's
    if request.method == "POST" and form.is_valid():
        try:
            opened = open_at_desk(**form.cleaned_data, by=request.user)
        except InvalidInput as refused:
            for name, sentences in refused.fields.items():
                form.add_error(name, list(sentences))
        except NotPermitted as refused:
            raise PermissionDenied from refused
        else:
            messages.success(request, _("The cycle is opened."))
            return redirect(desk_page(opened))
    context = frame | {
        "title": _("Open a cycle"),
        "form": form,
        "warning": _WARNING,
        "button": _("Open the cycle"),
        "back": reverse("admin:toolkit_implementation_changelist"),
    }
    return TemplateResponse(request, "admin/toolkit/open.html", context)
