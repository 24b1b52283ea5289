"""Celery: three queues, and beat, whose every turn leaves a heartbeat."""

import logging
import os
from datetime import timedelta
from typing import Any

from celery import Celery
from celery.beat import PersistentScheduler
from celery.schedules import crontab
from django.db import DatabaseError, close_old_connections
from kombu import Exchange, Queue

from iccwc_portal import broker  # noqa: F401 - makes the address folder:// known

log = logging.getLogger(__name__)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iccwc_portal.settings")

app = Celery("iccwc_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()

app.conf.task_default_queue = "maintenance"
app.conf.task_queues = [
    Queue(name, Exchange(name), routing_key=name)
    for name in ("notifications", "webhooks", "maintenance")
]
app.conf.task_routes = {
    "outbox.tasks.deliver": {"queue": "notifications"},
    "webhooks.tasks.deliver": {"queue": "webhooks"},
    "webhooks.tasks.sweep": {"queue": "webhooks"},
}
# Expiring schedules: a worker that was away finds one sweep to do, not a week of them.
app.conf.beat_schedule = {
    "sweep": {
        "task": "outbox.tasks.sweep",
        "schedule": timedelta(seconds=10),
        "options": {"expires": 10},
    },
    "reminders": {
        "task": "requests_app.tasks.remind",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600},
    },
    "virus-scan": {
        "task": "requests_app.tasks.scan_waiting",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "digest": {
        "task": "requests_app.tasks.digest",
        "schedule": crontab(hour="6", minute="0"),
        "options": {"expires": 3600},
    },
    "people": {
        "task": "partners.tasks.tidy_people",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600},
    },
    "renewals": {
        "task": "partners.tasks.remind_of_renewals",
        "schedule": crontab(hour="5", minute="30"),
        "options": {"expires": 3600},
    },
    "key-reminders": {
        "task": "partners.tasks.remind_of_keys",
        "schedule": crontab(hour="5", minute="40"),
        "options": {"expires": 3600},
    },
    # Daily, so that a Monday without a worker is made up for: it is sent once a week.
    "country-digest": {
        "task": "requests_app.tasks.tell_countries",
        "schedule": crontab(hour="6", minute="10"),
        "options": {"expires": 3600},
    },
    "toolkit-reminders": {
        "task": "toolkit.tasks.remind_of_steps",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600},
    },
    # Daily, so that a first of a quarter without a worker is made up for.
    "action-plans": {
        "task": "toolkit.tasks.look_after_plans",
        "schedule": crontab(hour="6", minute="20"),
        "options": {"expires": 3600},
    },
    "imports": {
        "task": "toolkit.tasks.forget_imports",
        "schedule": crontab(hour="3", minute="10"),
        "options": {"expires": 3600},
    },
    "activity-imports": {
        "task": "record.tasks.carry_on_imports",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "kept-answers": {
        "task": "workflow.tasks.forget_answers",
        "schedule": timedelta(hours=1),
        "options": {"expires": 3600},
    },
    "webhooks": {
        "task": "webhooks.tasks.sweep",
        "schedule": timedelta(seconds=10),
        "options": {"expires": 10},
    },
    "webhooks-forgotten": {
        "task": "webhooks.tasks.forget",
        "schedule": crontab(hour="3", minute="20"),
        "options": {"expires": 3600},
    },
    # In several turns, each of which is short: others wait in the same queue.
    "links": {
        "task": "record.tasks.look_at_links",
        "schedule": crontab(hour="1-4", minute="*/10"),
        "options": {"expires": 600},
    },
    "history-check": {
        "task": "iccwc_portal.tasks.check_history",
        "schedule": crontab(hour="2", minute="30"),
        "options": {"expires": 3600},
    },
}


class BeatingScheduler(PersistentScheduler):
    """Beat that shows it is alive, also while no worker listens, and outlives its database."""

    def apply_entry(self, entry: Any, producer: Any = None) -> None:
        self._show_alive()
        super().apply_entry(entry, producer)

    def _show_alive(self) -> None:
        from outbox.models import beat  # noqa: PLC0415 - needs loaded apps

        try:
            close_old_connections()  # beat has no request or task whose end would do it
            beat("beat", timedelta(seconds=10))
        except DatabaseError:
            log.exception("beat could not leave its heartbeat")


app.conf.beat_scheduler = "iccwc_portal.celery:BeatingScheduler"
