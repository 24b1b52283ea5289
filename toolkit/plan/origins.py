"""Which recommendation a request for support grew out of, on the pages of the request."""

from typing import Any

from django.utils.translation import gettext as _

from requests_app.models import SupportRequest
from requests_app.record import Line, add_origins
from toolkit.models import Implementation, Recommendation


def lines(support_request: SupportRequest, actor: Any) -> list[Line]:
    """Only of recommendations that the reader reads inside; one query."""
    inside = Recommendation.objects.inside(actor).filter(support_requests=support_request)
    found = inside.select_related("implementation__party").order_by("implementation", "number")
    return [
        Line(_("Grew out of:"), in_words(one.implementation, one.number), one.get_absolute_url())
        for one in found
    ]


def in_words(cycle: Implementation, number: int) -> str:
    """Ask with the Party of the cycle at hand."""
    words = _("recommendation %(number)d of the action plan of %(party)s, cycle %(cycle)d")
    return words % {"number": number, "party": cycle.party.name, "cycle": cycle.cycle}


def show_origins() -> None:
    """Called in the app's ready()."""
    add_origins(lines)
