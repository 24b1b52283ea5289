"""The forms of API keys: what a new one is for, and until when a replaced one goes on."""

from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import granting
from partners.admin.mandates import PersonField
from partners.granting.keys import MOST_CALLS, overlap_of
from partners.models import Agency, ApiKey, Mandate, Role, Scope, User
from partners.models.keys import end_of, in_a_year
from workflow.errors import InvalidInput
from workflow.forms import IsoDateField


def _last_day() -> Any:
    return in_a_year().date()


class LimitsForm(forms.Form):
    """From where a key may be used, and how often. `keep` changes a key that there is."""

    networks = forms.CharField(
        label=gettext_lazy("From the networks"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "One a line: 192.0.2.0/24, 2001:db8::/48 or a single address. Leave it empty if the "
            "key may be used from anywhere."
        ),
    )
    calls_a_minute = forms.IntegerField(
        label=gettext_lazy("Calls a minute"),
        required=False,
        min_value=1,
        max_value=MOST_CALLS,
        help_text=gettext_lazy("Leave it empty for as many as every key."),
    )

    def keep(self, key: ApiKey, by: Any) -> ApiKey | None:
        try:
            return granting.limit_key(key, **self.limits(), by=by)
        except InvalidInput as refusal:
            _show(refusal, self)
            return None

    def limits(self) -> dict[str, Any]:
        said = self.cleaned_data
        return {
            "networks": said["networks"].splitlines(),
            "calls_a_minute": said["calls_a_minute"],
        }


class KeyForm(LimitsForm):
    """What a new key is for. `issue` makes it, or says at the fields why not."""

    field_order = (
        "agency", "label", "scopes", "held_by", "last_day", "networks", "calls_a_minute",
    )  # fmt: skip

    agency = forms.ModelChoiceField(
        label=gettext_lazy("Agency"), queryset=Agency.objects.partners()
    )
    label = forms.CharField(
        label=gettext_lazy("Used by"),
        max_length=100,
        help_text=gettext_lazy("The system that calls, and since when: “Case system, 2026”."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("The key may"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    held_by = PersonField(
        label=gettext_lazy("Held by"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody: the agency’s own system"),
        help_text=gettext_lazy("An officer of the agency; the key ends with that mandate."),
    )
    last_day = IsoDateField(label=gettext_lazy("Until"), initial=_last_day)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officers = Mandate.objects.in_force().filter(
            role=Role.OFFICER, agency__in=Agency.objects.partners()
        )
        people: Any = self.fields["held_by"]
        people.queryset = User.objects.filter(pk__in=officers.values("user_id")).order_by("name")

    def clean_last_day(self) -> datetime:
        """The moment after the last day, at most a year from now."""
        day = self.cleaned_data["last_day"]
        if not timezone.now().date() <= day <= _last_day():
            raise forms.ValidationError(_("Choose a day from today, within a year."))
        return end_of(day)

    def issue(self, by: Any) -> tuple[ApiKey, str] | None:
        said = self.cleaned_data
        try:
            return granting.issue_key(
                agency=said["agency"],
                label=said["label"],
                scopes=said["scopes"],
                expires_at=said["last_day"],
                held_by=said["held_by"],
                **self.limits(),
                by=by,
            )
        except InvalidInput as refusal:
            _show(refusal, self)
            return None


class RotateForm(forms.Form):
    """Until when the old key goes on beside the new one. `rotate` makes the new one."""

    last_day = IsoDateField(
        label=gettext_lazy("Last day of the old key"),
        help_text=gettext_lazy(
            "At most 30 days from now. Until then both keys open the portal, so that the agency "
            "can change over."
        ),
    )

    def __init__(self, key: ApiKey, *args: Any, **kwargs: Any) -> None:
        self.key = key
        kwargs.setdefault("initial", {"last_day": overlap_of(key)[1]})
        super().__init__(*args, **kwargs)

    def rotate(self, by: Any) -> tuple[ApiKey, str] | None:
        try:
            return granting.rotate_key(self.key, last_day=self.cleaned_data["last_day"], by=by)
        except InvalidInput as refusal:
            _show(refusal, self)
            return None


def _show(refusal: InvalidInput, form: forms.Form) -> None:
    for name, sentences in refusal.fields.items():
        form.add_error(name, sentences)
