"""What systems of agencies call with, and are called by."""

from partners.models import Agency, ApiKey, Scope
from tests.make.bodies import agency
from tests.make.people import agency_officer
from webhooks.models import Webhook
from webhooks.payload import new_secret
from workflow.guard import may_write
from workflow.sealing import seal


def api_key(of: Agency | None = None, scopes: "list[str] | None" = None) -> tuple[ApiKey, str]:
    """A key of the agency and the token that opens it; every scope when none is named."""
    key = ApiKey(agency=of or agency(), label="Case system", scopes=scopes or list(Scope.values))
    token = key.set_new_secret()
    key.save()
    return key, token


def webhook(of: Agency | None = None, state: str = "active", label: str = "Case system") -> Webhook:
    """A webhook that an officer of the agency made, to an address that nobody calls."""
    of = of or agency()
    made = Webhook(agency=of, label=label, url="https://receiver.example.org/", state=state)
    made.created_by = agency_officer(of)
    made.secret = seal(new_secret())
    with may_write("state"):
        made.save()
    return made
