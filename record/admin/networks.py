"""Wildlife Enforcement Networks on the desk: who belongs to them, whom to write to, and how they
see themselves. The page spans two rooms, so the upper one has it."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.desk import DeskAdmin
from partners.desk_rows import RowsInline
from partners.desk_seen import SeenForm, SeesWhatIsNew
from partners.models import Network, NetworkMembership
from record.admin.forms import free_address
from record.models import NetworkAssessment, NetworkContact


class MembershipInline(RowsInline):
    model = NetworkMembership
    fields = (("party", "kind", "source"),)


class ContactInline(RowsInline):
    model = NetworkContact
    fields = (("office", "name"), ("email", "telephone", "confirmed_on"))


class AssessmentInline(RowsInline):
    model = NetworkAssessment
    extra = 0
    fields = (
        ("effective_on", "precision"),
        ("source", "source_url"),
        ("membership", "governance", "finance"),
        ("support", "deliverables"),
    )

    def get_extra(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> int:
        return 1 if obj else 0


class NetworkForm(SeenForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
            self.fields["slug"].help_text = _(
                "Left empty, it is made of the acronym or the name. It stays as it is, because "
                "others link to it."
            )

    def clean(self) -> dict[str, Any]:
        said = super().clean()
        if "slug" in self.fields and "slug" not in self.errors and not said.get("slug"):
            words = said.get("acronym") or said.get("name") or ""
            said["slug"] = free_address(Network, words)[:60]
        return said


@admin.register(Network)
class NetworkAdmin(SeesWhatIsNew, DeskAdmin):
    """A network is public as soon as it is here, with its members and the dates of its
    assessments. Focal points and findings are for those entitled."""

    form = NetworkForm
    inlines = (MembershipInline, ContactInline, AssessmentInline)
    list_display = ("name", "acronym", "region", "seat")
    search_fields = ("name", "acronym", "region", "formerly")
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("name", "acronym", "slug"),
                    ("region", "seat", "formerly"),
                    ("launched_on", "launched_precision"),
                    ("members_in_words", "source"),
                    "note",
                )
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return ("slug",) if obj else ()

    def desk_links(self, request: HttpRequest, obj: Network) -> Any:
        words = gettext_lazy("Read it on the portal")
        return [(reverse("record:network", args=[obj.slug]), words)]
