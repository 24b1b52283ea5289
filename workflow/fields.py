"""Fields of actions that Django has not: texts and marks by subject."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class TextField(forms.CharField):
    """Text whose length is counted as the writer sees it: a line break is one character."""

    def to_python(self, value: Any) -> str:
        return super().to_python((value or "").replace("\r\n", "\n")) or ""


class WordsField(forms.CharField):
    """Words, with spaces between them."""

    def prepare_value(self, value: Any) -> Any:
        return " ".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        return (value or "").split()


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
