"""What the actions on requests and referrals ask for."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from partners.access import secretariat_desk
from partners.models import Agency, User
from requests_app import attaching
from requests_app.completeness import questions_for
from requests_app.models import Reason
from workflow.inputs import Input, Kind


def _desk(obj: Any) -> "QuerySet[User]":
    return User.objects.filter(pk__in=[person.pk for person in secretariat_desk()])


DECLARATION = Input(
    name="declared",
    label=_(
        "I am entitled to ask for this support on behalf of my country, the answers are correct to "
        "the best of my knowledge, and nothing operational is in them."
    ),
    kind=Kind.CONFIRM,
)
ASSIGNEE = Input(
    name="assignee",
    label=_("Officer in charge"),
    kind=Kind.ONE_OF,
    rows=_desk,
    key="email",
)
TO_CORRECT = Input(
    name="to_correct",
    label=_("What should the country correct?"),
    hint=_("Name the question and what is missing. The country reads these words."),
)
REMARKS = Input(
    name="remarks",
    label=_("Remarks on single questions"),
    kind=Kind.NOTES,
    hint=_("Each stands next to its question when the country corrects the request."),
    subjects=lambda obj: [(one.key, one.label) for one in questions_for(obj)],
    required=False,
    max_length=2000,
)
AGENCIES = Input(
    name="agencies",
    label=_("Agencies"),
    kind=Kind.SOME_OF,
    rows=lambda obj: Agency.objects.partners(),
    key="code",
)
NOTE = Input(
    name="note",
    label=_("Note to the agencies"),
    hint=_("What you ask of them. The agencies read these words, the country does not."),
)
ANSWER_DUE_ON = Input(
    name="answer_due_on",
    label=_("Answer due on"),
    kind=Kind.DATE,
    earliest=timezone.localdate,
)
ADVICE = Input(
    name="advice",
    label=_("Advice to the country"),
    hint=_("The next steps it should take. The country reads these words."),
)
LEAD_AGENCY = Input(
    name="lead_agency",
    label=_("Lead agency"),
    kind=Kind.ONE_OF,
    rows=lambda obj: Agency.objects.all(),
    key="code",
    initial=lambda obj: obj.support.usual_lead,
)
DECISION = Input(
    name="decision",
    label=_("Decision"),
    hint=_("What is granted, and on what terms. The country and the agencies read these words."),
)
FUNDING_KNOWN = Input(
    name="funding_known",
    label=_("Is the funding known?"),
    kind=Kind.YES_NO,
    hint=_("If not, the request is accepted and waits for funds."),
)
SOURCE_OF_FUNDS = Input(
    name="source_of_funds", label=_("Source of funds"), kind=Kind.LINE, max_length=200
)
REASON_FROM_CATALOGUE = Input(
    name="reason",
    label=_("Reason"),
    kind=Kind.ONE_OF,
    rows=lambda obj: Reason.objects.filter(is_offered=True),
    key="key",
)
EXPLANATION = Input(
    name="explanation",
    label=_("Explanation"),
    hint=_("The country reads these words."),
)
CHANNELS = (
    ("ncb", _("INTERPOL, through the National Central Bureau (I-24/7)")),
    ("customs", _("Customs channels (CENcomm)")),
    ("fiu", _("Financial intelligence unit")),
    ("other", _("Another channel, named in the explanation")),
)
CHANNEL = Input(name="channel", label=_("Which channel?"), kind=Kind.CHOICE, choices=CHANNELS)
START_ON = Input(name="start_on", label=_("Start date"), kind=Kind.DATE)
OUTCOME = Input(
    name="outcome",
    label=_("Outcome"),
    hint=_("What was done, and with what result."),
)
CLOCK_STANDS_STILL = _("The clock of the request stands still until the country answers.")
SUBJECT = Input(name="subject", label=_("Subject"), kind=Kind.LINE, max_length=200)
QUESTION = Input(
    name="text",
    label=_("Question"),
    hint=_("One question, or several on the same subject. The country reads these words."),
)
MESSAGE = Input(name="text", label=_("Message"))
REPLY = Input(name="text", label=_("Your answer"))
WHY = Input(name="reason", label=_("Reason"), max_length=2000)
LETTER = Input(
    name="letter",
    label=_("Signed letter"),
    kind=Kind.FILE,
    hint=lazy(attaching.what_may_come_in, str)(),
    judge=attaching.judge,
)
AGENCY_COMMENT = Input(
    name="comment",
    label=_("Comment"),
    hint=_("What the agency can do, and when. The Secretariat reads these words."),
    required=False,
)
AGENCY_REASON = Input(
    name="reason",
    label=_("Reason"),
    hint=_("Why the agency cannot help. The Secretariat reads these words."),
)
DELIVERED = Input(
    name="outcome",
    label=_("What was delivered?"),
    hint=_("Dates, places, numbers of people. No names of persons."),
)
