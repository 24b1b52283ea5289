"""Which requests and which referrals to list."""

from django import forms
from django.utils.translation import gettext_lazy as _

from requests_app.models import ReferralState, RequestState


class StateFilter(forms.Form):
    hide_optional = True

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all")), *RequestState.choices]
    )


class ReferralFilter(forms.Form):
    hide_optional = True

    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("all")), *ReferralState.choices]
    )
