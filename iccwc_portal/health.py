"""Is the portal alive, and is everything it leans on at work?"""

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from iccwc_portal.celery import app as celery
from outbox.models import Heartbeat, Message
from requests_app import scanning
from requests_app.models import Attachment, Scan

log = logging.getLogger(__name__)

# A message that is ready for longer than this was passed over by every sweep.
BACKLOG_LIMIT = timedelta(minutes=5)
# A file that waits for longer than this was passed over by the virus scanner many times.
UNCHECKED_LIMIT = timedelta(minutes=10)


@require_safe
@never_cache
def alive(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain")


@require_safe
@never_cache
def ready(request: HttpRequest) -> JsonResponse:
    """Each part with "ok" or what is wrong with it; 503 as soon as one is not ok."""
    checks = {
        "database": database,
        "broker": broker,
        "worker": lambda: heartbeat("sweep"),
        "beat": lambda: heartbeat("beat"),
        "outbox": _outbox,
        "attachments": _attachments,
    }
    found = {name: ask(name, check) for name, check in checks.items()}
    well = all(answer == "ok" for answer in found.values())
    return JsonResponse(
        {"status": "ok" if well else "failing", "checks": found}, status=200 if well else 503
    )


def ask(name: str, check: Callable[[], str]) -> str:
    """What the check says; "unreachable" when it fails, whatever is broken."""
    try:
        return check()
    except Exception as problem:  # noqa: BLE001 - whatever is broken, the answer says so
        log.error("Not ready: %s: %s", name, problem)  # noqa: TRY400 - asked every few seconds
        return "unreachable"


def database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return "ok"


def broker() -> str:
    with celery.connection_for_write(connect_timeout=2) as reached:
        reached.ensure_connection(max_retries=1, timeout=2)
        channel: Any = reached.channel()
        channel.close()
    return "ok"


def heartbeat(name: str) -> str:
    last = Heartbeat.objects.filter(name=name).first()
    if last is None:
        return "not seen yet"
    return "late" if last.is_late else "ok"


def _outbox() -> str:
    overdue = timezone.now() - BACKLOG_LIMIT
    waiting = Message.objects.ready().filter(next_try_at__lt=overdue).count()
    return f"{waiting} messages overdue" if waiting else "ok"


def _attachments() -> str:
    """Is the virus scanner at work, where there is one, and does no file wait for it in vain?"""
    long_ago = timezone.now() - UNCHECKED_LIMIT
    waiting = Attachment.objects.filter(scan=Scan.WAITING, added_at__lt=long_ago).count()
    if waiting:
        return f"{waiting} files wait for the virus scanner"
    return heartbeat(scanning.HEARTBEAT) if settings.CLAMAV_URL else "ok"
