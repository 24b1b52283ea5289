"""Who may read a document of a cycle: chosen when it is added, changed by those it may harm.

Marked public it is open to everybody only while the country's consent covers documents. So the
country marks it, or an officer of the Secretariat who has it from the country's letter; the lead
agency never does. Evidence for a recommendation is never public (docs/adr/0017): nobody marks it.
"""

from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _

from partners.access import FOCAL_POINT, OFFICER
from partners.models import User
from toolkit import notices
from toolkit.models import Document, Implementation, Publicity, Readers
from toolkit.workflow import step_inputs as asks
from workflow.errors import InvalidInput
from workflow.guard import may_write
from workflow.inputs import Input, Kind
from workflow.transitions import Act, Data, Transition, Who

_RULE = FOCAL_POINT | OFFICER
MAY_OPEN = Who(
    _RULE.label, lambda actor, obj: isinstance(actor, User) and _RULE(actor, obj)
)  # a person: no key makes anything public

DOCUMENT = Input(
    name="document",
    label=_("Document"),
    kind=Kind.ONE_OF,
    rows=lambda implementation: implementation.documents.order_by("-pk"),
)


def judge_readers(readers: str, act: Act, obj: object, *, is_evidence: bool = False) -> None:
    """Raise InvalidInput where somebody marks a document public who may not, or evidence."""
    if readers == Readers.PUBLIC and is_evidence:
        sentence = translate_now(
            "Evidence for a recommendation is never public. Choose other readers."
        )
        raise InvalidInput({"readers": [sentence]})
    if readers == Readers.PUBLIC and not MAY_OPEN(act.actor, obj):
        sentence = translate_now(
            "The country decides whether everybody may read it. Choose other readers; its focal "
            "point or the Secretariat can open the document later."
        )
        raise InvalidInput({"readers": [sentence]})


def _another(implementation: Implementation, act: Act) -> None:
    if act.data["document"].readers == act.data["readers"]:
        raise InvalidInput({"readers": [translate_now("These may read it already.")]})
    of_recommendation = act.data["document"].recommendation_id is not None
    judge_readers(act.data["readers"], act, implementation, is_evidence=of_recommendation)


def _open(implementation: Implementation, act: Act) -> Data:
    document: Document = act.data["document"]
    before, document.readers = document.readers, act.data["readers"]
    with may_write("readers"):
        document.save(update_fields=["readers"])
    said = {"title": document.title, "sha256": document.sha256, "readers": document.readers}
    step = {"step": document.step.step} if document.step else {}
    return {**step, "document": {**said, "readers_before": before}}


OPEN_DOCUMENT = Transition(
    action="open_document",
    label=_("Change who may read a document"),
    done=_("Readers of a document changed"),
    sources=frozenset(Publicity),
    who=MAY_OPEN,
    when=lambda implementation: implementation.documents.all().exists(),
    inputs=(DOCUMENT, asks.READERS),
    guard=_another,
    change=_open,
    tells=(notices.FOCAL_POINTS, notices.DESK, notices.LEAD_AGENCY),
    alters=False,
    warning=_(
        "What is marked for everybody is open to everybody as long as the country’s consent covers "
        "documents. Who has read it before cannot unread it."
    ),
)
