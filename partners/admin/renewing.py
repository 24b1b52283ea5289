"""Confirming many mandates at once: chosen in the list, asked on a page, done by POST."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partners import granting
from partners.granting.rules import may_confirm
from partners.models import Mandate
from workflow.errors import Refused


class ConfirmsMany:
    """The action "Confirm for another year" of the list of mandates; for MandateAdmin."""

    admin_site: Any
    opts: Any

    @admin.action(description=gettext_lazy("Confirm for another year"), permissions=["change"])
    def confirm_many(self, request: HttpRequest, queryset: Any) -> HttpResponse:
        chosen = list(
            Mandate.objects.visible_to(request.user)
            .filter(pk__in=queryset.values("pk"))
            .select_related("user", "party", "agency")
        )
        open_ones = [
            one for one in chosen if not granting.is_over(one) and may_confirm(request.user, one)
        ]
        if "sure" not in request.POST or not open_ones:
            return self._ask(request, open_ones, len(chosen) - len(open_ones))
        done = 0
        for mandate in open_ones:
            try:
                granting.confirm(mandate, by=request.user)
                done += 1
            except Refused as refusal:
                messages.error(request, f"{mandate.user}: {refusal.sentence}")
        sentence = ngettext(
            "%(count)d mandate is confirmed.", "%(count)d mandates are confirmed.", done
        )
        messages.success(request, sentence % {"count": done})
        return redirect(request.get_full_path())

    def _ask(self, request: HttpRequest, mandates: "list[Mandate]", left_out: int) -> HttpResponse:
        frame = self.admin_site.each_context(request) | {
            "title": _("Confirm for another year"),
            "opts": self.opts,
            "mandates": mandates,
            "left_out": left_out,
            "selected": ACTION_CHECKBOX_NAME,
            "list": reverse("admin:partners_mandate_changelist"),
        }
        return TemplateResponse(request, "admin/confirm_many.html", frame)
