from partners.models.bodies import (
    Agency,
    MembershipFigure,
    Network,
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
    "Office",
    "Party",
    "PartyAlias",
    "Region",
    "Role",
    "Scope",
    "User",
]
