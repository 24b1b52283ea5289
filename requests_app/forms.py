"""The pages of the form. They take whatever is typed; the submission refuses what does not do."""

from typing import Any

from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _

from partners.models import Party
from requests_app.completeness import answers_written
from requests_app.drafts import fingerprint
from requests_app.models import Support, SupportRequest
from requests_app.questions import Question, Shape, Step, problem_with
from workflow.forms import DayInput, TextField

_ATTRIBUTES: dict[Shape, dict[str, Any]] = {
    Shape.TEXT: {"rows": 8},
    Shape.NUMBER: {"inputmode": "numeric", "autocomplete": "off"},
    Shape.EMAIL: {"inputmode": "email", "autocomplete": "off", "spellcheck": "false"},
}


class BeginForm(forms.Form):
    """The first page: for which Party, and which kind of support."""

    hide_optional = True

    support = forms.ModelChoiceField(
        Support.objects.on_offer(),
        label=_("Which kind of support do you ask for?"),
        to_field_name="key",
        empty_label=None,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose the kind of support.")},
    )
    draft_key = forms.RegexField(
        r"^DRAFT-[2-9A-HJKMNP-TV-Z]{8}$", widget=forms.HiddenInput, required=False
    )

    def __init__(self, parties: "list[Party]", *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if len(parties) > 1:
            self.fields["party"] = forms.ModelChoiceField(
                Party.objects.filter(pk__in=[party.pk for party in parties]),
                label=_("For which Party?"),
                empty_label=_("Choose one"),
                error_messages={"required": _("Choose the Party.")},
            )
            self.order_fields(["party", "support"])


class AnyChoices(forms.MultipleChoiceField):
    """Takes any keys: a key that there is not is said at the question, not refused."""

    def valid_value(self, value: Any) -> bool:
        return True


class StepForm(forms.Form):
    """One step of one request: takes anything, and carries along what the writer saw."""

    hide_optional = True  # labels say what a submission does not need

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
        """What was typed, by question; questions that were not sent are left out."""
        sent = self.data.keys()
        return {
            question.key: self.cleaned_data.get(question.key)
            for question in self.step.questions
            if question.key in sent or f"seen-{question.key}" in sent
        }

    @property
    def seen(self) -> dict[str, str]:
        """The fingerprints of the answers as the writer saw them."""
        names = {question.key: f"seen-{question.key}" for question in self.step.questions}
        return {key: self.cleaned_data[name] for key, name in names.items() if name in self.data}

    def say_what_is_malformed(self, answers: "dict[str, Any]") -> None:
        for question in self.step.questions:
            sentence = problem_with(question, answers.get(question.key))
            if sentence:
                self.add_error(question.key, sentence)

    def look_again(self, support_request: SupportRequest) -> None:
        """Sent once more, the form goes with what is stored now; all that was typed stays."""
        typed: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict, frozen
        stored = answers_written(support_request)
        for question in self.step.questions:
            typed[f"seen-{question.key}"] = fingerprint(stored.get(question.key))
        self.data = typed


def _field(question: Question) -> forms.Field:
    attrs = _ATTRIBUTES.get(question.shape, {})
    common: dict[str, Any] = {
        "label": _label(question),
        "help_text": _hint(question),
        "required": False,
    }
    match question.shape:
        case Shape.TEXT:
            return TextField(widget=forms.Textarea(attrs=attrs), **common)
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
