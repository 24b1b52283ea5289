"""Tells the pages of actions where to read what happened to a case in the meantime."""

from typing import Any

from django.db.models import QuerySet

from history.models import Event
from requests_app.entries import entries
from requests_app.models import Referral, SupportRequest, Thread
from requests_app.timeline import about_request
from workflow.meanwhile import register_history


def _of_the_case(case: Any, actor: Any) -> "QuerySet[Event]":
    return about_request(getattr(case, "support_request", case), actor)


def show_what_happened() -> None:
    """Called in the app's ready()."""
    for model in (SupportRequest, Referral, Thread):
        register_history(model, _of_the_case, entries)
