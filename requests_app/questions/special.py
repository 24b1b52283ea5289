"""Steps of one kind of support.

The questions to an incident team's country follow the wording of CITES on WIST (trigger, sampling,
follow-up of the investigation) and the rule that no place is finer than a province or port: see
docs/domain.md. The parts of the Toolkit are those of its fact sheet.
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

# ── Toolkit and what stands beside it ────────────────────────────────────────────────────────

NOMINATION = Step(
    key="nomination",
    heading=_("Whom do you nominate as focal point for the Toolkit?"),
    title=_("Focal point nominated"),
    hint=_("The office or person who works with ICCWC through all eight steps."),
    questions=(
        Question(
            key="nominee_office",
            label=_("Office or post"),
            hint=_("For example “Deputy Director, CITES Management Authority”."),
            shape=Shape.LINE,
            max_length=200,
        ),
        Question(
            key="nominee_email",
            label=_("E-mail address of that office or post"),
            shape=Shape.EMAIL,
            max_length=254,
        ),
        Question(
            key="nominee_phone",
            label=_("Telephone number of that office or post"),
            hint=_("With the country code."),
            shape=Shape.LINE,
            required=False,
            max_length=60,
        ),
    ),
)

SCOPE = Step(
    key="scope",
    heading=_("Which parts of the Toolkit should be assessed?"),
    title=_("Parts in scope"),
    hint=_("A country may choose parts."),
    questions=(
        Question(
            key="parts",
            label=_("Parts of the Toolkit"),
            shape=Shape.SOME_OF,
            choices=(
                ("legislation", _("Legislation")),
                ("enforcement", _("Enforcement")),
                ("prosecution", _("Prosecution and judiciary")),
                ("drivers", _("Drivers and prevention")),
                ("data", _("Data and analysis")),
            ),
        ),
        Question(
            key="earlier_assessments",
            label=_("Were there assessments of this kind before?"),
            hint=_("By whom and when, and where the results can be found."),
            required=False,
            max_length=1000,
        ),
    ),
)

WORKSHOP = Step(
    key="workshop",
    heading=_("Who takes part in the assessment?"),
    title=_("Workshop"),
    hint=_("The assessment is best done in a workshop with all agencies concerned."),
    questions=(
        Question(
            key="workshop_agencies",
            label=_("Which national agencies take part?"),
            max_length=2000,
        ),
        Question(
            key="workshop_place",
            label=_("Where would the workshop be held?"),
            hint=_("The town is enough."),
            shape=Shape.LINE,
            required=False,
            max_length=200,
        ),
        Question(
            key="participants",
            label=_("How many people take part, roughly?"),
            shape=Shape.NUMBER,
            required=False,
        ),
        Question(
            key="earlier_assessments",
            label=_("Were there assessments of this kind before?"),
            hint=_("By whom and when, and where the results can be found."),
            required=False,
            max_length=1000,
        ),
    ),
)

RECOMMENDATIONS = Step(
    key="recommendations",
    heading=_("Which recommendations is it about?"),
    title=_("Recommendations"),
    questions=(
        Question(
            key="recommendations",
            label=_("Which recommendations of the action plan?"),
            hint=_("Their numbers, or in a few words what they recommend."),
        ),
        Question(
            key="done_so_far",
            label=_("What has been done about them so far?"),
            required=False,
        ),
    ),
)

# ── Incident team ────────────────────────────────────────────────────────────────────────────


def _today():  # type: ignore[no-untyped-def]
    return timezone.now().date()


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

# ── The others ───────────────────────────────────────────────────────────────────────────────

LAWS = Step(
    key="laws",
    heading=_("Which laws is it about?"),
    title=_("Laws"),
    questions=(
        Question(
            key="laws",
            label=_("Laws or drafts, with their year"),
            hint=_("You can attach their text, or give the address where it can be read."),
            max_length=2000,
        ),
        Question(
            key="laws_stage",
            label=_("Where do they stand?"),
            shape=Shape.CHOICE,
            choices=(
                ("none", _("There is no law yet")),
                ("in_force", _("In force, to be reviewed")),
                ("drafting", _("Being drafted")),
                ("parliament", _("Before parliament")),
            ),
        ),
    ),
)

TRAINING = Step(
    key="training",
    heading=_("Who should be trained, and how many?"),
    title=_("Training"),
    questions=(
        Question(
            key="audience",
            label=_("Who should be trained?"),
            hint=_("Authorities, ranks, and what they know already."),
            max_length=2000,
        ),
        Question(
            key="participants",
            label=_("How many people, roughly?"),
            shape=Shape.NUMBER,
        ),
        Question(
            key="topics",
            label=_("What should they be able to do afterwards?"),
            max_length=2000,
        ),
        Question(
            key="training_place",
            label=_("Where would the course be held?"),
            hint=_("The town is enough."),
            shape=Shape.LINE,
            required=False,
            max_length=200,
        ),
        Question(
            key="training_languages",
            label=_("In which languages?"),
            shape=Shape.LINE,
            max_length=200,
        ),
    ),
)

MATERIAL = Step(
    key="material",
    heading=_("What material is to be examined?"),
    title=_("Material"),
    questions=(
        Question(
            key="material",
            label=_("Which material, and roughly how much?"),
            hint=_("For example ivory or timber."),
            max_length=1000,
        ),
        Question(
            key="laboratory",
            label=_("Is there a laboratory in the country that could examine it?"),
            shape=Shape.CHOICE,
            choices=YES_NO_UNKNOWN,
        ),
    ),
)

OPERATION = Step(
    key="operation",
    heading=_("What kind of operation is it?"),
    title=_("Operation"),
    hint=_("In broad terms only. Dates, targets and places go through I-24/7 or CENcomm."),
    questions=(
        Question(
            key="operation_reach",
            label=_("How far does it reach?"),
            shape=Shape.CHOICE,
            choices=(("regional", _("Regional")), ("global", _("Global"))),
        ),
        Question(
            key="operation_support",
            label=_("What do you need in order to prepare or join it?"),
            max_length=2000,
        ),
    ),
)

NETWORK = Step(
    key="network",
    heading=_("Which network is it about?"),
    title=_("Network"),
    questions=(
        Question(
            key="network_name",
            label=_("Name of the Wildlife Enforcement Network"),
            hint=_("If it has none yet, the countries that take part."),
            shape=Shape.LINE,
            max_length=300,
        ),
        Question(
            key="network_stage",
            label=_("Where does it stand?"),
            shape=Shape.CHOICE,
            choices=(
                ("planned", _("Planned")),
                ("founded", _("Founded, not yet at work")),
                ("at_work", _("At work")),
            ),
        ),
    ),
)

ENQUIRY = Step(
    key="enquiry",
    heading=_("What do you want to know?"),
    title=_("Your question"),
    questions=(
        Question(
            key="asked",
            label=_("Your question to ICCWC"),
            hint=_("About ICCWC, its partners and what they offer."),
        ),
    ),
)
