from partners.models.bodies import (
    Agency,
    MembershipFigure,
    Network,
    Office,
    Party,
    PartyAlias,
    Region,
)
from partners.models.keys import ApiKey, Scope
from partners.models.people import Mandate, Role, User

__all__ = [
    "Agency",
    "ApiKey",
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
