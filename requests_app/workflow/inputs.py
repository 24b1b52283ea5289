"""What the actions on requests and referrals ask for."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from partners.models import Agency, User
from partners.recipients import on_the_desk
from requests_app import attaching
from requests_app.completeness import questions_for
from requests_app.models import (
    Attachment,
    Criterion,
    Mark,
    Openness,
    Reason,
    SupportRequest,
    Use,
)
from workflow.inputs import Input, Kind, Words

if TYPE_CHECKING:
    from requests_app.models.attachments import AttachmentQuerySet


def _desk(obj: Any) -> "QuerySet[User]":
    return on_the_desk()


def _assessed(support_request: SupportRequest) -> dict[str, dict[str, str]]:
    """What was said last, by criterion."""
    said = support_request.assessments.select_related("criterion")
    return {one.criterion.key: {"mark": one.mark, "text": one.reason} for one in said}


def _released(support_request: SupportRequest) -> "AttachmentQuerySet":
    sent = Attachment.objects.filter(support_request=support_request, released_at__isnull=False)
    return sent.of_country()


def _usual_agencies(support_request: SupportRequest) -> list[Agency]:
    """Those the catalogue proposes and that have no live referral yet."""
    support = support_request.support
    proposed = [support.usual_lead, *support.usual_others.all()]
    live = set(support_request.referrals.live().values_list("agency_id", flat=True))
    return [
        one
        for one in dict.fromkeys(proposed)
        if one and not one.is_coordinator and one.pk not in live
    ]


def _texts_for(use: str) -> Callable[[Any], "QuerySet[Reason]"]:
    return lambda obj: Reason.objects.filter(is_offered=True, use=use)


def _standard(use: str, label: Words) -> Input:
    """A text from the catalogue to begin with; what is sent is what then stands in the box."""
    return Input(
        name="standard",
        label=label,
        kind=Kind.ONE_OF,
        rows=_texts_for(use),
        key="key",
        required=False,
    )


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
    filled_by="standard",
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
    initial=_usual_agencies,
)
NOTE = Input(
    name="note",
    label=_("Note to the agencies"),
    hint=_("What you ask of them. The agencies read these words, the country does not."),
    filled_by="standard",
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
    filled_by="standard",
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
    rows=_texts_for(Use.DECLINE),
    key="key",
)
EXPLANATION = Input(
    name="explanation",
    label=_("Explanation"),
    hint=_("The country reads these words."),
    filled_by="reason",
)
WHERE_TO = Input(
    name="explanation",
    label=_("Explanation"),
    hint=_("The country reads these words."),
    filled_by="standard",
)
REASON_FOR_RETURN = _standard(Use.RETURN, _("Reason from the catalogue"))
REASON_FOR_REDIRECT = _standard(Use.REDIRECT, _("Reason from the catalogue"))
STANDARD_REPLY = _standard(Use.REPLY, _("Standard reply"))
STANDARD_NOTE = _standard(Use.REFERRAL, _("Standard note"))
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
SUBJECT = Input(name="subject", label=_("Subject"), kind=Kind.LINE, max_length=200)
QUESTION = Input(
    name="text",
    label=_("Question"),
    hint=format_lazy(
        "{} {}",
        _("One question, or several on the same subject. The country reads these words."),
        _("The clock of the request stands still until the country answers."),
    ),
    filled_by="standard",
)
MESSAGE = Input(name="text", label=_("Message"))
REPLY = Input(name="text", label=_("Your answer"))
NOTE_TEXT = Input(
    name="text",
    label=_("Internal note"),
    hint=_("Read in the Secretariat alone."),
)
MENTIONS = Input(
    name="mentions",
    label=_("Who should read it?"),
    kind=Kind.SOME_OF,
    rows=_desk,
    key="email",
    hint=_("Each gets an e-mail."),
    required=False,
)
ASSESSMENT = Input(
    name="marks",
    label=_("How does the request stand?"),
    kind=Kind.MARKS,
    choices=tuple(Mark.choices),
    subjects=lambda obj: [(one.key, one.name) for one in Criterion.objects.filter(is_offered=True)],
    initial=_assessed,
    max_length=2000,
)
DOCUMENTS = Input(
    name="documents",
    label=_("Documents of this request"),
    kind=Kind.CHOICE,
    choices=((Openness.CLOSED, Openness.CLOSED.label), (Openness.OPEN, Openness.OPEN.label)),
    initial=lambda obj: obj.documents,
)
SINGLE_DOCUMENTS = Input(
    name="files",
    label=_("Single documents"),
    kind=Kind.MARKS,
    has_text=False,
    choices=tuple(Openness.choices),
    subjects=lambda obj: [(str(file.pk), file.name) for file in _released(obj)],
    initial=lambda obj: {str(file.pk): {"mark": file.openness} for file in _released(obj)},
    required=False,
)
DOCUMENTS_TO_OPEN = Input(
    name="open_files",
    label=_("Documents that the agencies may read"),
    kind=Kind.SOME_OF,
    rows=lambda obj: _released(obj).confidential(),
    hint=_("Until you open a document, the Party and the Secretariat alone read it."),
    required=False,
)
NEW_DUE_ON = Input(
    name="answer_due_on",
    label=_("Answer due on"),
    kind=Kind.DATE,
    earliest=timezone.localdate,
    initial=lambda obj: obj.answer_due_on,
)
WHY = Input(name="reason", label=_("Reason"), max_length=2000)
LETTER = Input(
    name="letter",
    label=_("Signed letter"),
    kind=Kind.FILE,
    hint=attaching.LIMITS,
    judge=attaching.judge,
)
