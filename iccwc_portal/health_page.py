"""The health of the portal on one page of the desk, in words."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from history.models import Check
from iccwc_portal import machinery
from outbox.models import Heartbeat

CHECKS_SHOWN = 10


def health_page(request: HttpRequest, site: Any) -> HttpResponse:
    parts = [
        (machinery.name_of(one), one.seen_at, machinery.state_of(one))
        for one in Heartbeat.objects.all()
    ]
    context = site.each_context(request) | {
        "title": _("Health of the portal"),
        "opts": Heartbeat._meta,
        "parts": sorted(parts, key=lambda part: (part[2][0] == "good", part[0])),
        "groups": [
            (_("What the portal leans on"), machinery.services()),
            (_("Messages"), machinery.messages()),
            (_("History"), [machinery.history_check()]),
        ],
        "checks": Check.objects.all()[:CHECKS_SHOWN],
        "versions": machinery.versions(),
    }
    return TemplateResponse(request, "admin/health.html", context)
