"""A request as somebody may read it: its answers in words, its versions and what changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from partners.access import standing
from requests_app.models import Referral, RequestVersion, Support, SupportRequest, Urgency
from requests_app.questions import BY_KEY, QUESTIONS, Shape
from requests_app.workflow.request_changes import frozen_answers

_COLUMNS = {
    "support": _("Which kind of support?"),
    "urgency": _("How urgent is it?"),
    "language": _("In which language should ICCWC write to you?"),
}
_ORDER = (
    "support", "asked", "objective", "situation", "species", "authorities", "urgency",
    "urgency_reason", "needed_from", "needed_until", "contact_office", "contact_email",
    "contact_phone", "language",
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """One answer as it is read."""

    key: str
    label: str
    text: str


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
    if is_of_the_party(actor, support_request) or not versions:
        return frozen_answers(support_request)
    return dict(versions[-1].answers)


def in_words(answers: Mapping[str, Any]) -> list[Answer]:
    """The answers in the order of the form; empty ones too, so that a gap can be seen."""
    keys = [*_ORDER, *(question.key for question in QUESTIONS if question.key not in _ORDER)]
    return [Answer(key, _label(key), _text(key, answers.get(key))) for key in keys]


def differences(versions: "list[RequestVersion]") -> list[Difference]:
    """What the last submission changed in the one before; nothing when there was only one."""
    if len(versions) < 2:
        return []
    before, after = versions[-2], versions[-1]
    changed = [
        Difference(_label(key), _text(key, before.answers.get(key)), _text(key, value))
        for key, value in after.answers.items()
        if (before.answers.get(key) or "") != (value or "")
    ]
    files = (_files(before), _files(after))
    if files[0] != files[1]:
        changed.append(Difference(str(_("Attachments")), *files))
    return changed


def _files(version: RequestVersion) -> str:
    return ", ".join(one["name"] for one in version.attachments)


def _label(key: str) -> str:
    return str(_COLUMNS.get(key) or BY_KEY[key].label)


def _text(key: str, value: Any) -> str:
    if not value:
        return ""
    if key == "support":
        support = Support.objects.filter(key=value).first()
        return support.name if support else str(value)
    if key == "urgency":
        return str(Urgency(value).label)
    if key == "language":
        return dict(settings.LANGUAGES).get(value, str(value))
    if BY_KEY[key].shape == Shape.DATE:
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    return str(value)


def words_are_open_to(actor: Any, referral: Referral) -> bool:
    """Note and answer are between the agency and the Secretariat: the Party does not read them."""
    me = standing(actor)
    return me.sees_all or referral.agency_id in me.all_agencies
