"""The same action on many requests: each row for itself, through the workflow, in order of id.

A row that cannot be done is named with its reason and holds nobody up; what was done stands.
Each row goes with the version that was shown, so that the same form sent twice does nothing more.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.db import OperationalError
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from partners.desk import id_in
from requests_app.models import Referral, ReferralState, SupportRequest
from requests_app.queues import submitted_to
from requests_app.workflow import REFERRALS, REQUESTS
from workflow.errors import Refused, StaleVersion
from workflow.executor import perform, require
from workflow.forms import field_for
from workflow.inputs import Input
from workflow.transitions import Table, Transition

log = logging.getLogger(__name__)

MOST = 200  # rows at once: what somebody can look through before confirming
# Asked of a single request only: texts and files that belong to one case.
_OF_ONE_CASE = frozenset({"standard", "open_files"})

Words = str | Promise


@dataclass(frozen=True)
class Job:
    """What can be done to many: the action of a table, and the words of its button."""

    key: str
    label: Words
    table: Table
    action: str

    @property
    def transition(self) -> Transition:
        return self.table.by_action[self.action]

    @property
    def inputs(self) -> list[Input]:
        return [one for one in self.transition.inputs if one.name not in _OF_ONE_CASE]


JOBS = {
    job.key: job
    for job in (
        Job("assign", gettext_lazy("Assign to an officer"), REQUESTS, "assign"),
        Job("remind", gettext_lazy("Remind the agencies"), REFERRALS, "remind"),
        Job("refer", gettext_lazy("Refer to agencies"), REQUESTS, "refer"),
        Job("decline", pgettext_lazy("a request", "Decline"), REQUESTS, "decline"),
        Job("redirect", gettext_lazy("Redirect to another channel"), REQUESTS, "redirect"),
        Job("complete", pgettext_lazy("support", "Complete"), REQUESTS, "complete"),
    )
}
CLOSING = ("decline", "redirect", "complete")


@dataclass(frozen=True)
class Row:
    """One thing that the action is done to; `problem` says why it would be left out."""

    obj: Any
    support_request: SupportRequest
    problem: str = ""

    @property
    def field(self) -> str:
        """Of its version in the form."""
        return f"version_{self.obj._meta.model_name}_{self.obj.pk}"


@dataclass(frozen=True)
class Outcome:
    """What became of one row, in words."""

    row: Row
    is_done: bool
    words: str


@dataclass(frozen=True)
class Plan:
    """What the action would do. `missing` counts ids that name nothing the actor may see."""

    rows: list[Row]
    missing: int

    @property
    def open_rows(self) -> list[Row]:
        return [row for row in self.rows if not row.problem]


def plan(job: Job, ids: Iterable[str], actor: Any) -> Plan:
    """Of the chosen requests those that the actor may see, lowest id first, each asked whether
    the action is open to it now."""
    asked = list(dict.fromkeys(ids))
    known = [pk for pk in map(id_in, asked) if pk is not None]
    requests = submitted_to(actor).with_names().filter(pk__in=known[:MOST])
    found = list(requests.order_by("pk"))
    rows = _waiting_agencies(found, actor) if job.table is REFERRALS else _themselves(found)
    judged = [replace(row, problem=row.problem or _why_not(job, row.obj, actor)) for row in rows]
    return Plan(judged, len(asked) - len(found))


def _themselves(requests: list[SupportRequest]) -> list[Row]:
    return [Row(one, one) for one in requests]


def _waiting_agencies(requests: list[SupportRequest], actor: Any) -> list[Row]:
    """A row for each agency that has still to answer, and one for a request without any."""
    by_id = {one.pk: one for one in requests}
    waiting: dict[int, list[Referral]] = {}
    referrals = Referral.objects.visible_to(actor).filter(
        support_request__in=by_id, state=ReferralState.SENT
    )
    for referral in referrals.select_related("agency").order_by("pk"):
        referral.support_request = by_id[referral.support_request_id]
        waiting.setdefault(referral.support_request_id, []).append(referral)
    nobody = _("No agency has still to answer.")
    rows: list[Row] = []
    for one in requests:
        agencies = waiting.get(one.pk, [])
        rows += [Row(each, one) for each in agencies] or [Row(one, one, nobody)]
    return rows


def _why_not(job: Job, obj: Any, actor: Any) -> str:
    try:
        require(job.action, obj, actor)
    except Refused as refusal:
        return refusal.in_one
    return ""


class JobForm(forms.Form):
    """The inputs of an action, asked once for all its rows."""

    def __init__(self, job: Job, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.job = job
        for one in job.inputs:
            self.fields[one.name] = field = field_for(one)
            field.widget.is_required = False  # our sentence, not the browser's

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for one in self.job.inputs:
            problem = "" if one.name in self.errors else one.problem_with(said.get(one.name))
            if problem:
                self.add_error(one.name, problem)
        return said


def carry_out(
    job: Job, rows: Sequence[Row], *, by: Any, data: Mapping[str, Any], seen: Mapping[str, int]
) -> list[Outcome]:
    """Row by row, each in a transaction of its own. `seen` has the version shown of each."""
    return [_carry_out(job, row, by, data, seen) for row in rows]


def _carry_out(
    job: Job, row: Row, by: Any, data: Mapping[str, Any], seen: Mapping[str, int]
) -> Outcome:
    if row.field not in seen or not isinstance(row.obj, job.table.model):
        return Outcome(row, False, row.problem or _("It was not on the page that was confirmed."))
    try:
        perform(job.action, row.obj, by=by, data=data, version=seen[row.field])
    except StaleVersion:
        # Perhaps by this very form, sent a moment ago.
        return Outcome(row, False, _("It has changed since the page was shown. Look at it again."))
    except Refused as refusal:
        return Outcome(row, False, refusal.in_one)
    except OperationalError:
        # Its own transaction is undone. Whoever waits for the page has to learn what was done.
        thing = row.obj._meta.label_lower
        log.exception("%s: the database was busy for %s %s", job.key, thing, row.obj.pk)
        return Outcome(row, False, _("The database was busy: try this one again."))
    return Outcome(row, True, f"{job.transition.done}.")
