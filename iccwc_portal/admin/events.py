"""History on the desk: to read, with the chain that proves it."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from history import kinds
from history.models import Event
from partners.desk import ReadOnlyAdmin
from partners.models import AccessRequest, ApiKey, Invitation, Mandate, Party, User
from requests_app.models import Referral, SupportRequest
from toolkit.models import Implementation

_SUBJECTS = (
    SupportRequest,
    Referral,
    Implementation,
    Party,
    User,
    Mandate,
    Invitation,
    AccessRequest,
    ApiKey,
)
_REQUEST = SupportRequest._meta.label_lower


class KindFilter(admin.SimpleListFilter):
    title = gettext_lazy("what happened")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind, f"{kinds.label(kind)} ({kind})") for kind in kinds.all_kinds()]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Event]") -> "QuerySet[Event]":
        return queryset.filter(kind=self.value()) if self.value() else queryset


class SubjectFilter(admin.SimpleListFilter):
    title = gettext_lazy("subject")
    parameter_name = "subject_type"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(one._meta.label_lower, str(one._meta.verbose_name)) for one in _SUBJECTS]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[Event]") -> "QuerySet[Event]":
        return queryset.filter(subject_type=self.value()) if self.value() else queryset


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = (
        "recorded_at", "label", "subject_here", "sequence", "actor_name", "actor_body",
        "effective_here",
    )  # fmt: skip
    list_filter = (KindFilter, SubjectFilter, "recorded_at")
    search_fields = ("actor_name", "actor_body", "source")
    search_help_text = gettext_lazy("A reference, a person, a body or a source")
    ordering = ("-pk",)
    sortable_by = ("recorded_at",)
    fields = (
        "label", "subject_here", "sequence", "effective_here", "recorded_at", "actor_kind",
        "actor_id", "actor_name", "actor_body", "source", "changes_here", "previous_hash", "hash",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Event]":
        # A draft that was withdrawn has a history too; it is its country's own business.
        seen = SupportRequest.objects.visible_to(request.user).filter(reference__isnull=False)
        return Event.objects.filter(
            ~Q(subject_type=_REQUEST) | Q(subject_id__in=seen.values("pk"))
        ).order_by("-pk")

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        found, doubled = super().get_search_results(request, queryset, search_term)
        term = search_term.strip()
        if term:
            cases = SupportRequest.objects.visible_to(request.user).filter(reference__iexact=term)
            referrals = Referral.objects.filter(support_request__in=cases)
            found |= queryset.filter(
                Q(subject_type=_REQUEST, subject_id__in=cases.values("pk"))
                | Q(subject_type=Referral._meta.label_lower, subject_id__in=referrals.values("pk"))
            )
        return found, doubled

    @admin.display(description=gettext_lazy("what happened"))
    def label(self, event: Event) -> str:
        return event.label

    @admin.display(description=gettext_lazy("subject"))
    def subject_here(self, event: Event) -> str:
        names = {one._meta.label_lower: one._meta.verbose_name for one in _SUBJECTS}
        return f"{names.get(event.subject_type, event.subject_type)} {event.subject_id}"

    @admin.display(description=gettext_lazy("true from"))
    def effective_here(self, event: Event) -> str:
        return event.effective_in_words

    @admin.display(description=gettext_lazy("what changed"))
    def changes_here(self, event: Event) -> SafeString:
        text = json.dumps(event.changes, ensure_ascii=False, indent=2)
        return format_html('<pre class="desk-pre">{}</pre>', text)
