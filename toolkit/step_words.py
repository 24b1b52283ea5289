"""What happened to a step or a cycle, in words beside those it shares with recommendations."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history.precision import in_words
from requests_app.entries import Words
from toolkit.models import Readers
from toolkit.steps import StepState

_PLANNED: dict[str, Any] = {
    "agency": gettext_lazy("Responsible agency:"),
    "national_lead": gettext_lazy("National lead:"),
    "expected_on": gettext_lazy("Expected date:"),
}
_OF_A_PROPOSAL: dict[str, Any] = {
    "note": gettext_lazy("Note:"),
    "source": gettext_lazy("Source:"),
    "despite": gettext_lazy("Why all the same:"),
}
_COVERED: dict[str, Any] = {
    "with_plan": gettext_lazy("Action plan public:"),
    "with_documents": gettext_lazy("Documents marked public are open:"),
}


def words_of(said: dict[str, Any]) -> Words:
    """The state now and before, what was proposed, what was planned, the readers of a document,
    what a consent covers."""
    return [
        *_states(said),
        *_proposed(said.get("proposed") or {}),
        *_planned(said),
        *_document(said.get("document")),
        *[
            (str(label), _("yes") if said[name] else _("no"))
            for name, label in _COVERED.items()
            if name in said
        ],
    ]


def _states(said: dict[str, Any]) -> Words:
    words: Words = []
    steps = said.get("steps", {})
    if len(steps) == 1:
        words.append((_("Now:"), str(StepState(next(iter(steps.values()))).label)))
    was = said.get("was")
    if was and was.get("effective_on"):
        words.append((_("Before:"), _state_and_date(was)))
    return words


def _proposed(proposed: dict[str, Any]) -> Words:
    if not proposed:
        return []
    written = [(str(label), proposed.get(name)) for name, label in _OF_A_PROPOSAL.items()]
    return [
        (_("Proposed:"), _state_and_date(proposed)),
        *[(label, str(text)) for label, text in written if text],
    ]


def _planned(said: dict[str, Any]) -> Words:
    """Old and new; an event of another kind has something else under these names."""
    pairs = {name: said[name] for name in _PLANNED if isinstance(said.get(name), list)}
    return [
        (str(_PLANNED[name]), f"{_planned_value(name, old)} → {_planned_value(name, new)}")
        for name, (old, new) in pairs.items()
    ]


def _planned_value(name: str, value: str | None) -> str:
    if value and name == "expected_on":
        return date_format(date.fromisoformat(value), "DATE_FORMAT")
    return value or "–"


def _document(said: Any) -> Words:
    if not said:
        return []
    words: Words = [(_("Document:"), said["title"])]
    labels = dict(Readers.choices)
    readers = [str(labels[one]) for one in _readers_in(said) if one in labels]
    return [*words, (_("Read by:"), " → ".join(readers))] if readers else words


def _readers_in(said: dict[str, Any]) -> list[str]:
    return [said[name] for name in ("readers_before", "readers") if name in said]


def _state_and_date(said: dict[str, Any]) -> str:
    day = in_words(date.fromisoformat(said["effective_on"]), said["precision"])
    return f"{StepState(said['state']).label}, {day}"
