"""How every form of the portal is drawn: label, hint, error, control, in that order."""

from pathlib import Path

import django.forms
from django.conf import settings
from django.forms.renderers import DjangoTemplates
from django.template.backends.django import DjangoTemplates as Engine
from django.utils.functional import cached_property


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
