"""How every form of the portal is drawn: label, hint, error, control, in that order; and how it
speaks where a field has no sentence of its own."""

from pathlib import Path

import django.forms
from django import forms
from django.conf import settings
from django.forms.renderers import DjangoTemplates
from django.template.backends.django import DjangoTemplates as Engine
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from workflow.characters import judge

_NOT_OFFERED = {"invalid_choice": _("Choose from the list.")}
_SENTENCES = {
    forms.Field: {"required": _("This needs an answer.")},
    # By the code of the validators that Django gives to a field.
    forms.CharField: {
        "min_length": _("Write at least %(limit_value)d characters (now %(show_value)d)."),
        "max_length": _("Use at most %(limit_value)d characters (now %(show_value)d)."),
    },
    forms.EmailField: {"invalid": _("Give an address like name@example.org.")},
    forms.ChoiceField: _NOT_OFFERED,
    forms.MultipleChoiceField: _NOT_OFFERED,
    forms.ModelChoiceField: _NOT_OFFERED,
    forms.ModelMultipleChoiceField: _NOT_OFFERED,
}


def speak_our_words() -> None:
    """Replace Django's sentences by ours, and let every text field refuse control characters. A
    field copies both when its form is defined: this comes before any form."""
    forms.CharField.default_validators = [judge]
    for field, sentences in _SENTENCES.items():
        field.default_error_messages = {  # type: ignore[attr-defined]
            **field.__dict__.get("default_error_messages", {}),
            **sentences,
        }


class PortalFormRenderer(DjangoTemplates):
    """Draws `{{ form }}` and `{{ field.as_field_group }}` with the templates in templates/forms/.

    A form with `hide_optional = True` (a search, a filter) leaves out the "(optional)" marks.
    """

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"

    @cached_property
    def engine(self) -> Engine:
        widgets = Path(django.forms.__file__).parent / "templates"
        return Engine(
            {
                "APP_DIRS": True,
                "DIRS": [settings.BASE_DIR / "templates", widgets],
                "NAME": "portal-forms",
                "OPTIONS": {},
            }
        )
