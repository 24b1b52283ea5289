"""What is missing before a submission, as links to where it is put in."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from requests_app.completeness import steps_for
from requests_app.models import SupportRequest
from requests_app.questions import BY_KEY
from requests_app.workflow.request_changes import gaps


@dataclass(frozen=True)
class Gap:
    """One thing that is missing; `url` leads to its field and back to the check, if it has one."""

    key: str
    label: str
    sentence: str
    url: str


@dataclass(frozen=True)
class Gaps:
    rows: tuple[Gap, ...]
    of_documents: int

    def __bool__(self) -> bool:
        return bool(self.rows)


def missing_in(draft: SupportRequest) -> Gaps:
    """In the order of the form, the documents last."""
    missing = gaps(draft)
    rows = [
        Gap(asked.key, str(asked.label), said, field_address(draft, step.key, asked.anchor))
        for step in steps_for(draft)
        for asked in step.questions
        for said in missing.get(asked.key, [])
    ]
    documents = {"letter": _("Signed letter"), "others": _("Further files")}
    files = [
        Gap(key, label, said, field_address(draft, "documents", f"id_{key}"))
        for key, label in documents.items()
        for said in missing.get(key, [])
    ]
    known = {gap.key for gap in (*rows, *files)}
    # Whatever else refuses the submission is said as well: nobody should have to guess.
    rest = [
        Gap(key, str(BY_KEY[key].label) if key in BY_KEY else "", said, "")
        for key in missing.keys() - known
        for said in missing[key]
    ]
    return Gaps((*rows, *files, *rest), len(files))


def addresses_by_question(draft: SupportRequest) -> dict[str, str]:
    """Where each question that is asked now is answered."""
    return {
        asked.key: field_address(draft, step.key, asked.anchor)
        for step in steps_for(draft)
        for asked in step.questions
    }


def field_address(draft: SupportRequest, step_key: str, anchor: str) -> str:
    """Of one field; its page leads back to the check."""
    return reverse("requests:step", args=[draft.handle, step_key]) + f"?then=check#{anchor}"
