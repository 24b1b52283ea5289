"""What is known of a Party beside the request at hand; upper apps add their lines."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from partners.desk import Words
from partners.models import Party
from requests_app.models import SupportRequest

EARLIER_SHOWN = 10


@dataclass(frozen=True)
class Line:
    """One fact of a Party's record, with the page that says more."""

    label: Words
    text: str
    url: str = ""


_more: list[Callable[[Party, Any], list[Line]]] = []


def add_to_record(lines: Callable[[Party, Any], list[Line]]) -> None:
    """Show `lines(party, actor)` on the desk's page of every request; called on import."""
    _more.append(lines)


def record_of(party: Party, actor: Any) -> list[Line]:
    return [line for lines in _more for line in lines(party, actor)]


def other_requests(support_request: SupportRequest, actor: Any) -> "QuerySet[SupportRequest]":
    """The Party's other submitted requests, newest first."""
    visible = SupportRequest.objects.visible_to(actor).with_names().in_use_order()
    same = visible.filter(party=support_request.party, reference__isnull=False)
    return same.exclude(pk=support_request.pk)[:EARLIER_SHOWN]
