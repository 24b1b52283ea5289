from requests_app.models.attachments import Attachment, Scan
from requests_app.models.calendar import Holiday, Target
from requests_app.models.catalogue import Asks, Reason, Support, Use
from requests_app.models.desk import Assessment, Criterion, Mark, Note, SavedView
from requests_app.models.referrals import Referral
from requests_app.models.requests import Counter, RequestVersion, SupportRequest
from requests_app.models.states import (
    DECIDED,
    ENDED,
    OPEN,
    Openness,
    ReferralState,
    RequestState,
    ThreadState,
    Urgency,
    WaitsFor,
)
from requests_app.models.threads import Post, Reading, Thread

__all__ = [
    "DECIDED",
    "ENDED",
    "OPEN",
    "Asks",
    "Assessment",
    "Attachment",
    "Counter",
    "Criterion",
    "Holiday",
    "Mark",
    "Note",
    "Openness",
    "Post",
    "Reading",
    "Reason",
    "Referral",
    "ReferralState",
    "RequestState",
    "RequestVersion",
    "SavedView",
    "Scan",
    "Support",
    "SupportRequest",
    "Target",
    "Thread",
    "ThreadState",
    "Urgency",
    "Use",
    "WaitsFor",
]
