"""The page of one desired outcome: its indicators with their answers, as radio buttons."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from toolkit.assessing import answer_text, highest
from toolkit.models import Indicator, IndicatorKind, Score
from toolkit.workflow.assessment_inputs import LONGEST_REMARK
from workflow.errors import Refused
from workflow.fields import TextField

_NOT_ASSESSED = ("", pgettext_lazy("an indicator", "not assessed"))


def choices_of(indicator: Indicator) -> list[tuple[str, Any]]:
    if indicator.kind == IndicatorKind.PA:
        return [("1", _("present")), ("0", _("absent"))]
    return [
        (str(value), f"{value}: {answer_text(indicator, value)}")
        for value in range(highest(indicator.kind) + 1)
    ]


class AnswersForm(forms.Form):
    """The answers to some indicators. Any of them may stay open; all that is typed is kept."""

    def __init__(
        self,
        indicators: Iterable[Indicator],
        stored: Mapping[int, Score],
        *args: Any,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.indicators = list(indicators)
        self.refusal: Refused | None = None
        for one in self.indicators:
            self._ask(one, stored.get(one.number))

    def _ask(self, one: Indicator, score: Score | None) -> None:
        is_data = one.kind == IndicatorKind.DA
        if not is_data:
            self.fields[f"score_{one.number}"] = forms.ChoiceField(
                label=str(one),
                choices=[*choices_of(one), _NOT_ASSESSED],
                widget=forms.RadioSelect,
                required=False,
                error_messages={"invalid_choice": _("Choose one of the answers.")},
            )
            value = score.value if score else None
            self.initial.setdefault(f"score_{one.number}", "" if value is None else str(value))
        self.fields[f"words_{one.number}"] = TextField(
            label=_("Data, in words, with their source") if is_data else _("Remark"),
            widget=forms.Textarea(attrs={"rows": 3 if is_data else 2}),
            required=False,
            max_length=LONGEST_REMARK,
        )
        self.initial.setdefault(f"words_{one.number}", score.words if score else "")

    def parts(self) -> list[dict[str, Any]]:
        """For the template: each indicator with its fields."""
        return [
            {
                "indicator": one,
                "score": self[f"score_{one.number}"]
                if f"score_{one.number}" in self.fields
                else None,
                "words": self[f"words_{one.number}"],
            }
            for one in self.indicators
        ]

    @property
    def said(self) -> dict[str, dict[str, str]]:
        """By number of the indicator, in the form of the input `scores` of the workflow."""
        return {
            str(one.number): {
                "mark": self.cleaned_data.get(f"score_{one.number}", ""),
                "text": self.cleaned_data[f"words_{one.number}"].strip(),
            }
            for one in self.indicators
        }

    @property
    def numbers(self) -> list[int]:
        return [one.number for one in self.indicators]

    def differs_from(self, stored: Mapping[int, Score]) -> bool:
        return any(said != _as_said(stored.get(int(number))) for number, said in self.said.items())


def _as_said(score: Score | None) -> dict[str, str]:
    if score is None:
        return {"mark": "", "text": ""}
    return {"mark": "" if score.value is None else str(score.value), "text": score.words}
