"""What an activity came from, typed as people name it: a reference, a numbered recommendation."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.models import SupportRequest
from toolkit.models import Recommendation

_NUMBERED = re.compile(r"([A-Za-z]{2,3})\s*(\d{1,4})\s*/\s*(\d{1,4})", re.ASCII)


class _NamedField(forms.CharField):
    """Gives the row that is called so, among those that the writer may see."""

    hint: Any = ""

    def __init__(self, writer: Any, **kwargs: Any) -> None:
        self.writer = writer
        super().__init__(max_length=40, required=False, help_text=self.hint, **kwargs)

    def called(self, typed: str) -> models.Model | None:
        raise NotImplementedError

    def name_of(self, pk: int) -> str:
        raise NotImplementedError

    def prepare_value(self, value: Any) -> Any:
        return self.name_of(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        found = self.called(typed)
        if found is None:
            raise ValidationError(_("Nothing is called “%(typed)s”.") % {"typed": typed})
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "").strip()


class RequestField(_NamedField):
    hint = gettext_lazy("Its reference, such as ICCWC-2026-0042.")

    def called(self, typed: str) -> models.Model | None:
        rows = SupportRequest.objects.visible_to(self.writer)
        return rows.filter(reference=typed.upper()).first()

    def name_of(self, pk: int) -> str:
        rows = SupportRequest.objects.filter(pk=pk).values_list("reference", flat=True)
        return rows.first() or ""


class RecommendationField(_NamedField):
    hint = gettext_lazy("Code of the Party, cycle and number, such as KEN 1/3.")

    def called(self, typed: str) -> models.Model | None:
        read = _NUMBERED.fullmatch(typed)
        if read is None:
            return None
        code, cycle, number = read.groups()
        return (
            Recommendation.objects.visible_to(self.writer)
            .filter(
                implementation__party__code=code.upper(),
                implementation__cycle=int(cycle),
                number=int(number),
            )
            .first()
        )

    def name_of(self, pk: int) -> str:
        columns = ("implementation__party__code", "implementation__cycle", "number")
        found = Recommendation.objects.filter(pk=pk).values_list(*columns).first()
        return "{} {}/{}".format(*found) if found else ""


class NamesOrigins:
    """For the ModelAdmin of activities."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        named = {"support_request": RequestField, "recommendation": RecommendationField}
        if db_field.name in named:
            return named[db_field.name](request.user, label=db_field.verbose_name)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
