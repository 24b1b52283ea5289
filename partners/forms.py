"""The forms of coming to a mandate. What they let through is judged once more by the rules."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as translate_now
from django.utils.translation import gettext_lazy as _

from partners.inviting import fitting_roles
from partners.models import Agency, Invitation, Party, Role, User
from partners.naming import in_readers_order
from partners.time_zones import grouped_zones, usual_zone
from workflow.errors import InvalidInput
from workflow.fields import TextField
from workflow.forms import IsoDateField

DEPUTY = "deputy"  # chosen like a role; held as a focal point's
_ROLE_HINTS: dict[str, "str | Promise"] = {
    Role.FOCAL_POINT: _("Focal point: writes and submits requests, and answers for the Party"),
    Role.CONTRIBUTOR: _("Contributor: writes requests, which the focal point submits"),
    Role.VIEWER: _("Viewer: reads and writes nothing"),
    Role.OFFICER: _("Officer: reads and answers what is referred to the agency"),
    Role.LEAD: _("Lead: decides on requests and grants mandates"),
    Role.AUDITOR: _("Auditor: reads everything and changes nothing"),
    DEPUTY: _("Deputy: does in your absence what you do, until a day"),
}


def role_choices(*roles: str) -> list[tuple[str, "str | Promise"]]:
    return [(role, _ROLE_HINTS[role]) for role in roles]


class NameField(forms.CharField):
    """A name is one line: it stands in the subjects of letters. Of blanks in a row one is kept."""

    def to_python(self, value: Any) -> str:
        return " ".join((super().to_python(value) or "").split())


class BodyField(forms.ChoiceField):
    """A Party or an agency, in one list; gives the row."""

    def __init__(self, *, with_secretariat: bool = False, **kwargs: Any) -> None:
        self.with_secretariat = with_secretariat
        super().__init__(choices=self._bodies, **kwargs)

    def _bodies(self) -> list[Any]:
        agencies = Agency.objects.all() if self.with_secretariat else Agency.objects.partners()
        parties = in_readers_order(Party.objects.all())
        return [
            ("", _("Choose one")),
            (_("Parties to CITES"), [(one.code, one.name) for one in parties]),
            (_("Agencies"), [(f"agency:{one.code}", one.name) for one in agencies]),
        ]

    def clean(self, value: Any) -> Party | Agency:
        kind, _colon, code = super().clean(value).rpartition(":")
        if kind:
            return Agency.objects.get(code=code)
        return Party.objects.get(code=code)


class _ShowsRefusals(forms.Form):
    def show(self, refusal: InvalidInput) -> None:
        """The sentences of a refusal, at their fields."""
        for name, sentences in refusal.fields.items():
            self.add_error(name if name in self.fields else None, sentences)


class _Prospect(_ShowsRefusals):
    """Who somebody is, and in what language to write."""

    name = NameField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )


class AskForm(_Prospect):
    """A request for access; Secretariat roles are not asked for here."""

    body = BodyField(label=_("For which Party or agency do you work?"))
    role = forms.ChoiceField(
        label=_("What do you want to do in the portal?"),
        choices=role_choices(Role.FOCAL_POINT, Role.CONTRIBUTOR, Role.OFFICER, Role.VIEWER),
        widget=forms.RadioSelect,
        help_text=_("Officers belong to agencies; focal points and contributors to Parties."),
    )
    office = forms.CharField(
        label=_("Office"),
        max_length=200,
        required=False,
        help_text=_("The authority or post, if it helps."),
    )
    why = TextField(
        label=_("Why do you ask?"),
        min_length=10,
        max_length=2000,
        help_text=_("Who in your authority or agency can confirm it, for example."),
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    field_order = ["name", "email", "language", "body", "office", "role", "why"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Your name")
        self.fields["name"].widget.attrs["autocomplete"] = "name"
        self.fields["email"].label = _("Your e-mail address at work")
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        self.fields["language"].label = _("Language of the messages to you")
        self.initial.setdefault("language", (get_language() or "en")[:2])

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        body, role = said.get("body"), said.get("role")
        if body and role and role not in fitting_roles(*party_or_agency(body)):
            self.add_error("role", translate_now("This role does not exist for this body."))
        return said


class InviteForm(_Prospect):
    """Whom a focal point invites: helpers, and a deputy where it may name one."""

    role = forms.ChoiceField(label=_("Role"), widget=forms.RadioSelect)
    office = forms.CharField(
        label=_("Office"),
        max_length=200,
        required=False,
        help_text=_("The authority or post, if it helps."),
    )
    until_on = IsoDateField(
        label=_("Until"),
        required=False,
        help_text=_("A deputy needs a last day, at most 92 days ahead; for others it is a choice."),
    )

    def __init__(self, *args: Any, with_deputy: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = [Role.CONTRIBUTOR, Role.VIEWER, *([DEPUTY] if with_deputy else [])]
        self.fields["role"].choices = role_choices(*roles)  # type: ignore[attr-defined]
        self.initial.setdefault("language", (get_language() or "en")[:2])


class DeskInviteForm(_Prospect):
    """Whom a lead invites: anybody, for any body."""

    body = BodyField(label=_("For"), with_secretariat=True)
    role = forms.ChoiceField(
        label=_("Role"),
        choices=[(role.value, capfirst(role.label)) for role in Role],
        widget=forms.RadioSelect,
    )
    office = forms.CharField(label=_("Office"), max_length=200, required=False)
    until_on = IsoDateField(label=_("Until"), required=False)


class HandOverForm(_ShowsRefusals):
    """Who follows a focal point. A name and a language are for somebody without an account."""

    email = forms.EmailField(label=_("E-mail address of the successor"), max_length=254)
    name = NameField(
        label=_("Name"),
        max_length=150,
        required=False,
        help_text=_("Needed for somebody who has no account yet, and is invited."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        required=False,
        help_text=_("Of the invitation, if the successor has no account yet."),
    )
    office = forms.CharField(label=_("Office"), max_length=200, required=False)
    on = IsoDateField(
        label=_("Last day of the mandate that ends"),
        required=False,
        help_text=_(
            "Left empty: at once. A successor without an account takes over when the invitation "
            "is accepted."
        ),
    )


class NewAccountForm(forms.ModelForm):
    """What somebody who accepts an invitation says to have an account."""

    password = forms.CharField(
        label=_("Choose a password"),
        strip=False,
        max_length=128,
        help_text=_("At least 12 characters. Several words in a row are easy to remember."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    class Meta:
        model = User
        fields = ("name", "language", "time_zone")
        field_classes = {"name": NameField}
        labels = {"name": _("Your name"), "language": _("Language"), "time_zone": _("Time zone")}
        help_texts = {"language": _("Of the pages and of the messages to you.")}
        widgets = {
            "language": forms.RadioSelect,
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
        }

    def __init__(self, invitation: Invitation, *args: Any, **kwargs: Any) -> None:
        kwargs["instance"] = User(email=invitation.email)
        kwargs["initial"] = {"name": invitation.name, "language": (get_language() or "en")[:2]}
        super().__init__(*args, **kwargs)
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]
        party = invitation.party
        of_the_desk = invitation.agency is not None and invitation.agency.is_coordinator
        usual = settings.DESK_TIME_ZONE if of_the_desk else usual_zone(party)
        choices = grouped_zones("UTC", [party] if party else [])
        self.fields["time_zone"] = forms.ChoiceField(
            choices=choices if usual else [("", _("Choose one")), *choices],
            label=_("Time zone"),
            initial=usual,
        )
        self.initial.pop("time_zone", None)  # the account's own, before anybody chose one

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if password := said.get("password"):
            person = User(email=self.instance.email, name=said.get("name", ""))
            try:
                validate_password(password, person)
            except forms.ValidationError as unfit:
                self.add_error("password", unfit)
        return said


def party_or_agency(body: Party | Agency) -> tuple[Party | None, Agency | None]:
    return (body, None) if isinstance(body, Party) else (None, body)
