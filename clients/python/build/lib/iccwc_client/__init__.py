"""The API of the ICCWC support portal, for the systems of its partner agencies.

from iccwc_client import Client

with Client("https://portal.example.org", key) as portal:
    for referral in portal.list("referrals", state="sent"):
        portal.act(portal.get(referral["url"]), "accept", comment="In May.")
"""

from iccwc_client.client import Client, Record
from iccwc_client.errors import (
    Conflict,
    Forbidden,
    Invalid,
    NotAuthenticated,
    NotFound,
    PortalError,
    Problem,
    ServerFault,
    Stale,
    Throttled,
    Unreachable,
)

__all__ = [
    "Client",
    "Conflict",
    "Forbidden",
    "Invalid",
    "NotAuthenticated",
    "NotFound",
    "PortalError",
    "Problem",
    "Record",
    "ServerFault",
    "Stale",
    "Throttled",
    "Unreachable",
]
