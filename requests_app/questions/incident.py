"""Steps of a request for a Wildlife Incident Support Team.

They follow the wording of CITES on these teams (trigger, sampling, follow-up of the
investigation) and the rule that no place is finer than a province or port: docs/domain.md.
"""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from requests_app.questions.general import (
    CONTACT_EMAIL,
    CONTACT_OFFICE,
    LANGUAGE,
    NEEDED_FROM,
    URGENCY,
    URGENCY_REASON,
    YES_NO_UNKNOWN,
)
from requests_app.questions.shapes import Question, Shape, Step


def _today():  # type: ignore[no-untyped-def]
    return timezone.localdate()


INCIDENT = Step(
    key="incident",
    heading=_("What happened, when and where?"),
    title=_("Incident"),
    questions=(
        Question(
            key="trigger",
            label=_("What happened?"),
            shape=Shape.CHOICE,
            choices=(
                ("poaching", _("Significant poaching")),
                ("seizure", _("A large-scale seizure of CITES specimens")),
                ("investigation", _("A complex investigation")),
            ),
        ),
        Question(
            key="incident_on",
            label=_("On what date?"),
            hint=_("The first day, if it lasted longer."),
            shape=Shape.DATE,
            latest=_today,
        ),
        Question(
            key="incident_place",
            label=_("In which province or port?"),
            hint=_("No finer than a province or a port: no addresses, no coordinates."),
            shape=Shape.LINE,
            max_length=200,
        ),
    ),
)

SPECIMENS = Step(
    key="specimens",
    heading=_("What is it about, and how much?"),
    title=_("Specimens"),
    questions=(
        Question(
            key="commodity",
            label=_("Which species or commodities?"),
            hint=_("For example raw ivory, rhinoceros horn, rosewood. Common names will do."),
            shape=Shape.LINE,
            max_length=300,
        ),
        Question(
            key="quantity",
            label=_("How much, roughly?"),
            hint=_("For example “about 360 tusks” or “two containers”."),
            shape=Shape.LINE,
            max_length=200,
        ),
        Question(
            key="held_by",
            label=_("Which authority holds the specimens?"),
            hint=_("The authority, not the place where they are stored."),
            shape=Shape.LINE,
            required=False,
            max_length=200,
        ),
    ),
)

TEAM = Step(
    key="team",
    heading=_("What help do you want from the team?"),
    title=_("Help wanted"),
    questions=(
        Question(
            key="help_wanted",
            label=_("Kinds of help"),
            shape=Shape.SOME_OF,
            choices=(
                ("sampling", _("Sampling of specimens for forensic analysis")),
                ("investigation", _("Follow-up of the investigation")),
                ("review", _("Review of capacity")),
                ("other", _("Something else, said below")),
            ),
        ),
        Question(
            key="asked",
            label=_("What should the team do?"),
            hint=_("In a few sentences. Nothing about suspects or open lines of inquiry."),
            max_length=2000,
        ),
        URGENCY,
        URGENCY_REASON,
        NEEDED_FROM,
    ),
)

INFORMED = Step(
    key="informed",
    heading=_("Who knows of this request?"),
    title=_("Who is informed"),
    questions=(
        Question(
            key="ncb_informed",
            label=_("Does your INTERPOL National Central Bureau know?"),
            shape=Shape.CHOICE,
            choices=YES_NO_UNKNOWN,
        ),
        Question(
            key="authority_informed",
            label=_("Does your CITES Management Authority know?"),
            shape=Shape.CHOICE,
            choices=YES_NO_UNKNOWN,
        ),
    ),
)

CONTACT_AT_ALL_HOURS = Step(
    key="contact",
    heading=_("Whom can ICCWC reach at any hour?"),
    title=_("Contact at all hours"),
    questions=(
        CONTACT_OFFICE,
        CONTACT_EMAIL,
        Question(
            key="contact_phone",
            label=_("Telephone number that is answered day and night"),
            hint=_("With the country code."),
            shape=Shape.LINE,
            max_length=60,
        ),
        LANGUAGE,
    ),
)
