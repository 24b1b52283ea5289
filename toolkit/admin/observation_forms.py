"""What an officer types of a document: of one Party, or of all countries together."""

from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history.precision import Precision
from partners.desk import parties_called
from partners.models import Party
from toolkit.models import Observation
from toolkit.steps import Step
from toolkit.workflow.observing import kept_already
from toolkit.workflow.observing_rules import dated, faults, question, written_date

_EMPTY = [("", gettext_lazy("none"))]
_SUGGESTED = 5


class PartyCalledField(forms.CharField):
    """A Party in any language and spelling, or by its code."""

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        party = Party.objects.called(written) or Party.objects.filter(code=written.upper()).first()
        if party:
            return party
        close = [one.name for one in parties_called(written)[:_SUGGESTED]]
        if not close:
            raise forms.ValidationError(_("No Party is known by this name or code."))
        sentence = _("No Party is known by this name or code. Do you mean: %(names)s?")
        raise forms.ValidationError(sentence % {"names": ", ".join(close)})


class StatementForm(forms.Form):
    """The date and the source of a statement; `said` is what is kept of it."""

    written = forms.CharField(
        label=gettext_lazy("Date"),
        max_length=10,
        help_text=gettext_lazy("As exact as the document gives it: 2018, 2018-10 or 2018-10-05."),
    )
    precision = forms.ChoiceField(
        label=gettext_lazy("How exactly is the date known?"),
        choices=[("", gettext_lazy("as it is written above")), *Precision.choices],
        required=False,
    )
    is_approximate = forms.BooleanField(
        label=gettext_lazy("The date is approximate"),
        required=False,
        help_text=gettext_lazy("For example of a page without a date, judged by its newest item."),
    )
    date_in_source = forms.CharField(
        label=gettext_lazy("Date as the source gives it"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("In its own words. Left empty: as written above."),
    )
    source = forms.CharField(
        label=gettext_lazy("Source"),
        max_length=300,
        help_text=gettext_lazy("Title and date of the document."),
    )
    source_url = forms.URLField(
        label=gettext_lazy("Address of the source"),
        max_length=500,
        required=False,
        assume_scheme="https",
    )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if "written" not in said or "precision" not in said:
            return said
        try:
            found = dated(written_date(said["written"]), said["precision"])
        except ValueError as wrong:
            self.add_error("written", str(wrong))
            return said
        said["effective_on"], said["precision"] = found.day, found.precision
        said["date_in_source"] = said.get("date_in_source") or said["written"].strip()
        return said

    @property
    def said(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "written"}


class ObservationForm(StatementForm):
    """A statement about one Party. `twin` is the one stored already that says the same."""

    party = PartyCalledField(
        label=gettext_lazy("Party"),
        max_length=150,
        help_text=gettext_lazy("In any spelling, or the ISO code."),
    )
    instrument = forms.ChoiceField(
        label=gettext_lazy("Instrument"),
        choices=Observation.Instrument.choices,
        widget=forms.RadioSelect,
    )
    status = forms.ChoiceField(
        label=gettext_lazy("What it says"),
        choices=Observation.Status.choices,
        widget=forms.RadioSelect,
    )
    step = forms.ChoiceField(
        label=gettext_lazy("Step"),
        choices=[*_EMPTY, *Step.choices],
        required=False,
        help_text=gettext_lazy("Only where the document names the step that was reached."),
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("What else the document says of it. Everybody can read it."),
    )
    despite = forms.CharField(
        label=gettext_lazy("Why it is so all the same"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Only when you are asked for it. The Secretariat alone reads it."),
    )
    field_order = (
        "party", "instrument", "status", "step", "written", "precision", "is_approximate",
        "date_in_source", "note", "source", "source_url", "despite",
    )  # fmt: skip
    twin: Observation | None = None

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        for name, sentence in self._faults(said):
            self.add_error(name, sentence)
        if not self.errors:
            self.twin = kept_already(said["party"], said)
            if self.twin:
                self.add_error(None, _("This statement is stored already."))
        return said

    def _faults(self, said: dict[str, Any]) -> Iterator[tuple[str, str]]:
        if {"instrument", "status", "step"} <= said.keys():
            yield from faults(said)
        if {"party", "effective_on"} <= said.keys() and not said.get("despite"):
            asked = question(said["party"], said["effective_on"])
            if asked:
                yield "despite", asked


class TotalForm(StatementForm):
    """What a document says of all countries together."""

    text = forms.CharField(
        label=gettext_lazy("What it says"),
        max_length=300,
        help_text=gettext_lazy("In the words of the document, in English."),
    )
    instrument = forms.ChoiceField(
        label=gettext_lazy("Instrument"),
        choices=Observation.Instrument.choices,
        widget=forms.RadioSelect,
    )
    in_all = forms.IntegerField(
        label=gettext_lazy("In all"), min_value=0, max_value=1000, required=False,
        help_text=gettext_lazy("Only numbers that stand in the text."),
    )  # fmt: skip
    complete = forms.IntegerField(
        label=gettext_lazy("Complete"), min_value=0, max_value=1000, required=False
    )
    under_way = forms.IntegerField(
        label=gettext_lazy("Under way or at other stages"),
        min_value=0,
        max_value=1000,
        required=False,
    )
    is_rough = forms.BooleanField(
        label=gettext_lazy("The numbers are not exact"),
        required=False,
        help_text=gettext_lazy("For example “around 20”, “more than 12”."),
    )
    field_order = (
        "text", "instrument", "in_all", "complete", "under_way", "is_rough", "written",
        "precision", "is_approximate", "date_in_source", "source", "source_url",
    )  # fmt: skip
