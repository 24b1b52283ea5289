from requests_app.models.attachments import Attachment
from requests_app.models.calendar import Holiday, Target
from requests_app.models.catalogue import Asks, Reason, Support, Use
from requests_app.models.desk import Assessment, Criterion, Mark, Note, SavedView
from requests_app.models.files import READABLE, Scan, StoredFile
from requests_app.models.referrals import DeliveryReport, Referral
from requests_app.models.requests import Counter, RequestVersion, SupportRequest, place_of
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
    "READABLE",
    "Asks",
    "Assessment",
    "Attachment",
    "Counter",
    "Criterion",
    "DeliveryReport",
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
    "StoredFile",
    "Support",
    "SupportRequest",
    "Target",
    "Thread",
    "ThreadState",
    "Urgency",
    "Use",
    "WaitsFor",
    "place_of",
]
