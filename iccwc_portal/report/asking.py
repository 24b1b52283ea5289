"""Which report: the day, the period before it, what was known, the language, whose rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.http import urlencode
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from toolkit.forms import AsOfForm, a_year_before
from workflow.forms import IsoDateField

PUBLIC, ALL = "public", "all"


@dataclass(frozen=True)
class Asked:
    """`known_at` is None for all that is known now."""

    as_of: date
    since: date
    known_at: datetime | None
    language: str
    rows: str

    @property
    def known_until(self) -> datetime:
        return self.known_at or datetime(9999, 1, 1, tzinfo=UTC)


class ReportForm(AsOfForm):
    """Every field may be left out: then it is today's report on the last year."""

    since = IsoDateField(
        label=gettext_lazy("Activities since"),
        required=False,
        help_text=gettext_lazy("The first day of the period. Left empty: a year before the day."),
    )
    rows = forms.ChoiceField(
        label=gettext_lazy("Toolkit table"),
        required=False,
        widget=forms.RadioSelect,
        choices=[
            (PUBLIC, gettext_lazy("Only what countries have made public by that day")),
            (ALL, gettext_lazy("All that the Secretariat knows; what is not public is marked")),
        ],
    )
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the document"),
        required=False,
        widget=forms.RadioSelect,
        choices=settings.LANGUAGES,
    )
    field_order = ("as_of", "since", "known_at", "rows", "language")

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        own = (get_language() or settings.LANGUAGE_CODE)[:2]
        usual = {"rows": PUBLIC, "language": own}
        given = None if data is None else usual | {name: data[name] for name in data if data[name]}
        super().__init__(given, initial=usual)
        self.fields["as_of"].help_text = gettext_lazy(
            "Left empty: today. The report shows how everything stood at the end of that day."
        )

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        as_of = said.get("as_of")
        if as_of and "since" in said:
            said["since"] = said["since"] or a_year_before(as_of)
            if said["since"] > as_of:
                self.add_error("since", ValidationError(_("The period begins after that day.")))
        return said

    @property
    def asked(self) -> Asked:
        names = ("as_of", "since", "known_at", "language", "rows")
        return Asked(**{name: self.cleaned_data[name] for name in names})

    @property
    def address(self) -> str:
        """The question as the end of an address: whoever opens it gets the same document."""
        asked = self.asked
        said: dict[str, Any] = {
            "as_of": asked.as_of,
            "since": asked.since,
            "known_at": asked.known_at and asked.known_at.astimezone(UTC).isoformat(),
            "language": asked.language,
            "rows": asked.rows,
        }
        return urlencode({name: value for name, value in said.items() if value})
