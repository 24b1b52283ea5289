"""The steps of the form. They take whatever is typed; the submission refuses what does not do."""

import secrets
from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as translate_now

from requests_app.completeness import answers_written
from requests_app.merging import Conflict, Sheet, fingerprint, stamp_of
from requests_app.models import SupportRequest
from requests_app.questions import Question, Shape, Step, kept
from workflow.fields import TextField
from workflow.forms import DayInput

_ATTRIBUTES: dict[Shape, dict[str, Any]] = {
    Shape.NUMBER: {"inputmode": "numeric", "autocomplete": "off"},
    Shape.EMAIL: {"inputmode": "email", "autocomplete": "off", "spellcheck": "false"},
}


class SheetForm(forms.Form):
    """A page of the form that knows which page it is and how many times it was sent."""

    hide_optional = True  # labels say what a submission does not need

    sheet_key = forms.RegexField(r"^[\w-]{1,32}$", required=False, widget=forms.HiddenInput)
    turn = forms.IntegerField(
        min_value=0, max_value=2**31, required=False, initial=0, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["sheet_key"] = secrets.token_urlsafe(9)

    @property
    def sheet(self) -> Sheet | None:
        key = self.cleaned_data.get("sheet_key")
        return Sheet(key, self.cleaned_data.get("turn") or 0) if key else None


class AnyChoices(forms.MultipleChoiceField):
    """Takes any keys: a key that there is not is said at the question, not refused."""

    def valid_value(self, value: Any) -> bool:
        return True


class StepForm(SheetForm):
    """One step of one request: takes anything, and carries along what the writer saw."""

    def __init__(
        self, step: Step, support_request: SupportRequest, *args: Any, **kwargs: Any
    ) -> None:
        self.step = step
        stored = answers_written(support_request)
        super().__init__(
            *args, initial={q.key: stored.get(q.key) for q in step.questions}, **kwargs
        )
        for question in step.questions:
            self.fields[question.key] = _field(question)
            self.fields[f"seen-{question.key}"] = forms.CharField(
                required=False,
                widget=forms.HiddenInput(attrs={"autocomplete": "off"}),
                initial=fingerprint(stored.get(question.key)),
            )

    @property
    def answers(self) -> dict[str, Any]:
        """What was typed, by question; what was not sent, or cannot be read, is left out."""
        sent = self.data.keys()
        return {
            question.key: self.cleaned_data[question.key]
            for question in self.step.questions
            if question.key in self.cleaned_data
            and (question.key in sent or f"seen-{question.key}" in sent)
        }

    @property
    def was_sent(self) -> bool:
        """Did anything of this page arrive? A browser sends the marks whatever was answered."""
        names = {question.key for question in self.step.questions}
        return bool(self.data.keys() & (names | {f"seen-{name}" for name in names}))

    @property
    def seen(self) -> dict[str, str]:
        """The fingerprints of the answers as the writer saw them."""
        names = {question.key: f"seen-{question.key}" for question in self.step.questions}
        return {
            key: self.cleaned_data.get(name, "") for key, name in names.items() if name in self.data
        }

    @property
    def unreadable(self) -> list[str]:
        """Questions whose answer holds what no database keeps."""
        return [one.key for one in self.step.questions if one.key in self.errors]

    def question(self, key: str) -> Question | None:
        return next((one for one in self.step.questions if one.key == key), None)

    def look_again(self, support_request: SupportRequest) -> None:
        """The form as it is shown again, with what is stored now as seen: what was typed stays;
        what the writer had left alone is shown as a colleague has written it meanwhile."""
        shown: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict, frozen
        stored, seen = answers_written(support_request), self.seen
        for question, typed in self._typed():
            now, left = fingerprint(stored.get(question.key)), fingerprint(typed)
            if left != now and left == seen.get(question.key):
                _put(shown, question, stored.get(question.key))
            shown[f"seen-{question.key}"] = now
        self.data = shown

    def put_stored(self, support_request: SupportRequest, key: str) -> None:
        """Show the stored answer to one question instead of what was typed."""
        shown: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict, frozen
        stored = answers_written(support_request)
        question = self.question(key)
        if question:
            _put(shown, question, stored.get(key))
            shown[f"seen-{key}"] = fingerprint(stored.get(key))
        self.data = shown

    def differing(
        self, support_request: SupportRequest, keys: "Collection[str]"
    ) -> tuple[Conflict, ...]:
        """Those of the questions whose answer is not what is stored now, with both texts."""
        stored = answers_written(support_request)
        found = []
        for question, typed in self._typed():
            there, key = stored.get(question.key), question.key
            if key in keys and fingerprint(typed) != fingerprint(there):
                stamp = stamp_of(support_request, key)
                found.append(Conflict(key, typed, there, stamp.by, stamp.moment))
        return tuple(found)

    def saved(self, support_request: SupportRequest) -> "list[forms.BoundField]":
        """The hidden fields of those answers that are stored as they stand on the page."""
        stored = answers_written(support_request)
        shown: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict, frozen
        names = []
        for question, typed in self._typed():
            if fingerprint(typed) == fingerprint(stored.get(question.key)):
                names.append(f"seen-{question.key}")
                shown[names[-1]] = fingerprint(typed)
        self.data = shown
        return [self[name] for name in names]

    def _typed(self) -> "list[tuple[Question, Any]]":
        """The questions that could be read, each with its answer as it would be stored."""
        typed = self.answers
        asked = (one for one in self.step.questions if one.key in typed)
        return [(question, kept(question, typed[question.key])) for question in asked]


def _put(data: Any, question: Question, answer: Any) -> None:
    data.setlist(question.key, answer if isinstance(answer, list) else [answer or ""])


def _field(question: Question) -> forms.Field:
    attrs = _ATTRIBUTES.get(question.shape, {})
    common: dict[str, Any] = {
        "label": _label(question),
        "help_text": _hint(question),
        "required": False,
    }
    match question.shape:
        case Shape.TEXT:
            rows = 8 if question.max_length > 2000 else 4
            return TextField(widget=forms.Textarea(attrs={"rows": rows}), **common)
        case Shape.DATE:
            return forms.CharField(widget=DayInput, **common)
        case Shape.EMAIL:
            return forms.CharField(widget=forms.EmailInput(attrs=attrs), **common)
        case Shape.CHOICE:
            return forms.CharField(widget=forms.RadioSelect(choices=question.choices), **common)
        case Shape.SOME_OF:
            widget = forms.CheckboxSelectMultiple
            return AnyChoices(choices=question.choices, widget=widget, **common)
    return TextField(widget=forms.TextInput(attrs=attrs), **common)


def _label(question: Question) -> str:
    if question.required:
        return str(question.label)
    optional = translate_now("(optional)")
    return format_html('{} <span class="field__optional">{}</span>', question.label, optional)


def _hint(question: Question) -> str:
    if not question.free_text:
        return str(question.hint)
    warning = translate_now(
        "Nothing operational here: for that, use I-24/7 through your NCB, CENcomm or your FIU."
    )
    return format_html('{} <span class="field__channel">{}</span>', question.hint, warning)
