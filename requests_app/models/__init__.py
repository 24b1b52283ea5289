from requests_app.models.attachments import Attachment, Scan
from requests_app.models.catalogue import Asks, Reason, Support
from requests_app.models.referrals import Referral
from requests_app.models.requests import Counter, RequestVersion, SupportRequest
from requests_app.models.states import (
    ENDED,
    ReferralState,
    RequestState,
    ThreadState,
    Urgency,
)
from requests_app.models.threads import Post, Reading, Thread

__all__ = [
    "ENDED",
    "Asks",
    "Attachment",
    "Counter",
    "Post",
    "Reading",
    "Reason",
    "Referral",
    "ReferralState",
    "RequestState",
    "RequestVersion",
    "Scan",
    "Support",
    "SupportRequest",
    "Thread",
    "ThreadState",
    "Urgency",
]
