"""What the actions of agencies on their referrals ask for."""

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from requests_app import attaching
from workflow.inputs import Input, Kind, Words

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
    hint=_("Places, numbers of people, results. No names of persons."),
)


def _past_day(name: str, label: Words, hint: Words = "") -> Input:
    return Input(name=name, label=label, kind=Kind.DATE, latest=timezone.localdate, hint=hint)


DELIVERED_FROM = _past_day("began_on", _("From"), _("The first day of what you report."))
DELIVERED_TO = _past_day("ended_on", _("To"), _("The last day of what you report."))
DELIVERED_ON = _past_day("ended_on", _("When did the delivery end?"))
AGENCY_QUESTION = Input(
    name="text",
    label=_("Question"),
    hint=_("The country and the Secretariat read these words, and either can answer."),
)
AGENCY_DOCUMENT = Input(
    name="file",
    label=_("Document"),
    kind=Kind.FILE,
    hint=format_lazy("{} {}", attaching.LIMITS, _("Your agency and the Secretariat read it.")),
    judge=attaching.judge,
)
