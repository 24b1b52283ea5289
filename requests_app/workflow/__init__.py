"""The transition tables of this app: the contract of design §5, as data."""

from requests_app.workflow.referrals import REFERRALS
from requests_app.workflow.requests import REQUESTS

__all__ = ["REFERRALS", "REQUESTS"]
