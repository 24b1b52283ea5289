"""Which table of the tracker to show: as of a day, as known at a moment."""

from datetime import UTC, date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy as _

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
        """The dates as they stand in an address, for links to the same table."""
        given = {name: self.cleaned_data[name] for name in ("as_of", "known_at")}
        return "&".join(
            f"{name}={value.isoformat().replace('+00:00', 'Z')}"
            for name, value in given.items()
            if value
        )
