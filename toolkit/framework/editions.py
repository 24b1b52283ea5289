"""Adding an edition of the Indicator Framework; its indicators are loaded afterwards."""

from typing import Any

from django import forms
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history.log import record
from partners.access import LEAD, snapshot
from toolkit.models import Edition
from workflow.errors import InvalidInput, NotPermitted

ADDED = "toolkit.framework.added"


class EditionForm(forms.Form):
    """The head of a new edition."""

    name = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=200,
        help_text=gettext_lazy("As people call it, for example with the year of its issue."),
        error_messages={"required": gettext_lazy("This needs an answer.")},
    )
    key = forms.SlugField(
        label=gettext_lazy("Key"),
        max_length=30,
        help_text=gettext_lazy("Short, without spaces: 2016, 2030-rev-1. It never changes."),
        error_messages={
            "required": gettext_lazy("This needs an answer."),
            "invalid": gettext_lazy("Use letters without accents, digits and hyphens."),
        },
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=300,
        help_text=gettext_lazy("The document that prints it, with its date."),
        error_messages={"required": gettext_lazy("This needs an answer.")},
    )


def add_edition(said: dict[str, Any], by: Any) -> Edition:
    """An edition without indicators. Raises NotPermitted and InvalidInput."""
    if not LEAD(by, None):
        raise NotPermitted
    try:
        with transaction.atomic():
            made = Edition.objects.create(**said)
            record(made, ADDED, by=snapshot(by, made), changes=said)
    except IntegrityError as wrong:
        raise InvalidInput({"key": [_("There is an edition with this key.")]}) from wrong
    return made
