"""What the pages of an import ask for: a file, and answers to its questions."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from record.importing.answering import Question
from record.importing.files import File, open_file
from record.importing.judging import OUT
from record.importing.places import Names
from record.models import Activity
from toolkit.importing.sheets import Unreadable
from workflow import characters

Choices = list[tuple[str, Any]]
_STAR: Choices = [
    ("", gettext_lazy("I do not know yet: ask me if there is one")),
    (Activity.Stage.PLANNED, gettext_lazy("The activity is planned")),
    (Activity.Stage.ONGOING, gettext_lazy("The activity is ongoing")),
    ("nothing", gettext_lazy("Nothing: leave the star out")),
]
_LEFT_OUT = (OUT, gettext_lazy("Leave these rows out"))


class ReadForm(forms.Form):
    """The file and where it is from. `opened` is the file once the form is valid."""

    file = forms.FileField(
        label=gettext_lazy("CSV file"),
        help_text=gettext_lazy("With a line of headings; up to 50,000 rows."),
    )
    source = forms.CharField(
        label=gettext_lazy("Source of the list"),
        max_length=300,
        validators=[characters.judge],
        help_text=gettext_lazy(
            "As pages will cite it beside each activity: the document or body, with its date."
        ),
    )
    source_url = forms.URLField(
        label=gettext_lazy("Address of the source"),
        required=False,
        max_length=500,
        assume_scheme="https",
    )
    star = forms.ChoiceField(
        label=gettext_lazy("What a star (*) beside an activity means in this list"),
        required=False,
        choices=_STAR,
    )
    opened: File
    content: bytes

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if getattr(upload, "was_cut", False):
            limit = filesizeformat(settings.ATTACHMENT_MAX_BYTES)
            raise forms.ValidationError(
                _("The file is too large: up to %(limit)s are read.") % {"limit": limit}
            )
        try:
            self.content = upload.read()
            self.opened = open_file(upload.name, self.content)
        except Unreadable as wrong:
            raise forms.ValidationError(str(wrong)) from wrong
        return upload


@dataclass(frozen=True)
class Asked:
    """A question as the page shows it: its choices, and what was typed when an answer did not
    do."""

    question: Question
    number: int
    choices: Choices
    sentences: list[str]
    error: str = ""
    chosen: str = ""
    typed: str = ""

    @property
    def names_a_party(self) -> bool:
        return self.question.subject == "place"


def choices_for(question: Question, names: Names, called: dict[str, str]) -> Choices:
    """What may be answered; `called` are names of Parties by code."""
    match question.subject:
        case "place":
            offers: Choices = [
                (one.value, ", ".join(called.get(place.party, "") for place in one.places))
                for one in names.offers(question.written)
            ]
            return [
                *offers,
                ("party", _("The Party that I name below")),
                ("within", _("A place in the Party that I name below, kept by its own name")),
                ("name", _("A place in no Party, kept by its own name")),
                _LEFT_OUT,
            ]
        case "kind":
            return [*Activity.Kind.choices, _LEFT_OUT]
        case "star":
            return [*_STAR[1:], _LEFT_OUT]
    return [
        ("none", _("The country is right: leave the position out")),
        ("keep", _("Both are right: keep them")),
        _LEFT_OUT,
    ]


def answer_in(request: HttpRequest, names: Names) -> tuple[str, str]:
    """The answer that was sent, as it is kept, and a sentence where it is none."""
    chosen = request.POST.get("answer", "")
    if chosen not in {"party", "within"}:
        return chosen, "" if chosen else _("Choose one of the answers.")
    typed = request.POST.get("party", "").strip()
    place = names.meant(typed) if typed else None
    if place is None or not place.party or place.name:
        if not typed:
            return "", _("Name the Party, in any spelling or by its code.")
        return "", _("“%(typed)s” is no Party to CITES that the portal knows.") % {"typed": typed}
    return f"{'parties' if chosen == 'party' else 'within'}:{place.party}", ""
