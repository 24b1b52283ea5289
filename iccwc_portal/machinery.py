"""The machinery in words: what each part does, how it is, and since when it is late."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from platform import python_version
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import Min
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from history.models import Check
from iccwc_portal import health
from outbox.models import Heartbeat, Message, State
from partners.desk_words import Words
from requests_app import scanning
from requests_app.models import Attachment, Scan
from webhooks.standing import counts

# A night and a morning: the check runs once a day.
CHECK_EXPECTED = timedelta(hours=30)

_PARTS: dict[str, Words] = {
    "beat": gettext_lazy("The clock that starts everything below"),
    "sweep": gettext_lazy("Sending messages that wait"),
    "reminders": gettext_lazy("Reminding agencies of answers"),
    "digest": gettext_lazy("The daily summary for the desk"),
    "country-digest": gettext_lazy("The weekly summary for countries"),
    "people": gettext_lazy("Ending sessions and forgetting unconfirmed requests for access"),
    "renewals": gettext_lazy("Reminding of mandates to be confirmed"),
    "key-reminders": gettext_lazy("Reminding of API keys that end"),
    "toolkit-reminders": gettext_lazy("Reminding of Toolkit steps that stand still"),
    "action-plans": gettext_lazy("Reminding of action plans, and reporting on them each quarter"),
    "imports": gettext_lazy("Forgetting files that nobody imported"),
    "activity-imports": gettext_lazy("Finishing imports of activities"),
    "links": gettext_lazy("Looking at the links of the public record every night"),
    "kept-answers": gettext_lazy("Forgetting answers that the API kept for a day"),
    "webhooks": gettext_lazy("Telling agencies’ systems of events"),
    "webhooks-forgotten": gettext_lazy("Forgetting what webhooks were sent a month ago"),
    "history-check": gettext_lazy("Checking the history every night"),
    scanning.HEARTBEAT: gettext_lazy("The virus scanner"),
}


@dataclass(frozen=True)
class Line:
    """One thing to know: its name, how it is (a tone of the status marks), in words, and where
    to look further."""

    name: Words
    tone: str
    words: str
    url: str = ""


def name_of(heartbeat: Heartbeat) -> str:
    return str(_PARTS.get(heartbeat.name, heartbeat.name))


def late_since(heartbeat: Heartbeat) -> datetime | None:
    """From when on it was missing; None while it is in time."""
    return heartbeat.seen_at + heartbeat.every if heartbeat.is_late else None


def state_of(heartbeat: Heartbeat) -> tuple[str, str]:
    since = late_since(heartbeat)
    if since is None:
        return "good", _("in time")
    return "attention", _("late since %(moment)s") % {"moment": _moment(since)}


def services() -> list[Line]:
    """What the portal leans on."""
    return [
        _asked(gettext_lazy("Database"), health.database),
        _asked(gettext_lazy("Queue of tasks"), health.broker),
        _scanner(),
    ]


def messages() -> list[Line]:
    """What is owed, what failed, and when a message last left."""
    url = reverse("admin:outbox_message_changelist")
    owed = Message.objects.owed()
    waiting = owed.filter(next_try_at__lte=timezone.now())
    oldest = waiting.aggregate(oldest=Min("created_at"))["oldest"]
    overdue = bool(oldest and oldest < timezone.now() - health.BACKLOG_LIMIT)
    failed = Message.objects.filter(state=State.FAILED).count()
    dead = Message.objects.filter(state=State.DEAD).count()
    last = Message.objects.filter(state=State.SENT).order_by("-sent_at").first()
    since = _("%(count)s; the oldest since %(moment)s")
    count = _number(waiting.count())
    said = since % {"count": count, "moment": _moment(oldest)} if oldest else count
    return [
        Line(_("Waiting to be sent"), "attention" if overdue else "good", said, f"{url}?owed=yes"),
        Line(
            _("Failed, will be tried again"),
            "active" if failed else "good",
            _number(failed),
            f"{url}?state__exact={State.FAILED}",
        ),
        Line(
            _("Given up"),
            "attention" if dead else "good",
            _number(dead),
            f"{url}?state__exact={State.DEAD}",
        ),
        Line(
            _("Last one sent"),
            "good" if last else "waiting",
            _moment(last.sent_at) if last and last.sent_at else _("none yet"),
            f"{url}?state__exact={State.SENT}",
        ),
    ]


def webhooks() -> list[Line]:
    """Whether agencies' systems are told of events."""
    url, now = reverse("admin:webhooks_webhook_changelist"), counts()
    return [
        Line(
            _("Active"),
            "good" if now["active"] else "ended",
            _webhooks(now["active"]),
            f"{url}?state__exact=active",
        ),
        Line(
            _("Failing now, will be tried again"),
            "active" if now["failing"] else "good",
            _webhooks(now["failing"]),
            f"{url}?state__exact=active",
        ),
        Line(
            _("Paused by the portal"),
            "attention" if now["paused"] else "good",
            _webhooks(now["paused"]),
            f"{url}?state__exact=paused",
        ),
    ]


def _webhooks(count: int) -> str:
    return ngettext("%(n)d webhook", "%(n)d webhooks", count) % {"n": count}


def history_check() -> Line:
    """What the last check of the history found."""
    name, url = gettext_lazy("Last check"), reverse("admin:history_event_changelist")
    last = Check.objects.first()
    if last is None:
        return Line(name, "waiting", _("It has not run yet."), url)
    said = {"moment": _moment(last.ran_at), "count": last.events, "fault": last.fault}
    if last.fault:
        return Line(name, "attention", _("%(moment)s: broken. %(fault)s") % said, url)
    words = ngettext(
        "%(moment)s: intact (%(count)d event)", "%(moment)s: intact (%(count)d events)", last.events
    )
    late = last.ran_at < timezone.now() - CHECK_EXPECTED
    return Line(name, "attention" if late else "good", words % said, url)


def versions() -> list[tuple[str, str]]:
    return [
        ("Python", python_version()),
        ("Django", version("django")),
        ("Celery", version("celery")),
        _database_version(),
    ]


def _database_version() -> tuple[str, str]:
    if connection.vendor == "postgresql":
        number: Any = connection.pg_version  # type: ignore[attr-defined]  # of that backend only
        return "PostgreSQL", f"{number // 10000}.{number % 10000}"
    return "SQLite", sqlite3.sqlite_version


def _asked(name: Words, check: Callable[[], str]) -> Line:
    well = health.ask(str(name), check) == "ok"
    return Line(name, "good" if well else "attention", _("at work") if well else _("not reached"))


def _scanner() -> Line:
    name = gettext_lazy("Virus scanner")
    waiting = Attachment.objects.filter(scan=Scan.WAITING).count()
    if not settings.CLAMAV_URL:
        return Line(name, "ended", _("none is set up: files can be read at once"))
    well = health.heartbeat(scanning.HEARTBEAT) == "ok"
    files = ngettext("%(n)d file waits for it", "%(n)d files wait for it", waiting) % {"n": waiting}
    state = _("at work") if well else _("not reached")
    return Line(name, "good" if well and not waiting else "attention", f"{state}; {files}")


def _number(count: int) -> str:
    return ngettext("%(n)d message", "%(n)d messages", count) % {"n": count}


def _moment(moment: datetime) -> str:
    return date_format(timezone.localtime(moment), "DATETIME_FORMAT")
