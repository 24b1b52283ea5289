"""Invitations and requests for access: sent, withdrawn, granted and refused by leads."""

from datetime import timedelta
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from partners.acting import ActingAdmin, Told
from partners.desk import DeskAdmin, parties_called
from partners.forms import DeskInviteForm, party_or_agency
from partners.inviting import invite
from partners.models import AccessRequest, AccessState, Invitation, InvitationState
from partners.notices import role_in_words
from workflow.errors import InvalidInput
from workflow.executor import allowed_actions, table_of

AGES = (3, 7, 30)  # days after which a request for access counts as old
_TONES = {AccessState.CONFIRMED: "waiting", AccessState.GRANTED: "good"}


class ProspectAdmin(ActingAdmin):
    """What the pages of invitations and of requests for access have in common."""

    list_select_related: ClassVar[Any] = ("party", "agency")
    search_fields = ("name", "email")
    search_help_text = gettext_lazy("A person’s name or address, or a Party in any spelling")

    def get_queryset(self, request: HttpRequest) -> "QuerySet[Any]":
        return self.model.objects.visible_to(request.user)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        found, doubled = super().get_search_results(request, queryset, search_term)
        if search_term.strip():
            found |= queryset.filter(party__in=parties_called(search_term))
        return found, doubled

    @admin.display(description=gettext_lazy("for"))
    def body_here(self, prospect: Any) -> str:
        return str(prospect.body)

    @admin.display(description=gettext_lazy("role"), ordering="role")
    def role_here(self, prospect: Any) -> str:
        return capfirst(str(role_in_words(prospect)))

    def get_urls(self) -> Any:
        act = self.admin_site.admin_view(self.act_view)
        name = f"partners_{self.opts.model_name}_act"
        return [path("<int:pk>/actions/<slug:action>/", act, name=name), *super().get_urls()]

    def desk_links(self, request: HttpRequest, obj: Any) -> Any:
        name = f"admin:partners_{self.opts.model_name}_act"
        return [
            (reverse(name, args=[obj.pk, one.action]), one.label)
            for one in allowed_actions(obj, request.user)
            if one.action != "accept"  # by the link, or on its page
        ]

    def act_view(self, request: HttpRequest, pk: int, action: str) -> HttpResponse:
        prospect = get_object_or_404(self.shown_to(request), pk=pk)
        if action not in table_of(prospect).by_action or action in {"accept", "confirm"}:
            raise Http404
        back = reverse(f"admin:partners_{self.opts.model_name}_change", args=[prospect.pk])
        told = [Told(gettext_lazy("This person"), [prospect])] if action != "withdraw" else []
        return self.act(request, prospect, action, back=back, told=told)


class RunOut(admin.SimpleListFilter):
    title = gettext_lazy("can be accepted")
    parameter_name = "open"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("yes", _("yes")), ("run-out", _("no longer: it has run out"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        now = timezone.now()
        sent = Q(state=InvitationState.SENT)
        conditions = {
            "yes": sent & Q(expires_at__gt=now),
            "run-out": sent & Q(expires_at__lte=now),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))


@admin.register(Invitation)
class InvitationAdmin(ProspectAdmin):
    list_display = (
        "name", "email", "role_here", "body_here", "state_here", "invited_by", "expires_at",
    )  # fmt: skip
    list_select_related = ("party", "agency", "invited_by")
    list_filter = ("state", RunOut, "role")
    fields = (
        "name", "email", "language", "body_here", "role_here", "office", "until_on", "state_here",
        "invited_by", "created_at", "expires_at", "stands_in_for", "succeeds", "mandate",
    )  # fmt: skip
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        # Read-only in all else: an invitation is made by `invite` and moved by its actions.
        return super(DeskAdmin, self).has_add_permission(request)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_here(self, invitation: Invitation) -> str:
        return _("run out") if invitation.is_expired else invitation.get_state_display()

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        begun = {"language": "en"} | {name: request.GET[name] for name in request.GET}
        form = DeskInviteForm(request.POST if request.method == "POST" else None, initial=begun)
        if form.is_valid():
            said = dict(form.cleaned_data)
            said["party"], said["agency"] = party_or_agency(said.pop("body"))
            try:
                made = invite(by=request.user, **said)
            except InvalidInput as refusal:
                form.show(refusal)
            else:
                messages.success(request, _("The invitation is on its way."))
                return redirect("admin:partners_invitation_change", made.pk)
        context = self.admin_site.each_context(request) | {"opts": self.opts, "form": form}
        context |= {"title": _("Invite somebody"), "button": _("Send the invitation")}
        return TemplateResponse(request, "admin/ask.html", context)


class Waiting(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        waiting = model_admin.get_queryset(request).filter(state=AccessState.CONFIRMED).count()
        return [
            (AccessState.CONFIRMED.value, f"{AccessState.CONFIRMED.label} ({waiting})"),
            *((one.value, one.label) for one in (AccessState.GRANTED, AccessState.REFUSED)),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(state=self.value()) if self.value() else queryset


class Age(admin.SimpleListFilter):
    """Those still waiting, by how long: what was answered has no age any more."""

    title = gettext_lazy("waits for longer than")
    parameter_name = "age"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [
            (str(days), ngettext("%(n)d day", "%(n)d days", days) % {"n": days}) for days in AGES
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() not in {str(days) for days in AGES}:
            return queryset
        before = timezone.now() - timedelta(days=int(self.value() or 0))
        return queryset.filter(state=AccessState.CONFIRMED, confirmed_at__lt=before)


@admin.register(AccessRequest)
class AccessRequestAdmin(ProspectAdmin):
    list_display = (
        "name", "role_here", "for_here", "state_here", "waits_here", "confirmed_at",
    )  # fmt: skip
    list_select_related = ("party__region", "agency")
    list_filter = (
        Waiting,
        Age,
        ("party__region", admin.RelatedOnlyFieldListFilter),
        ("party", admin.RelatedOnlyFieldListFilter),
        ("agency", admin.RelatedOnlyFieldListFilter),
        "role",
    )
    fields = (
        "name", "email", "language", "body_here", "role_here", "office", "why_here", "state",
        "confirmed_at", "invitation",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description=gettext_lazy("for"), ordering="party__name_en")
    def for_here(self, access_request: AccessRequest) -> SafeString:
        """The Party with its region, or the agency; and the office, as the person gave it."""
        party = access_request.party
        more = [party.region.name if party else "", access_request.office]
        lines = format_html_join(
            "", '<br><span class="muted">{}</span>', ((one,) for one in more if one)
        )
        return format_html("{}{}", self.body_here(access_request), lines)

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def state_here(self, access_request: AccessRequest) -> SafeString:
        tone = _TONES.get(AccessState(access_request.state), "ended")
        words = access_request.get_state_display()
        return format_html('<span class="status status--{}">{}</span>', tone, words)

    @admin.display(description=gettext_lazy("waits"), ordering="confirmed_at")
    def waits_here(self, access_request: AccessRequest) -> str:
        """For how long the Secretariat has had it without an answer."""
        if access_request.state != AccessState.CONFIRMED or access_request.confirmed_at is None:
            return "–"
        days = (timezone.now() - access_request.confirmed_at).days
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}

    @admin.display(description=gettext_lazy("why"))
    def why_here(self, access_request: AccessRequest) -> SafeString:
        return format_html('<div class="as-typed">{}</div>', access_request.why)
