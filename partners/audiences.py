"""Who is told of something, of several audiences at once, by a query that is written once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from django.db import models

from partners.models import Mandate, Role, User
from partners.models.people import today
from workflow.kept_queries import KeptQuery


@dataclass(frozen=True)
class Audience:
    """Mandates in force, whose holders are told: those of the body that a case has as `body_of`
    ("party_id"), or the same for every case."""

    fits: Callable[[Any], models.Q]
    body_of: str = ""


def _told_of_moves(party_id: Any) -> models.Q:
    others = models.Q(role__in=[Role.CONTRIBUTOR, Role.VIEWER], user__wants_moves=True)
    return models.Q(models.Q(role=Role.FOCAL_POINT) | others, party_id=party_id)


# The focal points, and of the others of the Party those who want to hear of every move.
TOLD_OF_MOVES = Audience(_told_of_moves, "party_id")
AT_THE_DESK = Audience(
    lambda _none: models.Q(agency__is_coordinator=True, role__in=[Role.LEAD, Role.OFFICER])
)
OFFICERS_OF_AGENCY = Audience(
    lambda agency_id: models.Q(role=Role.OFFICER, agency_id=agency_id), "agency_id"
)


def people_told(audiences: Mapping[str, Audience], case: Any) -> dict[str, list[User]]:
    """The people of several audiences, by its name; one query.

    A mandate that fits several is counted for the first of them."""
    bodies = {one.body_of: getattr(case, one.body_of) for one in audiences.values() if one.body_of}
    found: dict[str, dict[int, User]] = {name: {} for name in audiences}
    for mandate in _mandates_of(tuple(audiences.items())).objects(day=today(), **bodies):
        found[mandate.audience][mandate.user_id] = mandate.user
    return {name: list(people.values()) for name, people in found.items()}


@cache
def _mandates_of(audiences: tuple[tuple[str, Audience], ...]) -> KeptQuery:
    def build(day: date, **bodies: Any) -> "models.QuerySet[Mandate]":
        whens = [
            models.When(one.fits(bodies.get(one.body_of)), then=models.Value(name))
            for name, one in audiences
        ]
        audience = models.Case(*whens, default=models.Value(""), output_field=models.CharField())
        held = Mandate.objects.in_force(day).annotate(audience=audience).exclude(audience="")
        return held.select_related("user").order_by("user_id")

    return KeptQuery(build, is_planned_once=True)
