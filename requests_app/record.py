"""What is known of a Party beside the request at hand; upper apps add their lines."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When
from django.utils import timezone

from partners.desk import Words
from requests_app.models import ENDED, SupportRequest

EARLIER_SHOWN = 10


@dataclass(frozen=True)
class Line:
    """One fact of a Party's record, with the page that says more."""

    label: Words
    text: str
    url: str = ""


Lines = Callable[[SupportRequest, Any], list[Line]]

_more: list[Lines] = []


def add_to_record(lines: Lines) -> None:
    """Show `lines(support_request, actor)`, what is known of its Party and what it grew out of, on
    the desk's page of every request; called on import."""
    _more.append(lines)


def record_of(support_request: SupportRequest, actor: Any) -> list[Line]:
    return [line for lines in _more for line in lines(support_request, actor)]


_origins: list[Lines] = []


def add_origins(lines: Lines) -> None:
    """Show `lines(support_request, actor)`, what a request grew out of, on its country's page;
    called on import."""
    _origins.append(lines)


def origins_of(support_request: SupportRequest, actor: Any) -> list[Line]:
    return [line for lines in _origins for line in lines(support_request, actor)]


@dataclass(frozen=True)
class Beside:
    """A Party's other requests: those that look like the one at hand, and the rest."""

    alike: list[SupportRequest]
    others: list[SupportRequest]


def beside(support_request: SupportRequest, actor: Any) -> Beside:
    """The Party's other submitted requests, newest first; one query.

    A request looks alike that asks for the same kind of support and is open, or was submitted
    within a year. The same wish of another Party is another wish.
    """
    year = timezone.now() - timedelta(days=365)
    recent = ~Q(state__in=ENDED) | Q(submitted_at__gte=year)
    alike = Case(
        When(recent, support=support_request.support_id, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
    visible = SupportRequest.objects.visible_to(actor).with_names().annotate(is_alike=alike)
    same = visible.filter(party=support_request.party_id, reference__isnull=False)
    found: list[Any] = list(
        same.exclude(pk=support_request.pk).order_by("-is_alike", "-submitted_at", "-pk")[
            : 2 * EARLIER_SHOWN
        ]
    )
    looking = [one for one in found if one.is_alike]
    rest = [one for one in found if not one.is_alike]
    return Beside(looking[:EARLIER_SHOWN], rest[:EARLIER_SHOWN])
