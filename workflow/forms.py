"""The form of an action, built from what its transition declares: one builder for every page."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.forms.utils import ErrorDict
from django.utils.translation import gettext_lazy as _

from workflow.errors import Refused
from workflow.fields import MarksField, NotesField, TextField, WordsField
from workflow.inputs import Input, Kind
from workflow.transitions import Transition

_FEW = 7  # up to so many choices are shown at once, as radio buttons


class DayInput(forms.DateInput):
    """The browser's date field; what it could not show, a mistyped day, stands in a text field."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        if isinstance(value, str) and value and not _is_iso(value):
            context["widget"]["type"] = "text"
        return context


def _is_iso(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


class IsoDateField(forms.DateField):
    """A day as the browser's date field sends it; in an old browser it is typed that way."""

    default_error_messages = {
        "invalid": _("Give the date as year-month-day, for example 2015-12-31.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], widget=DayInput, **kwargs)


class ActionForm(forms.Form):
    """The form of one action on one object; `refusal` says why the executor refused it."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, transition: Transition, obj: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.transition = transition
        self.obj = obj
        self.refusal: Refused | None = None
        self.is_judged = True
        self.initial.setdefault("version", obj.version)
        for one in transition.inputs:
            self.fields[one.name] = field = field_for(one, obj)
            if one.initial and one.name not in self.initial:
                self.initial[one.name] = _as_key(one, one.initial(obj))
            field.widget.is_required = False  # missing answers get our sentence, not the browser's

    def full_clean(self) -> None:
        """What is shown again while somebody still writes in it has no faults yet."""
        if self.is_judged:
            return super().full_clean()
        self._errors = ErrorDict()
        self.cleaned_data = {}
        return None

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for one in self.transition.inputs:
            problem = "" if one.name in self.errors else one.problem_with(said.get(one.name))
            if problem:
                self.add_error(one.name, problem)
        return said

    @property
    def said(self) -> dict[str, Any]:
        """The answers to the inputs, without the version."""
        return {one.name: self.cleaned_data[one.name] for one in self.transition.inputs}

    def look_again(self) -> None:
        """Everything typed stays; sent once more, it goes with the version now shown."""
        self._write("version", str(self.obj.version))

    def offer_texts(self) -> None:
        """Let the page show, at each choice of a text, the button that fills the text in."""
        for one in self.transition.inputs:
            if one.filled_by in self.fields:
                self.fields[one.filled_by].fills = one.name  # type: ignore[attr-defined]

    def fill_in(self, name: str) -> None:
        """Put the chosen text into the box `name`, in place of what stands there; all else stays
        as it was typed, and nothing is judged yet. Says so where no text was chosen."""
        declared = {one.name: one for one in self.transition.inputs}
        self.is_judged = False
        chooser = declared[name].filled_by if name in declared else ""
        if chooser not in self.fields:
            return
        try:
            chosen = self.fields[chooser].clean(self[chooser].data)
        except forms.ValidationError:
            chosen = None
        if chosen is None:
            self.add_error(chooser, _("Choose a text first."))
            return
        text = chosen.text_for(self.obj)
        if text:
            self._write(name, text)
        else:
            self.add_error(chooser, _("There is no text to fill in with this choice."))

    def _write(self, name: str, value: str) -> None:
        typed: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict, frozen
        typed[self.add_prefix(name)] = value
        self.data = typed


def action_form(
    transition: Transition,
    obj: Any,
    data: Mapping[str, Any] | None = None,
    files: Mapping[str, UploadedFile] | None = None,
    initial: Mapping[str, Any] | None = None,
) -> ActionForm:
    """The form of an action. `initial` may hold rows; they are turned into their keys."""
    declared = {one.name: one for one in transition.inputs}
    begun = {
        name: _as_key(declared[name], value) if name in declared else value
        for name, value in (initial or {}).items()
    }
    return ActionForm(transition, obj, data, files, initial=begun)


# ── one field per kind of input ──────────────────────────────────────────────────────────────


def field_for(one: Input, obj: Any = None) -> forms.Field:
    """The field that asks for one input; `Input.problem_with` judges what it gives."""
    common: dict[str, Any] = {"label": one.label, "help_text": one.hint, "required": one.required}
    common["error_messages"] = {"required": _("This needs an answer.")}
    match one.kind:
        case Kind.TEXT:
            return TextField(widget=forms.Textarea(attrs={"rows": 6}), **common)
        case Kind.LINE:
            return TextField(**common)
        case Kind.WORDS:
            return WordsField(**common)
        case Kind.DATE:
            return IsoDateField(**common)
        case Kind.FILE:
            # An empty file gets the sentence of `Input.judge`, like every other unfit file.
            return forms.FileField(allow_empty_file=True, **common)
        case Kind.CONFIRM:
            # Not ticked gets the sentence of `Input.problem_with`.
            return forms.BooleanField(**(common | {"required": False}))
        case Kind.NOTES:
            return NotesField(one.subjects(obj) if one.subjects else [], **common)
        case Kind.MARKS:
            subjects = one.subjects(obj) if one.subjects else []
            return MarksField(subjects, one.choices, one.has_text, **common)
        case Kind.YES_NO:
            return _choice([("yes", _("Yes")), ("no", _("No"))], {"yes": True, "no": False}, common)
        case Kind.CHOICE:
            return _choice(list(one.choices), {key: key for key, _words in one.choices}, common)
    rows = {str(getattr(row, one.key)): row for row in one.rows(obj)} if one.rows else {}
    choices = [(key, str(row)) for key, row in rows.items()]
    if one.kind == Kind.ONE_OF:
        return _choice(choices, rows, common)
    return forms.TypedMultipleChoiceField(
        choices=choices, coerce=rows.__getitem__, widget=forms.CheckboxSelectMultiple, **common
    )


def _choice(
    choices: list[tuple[str, Any]], meant: Mapping[str, Any], common: dict[str, Any]
) -> forms.Field:
    """Few choices as radio buttons, many in a list; `meant` gives the value for each key."""
    few = len(choices) <= _FEW
    return forms.TypedChoiceField(
        choices=choices if few else [("", _("Choose one")), *choices],
        coerce=meant.__getitem__,
        empty_value=None,
        widget=forms.RadioSelect if few else forms.Select,
        **common,
    )


def _as_key(one: Input, value: Any) -> Any:
    """How an initial value is written in the form."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None or isinstance(value, str | int | date | dict):
        return value
    if isinstance(value, list | tuple):
        return [_as_key(one, each) for each in value]
    return str(getattr(value, one.key))
