"""The form of a request. It refuses what is malformed; what is missing, the submission refuses."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.html import format_html
from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _

from partners.models import Party
from requests_app import attaching, drafts
from requests_app.models import (
    Attachment,
    Support,
    SupportRequest,
    Urgency,
)
from requests_app.questions import QUESTIONS, Question, Shape
from requests_app.working_copy import language_written, support_written, urgency_written
from workflow.forms import field_for
from workflow.inputs import Input, Kind

MAX_OTHERS = 10
_KINDS = {Shape.TEXT: Kind.TEXT, Shape.LINE: Kind.LINE, Shape.DATE: Kind.DATE}
SECTIONS = (
    (_("What you ask for"), ("party", "support", "asked", "objective")),
    (_("The situation"), ("situation", "species", "authorities")),
    (_("Urgency and dates"), ("urgency", "urgency_reason", "needed_from", "needed_until")),
    (_("Whom to contact"), ("contact_office", "contact_email", "contact_phone", "language")),
    (_("Documents"), ("letter", "others", "remove")),
)


class FileList(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; every one of them is judged by the form."""

    widget = FileList

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        return [super(FilesField, self).clean(one, initial) for one in data or [] if one]


class RequestForm(forms.Form):
    """All questions on one page. Saving stores every answer that is well formed, whatever else
    is wrong: see `answers`, `columns`, `fit_letter` and `fit_others`."""

    hide_optional = True  # nothing is needed to save a draft; labels say what a submission needs

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
    draft_key = forms.RegexField(
        r"^DRAFT-[2-9A-HJKMNP-TV-Z]{8}$", widget=forms.HiddenInput, required=False
    )
    support = forms.ModelChoiceField(
        Support.objects.none(),
        label=_("Which kind of support?"),
        empty_label=_("Choose one"),
        error_messages={"required": _("Choose the kind of support.")},
    )
    urgency = forms.ChoiceField(
        label=_("How urgent is it?"),
        choices=Urgency.choices,
        initial=Urgency.NORMAL,
        widget=forms.RadioSelect,
    )
    language = forms.ChoiceField(
        label=_("In which language should ICCWC write to you?"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
    )
    letter = forms.FileField(
        label=_("Signed letter"), allow_empty_file=True, required=False, widget=forms.FileInput
    )
    others = FilesField(label=_("Further attachments"), allow_empty_file=True, required=False)

    def __init__(
        self,
        *args: Any,
        support_request: SupportRequest | None = None,
        parties: "list[Party] | None" = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.support_request = support_request
        self.fit_letter: UploadedFile | None = None
        self.fit_others: list[UploadedFile] = []
        if parties and len(parties) > 1:
            self.fields["party"] = forms.ModelChoiceField(
                Party.objects.filter(pk__in=[party.pk for party in parties]),
                label=_("For which Party?"),
                empty_label=_("Choose one"),
                error_messages={"required": _("Choose the Party.")},
            )
        self._ask_questions()
        self._describe()
        if support_request and (removable := drafts.removable(support_request)).exists():
            self.fields["remove"] = forms.ModelMultipleChoiceField(
                removable,
                label=_("Take files off the request"),
                help_text=_("Files that are ticked are removed when you save."),
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )
        for field in self.fields.values():
            field.widget.is_required = False  # a draft is saved whatever is still missing

    def _ask_questions(self) -> None:
        for question in QUESTIONS:
            self.fields[question.key] = _field(question)

    def _describe(self) -> None:
        offered = Support.objects.on_offer()
        if self.support_request:
            offered = offered | Support.objects.filter(pk=support_written(self.support_request).pk)
        self.fields["support"].queryset = offered  # type: ignore[attr-defined]
        about_files = translate_now("A PDF file or a picture (PNG, JPEG) of up to 20 MB.")
        self.fields["letter"].help_text = about_files
        self.fields["others"].label = _marked_optional(self.fields["others"].label)
        self.fields["others"].help_text = (
            about_files + " " + translate_now("Up to 10 files; you can choose several at once.")
        )

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [
            (str(title), [self[name] for name in names if name in self.fields])
            for title, names in SECTIONS
        ]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        for question in QUESTIONS:
            if question.key not in self.errors:
                problem = _as_input(question).problem_with(said.get(question.key))
                if problem:
                    self.add_error(question.key, problem)
        self._judge_letter()
        self._judge_others()
        return said

    def _judge_letter(self) -> None:
        letter = self.cleaned_data.get("letter")
        if letter and not self._is_unfit("letter", letter):
            self.fit_letter = letter

    def _judge_others(self) -> None:
        there = 0
        if self.support_request:
            others = self.support_request.attachments.filter(kind=Attachment.AttachmentKind.OTHER)
            there = others.count()
        for upload in self.cleaned_data.get("others") or []:
            if there + len(self.fit_others) >= MAX_OTHERS:
                self.add_error("others", _("A request can have up to 10 further attachments."))
                return
            if not self._is_unfit("others", upload):
                self.fit_others.append(upload)

    def _is_unfit(self, name: str, upload: UploadedFile) -> bool:
        try:
            attaching.judge(upload)
        except ValidationError as unfit:
            self.add_error(name, unfit)
            return True
        return False

    @property
    def answers(self) -> dict[str, str]:
        """The well-formed answers that were sent, as the request keeps them."""
        return {
            question.key: _stored(self.cleaned_data[question.key])
            for question in QUESTIONS
            if question.key in self.cleaned_data and self.add_prefix(question.key) in self.data
        }

    @property
    def columns(self) -> dict[str, Any]:
        names = ("support", "urgency", "language")
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}

    def look_again(self, version: int) -> None:
        """Sent once more, the form goes with the version now stored; all that was typed stays."""
        typed: Any = self.data.copy()  # type: ignore[attr-defined]  # a QueryDict, frozen
        typed[self.add_prefix("version")] = str(version)
        self.data = typed


def begun_with(support_request: SupportRequest) -> dict[str, Any]:
    """What the form shows of a stored draft."""
    return {
        **support_request.answers,
        "version": support_request.version,
        "support": support_written(support_request).pk,
        "urgency": urgency_written(support_request),
        "language": language_written(support_request),
    }


def _as_input(question: Question) -> Input:
    return Input(
        name=question.key,
        label=question.label,
        kind=_KINDS.get(question.shape, Kind.LINE),
        hint=question.hint,
        required=False,
        max_length=question.max_length,
    )


def _field(question: Question) -> forms.Field:
    if question.shape == Shape.EMAIL:
        field: forms.Field = forms.EmailField(
            label=str(question.label),
            required=False,
            error_messages={"invalid": _("Give an address like name@example.org.")},
        )
    else:
        field = field_for(_as_input(question))
    if not question.required:
        field.label = _marked_optional(question.label)
    if question.free_text:
        warning = translate_now(
            "Nothing operational here: for that, use I-24/7 through your NCB, CENcomm or your FIU."
        )
        field.help_text = format_html(
            '{} <span class="field__channel">{}</span>', question.hint, warning
        )
    return field


def _marked_optional(label: object) -> str:
    optional = translate_now("(optional)")
    return format_html('{} <span class="field__optional">{}</span>', label, optional)


def _stored(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else (value or "")
