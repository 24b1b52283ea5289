"""The form of an action, built from what its transition declares: one builder for every page."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from workflow.errors import Refused
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


class TextField(forms.CharField):
    """Text whose length is counted as the writer sees it: a line break is one character."""

    def to_python(self, value: Any) -> str:
        return super().to_python((value or "").replace("\r\n", "\n")) or ""


class NotesWidget(forms.MultiWidget):
    """A text box for each subject, under its label."""

    template_name = "forms/notes.html"
    use_fieldset = True

    def __init__(self, subjects: Sequence[tuple[str, Any]]) -> None:
        self.subjects = subjects
        super().__init__({key: forms.Textarea(attrs={"rows": 2}) for key, _label in subjects})

    def decompress(self, value: Any) -> list[str]:
        return [(value or {}).get(key, "") for key, _label in self.subjects]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        for part, (_key, label) in zip(context["widget"]["subwidgets"], self.subjects, strict=True):
            part["label"] = label
        return context


class NotesField(forms.MultiValueField):
    """Texts by key; those left empty are left out."""

    def __init__(self, subjects: Sequence[tuple[str, Any]], **kwargs: Any) -> None:
        self.keys = [key for key, _label in subjects]
        boxes = [TextField(required=False) for _key in self.keys]
        super().__init__(boxes, widget=NotesWidget(subjects), require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> dict[str, str]:
        return {key: text for key, text in zip(self.keys, data_list, strict=False) if text}


class MarksWidget(forms.MultiWidget):
    """For each subject a choice and, where there is something to say, a text box."""

    template_name = "forms/marks.html"
    use_fieldset = True

    def __init__(
        self, subjects: Sequence[tuple[str, Any]], choices: Sequence[tuple[str, Any]], texts: bool
    ) -> None:
        self.subjects, self.texts = subjects, texts
        boxes: dict[str, forms.Widget | type[forms.Widget]] = {}
        for key, _label in subjects:
            boxes[key] = forms.Select(choices=[("", _("Not said")), *choices])
            if texts:
                boxes[f"{key}_text"] = forms.Textarea(attrs={"rows": 2})
        super().__init__(boxes)

    def decompress(self, value: Any) -> list[str]:
        said = [(value or {}).get(key, {}) for key, _label in self.subjects]
        parts = ("mark", "text") if self.texts else ("mark",)
        return [one.get(part, "") for one in said for part in parts]

    def get_context(self, name: str, value: Any, attrs: Any) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        parts = context["widget"]["subwidgets"]
        each = 2 if self.texts else 1
        context["widget"]["rows"] = [
            {"label": label, "parts": parts[place * each : (place + 1) * each]}
            for place, (_key, label) in enumerate(self.subjects)
        ]
        return context


class MarksField(forms.MultiValueField):
    """A mark, perhaps with a text, by key; subjects of which nothing is said are left out."""

    default_error_messages = {"mark_missing": _("Choose an answer for “%(subject)s”.")}

    def __init__(
        self,
        subjects: Sequence[tuple[str, Any]],
        choices: Sequence[tuple[str, Any]],
        texts: bool,
        **kwargs: Any,
    ) -> None:
        self.subjects, self.texts = subjects, texts
        boxes: list[forms.Field] = []
        for _each in subjects:
            boxes.append(forms.ChoiceField(choices=[("", ""), *choices], required=False))
            if texts:
                boxes.append(TextField(required=False))
        widget = MarksWidget(subjects, choices, texts)
        super().__init__(boxes, widget=widget, require_all_fields=False, **kwargs)

    def compress(self, data_list: list[str]) -> dict[str, dict[str, str]]:
        each = 2 if self.texts else 1
        said: dict[str, dict[str, str]] = {}
        for place, (key, label) in enumerate(self.subjects):
            mark, *text = data_list[place * each : (place + 1) * each] or [""]
            if not mark and any(text):
                raise forms.ValidationError(
                    self.error_messages["mark_missing"], params={"subject": label}
                )
            if mark:
                said[key] = {"mark": mark, "text": text[0] if text else ""}
        return said


class ActionForm(forms.Form):
    """The form of one action on one object; `refusal` says why the executor refused it."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)

    def __init__(self, transition: Transition, obj: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.transition = transition
        self.obj = obj
        self.refusal: Refused | None = None
        self.initial.setdefault("version", obj.version)
        for one in transition.inputs:
            self.fields[one.name] = field = field_for(one, obj)
            if one.initial and one.name not in self.initial:
                self.initial[one.name] = _as_key(one, one.initial(obj))
            field.widget.is_required = False  # missing answers get our sentence, not the browser's

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
        typed: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict, frozen
        typed[self.add_prefix("version")] = str(self.obj.version)
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
