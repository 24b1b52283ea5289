"""The addresses of the rows behind the figures."""

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode

from iccwc_portal.overview.charts import Cell


def requests(queue: str = "all", **narrowed: Any) -> str:
    """The list of requests, of all states unless a queue is named."""
    url = reverse("admin:requests_app_supportrequest_changelist")
    return f"{url}?{urlencode({'queue': queue, **narrowed})}"


def referrals(**narrowed: Any) -> str:
    return f"{reverse('admin:requests_app_referral_changelist')}?{urlencode(narrowed)}"


def cell(number: int, url: str) -> Cell:
    """A figure that leads to its rows, if there are any."""
    return Cell(number, url if number else "")
