"""Steps of one kind of support each: laws, training, material, operation, network, enquiry."""

from django.utils.translation import gettext_lazy as _

from requests_app.questions.general import YES_NO_UNKNOWN
from requests_app.questions.shapes import Question, Shape, Step

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
