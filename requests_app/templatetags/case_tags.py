from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from requests_app.models import Referral, ReferralState, RequestState

register = template.Library()

_REQUEST_TONES = {
    RequestState.DRAFT: "waiting",
    RequestState.RETURNED: "attention",
    RequestState.AWAITING_FUNDS: "waiting",
    RequestState.COMPLETED: "good",
    RequestState.DECLINED: "ended",
    RequestState.REDIRECTED: "ended",
    RequestState.WITHDRAWN: "ended",
}
_REFERRAL_TONES = {
    ReferralState.SENT: "waiting",
    ReferralState.DELIVERED: "good",
    ReferralState.DECLINED: "ended",
    ReferralState.RECALLED: "ended",
}


@register.simple_tag
def status(case: Any) -> SafeString:
    """The state of a request or a referral as word, shape and colour."""
    tones: dict[Any, str] = _REFERRAL_TONES if isinstance(case, Referral) else _REQUEST_TONES
    return format_html(
        '<span class="status status--{}">{}</span>',
        tones.get(case.state, "active"),
        capfirst(case.get_state_display()),
    )
