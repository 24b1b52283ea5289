"""What is asked of an assessment: its head, as the Assessment Template has it, and its scores."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from history.precision import Precision
from partners.models import Agency
from toolkit.models import Edition, Implementation, Indicator, Observation
from toolkit.workflow.step_inputs import today
from workflow.inputs import Input, Kind

LONGEST_REMARK = 2000


def _of_the_edition(assessment: Any) -> Sequence[tuple[str, str]]:
    indicators = Indicator.objects.filter(edition=assessment.edition_id)
    return [(str(one.number), str(one)) for one in indicators]


INSTRUMENT = Input(
    name="instrument",
    label=_("Instrument"),
    hint=_("Both: the Toolkit and the Indicator Framework were carried out jointly."),
    kind=Kind.CHOICE,
    choices=Observation.Instrument.choices,
    initial=lambda one: one.instrument or None,
)
EDITION = Input(
    name="edition",
    label=_("Edition of the Indicator Framework"),
    hint=_("Needed where the Indicator Framework was used."),
    kind=Kind.ONE_OF,
    rows=lambda one: Edition.objects.usable(),
    key="key",
    required=False,
    initial=lambda one: one.edition,
)
HELD_ON = Input(
    name="held_on",
    label=_("Date of assessment"),
    hint=_("The last day of the workshop. For a month or a year, any day of it."),
    kind=Kind.DATE,
    latest=today,
    initial=lambda one: one.held_on,
)
PRECISION = Input(
    name="precision",
    label=_("How exactly is the date known?"),
    kind=Kind.CHOICE,
    choices=Precision.choices,
    initial=lambda one: one.precision,
)
NATIONAL_BODIES = Input(
    name="national_bodies",
    label=_("Agency or agencies"),
    hint=_("The national bodies that took part."),
    kind=Kind.LINE,
    required=False,
    max_length=500,
    initial=lambda one: one.national_bodies,
)
CONTACT_PERSON = Input(
    name="contact_person",
    label=_("Contact person"),
    hint=_("Read by your country, and after submission by the Secretariat and the lead agency."),
    kind=Kind.LINE,
    required=False,
    max_length=200,
    initial=lambda one: one.contact_person,
)
CONTACT_DETAILS = Input(
    name="contact_details",
    label=_("Contact details"),
    kind=Kind.LINE,
    required=False,
    max_length=300,
    initial=lambda one: one.contact_details,
)
LEAD_AGENCY = Input(
    name="lead_agency",
    label=_("Lead agency"),
    hint=_("The ICCWC agency that led the assessment. It reads everything after submission."),
    kind=Kind.ONE_OF,
    rows=lambda one: Agency.objects.partners(),
    key="code",
    required=False,
    initial=lambda one: one.lead_agency,
)
AGENCIES = Input(
    name="agencies",
    label=_("ICCWC agencies that took part"),
    kind=Kind.SOME_OF,
    rows=lambda one: Agency.objects.all(),
    key="code",
    required=False,
    initial=lambda one: list(one.agencies.all()) if one.pk else [],
)
IMPLEMENTATION = Input(
    name="implementation",
    label=_("Toolkit cycle to which it belongs"),
    kind=Kind.ONE_OF,
    rows=lambda one: Implementation.objects.filter(party=one.party_id).select_related("party"),
    key="cycle",
    required=False,
    initial=lambda one: one.implementation,
)
HEAD = (
    INSTRUMENT, EDITION, HELD_ON, PRECISION, NATIONAL_BODIES, CONTACT_PERSON, CONTACT_DETAILS,
    LEAD_AGENCY, AGENCIES, IMPLEMENTATION,
)  # fmt: skip

SCORES = Input(
    name="scores",
    label=_("Answers to indicators"),
    kind=Kind.MARKS,
    required=False,
    max_length=LONGEST_REMARK,
    subjects=_of_the_edition,
    choices=[(str(value), str(value)) for value in range(4)],
)
SEEN = Input(
    name="seen",
    label=_("Mark of the answers that the writer saw"),
    kind=Kind.LINE,
    required=False,
    max_length=64,
)
WHY_NOT_ALL = Input(
    name="not_assessed",
    label=_("Why some indicators are not assessed"),
    hint=_("Only where an indicator has no answer."),
    required=False,
    max_length=2000,
)
