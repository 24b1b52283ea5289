"""Which table of the tracker to show: as of a day, as known at a moment."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from partners.models import Region
from toolkit.steps import Phase
from workflow.forms import DayInput, IsoDateField


class MomentField(forms.CharField):
    """A day, meaning its end, or a moment as ISO 8601 writes it. Without a zone it is UTC."""

    widget = DayInput

    def to_python(self, value: Any) -> datetime | None:  # type: ignore[override]
        text = super().to_python(value)
        if not text:
            return None
        try:
            day = parse_date(text)
            moment = datetime.combine(day, time.max) if day else parse_datetime(text)
        except ValueError:
            moment = None
        if moment is None:
            raise ValidationError(
                _("Give a date like 2015-12-31, or a moment like 2015-12-31T18:00Z."),
                code="invalid",
            )
        try:
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except OverflowError as beyond:
            raise ValidationError(_("This moment lies outside the calendar.")) from beyond


class AsOfForm(forms.Form):
    """Both dates may be left out: then it is today's table, as it is known now."""

    hide_optional = True

    as_of = IsoDateField(
        label=_("State on"), required=False, help_text=_("The steps done by that day.")
    )
    known_at = MomentField(
        label=_("As known on"),
        required=False,
        help_text=_("To print a table again as it was, before later corrections."),
    )

    def clean_as_of(self) -> date:
        today = timezone.localdate()
        day: date = self.cleaned_data["as_of"] or today
        if day > today:
            raise ValidationError(_("The tracker knows nothing of the future: choose a past day."))
        return day

    def clean_known_at(self) -> datetime | None:
        moment: datetime | None = self.cleaned_data["known_at"]
        if moment and timezone.localdate(moment) > timezone.localdate():
            raise ValidationError(_("Nothing can be known yet at a moment in the future."))
        return moment

    @property
    def query(self) -> str:
        """What was asked as it stands in an address, for links to the same table."""
        return urlencode(self.written)

    @property
    def written(self) -> dict[str, str]:
        """The answers as they stand in an address, without those left out."""
        said = self.cleaned_data.items()
        return {name: _written(value) for name, value in said if value not in (None, "")}

    @property
    def query_of_dates(self) -> str:
        """The dates alone, for links to pages of one Party; empty for today as known now."""
        dated = {name: said for name, said in self.written.items() if name in {"as_of", "known_at"}}
        is_today = dated == {"as_of": timezone.localdate().isoformat()}
        return "" if is_today else urlencode(dated)


def _written(value: Any) -> str:
    if isinstance(value, date):  # a moment is one too
        return value.isoformat().replace("+00:00", "Z")
    return str(value)


class TableForm(AsOfForm):
    """The table of a day, of one region or one phase alone."""

    phase = forms.ChoiceField(
        label=_("Phase"),
        required=False,
        choices=[("", _("All")), *Phase.choices],
        error_messages={"invalid_choice": _("There is no such phase. Choose one of the list.")},
    )
    region = forms.ChoiceField(
        label=_("Region"),
        required=False,
        error_messages={"invalid_choice": _("There is no such region. Choose one of the list.")},
    )

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        super().__init__(data)
        regions = [(region.key, region.name) for region in Region.objects.order_by("pk")]
        self.fields["region"].choices = [("", _("All")), *regions]  # type: ignore[attr-defined]


class ChangesForm(forms.Form):
    """Between which two days; left out: the year that ends today."""

    hide_optional = True

    known_at = AsOfForm.declared_fields["known_at"]
    field_order = ("from", "to", "known_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        first = IsoDateField(
            label=_("From"),
            required=False,
            help_text=_("What had happened by that day is not shown. Left empty: a year before."),
        )
        last = IsoDateField(
            label=pgettext_lazy("end of a period", "To"),
            required=False,
            help_text=_("Left empty: today."),
        )
        # "from" is no name for an attribute. The API brings fields of its own.
        self.fields.setdefault("from", first)
        self.fields.setdefault("to", last)
        self.order_fields(self.field_order)

    clean_known_at = AsOfForm.clean_known_at
    query = AsOfForm.query
    written = AsOfForm.written

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if "from" not in said or "to" not in said:
            return said
        today = timezone.localdate()
        said["to"] = said["to"] or today
        if said["to"] > today:
            self.add_error("to", _("The tracker knows nothing of the future: choose a past day."))
            return said
        said["from"] = said["from"] or a_year_before(said["to"])
        if said["from"] > said["to"]:
            self.add_error("from", _("This day is after the other one: give an earlier day."))
        return said


def a_year_before(day: date) -> date:
    return max(day, date(2, 1, 1)) - timedelta(days=365)
