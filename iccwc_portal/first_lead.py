"""The one mandate that nobody can grant: that of the first Secretariat lead."""

from django.db import transaction
from django.utils.translation import gettext as _

from history.log import SYSTEM, record
from partners.granting import MANDATE_GRANTED
from partners.models import Agency, Mandate, Role, User
from workflow.errors import Refused


@transaction.atomic
def appoint(user: User) -> Mandate:
    """Make `user` the first lead. Raises Refused when somebody leads already.

    Every further mandate is granted in the admin, by a lead and to somebody else.
    """
    # Two appointments at once queue here, so that the second one sees the first.
    secretariat = Agency.objects.select_for_update(no_key=True).filter(is_coordinator=True).first()
    if secretariat is None:
        raise Refused(_("Load the reference data first: there is no Secretariat yet."))
    if Mandate.objects.in_force().filter(agency=secretariat, role=Role.LEAD).exists():
        raise Refused(_("The Secretariat has a lead already. Ask the lead for a mandate."))
    mandate = Mandate.objects.create(user=user, agency=secretariat, role=Role.LEAD)
    record(
        mandate,
        MANDATE_GRANTED,
        by=SYSTEM,
        changes={
            "person": user.pk,
            "role": mandate.role,
            "body": secretariat.code,
            "from_on": mandate.from_on,
            "until_on": None,
        },
    )
    return mandate
