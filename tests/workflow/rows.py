"""One row of every model that has a state, and how it stands in the database."""

from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Model

from tests import make
from tests.toolkit import instruments
from tests.toolkit.test_pages import observed
from toolkit.workflow.observing import observe_total
from workflow.executor import tables

# What is stored beside a state, and follows from what happened: nobody types it either.
FOLLOWS = ("state_since", "waits_for", "due_at", "reminded_at", "escalated_at")
FORGED = {
    "state_since": "1999-01-01",
    "waits_for": "nobody",
    "due_at": "2099-01-01",
    "reminded_at": "1999-01-01",
    "escalated_at": "1999-01-01",
}


def one_of_each() -> dict[str, Any]:
    """By the name of its table."""
    case = make.request_in("referred", agencies=("INTERPOL",))
    cycle = make.implementation(make.party("KEN"), make.agency("INTERPOL"))
    return {
        "requests": case,
        "referrals": case.referrals.get(),
        "threads": make.conversation(case, "open"),
        "toolkit": cycle,
        "toolkit.step": cycle.steps.get(position=3),
        "toolkit.recommendations": make.recommendation(cycle),
        "toolkit.assessments": instruments.draft(),
        "toolkit.observations": observed(make.party("KEN")),
        "toolkit.totals": _a_total(),
        "invitations": make.invitation(),
        "access": make.access_request(),
        "webhooks": make.webhook(),
        "activities": make.activity("draft"),
        "activity_imports": make.activity_import(),
        "library": make.document("draft"),
        "network_meetings": make.global_meeting("draft"),
        "news": make.news_item("draft"),
        "operations": make.operation("draft"),
        "recognition": make.recognition("draft"),
    }


def _a_total() -> Any:
    dated = {"effective_on": date(2018, 10, 31), "precision": "month"}
    said = {"date_in_source": "October 2018", "text": "In 10 countries.", "source": "A page"}
    return observe_total(**dated, **said)


def another_state(row: Model) -> str:
    """One in which the row does not stand, and cannot begin wherever there is such a one."""
    field: Any = row._meta.get_field("state")
    others = [state for state, _words in field.choices if state != row.state]
    return next((one for one in others if one not in field.begins), others[0])


def stored() -> dict[str, list[tuple[Any, ...]]]:
    """By table, every row's state, version and what follows from them, read past the ORM."""
    found = {}
    for table in tables():
        meta = table.model._meta
        columns = [one.column for one in meta.concrete_fields]
        kept = ["id", "state", "version", *(name for name in FOLLOWS if name in columns)]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {', '.join(kept)} FROM {meta.db_table} ORDER BY id")  # noqa: S608
            found[table.name] = cursor.fetchall()
    return found
