"""A request as somebody may read it: its answers in words, its versions and what changed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from partners.access import standing
from requests_app.models import Asks, RequestVersion, Support, SupportRequest
from requests_app.questions import BY_KEY, Question, in_words, known_by_key, steps_of
from requests_app.workflow.request_changes import frozen_answers

SUPPORT = "support"  # the key of the kind of support, which is asked before everything else


@dataclass(frozen=True)
class Answer:
    """One answer as it is read; `free_text` was written by somebody and is in no fixed language."""

    key: str
    label: str
    text: str
    free_text: bool = False
    anchor: str = ""  # of its field on the page of its step


@dataclass(frozen=True)
class Section:
    """The answers of one step of the form. `key` is the step's, in its address."""

    key: str
    title: str
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Difference:
    """One answer that changed between two submissions."""

    label: str
    before: str
    after: str


def is_of_the_party(actor: Any, support_request: SupportRequest) -> bool:
    return support_request.party_id in standing(actor).all_parties


def answers_open_to(
    actor: Any, support_request: SupportRequest, versions: "list[RequestVersion]"
) -> dict[str, Any]:
    """The Party reads what it is writing; everybody else what was last submitted."""
    last = versions[-1].answers if versions else None
    return last_answers_open_to(actor, support_request, last)


def last_answers_open_to(
    actor: Any, support_request: SupportRequest, last: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The same, where the answers of the last submission are at hand."""
    if last is None or is_of_the_party(actor, support_request):
        return frozen_answers(support_request)
    return dict(last)


def sections(answers: Mapping[str, Any], known: Support | None = None) -> list[Section]:
    """The answers by step, in the order of the form; empty ones too, so that a gap can be seen.

    Answers that the form no longer asks for come last. One query, or none where `known` is the
    kind of support that was asked for.
    """
    key = answers.get(SUPPORT, "")
    if known is not None and known.key == key:
        support: Support | None = known
    else:
        support = Support.objects.filter(key=key).first()
    steps = steps_of(support.asks if support else Asks.GENERAL)
    read = [
        Section(step.key, str(step.title), tuple(_answer(one, answers) for one in step.questions))
        for step in steps
    ]
    asked = {SUPPORT, *(answer.key for section in read for answer in section.answers)}
    left = [BY_KEY[key] for key in BY_KEY if answers.get(key) and key not in asked]
    if left:
        more = tuple(_answer(question, answers) for question in left)
        read.append(Section("", _("Further answers"), more))
    name = support.name if support else str(answers.get(SUPPORT, ""))
    kind = Answer(SUPPORT, _("Which kind of support?"), name, anchor="id_support_0")
    return [Section(SUPPORT, _("Kind of support"), (kind,)), *read]


def as_list(answers: Mapping[str, Any], known: Support | None = None) -> list[Answer]:
    """The same without the steps."""
    return [answer for section in sections(answers, known) for answer in section.answers]


def _answer(question: Question, answers: Mapping[str, Any]) -> Answer:
    text = in_words(question, answers.get(question.key))
    return Answer(question.key, str(question.label), text, question.free_text, question.anchor)


def differences(versions: "list[RequestVersion]", known: Support | None = None) -> list[Difference]:
    """What the last submission changed in the one before; nothing when there was only one."""
    if len(versions) < 2:
        return []
    before, after = versions[-2], versions[-1]
    was = {answer.key: answer for answer in as_list(before.answers, known)}
    now = {answer.key: answer for answer in as_list(after.answers, known)}
    changed = []
    for key in dict.fromkeys([*now, *was]):
        if (before.answers.get(key) or "") != (after.answers.get(key) or ""):
            label = (now.get(key) or was[key]).label
            texts = [one[key].text if key in one else "" for one in (was, now)]
            changed.append(Difference(label, *texts))
    files = (_files(before), _files(after))
    if files[0] != files[1]:
        changed.append(Difference(_("Attachments"), *files))
    return changed


def remarks_by_label(support_request: SupportRequest) -> list[tuple[str, str, str]]:
    """Key and label of a question, and the remark on it; in the form that was sent, whatever
    kind of support the country has chosen since."""
    known = known_by_key(support_request.support.asks)
    return [(key, str(known[key].label), text) for key, text in support_request.remarks.items()]


def _files(version: RequestVersion) -> str:
    return ", ".join(one["name"] for one in version.attachments)


def words_open_to(actor: Any) -> Callable[[int], bool]:
    """Whether the actor reads note and answer of a referral to the agency of this id: they are
    between that agency and the Secretariat, and the Party does not read them."""
    me = standing(actor)
    sees_all, mine = me.sees_all, me.all_agencies
    return lambda agency_id: sees_all or agency_id in mine
