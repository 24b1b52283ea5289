from requests_app.models.attachments import Attachment
from requests_app.models.catalogue import Reason, Support
from requests_app.models.referrals import Referral
from requests_app.models.requests import Counter, RequestVersion, SupportRequest
from requests_app.models.states import ENDED, ReferralState, RequestState, Urgency

__all__ = [
    "ENDED",
    "Attachment",
    "Counter",
    "Reason",
    "Referral",
    "ReferralState",
    "RequestState",
    "RequestVersion",
    "Support",
    "SupportRequest",
    "Urgency",
]
