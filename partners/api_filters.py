"""The kinds of filter that API lists use. Each names what it refuses, and what it would take."""

from datetime import UTC, date, datetime, time
from typing import Any, cast

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext_lazy
from django_filters import fields

from partners.models import Party
from partners.models.bodies import plain_spelling
from workflow.parameters import YEARS, not_known

_AT_MOST_NAMED = 30


class _WordField(fields.MultipleChoiceField):
    def validate(self, value: Any) -> None:
        for each in value:
            if not self.valid_value(each):
                raise ValidationError(not_known(each, [str(key) for key, _label in self.choices]))


class WordFilter(django_filters.MultipleChoiceFilter):
    """One or several of a fixed list of words: `?state=sent&state=accepted`."""

    field_class = _WordField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        # A word of the row itself: no row comes twice, and DISTINCT would sort them all.
        super().__init__(*args, **{**kwargs, "distinct": False})

    def filter(self, qs: Any, value: Any) -> Any:
        if self.method or not value:
            return super().filter(qs, value)
        return qs.filter(**{f"{self.field_name}__in": list(value)})


class _CodeField(fields.ModelChoiceField):
    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError:
            codes = self.queryset.order_by(self.to_field_name).values_list(self.to_field_name)
            known = [code for (code,) in codes[: _AT_MOST_NAMED + 1]]
            named = known if len(known) <= _AT_MOST_NAMED else []
            raise ValidationError(not_known(value, named)) from None


class CodeFilter(django_filters.ModelChoiceFilter):
    """A row named by its code."""

    field_class = _CodeField


class _YesNoField(forms.Field):
    def to_python(self, value: Any) -> bool | None:
        if value in self.empty_values:
            return None
        known = {"true": True, "false": False}
        if str(value).lower() not in known:
            raise ValidationError(not_known(value, list(known)))
        return known[str(value).lower()]


class YesNoFilter(django_filters.BooleanFilter):
    """`true` or `false`; whatever else is typed is refused, not left out in silence."""

    field_class = _YesNoField


class DayField(forms.DateField):
    default_error_messages = {
        "invalid": gettext_lazy("Give a day as year-month-day, for example 2015-11-09.")
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "input_formats": ["%Y-%m-%d"]})

    def to_python(self, value: Any) -> date | None:
        return _countable(super().to_python(value), self.error_messages["invalid"])


class DayFilter(django_filters.DateFilter):
    field_class = DayField


class MomentField(forms.Field):
    """A date and time, in UTC unless it names another zone. A day alone means its beginning, or
    its end with `whole_day`."""

    default_error_messages = {
        "invalid": gettext_lazy(
            "Give a date and time with its zone, for example 2026-01-31T12:00:00Z."
        )
    }

    def __init__(self, *, whole_day: bool = False, **kwargs: Any) -> None:
        self.whole_day = whole_day
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        text = str(value).strip().replace(" ", "+")  # in an address a plus sign reads as a blank
        try:
            day = parse_date(text)
            end = time.max if self.whole_day else time.min
            moment = datetime.combine(day, end) if day else parse_datetime(text)
            # In UTC: PostgreSQL knows no offset beyond 15:59, and what is counted is UTC.
            if moment is not None:
                moment = moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            moment = None
        if moment is None:
            raise ValidationError(self.error_messages["invalid"])
        return cast(datetime, _countable(moment, self.error_messages["invalid"]))


class MomentFilter(django_filters.IsoDateTimeFilter):
    field_class = MomentField


def _countable(moment: Any, sentence: Any) -> Any:
    if moment is not None and moment.year not in YEARS:
        raise ValidationError(sentence)
    return moment


def parties_called(spelling: str) -> "models.QuerySet[Party]":
    """Parties whose name or alias contains the spelling, in any language and with any accents."""
    plain = plain_spelling(spelling)
    named = models.Q(aliases__spelling__contains=plain) if plain else models.Q()
    for language in ("en", "fr", "es"):
        named |= models.Q(**{f"name_{language}__icontains": spelling})
    return Party.objects.filter(named)
