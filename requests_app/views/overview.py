"""The way into a request being written, back and on: every step with how far it is."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from partners.kept_text import keeps_typed_text
from partners.models import User
from requests_app.completeness import Progress, progress
from requests_app.correcting import remarks_that_stand
from requests_app.gap_list import Gaps, missing_in
from requests_app.merging import Stamp, stamp_of
from requests_app.models import SupportRequest
from requests_app.questions import Step
from requests_app.views.form_frame import DOCUMENTS, address_of, closed, editable_request
from requests_app.views.support import set_aside
from requests_app.working_copy import support_written
from workflow.executor import can


@dataclass(frozen=True)
class Row:
    """One page of the form on the overview; `by` and `at` say who wrote there last.

    `remark` leads to a question with a remark of the Secretariat; it `stands` until the answer
    is another one.
    """

    title: str
    url: str
    progress: Progress
    missing: int = 0
    by: User | None = None
    at: datetime | None = None
    remark: str = ""
    stands: bool = False
    note: str = ""  # instead of the progress

    @property
    def is_complete(self) -> bool:
        return self.progress == Progress.COMPLETE and not self.stands


@require_safe
@never_cache
@keeps_typed_text
def overview(request: HttpRequest, handle: str) -> HttpResponse:
    draft = editable_request(request, handle)
    if not draft.can_be_edited:
        return closed(request, draft)
    gaps = missing_in(draft)
    rows = [*_steps(draft), _documents(draft, gaps)]
    context = {
        "draft": draft,
        "support": support_written(draft),
        "rows": rows,
        "complete": sum(row.is_complete for row in rows),
        "corrects": next((row.remark for row in rows if row.stands), ""),
        "goes_on": next((row.url for row in rows if row.missing), ""),
        "gaps": gaps,
        "set_aside": set_aside(draft),
        "may_submit": can(request.user, "submit", draft),
        "last": _last(rows),
    }
    return render(request, "requests_app/overview.html", context)


def _last(rows: list[Row]) -> Row | None:
    """Where something was saved last."""
    dated = [(row.at, number) for number, row in enumerate(rows) if row.at]
    return rows[max(dated)[1]] if dated else None


def _steps(draft: SupportRequest) -> list[Row]:
    found = progress(draft)
    stamps = {one.step.key: _last_stamp(draft, one.step) for one in found}
    writers = User.objects.in_bulk({stamp.by for stamp in stamps.values() if stamp.by})
    standing = remarks_that_stand(draft)
    rows = []
    for one in found:
        stamp, url = stamps[one.step.key], address_of(draft, one.step.key)
        remarked = [asked for asked in one.step.questions if asked.key in draft.remarks]
        first = next((asked for asked in remarked if asked.key in standing), None)
        leads_to = first or next(iter(remarked), None)
        row = Row(
            str(one.step.title),
            url,
            one.progress,
            len(one.gaps),
            writers.get(stamp.by or 0),
            stamp.moment,
            remark=f"{url}#{leads_to.anchor}" if leads_to else "",
            stands=first is not None,
        )
        rows.append(row)
    return rows


def _last_stamp(draft: SupportRequest, step: Step) -> Stamp:
    stamps = (stamp_of(draft, question.key) for question in step.questions)
    return max(stamps, key=lambda stamp: stamp.version)


def _documents(draft: SupportRequest, gaps: Gaps) -> Row:
    last = draft.attachments.select_related("added_by").order_by("-pk").first()
    title, url, missing = _("Documents"), address_of(draft, DOCUMENTS), gaps.of_documents
    if last is None:
        note = "" if missing else _("nothing attached; the letter can follow")
        return Row(title, url, Progress.NOT_STARTED, missing, note=note)
    state = Progress.INCOMPLETE if missing else Progress.COMPLETE
    return Row(title, url, state, missing, last.added_by, last.added_at)
