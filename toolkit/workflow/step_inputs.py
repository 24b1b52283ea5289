"""What is asked when a step is about to change."""

from dataclasses import replace
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from history.precision import Precision
from partners.models import Agency
from requests_app.attaching import LIMITS
from toolkit.models import Readers
from toolkit.steps import StepState
from workflow.inputs import Input, Kind


def today() -> date:
    return timezone.now().date()


STATE = Input(
    name="state", label=_("What happened?"), kind=Kind.CHOICE,
    choices=[
        (StepState.UNDER_WAY, _("The step has begun")),
        (StepState.DONE, _("The step is done")),
        (StepState.NOT_APPLICABLE, _("The step does not apply")),
    ],
)  # fmt: skip
NEW_STATE = Input(
    name="state", label=_("The right state"), kind=Kind.CHOICE, choices=StepState.choices,
    initial=lambda step: step.state,
)  # fmt: skip
ON = Input(
    name="effective_on",
    label=_("Date"),
    kind=Kind.DATE,
    latest=today,
    hint=_("For a month or a year, give any day of it, up to today."),
)
PRECISION = Input(
    name="precision",
    label=_("How exactly is the date known?"),
    kind=Kind.CHOICE,
    choices=Precision.choices,
    initial=lambda step: Precision.DAY,
)
# A correction begins with what is recorded: whoever mends the date loses no source.
RIGHT_ON = replace(ON, initial=lambda step: step.effective_on)
RIGHT_PRECISION = replace(PRECISION, initial=lambda step: step.precision)
NOTE = Input(name="note", label=_("Note"), required=False, max_length=2000)
WHAT_HAPPENED = Input(name="note", label=_("Note"), max_length=2000)
SOURCE = Input(
    name="source", label=_("Source"), kind=Kind.LINE, required=False, max_length=300,
    hint=_("The document or letter that says so."),
)  # fmt: skip
RIGHT_SOURCE = replace(SOURCE, initial=lambda step: step.source)
REASON = Input(name="reason", label=_("Reason"), max_length=2000)
REMARK = Input(name="remark", label=_("Remark"), required=False, max_length=2000)
DESPITE = Input(
    name="despite",
    label=_("Reason for the exception"),
    hint=_(
        "Only where a rule speaks against it: a report without a mission, an action plan without "
        "a report, a day before the step before it, before the country became a Party, or before "
        "the Toolkit was launched."
    ),
    required=False,
    max_length=2000,
)
AGENCY = Input(
    name="agency",
    label=_("Responsible agency"),
    kind=Kind.ONE_OF,
    rows=lambda step: Agency.objects.all(),
    key="code",
    required=False,
    initial=lambda step: step.agency,
)
NATIONAL_LEAD = Input(
    name="national_lead",
    label=_("National lead"),
    hint=_("The office or body in the country, not a person."),
    kind=Kind.LINE,
    required=False,
    max_length=200,
    initial=lambda step: step.national_lead,
)
EXPECTED_ON = Input(
    name="expected_on",
    label=_("Expected date"),
    kind=Kind.DATE,
    required=False,
    initial=lambda step: step.expected_on,
)
FILE = Input(name="file", label=_("File"), kind=Kind.FILE, hint=LIMITS)
TITLE = Input(name="title", label=_("Title"), kind=Kind.LINE, max_length=200)
READERS = Input(
    name="readers",
    label=_("Who may read it?"),
    kind=Kind.CHOICE,
    choices=Readers.choices,
    initial=lambda obj: Readers.CONCERNED,
)
