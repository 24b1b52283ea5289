"""Handing over at the desk: everything of a Party passes to the next focal point in one step."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _

from partners.forms import HandOverForm
from partners.granting import rules
from partners.granting.succession import can_be_handed_over, hand_over
from partners.inviting import invite, person_at
from partners.models import Mandate
from workflow.errors import InvalidInput, Refused


class HandsOver:
    """The page "Hand over" of a focal point's mandate; for MandateAdmin."""

    admin_site: Any
    opts: Any

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view(self.hand_over_view)
        name = "partners_mandate_hand_over"
        return [path("<int:pk>/hand-over/", view, name=name), *super().get_urls()]  # type: ignore[misc]

    def hand_over_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        mandate = get_object_or_404(Mandate.objects.visible_to(request.user), pk=pk)
        if not (rules.leads(request.user) and can_be_handed_over(mandate)):
            raise PermissionDenied
        form = HandOverForm(
            request.POST if request.method == "POST" else None,
            initial={"language": mandate.user.language, "office": mandate.office},
        )
        if form.is_valid():
            done = self._try(request, mandate, form)
            if done:
                messages.success(request, done)
                return redirect("admin:partners_mandate_change", mandate.pk)
        frame = self.admin_site.each_context(request) | {
            "title": _("Hand over"),
            "subtitle": f"{mandate.user}: {mandate}",
            "opts": self.opts,
            "back": reverse("admin:partners_mandate_change", args=[mandate.pk]),
            "button": _("Hand over"),
            "form": form,
            "warning": _(
                "The mandate ends, and those of its deputies with it; contributors and viewers "
                "stay. The successor is told what is open for the Party."
            ),
        }
        return TemplateResponse(request, "admin/ask.html", frame)

    def _try(self, request: HttpRequest, mandate: Mandate, form: HandOverForm) -> str:
        """Do it, or invite a successor who has no account; what was done, or nothing."""
        said = form.cleaned_data
        successor = person_at(said["email"])
        try:
            if successor:
                hand_over(mandate, successor, by=request.user, on=said["on"], office=said["office"])
                return _("Handed over to %(name)s.") % {"name": successor.name}
            if not said["name"]:
                form.add_error("name", _("This person has no account yet: give a name."))
            if said["on"]:
                sentence = _("This person has no account yet, and takes over on accepting.")
                form.add_error("on", sentence)
            if form.errors:
                return ""
            invite(
                by=request.user,
                email=said["email"],
                name=said["name"],
                language=said["language"] or mandate.user.language,
                role=mandate.role,
                party=mandate.party,
                office=said["office"],
                succeeds=mandate,
            )
        except InvalidInput as refusal:
            form.show(refusal)
            return ""
        except Refused as refusal:
            form.add_error(None, refusal.sentence)
            return ""
        return _("%(name)s is invited, and takes over on accepting.") % {"name": said["name"]}
