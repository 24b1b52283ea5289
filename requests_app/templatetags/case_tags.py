from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from requests_app.models import (
    Attachment,
    Post,
    Referral,
    ReferralState,
    RequestState,
    Scan,
    SupportRequest,
    Thread,
    ThreadState,
)

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


_THREAD_TONES = {ThreadState.WAITING: "attention", ThreadState.CLOSED: "ended"}
_TONES: dict[type[Any], dict[Any, str]] = {
    SupportRequest: _REQUEST_TONES,
    Referral: _REFERRAL_TONES,
    Thread: _THREAD_TONES,
}


@register.simple_tag
def status(case: Any) -> SafeString:
    """The state of a request, a referral or a conversation as word, shape and colour."""
    if isinstance(case, Thread) and case.support_request.is_ended:
        words = _("Closed: the request has ended")
        return format_html('<span class="status status--ended">{}</span>', words)
    tones = _TONES[type(case)]
    return format_html(
        '<span class="status status--{}">{}</span>',
        tones.get(case.state, "active"),
        capfirst(case.get_state_display()),
    )


_SCAN_TONES = {Scan.WAITING: "waiting", Scan.REFUSED: "attention"}


@register.simple_tag
def virus_check(attachment: Attachment) -> str:
    """What the virus scanner said of a file; nothing where there is no scanner."""
    if attachment.scan in _SCAN_TONES:
        words, tone = capfirst(attachment.get_scan_display()), _SCAN_TONES[Scan(attachment.scan)]
        return format_html('<span class="status status--{}">{}</span>', tone, words)
    if attachment.scan == Scan.CLEAN:
        return format_html('<span class="muted">{}</span>', _("No virus found."))
    return ""


@register.simple_tag
def signature(post: Post, body: str) -> str:
    """Who wrote a message: a person and the body they act for, or an agency's own system."""
    if post.author is None:
        return _("%(agency)s (by its own system)") % {"agency": body}
    name = post.author.name
    return f"{name}, {body}" if body and body not in name else name
