from partners.models.bodies import (
    Agency,
    MembershipFigure,
    Office,
    Party,
    PartyAlias,
    Region,
)
from partners.models.joining import (
    AccessRequest,
    AccessState,
    Invitation,
    InvitationState,
)
from partners.models.keys import ApiKey, Scope
from partners.models.networks import Network, NetworkMembership
from partners.models.people import Mandate, Role, User

__all__ = [
    "AccessRequest",
    "AccessState",
    "Agency",
    "ApiKey",
    "Invitation",
    "InvitationState",
    "Mandate",
    "MembershipFigure",
    "Network",
    "NetworkMembership",
    "Office",
    "Party",
    "PartyAlias",
    "Region",
    "Role",
    "Scope",
    "User",
]
