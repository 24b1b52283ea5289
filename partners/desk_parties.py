"""A Party in a form of the desk: typed by name, in any spelling that the portal knows.

A page with sixty rows would otherwise carry the list of all Parties sixty times, and ask for it
as often. The names are offered by one list for all fields (templates/admin/change_form.html).
"""

from difflib import get_close_matches
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from partners.models import Party, PartyAlias
from partners.models.bodies import plain_spelling
from partners.naming import in_readers_order

LIST_ID = "desk-parties"


class PartyNames:
    """All Parties and spellings, each asked for once a page, and only if something needs it."""

    @cached_property
    def by_id(self) -> dict[int, Party]:
        return {one.pk: one for one in in_readers_order(Party.objects.all())}

    @cached_property
    def _by_spelling(self) -> dict[str, int]:
        said: dict[str, int] = dict(PartyAlias.objects.values_list("spelling", "party_id"))
        for party in self.by_id.values():
            for name in (party.code, party.name_en, party.name_fr, party.name_es):
                said[plain_spelling(name)] = party.pk
        return said

    def called(self, typed: str) -> Party | None:
        found = self._by_spelling.get(plain_spelling(typed))
        return self.by_id[found] if found else None

    def like(self, typed: str) -> list[str]:
        """Names that may have been meant."""
        close = get_close_matches(plain_spelling(typed), self._by_spelling, n=6, cutoff=0.7)
        meant = dict.fromkeys(self._by_spelling[one] for one in close)
        return [self.by_id[one].name for one in meant][:3]

    def offered(self) -> list[str]:
        return [party.name for party in self.by_id.values()]


def names_for(request: HttpRequest) -> PartyNames:
    """The names of one page, the same for all its fields."""
    held: Any = request
    if not hasattr(held, "desk_parties"):
        held.desk_parties = PartyNames()
    names: PartyNames = held.desk_parties
    return names


def offered_on(request: HttpRequest) -> list[str]:
    """What the fields of the page offer; nothing where none of them is of a Party."""
    names: PartyNames | None = getattr(request, "desk_parties", None)
    return names.offered() if names else []


class PartyNameField(forms.CharField):
    """Gives the Party that is called so."""

    def __init__(self, names: PartyNames, **kwargs: Any) -> None:
        self.names = names
        attrs = {"list": LIST_ID, "autocomplete": "off", "class": "vTextField"}
        super().__init__(widget=forms.TextInput(attrs=attrs), max_length=150, **kwargs)

    def __deepcopy__(self, memo: Any) -> "PartyNameField":
        copied: PartyNameField = super().__deepcopy__(memo)
        copied.names = self.names  # the same for every row
        return copied

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, Party):
            return value.name
        return self.names.by_id[value].name if value in self.names.by_id else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        found = self.names.called(typed)
        if found:
            return found
        like = self.names.like(typed)
        if like:
            sentence = _("No Party is called “%(typed)s”. Is one of these meant: %(names)s?")
        else:
            sentence = _("No Party is called “%(typed)s”. Choose one from the list.")
        raise ValidationError(sentence % {"typed": typed, "names": ", ".join(like)})

    def has_changed(self, initial: Any, data: Any) -> bool:
        return str(self.prepare_value(initial) or "") != str(data or "").strip()


class NamesParties:
    """For a DeskInline or DeskAdmin: columns of one Party are typed by name."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Party:
            return PartyNameField(
                names_for(request),
                required=not db_field.blank,
                label=db_field.verbose_name,
                help_text=db_field.help_text,
            )
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]
