"""Who is told of something, by their mandates in force. Several audiences at once: audiences.py."""

from collections.abc import Collection

from django.db import models

from partners.models import Mandate, Party, Role, User


def people(
    *, roles: Collection[str], party_id: int | None = None, agency_ids: Collection[int] = ()
) -> list[User]:
    """Persons with a mandate in force in one of `roles` for the Party or the agencies."""
    body = models.Q(party_id=party_id) if party_id else models.Q(agency_id__in=list(agency_ids))
    mandates = Mandate.objects.in_force().filter(body, role__in=list(roles))
    return list(User.objects.filter(pk__in=mandates.values("user_id")).order_by("pk"))


def secretariat_desk() -> list[User]:
    """Those in the Secretariat who act on requests: leads and officers."""
    return list(on_the_desk())


def on_the_desk() -> "models.QuerySet[User]":
    """The same, not read yet."""
    return _in_coordinator(Role.LEAD, Role.OFFICER)


def secretariat_leads() -> list[User]:
    return list(_in_coordinator(Role.LEAD))


def people_of_parties() -> list[User]:
    """Everybody with a mandate in force for a Party, whichever."""
    mandates = Mandate.objects.in_force().filter(party__isnull=False)
    return list(User.objects.filter(pk__in=mandates.values("user_id")).order_by("pk"))


def _in_coordinator(*roles: str) -> "models.QuerySet[User]":
    mandates = Mandate.objects.in_force().filter(agency__is_coordinator=True, role__in=roles)
    return User.objects.filter(pk__in=mandates.values("user_id")).order_by("pk")


def parties_without_focal_point() -> "models.QuerySet[Party]":
    """Parties whose matters nobody can submit or decide now.

    Only a focal point or a contributor can ever have begun a request, so a Party that had one of
    them may have something open; it is in a gap while no focal point, nor a deputy, is in force.
    """
    writers = Mandate.objects.filter(role__in=[Role.FOCAL_POINT, Role.CONTRIBUTOR])
    covered = Mandate.objects.in_force().filter(role=Role.FOCAL_POINT)
    had_somebody = Party.objects.filter(pk__in=writers.values("party_id"))
    return had_somebody.exclude(pk__in=covered.values("party_id"))
