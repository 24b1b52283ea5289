"""The document library as its pages show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from record.links import alive
from record.models import Document, DocumentVersion, Topic
from record.models.documents import name_of_language


class LibraryQuestion(forms.Form):
    """The parameters of the page, all of them optional; an unknown value is said at its field."""

    hide_optional = True

    kind = forms.ChoiceField(
        label=_("Kind"), required=False, choices=[("", _("every kind")), *Document.Kind.choices]
    )
    topic = forms.ModelChoiceField(
        label=_("Topic"), required=False, queryset=Topic.objects.all(), to_field_name="key",
        empty_label=_("every topic"),
    )  # fmt: skip
    language = forms.ChoiceField(label=_("Language"), required=False)

    def __init__(self, data: Any, visible: "QuerySet[Document]") -> None:
        super().__init__(data)
        self.visible = visible
        versions = DocumentVersion.objects.filter(document__in=visible)
        codes = sorted(set(versions.order_by().values_list("language", flat=True).distinct()))
        field: Any = self.fields["language"]
        field.choices = [
            ("", _("every language")),
            *((one, name_of_language(one)) for one in codes),
        ]

    def narrowed(self) -> "QuerySet[Document]":
        said = self.cleaned_data
        ways = {"kind": "kind", "topic": "topics", "language": "versions__language"}
        return self.visible.filter(**{way: said[one] for one, way in ways.items() if said[one]})


@dataclass(frozen=True)
class Readable:
    """One language version as readers find it; without a `url` it cannot be read at present."""

    version: DocumentVersion
    url: str
    is_file: bool


def readable(document: Any, versions: Iterable[DocumentVersion]) -> list[Readable]:
    """A file kept here comes before a link, and a link only while it is not known to be dead."""
    rows = list(versions)
    good = alive(one.url for one in rows)
    found = []
    for one in rows:
        url = one.url if one.url in good else ""
        if one.file_is_open:
            url = reverse("record:document_file", args=[document.slug, one.language])
        found.append(Readable(one, url, one.file_is_open))
    return found
