"""Steps about the Toolkit and what stands beside it.

The parts of the Toolkit are those of its fact sheet.
"""

from django.utils.translation import gettext_lazy as _

from requests_app.questions.shapes import Question, Shape, Step

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
