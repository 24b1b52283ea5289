"""Steps that most kinds of support share."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from requests_app.models import Urgency
from requests_app.questions.shapes import Answers, Question, Shape, Step

YES_NO_UNKNOWN = (("yes", _("Yes")), ("no", _("No")), ("unknown", _("Not known")))


def _is_urgent(answers: Answers) -> bool:
    return answers.get("urgency", Urgency.NORMAL) != Urgency.NORMAL


SITUATION = Step(
    key="situation",
    heading=_("What is the situation?"),
    title=_("Situation"),
    questions=(
        Question(
            key="situation",
            label=_("What happens, and what has been done about it?"),
            hint=_(
                "Since when, where in broad terms, and what the authorities have tried so far. "
                "A few paragraphs are enough."
            ),
        ),
        Question(
            key="species",
            label=_("Which species or commodities are concerned?"),
            hint=_("Common names will do."),
            required=False,
            max_length=1000,
        ),
    ),
)

HELP = Step(
    key="help",
    heading=_("What do you ask ICCWC to do?"),
    title=_("Help wanted"),
    questions=(
        Question(
            key="asked",
            label=_("What do you ask for?"),
            hint=_("For example an assessment, a training course, experts, advice."),
        ),
        Question(
            key="objective",
            label=_("What should be different afterwards?"),
            hint=_("The result you want to see, and how one will know that it was reached."),
        ),
    ),
)

AUTHORITIES = Step(
    key="authorities",
    heading=_("Which national authorities are involved?"),
    title=_("Authorities"),
    questions=(
        Question(
            key="authorities",
            label=_("Which authorities take part, and in what?"),
            hint=_("For example the CITES Management Authority, Customs, police, prosecution."),
            max_length=2000,
        ),
    ),
)

URGENCY = Question(
    key="urgency",
    label=_("How urgent is it?"),
    shape=Shape.CHOICE,
    choices=tuple(Urgency.choices),
)
URGENCY_REASON = Question(
    key="urgency_reason",
    label=_("Why is it urgent?"),
    hint=_("Needed when the urgency is high or critical."),
    required=False,
    needed_if=_is_urgent,
    max_length=1000,
)
NEEDED_FROM = Question(
    key="needed_from", label=_("From when is support needed?"), shape=Shape.DATE, required=False
)

TIMING = Step(
    key="timing",
    heading=_("How urgent is it, and when is support needed?"),
    title=_("Urgency and dates"),
    questions=(
        URGENCY,
        URGENCY_REASON,
        NEEDED_FROM,
        Question(key="needed_until", label=_("Until when?"), shape=Shape.DATE, required=False),
    ),
)

CONTACT_OFFICE = Question(
    key="contact_office",
    label=_("Which office should be contacted?"),
    hint=_("The office or post, for example “Head of the CITES Management Authority”."),
    shape=Shape.LINE,
    max_length=200,
)
CONTACT_EMAIL = Question(
    key="contact_email",
    label=_("E-mail address of that office"),
    shape=Shape.EMAIL,
    max_length=254,
)
LANGUAGE = Question(
    key="language",
    label=_("In which language should ICCWC write to you?"),
    hint=_("What you write yourself is never translated without you."),
    shape=Shape.CHOICE,
    choices=tuple(settings.LANGUAGES),
)

CONTACT = Step(
    key="contact",
    heading=_("Whom should ICCWC contact?"),
    title=_("Contact"),
    questions=(
        CONTACT_OFFICE,
        CONTACT_EMAIL,
        Question(
            key="contact_phone",
            label=_("Telephone number of that office"),
            hint=_("With the country code."),
            shape=Shape.LINE,
            required=False,
            max_length=60,
        ),
        LANGUAGE,
    ),
)
