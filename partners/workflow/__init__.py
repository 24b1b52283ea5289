"""How somebody comes to a mandate, as data: by invitation, or by asking for access."""

from partners.workflow.access_requests import ACCESS_REQUESTS
from partners.workflow.invitations import INVITATIONS

__all__ = ["ACCESS_REQUESTS", "INVITATIONS"]
