"""How people come and go, for demonstration: one is invited, one asks for access, one has left."""

from partners import asking
from partners.granting import end_mandate, grant_mandate
from partners.inviting import invite
from partners.links import Bearer
from partners.models import AccessRequest, Invitation, Mandate, Party, Role, User
from workflow.executor import perform

_INVITED = "customs.kenya@example.org"
_ASKS = "authority.nepal@example.org"
_LEFT = "former.focal-point.togo@example.org"


def load() -> None:
    """What is not there yet; run after the accounts."""
    if not Invitation.objects.filter(email=_INVITED).exists():
        invite(
            by=User.objects.get(email="focal-point.kenya@example.org"),
            email=_INVITED,
            name="Customs, Kenya",
            language="en",
            role=Role.CONTRIBUTOR,
            party=Party.objects.get(code="KEN"),
            office="Customs (example)",
        )
    if not AccessRequest.objects.filter(email=_ASKS).exists():
        asked = asking.ask(
            email=_ASKS,
            name="Management Authority, Nepal",
            language="en",
            role=Role.FOCAL_POINT,
            party=Party.objects.get(code="NPL"),
            office="CITES Management Authority (example)",
            why="An example: the Management Authority has named this office as focal point.",
        )
        perform("confirm", asked, by=Bearer(asked.nonce))
    if not User.objects.filter(email=_LEFT).exists():
        _leave_a_gap()


def _leave_a_gap() -> None:
    """A focal point that has left, and no successor yet."""
    lead = Mandate.objects.in_force().filter(role=Role.LEAD)[0].user
    former = User.objects.create_user(_LEFT, name="Former focal point, Togo", language="fr")
    togo = Party.objects.get(code="TGO")
    mandate = grant_mandate(Mandate(user=former, role=Role.FOCAL_POINT, party=togo), by=lead)
    end_mandate(mandate, by=lead)
