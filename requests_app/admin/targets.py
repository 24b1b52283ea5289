"""The desk's targets of time: one table of state and urgency, kept by officers."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy

from partners.desk import DeskAdmin
from partners.desk_history import columns_of, keep
from partners.granting.kinds import DESK_ADDED, DESK_CHANGED, DESK_REMOVED
from requests_app.admin.calendar import say_moved
from requests_app.models import RequestState, Target, Urgency
from requests_app.recomputing import recompute_due

# Those in which the Secretariat or its partners have to move next.
STATES = (
    RequestState.SUBMITTED,
    RequestState.IN_REVIEW,
    RequestState.REFERRED,
    RequestState.AWAITING_FUNDS,
    RequestState.ACCEPTED,
    RequestState.UNDER_WAY,
)
_MOST_DAYS = 500  # two years of working days
_WHAT_TO_GIVE = gettext_lazy("Give a whole number from 1 to 500, or nothing for no target.")
_FAULTS = ("invalid", "min_value", "max_value")


def _name(state: str, urgency: str) -> str:
    return f"{state}-{urgency}"


@dataclass(frozen=True)
class Changed:
    """A target as it was and as it is; None where one was taken away that was gone already."""

    label: str
    target: Target | None
    kind: str
    before: dict[str, Any]
    after: dict[str, Any]


class TargetsForm(forms.Form):
    """A number for each state and urgency; an empty field is no target.

    Each field knows what its page showed: what an officer left alone is not written, so that
    somebody else's change of it at the same time stays.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = {_name(one.state, one.urgency): one.working_days for one in Target.objects.all()}
        for state in STATES:
            for urgency in Urgency:
                name = _name(state, urgency)
                label = f"{capfirst(str(state.label))}, {urgency.label}"
                self.fields[name] = forms.IntegerField(
                    error_messages=dict.fromkeys(_FAULTS, _WHAT_TO_GIVE),
                    label=label,
                    widget=forms.NumberInput(attrs={"aria-label": label}),
                    required=False,
                    min_value=1,
                    max_value=_MOST_DAYS,
                    initial=known.get(name),
                    show_hidden_initial=True,
                )

    def rows(self) -> list[tuple[str, list[Any]]]:
        """The fields as they stand in the table."""
        return [
            (capfirst(str(state.label)), [self[_name(state, urgency)] for urgency in Urgency])
            for state in STATES
        ]

    def save(self) -> list[Changed]:
        """Each target that changed."""
        return [self._save(name) for name in self.changed_data]

    def _save(self, name: str) -> Changed:
        state, _dash, urgency = name.partition("-")
        days = self.cleaned_data[name]
        label = str(self.fields[name].label)
        rows = Target.objects.select_for_update(no_key=True)
        target = rows.filter(state=state, urgency=urgency).first()
        before = columns_of(target) if target else {}
        if days is None:
            if target:
                Target.objects.filter(pk=target.pk).delete()
            return Changed(label, target, DESK_REMOVED, before, dict.fromkeys(before))
        target = target or Target(state=state, urgency=urgency)
        target.working_days = days
        target.save()
        kind = DESK_CHANGED if before else DESK_ADDED
        return Changed(label, target, kind, before, columns_of(target))


@admin.register(Target)
class TargetAdmin(DeskAdmin):
    """All on one page, which is the list; single rows have no pages."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        may_change = self.has_change_permission(request)
        form = TargetsForm(request.POST if request.method == "POST" else None)
        if request.method == "POST":
            if not may_change:
                raise PermissionDenied
            if form.is_valid():
                _save(request, form)
                return HttpResponseRedirect(request.path)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": capfirst(str(self.opts.verbose_name_plural)),
            "form": form,
            "urgencies": [capfirst(str(one.label)) for one in Urgency],
            "may_change": may_change,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/requests_app/target/change_list.html", context)

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:requests_app_target_changelist"))

    def history_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:requests_app_target_changelist"))


@transaction.atomic
def _save(request: HttpRequest, form: TargetsForm) -> None:
    changed = form.save()
    if not changed:
        messages.info(request, gettext_lazy("Nothing was changed."))
        return
    sentence = gettext_lazy("Changed: %(what)s.")
    messages.success(request, sentence % {"what": "; ".join(one.label for one in changed)})
    say_moved(request, recompute_due())
    for one in changed:  # last: see history.log
        if one.target:
            keep(one.kind, one.target, request.user, one.before, one.after)
