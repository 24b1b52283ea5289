"""The choice of the kind of support, with which a request begins and which can be changed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from partners.models import Party
from partners.naming import in_readers_order
from requests_app.forms import SheetForm
from requests_app.merging import fingerprint
from requests_app.models import Support, SupportRequest
from requests_app.models.requests import usable_draft_key
from requests_app.working_copy import support_written


class ChoiceWithHints(forms.RadioSelect):
    """Radio buttons, each with the hint of its row under it."""

    option_template_name = "forms/choice_with_hint.html"

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option = super().create_option(name, value, *args, **kwargs)
        hint = getattr(getattr(value, "instance", None), "hint", "")
        if hint:
            option["hint"] = hint
            option["attrs"]["aria-describedby"] = f"{option['attrs'].get('id', name)}_hint"
        return option


class SupportField(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            Support.objects.on_offer(),
            label=_("Which kind of support do you ask for?"),
            to_field_name="key",
            empty_label=None,
            widget=ChoiceWithHints,
            error_messages={
                "required": _("Choose the kind of support."),
                "invalid_choice": _("Choose from the list."),
            },
            **kwargs,
        )


class DraftKeyField(forms.Field):
    """Never refuses: nobody could correct what stands in a hidden field."""

    def to_python(self, value: Any) -> str:
        return usable_draft_key(value or "")


class BeginForm(forms.Form):
    """The first page: for which Party, and which kind of support."""

    hide_optional = True

    support = SupportField()
    draft_key = DraftKeyField(widget=forms.HiddenInput, required=False)

    def __init__(self, parties: "list[Party]", *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(parties) > 1:
            self.fields["party"] = party = forms.ModelChoiceField(
                Party.objects.filter(pk__in=[party.pk for party in parties]),
                label=_("For which Party?"),
                empty_label=_("Choose one"),
                error_messages={"required": _("Choose the Party.")},
            )
            named = [(one.pk, one.name) for one in in_readers_order(parties)]
            party.choices = [("", party.empty_label), *named]
            self.order_fields(["party", "support"])


class SupportForm(SheetForm):
    """Another kind of support for a request that was begun."""

    support = SupportField()
    field_order = ["support"]

    def __init__(self, support_request: SupportRequest, *args: Any, **kwargs: Any) -> None:
        chosen = support_written(support_request)
        super().__init__(*args, **kwargs)
        self.initial["support"] = chosen.key
        offered = Support.objects.on_offer() | Support.objects.filter(pk=chosen.pk)
        self.fields["support"].queryset = offered  # type: ignore[attr-defined]
        self.fields["seen-support"] = forms.CharField(
            required=False,
            widget=forms.HiddenInput(attrs={"autocomplete": "off"}),
            initial=fingerprint(chosen.key),
        )
