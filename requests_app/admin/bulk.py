"""Actions on many requests: chosen in the list, asked on a page that names every row, done by
POST, with a line for each row about what became of it."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partners.access import OFFICER
from partners.acting import ActingAdmin
from partners.desk import id_in
from requests_app.admin.export import LIST
from requests_app.bulk import CLOSING, JOBS, MOST, Job, JobForm, Plan, carry_out, plan

CLOSE = "close"


class ActsOnMany(ActingAdmin):
    """For the admin of requests: its actions lead to the confirm page."""

    def get_actions(self, request: HttpRequest) -> Any:
        found = super().get_actions(request)
        return found if OFFICER(request.user, None) else {}

    @admin.action(description=gettext_lazy("Assign to an officer"))
    def assign_many(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return _to_confirm_page(request, "assign", queryset)

    @admin.action(description=gettext_lazy("Remind the agencies"))
    def remind_many(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return _to_confirm_page(request, "remind", queryset)

    @admin.action(description=gettext_lazy("Refer to agencies"))
    def refer_many(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return _to_confirm_page(request, "refer", queryset)

    @admin.action(description=gettext_lazy("Close: decline, redirect or complete"))
    def close_many(self, request: HttpRequest, queryset: Any) -> HttpResponse | None:
        return _to_confirm_page(request, CLOSE, queryset)

    def response_action(
        self, request: HttpRequest, queryset: Any, *where: Any
    ) -> HttpResponse | None:
        """In place of Django's, which drops ids that the list does not show without a word and
        stumbles over those that are none."""
        chosen = self.get_actions(request).get(request.POST.get("action", ""))
        if chosen is None:
            messages.warning(request, _("Choose what is to be done."))
            return None
        function, _name, _words = chosen
        return function(self, request, queryset)

    def bulk_view(self, request: HttpRequest, key: str) -> HttpResponse:
        """GET names the rows and asks; POST does it and says what became of each."""
        if not OFFICER(request.user, None):
            raise PermissionDenied
        if key != CLOSE and key not in JOBS:
            raise Http404
        ids = [one for one in request.GET.get("ids", "").split("-") if one]
        back = f"{reverse(LIST)}?{request.GET.get('list', '')}"
        if not ids or len(ids) > MOST:
            messages.warning(request, _how_many_at_once(len(ids)))
            return HttpResponseRedirect(back)
        frame = self.admin_site.each_context(request) | {"opts": self.opts, "list": back}
        if key == CLOSE:
            return self._ways_to_close(request, ids, frame)
        return self._one_job(request, JOBS[key], plan(JOBS[key], ids, request.user), frame)

    def _ways_to_close(self, request: HttpRequest, ids: list[str], frame: Any) -> HttpResponse:
        """What ends a request depends on its state: each way with how many it is open to."""
        ways = []
        for key in CLOSING:
            found = plan(JOBS[key], ids, request.user)
            address = reverse("admin:requests_app_supportrequest_bulk", args=[key])
            ways.append((JOBS[key], f"{address}?{request.GET.urlencode()}", found))
        frame |= {"title": _("Close"), "ways": ways, "chosen": len(ids)}
        return TemplateResponse(request, "admin/requests_app/bulk_close.html", frame)

    def _one_job(self, request: HttpRequest, job: Job, found: Plan, frame: Any) -> HttpResponse:
        frame |= {"title": job.label, "job": job, "plan": found}
        if request.method != "POST":
            frame["form"] = JobForm(job)
            return TemplateResponse(request, "admin/requests_app/bulk.html", frame)
        frame["form"] = form = JobForm(job, request.POST)
        if not form.is_valid():
            return TemplateResponse(request, "admin/requests_app/bulk.html", frame)
        seen = {row.field: id_in(request.POST.get(row.field, "")) for row in found.rows}
        outcomes = carry_out(
            job,
            found.rows,
            by=request.user,
            data=form.cleaned_data,
            seen={field: version for field, version in seen.items() if version is not None},
        )
        frame |= {"outcomes": outcomes, "done": sum(one.is_done for one in outcomes)}
        return TemplateResponse(request, "admin/requests_app/bulk_done.html", frame)


def _to_confirm_page(request: HttpRequest, key: str, queryset: Any) -> HttpResponse | None:
    """With the ids as they were sent: the page says which of them it will not touch."""
    ids = request.POST.getlist(ACTION_CHECKBOX_NAME)
    if request.POST.get("select_across") == "1":
        ids = [str(pk) for pk in queryset.values_list("pk", flat=True)[: MOST + 1]]
    if len(ids) > MOST:
        messages.warning(request, _how_many_at_once(len(ids)))
        return None
    address = reverse("admin:requests_app_supportrequest_bulk", args=[key])
    asked = {"ids": "-".join(ids), "list": request.GET.urlencode()}
    return HttpResponseRedirect(f"{address}?{urlencode(asked)}")


def _how_many_at_once(chosen: int) -> str:
    if not chosen:
        return _("Choose the requests first, by the boxes at the beginning of their rows.")
    sentence = ngettext(
        "At most %(count)d request can be worked on at once. Choose fewer, or narrow the list.",
        "At most %(count)d requests can be worked on at once. Choose fewer, or narrow the list.",
        MOST,
    )
    return sentence % {"count": MOST}
