"""An officer's own ways to look at the queue: kept under a name, seen by their owner alone."""

from typing import Any

from django import forms
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.models import User
from requests_app.models import SavedView

MOST = 30
LONGEST_QUERY = 1000
_NOT_KEPT = ("p", "e")  # the page one was on, and the mark of an address that was none


def views_of(user: User) -> "QuerySet[SavedView]":
    return SavedView.objects.filter(user=user)


def as_kept(query: str) -> str:
    """An address of the list as it is stored and compared: without the page, in one order."""
    asked = QueryDict(query.removeprefix("?"), mutable=True)
    for name in _NOT_KEPT:
        asked.pop(name, None)
    tidy = QueryDict(mutable=True)
    for name in sorted(asked):
        tidy.setlist(name, asked.getlist(name))
    return tidy.urlencode()


class ViewForm(forms.Form):
    """A name for what the list shows now, or another name for a view that is kept."""

    name = forms.CharField(
        label=gettext_lazy("Name of the view"),
        max_length=60,
        error_messages={
            "required": gettext_lazy("Give the view a name."),
            "max_length": gettext_lazy("Use at most 60 characters for the name."),
        },
    )
    query = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, owner: User, view: SavedView | None = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.owner, self.view = owner, view
        self.fields["name"].widget.attrs["maxlength"] = "60"
        self.fields["name"].widget.is_required = False  # our sentence, not the browser's

    def clean_name(self) -> str:
        name = " ".join(str(self.cleaned_data["name"]).split())
        taken = views_of(self.owner).filter(name__iexact=name)
        if self.view:
            taken = taken.exclude(pk=self.view.pk)
        if taken.exists():
            raise forms.ValidationError(_taken(name))
        return name

    def clean_query(self) -> str:
        query = as_kept(str(self.cleaned_data["query"]))
        if len(query) > LONGEST_QUERY:
            raise forms.ValidationError(
                _("This view has too many filters to be kept. Take some away and try again.")
            )
        return query

    def clean(self) -> dict[str, Any]:
        said = super().clean() or self.cleaned_data
        if self.view is None and views_of(self.owner).count() >= MOST:
            raise forms.ValidationError(
                _("You have %(count)d saved views already. Delete one first.") % {"count": MOST}
            )
        return said

    def keep(self) -> bool:
        """Store it. False when the name was taken a moment ago: the form then says so."""
        kept = self.view or SavedView(user=self.owner, query=self.cleaned_data["query"])
        kept.name = self.cleaned_data["name"]
        try:
            with transaction.atomic():
                kept.save()
        except IntegrityError:
            self.add_error("name", _taken(kept.name))
            return False
        return True


def _taken(name: str) -> str:
    return _("You have a view called “%(name)s” already. Choose another name.") % {"name": name}
