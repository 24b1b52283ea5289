"""The health of the portal on one page of the desk, in words."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from history.models import Check
from iccwc_portal import machinery
from iccwc_portal.celery import app as celery
from outbox.models import Heartbeat
from requests_app import scanning

CHECKS_SHOWN = 10
# The only part whose heartbeat is not called as its task: it is the scanner's, not the sweep's.
_SCAN = "virus-scan"


def health_page(request: HttpRequest, site: Any) -> HttpResponse:
    context = site.each_context(request) | {
        "title": _("Health of the portal"),
        "opts": Heartbeat._meta,
        "parts": _parts(),
        "groups": [
            (_("What the portal leans on"), machinery.services()),
            (_("Messages"), machinery.messages()),
            (_("Webhooks"), machinery.webhooks()),
            (_("History"), [machinery.history_check()]),
        ],
        "checks": Check.objects.all()[:CHECKS_SHOWN],
        "versions": machinery.versions(),
    }
    return TemplateResponse(request, "admin/health.html", context)


def _parts() -> list[tuple[str, datetime | None, tuple[str, str]]]:
    """Each part, when it was last seen and how it is: what is late first, then what has not run
    yet. Nothing while none was ever seen."""
    seen = {one.name: one for one in Heartbeat.objects.all()}
    if not settings.CLAMAV_URL:
        seen.pop(scanning.HEARTBEAT, None)
    parts: list[tuple[str, datetime | None, tuple[str, str]]] = [
        (machinery.name_of(one), one.seen_at, machinery.state_of(one)) for one in seen.values()
    ]
    for name in _expected() - seen.keys() if seen else ():
        part = machinery.name_of(Heartbeat(name=name))
        parts.append((part, None, ("waiting", _("not run yet"))))
    order = ("attention", "waiting", "good")
    return sorted(parts, key=lambda part: (order.index(part[2][0]), part[0]))


def _expected() -> set[str]:
    names = {"beat", *celery.conf.beat_schedule} - {_SCAN}
    return names | {scanning.HEARTBEAT} if settings.CLAMAV_URL else names
