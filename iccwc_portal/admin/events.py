"""History on the desk: to read, with the chain that proves it."""

import json
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db import models
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from history import kinds
from history.models import Event
from partners.desk import ReadOnlyAdmin, address_of
from partners.differences import differences, tell_before
from partners.history_page import name_of_actor
from partners.models import (
    AccessRequest,
    Agency,
    ApiKey,
    Invitation,
    Mandate,
    Network,
    Party,
    Region,
    User,
)
from requests_app.models import (
    Criterion,
    Holiday,
    Reason,
    Referral,
    Support,
    SupportRequest,
    Target,
    Thread,
)
from toolkit.models import (
    Assessment,
    Edition,
    Implementation,
    PublishedTotal,
    Recommendation,
    StepStatus,
)
from toolkit.timeline import DRAFT_BEGUN

_SUBJECTS = (
    SupportRequest,
    Referral,
    Thread,
    Implementation,
    Recommendation,
    Assessment,
    Edition,
    PublishedTotal,
    Party,
    User,
    Mandate,
    Invitation,
    AccessRequest,
    ApiKey,
    Agency,
    Region,
    Network,
    Support,
    Reason,
    Criterion,
    Holiday,
    Target,
)
_REQUEST = SupportRequest._meta.label_lower
_ASSESSMENT = Assessment._meta.label_lower
# What else must be read for the name of a subject, so that no name costs a query of its own.
_NAMED_WITH: dict[type[models.Model], tuple[str, ...]] = {
    Referral: ("support_request", "agency"),
    Thread: ("support_request",),
    Mandate: ("party", "agency"),
    Invitation: ("party", "agency"),
    AccessRequest: ("party", "agency"),
    Implementation: ("party",),
    StepStatus: ("implementation__party",),
    Recommendation: ("implementation__party",),
    Assessment: ("party",),
}


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


class EventList(ChangeList):
    """Its events carry the names of what they are about."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.result_list = list(self.result_list)
        _name_subjects(self.result_list, request.user)


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
        "label", "subject_link", "effective_here", "recorded_at", "actor_here", "source",
        "changes_here", "sequence", "actor_kind", "actor_id", "previous_hash", "hash",
    )  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Event]":
        assessments = Assessment.objects.inside(request.user)
        # That a draft was begun or withdrawn is history too; it is its country's own business.
        seen = SupportRequest.objects.visible_to(request.user).filter(reference__isnull=False)
        return Event.objects.filter(
            ~Q(subject_type=_REQUEST) | Q(subject_id__in=seen.values("pk")),
            ~Q(kind=DRAFT_BEGUN),
            ~Q(subject_type=_ASSESSMENT) | Q(subject_id__in=assessments.values("pk")),
        ).order_by("-pk")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return EventList

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        event = super().get_object(request, *args, **kwargs)
        if event is not None:
            _name_subjects([event], request.user)
        return event

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
        name = getattr(event, "subject_name", "") or event.subject_id
        return f"{_names().get(event.subject_type, event.subject_type)} {name}"

    @admin.display(description=gettext_lazy("subject"))
    def subject_link(self, event: Event) -> SafeString | str:
        """The record itself, where the desk has a page of it."""
        row = _row_of(event)
        name = _names().get(event.subject_type, event.subject_type)
        if row is None or not admin.site.is_registered(type(row)):
            return self.subject_here(event)
        return format_html('{} <a href="{}">{}</a>', name, address_of(row, "change"), row)

    @admin.display(description=gettext_lazy("by"))
    def actor_here(self, event: Event) -> str:
        return name_of_actor(event)

    @admin.display(description=gettext_lazy("true from"))
    def effective_here(self, event: Event) -> str:
        return event.effective_in_words

    @admin.display(description=gettext_lazy("what changed"))
    def changes_here(self, event: Event) -> SafeString:
        """Field by field; and, folded, the very words of the record."""
        changed = differences([event])[event.pk]
        found = {
            "differences": changed,
            "number": event.pk,
            "has_before": tell_before(changed),
        }
        text = json.dumps(event.changes, ensure_ascii=False, indent=2)
        return format_html(
            '{}<details><summary>{}</summary><pre class="desk-pre">{}</pre></details>',
            mark_safe(render_to_string("admin/_differences.html", found)),  # noqa: S308 - escaped there
            _("As it is recorded"),
            text,
        )

    def desk_links(self, request: HttpRequest, obj: Event) -> Any:
        row = _row_of(obj)
        if row is None or not admin.site.is_registered(type(row)):
            return []
        return [(address_of(row, "history"), _("All that happened to it"))]


def _names() -> dict[str, Any]:
    """What the log calls a subject → what people call it: every model, for whatever is kept."""
    return {one._meta.label_lower: one._meta.verbose_name for one in apps.get_models()}


def _name_subjects(events: Iterable[Any], actor: Any) -> None:
    """Give each event `subject_name`, as far as `actor` may see the subject and it is still there.
    One query for each kind of subject."""
    of_kind: dict[str, list[Any]] = defaultdict(list)
    for event in events:
        of_kind[event.subject_type].append(event)
    for kind, told in of_kind.items():
        model = _model_of(kind)
        if model is None:
            continue
        rows = model._default_manager.all()
        if hasattr(rows, "visible_to"):
            rows = rows.visible_to(actor)
        rows = rows.filter(pk__in={event.subject_id for event in told})
        names = {row.pk: str(row) for row in rows.select_related(*_NAMED_WITH.get(model, ()))}
        for event in told:
            event.subject_name = names.get(event.subject_id, "")


def _model_of(kind: str) -> Any:
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):  # a model of an earlier release
        return None


def _row_of(event: Event) -> Any:
    model = _model_of(event.subject_type)
    return model and model._base_manager.filter(pk=event.subject_id).first()
