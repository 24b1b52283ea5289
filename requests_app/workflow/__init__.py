"""The transition tables of this app: the contract of design §5, as data."""

from requests_app.workflow.referrals import REFERRALS
from requests_app.workflow.requests import REQUESTS
from requests_app.workflow.threads import THREADS

__all__ = ["REFERRALS", "REQUESTS", "THREADS"]
