"""The settings of one's own account: language, time zone, and which messages come."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.access import standing
from partners.models import Party, Role, User
from partners.time_zones import grouped_zones


class AccountSettings(forms.ModelForm):
    """Asks only about messages that the person could get: who gets what follows from mandates."""

    class Meta:
        model = User
        fields = ("language", "time_zone", "wants_digest", "wants_moves")
        labels = {
            "language": gettext_lazy("Language of pages and messages"),
            "time_zone": gettext_lazy("Time zone"),
            "wants_moves": gettext_lazy(
                "A message at every step of the Secretariat on my country’s requests"
            ),
        }
        help_texts = {
            "time_zone": gettext_lazy("Times on the pages are shown in it."),
            "wants_moves": gettext_lazy("Focal points get these in any case."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = self.fields["time_zone"]
        self.fields["time_zone"] = forms.ChoiceField(
            choices=grouped_zones(
                self.instance.time_zone,
                Party.objects.filter(pk__in=standing(self.instance).all_parties),
            ),
            label=zone.label,
            help_text=zone.help_text,
        )
        digest = _digest_of(self.instance)
        if digest is None:
            del self.fields["wants_digest"]
        else:
            self.fields["wants_digest"].label, self.fields["wants_digest"].help_text = digest
        if not _may_choose_moves(self.instance):
            del self.fields["wants_moves"]

    @property
    def messages(self) -> list[str]:
        """The names of the fields about messages, if any."""
        return [name for name in ("wants_digest", "wants_moves") if name in self.fields]

    def in_words(self) -> list[tuple[str, str]]:
        """Each setting and what it is set to, to be read."""
        person = self.instance
        told = [
            (str(self.fields[name].label), _("Yes") if getattr(person, name) else _("No"))
            for name in self.messages
        ]
        return [
            (str(self.fields["language"].label), person.get_language_display()),
            (str(self.fields["time_zone"].label), person.time_zone.replace("_", " ")),
            *told,
        ]


def _digest_of(person: User) -> tuple[str, str] | None:
    """Label and explanation of the digest that the person gets, or None."""
    mine = standing(person)
    if mine.secretariat & {Role.LEAD, Role.OFFICER}:
        return _("The daily digest"), _("Each morning what waits at the desk, if anything does.")
    if mine.parties:
        return (
            _("The weekly digest"),
            _("Once a week what waits for your country: drafts, corrections, questions."),
        )
    return None


def _may_choose_moves(person: User) -> bool:
    held = set(standing(person).parties)
    return bool(held & {Role.CONTRIBUTOR, Role.VIEWER})
