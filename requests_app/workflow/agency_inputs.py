"""What the actions of agencies on their referrals ask for."""

from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from requests_app import attaching
from workflow.inputs import Input, Kind

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
DELIVERED_FROM = Input(
    name="began_on",
    label=_("From"),
    kind=Kind.DATE,
    latest=timezone.localdate,
    hint=_("The first day of what you report."),
)
DELIVERED_TO = Input(
    name="ended_on",
    label=_("To"),
    kind=Kind.DATE,
    latest=timezone.localdate,
    hint=_("The last day of what you report."),
)
DELIVERED_ON = Input(
    name="ended_on",
    label=_("When did the delivery end?"),
    kind=Kind.DATE,
    latest=timezone.localdate,
)
AGENCY_QUESTION = Input(
    name="text",
    label=_("Question"),
    hint=_("The country and the Secretariat read these words, and either can answer."),
)
AGENCY_DOCUMENT = Input(
    name="file",
    label=_("Document"),
    kind=Kind.FILE,
    hint=format_lazy(
        "{} {}",
        lazy(attaching.what_may_come_in, str)(),
        _("Your agency and the Secretariat read it."),
    ),
    judge=attaching.judge,
)
