"""API keys: issued and replaced by a lead; the token is shown on the page that follows and never
again."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import granting
from partners.admin.key_forms import KeyForm, LimitsForm, RotateForm
from partners.desk import DeskAdmin
from partners.granting.keys import can_be_replaced
from partners.key_reminders import AHEAD
from partners.models import ApiKey, Scope
from workflow.errors import Refused

_SCOPES = dict(Scope.choices)


class KeyState(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [
            ("valid", _("valid")),
            ("ending", _("ends within 30 days, not replaced")),
            ("over", _("no longer valid")),
        ]

    def queryset(self, request: HttpRequest, queryset: "QuerySet[ApiKey]") -> "QuerySet[ApiKey]":
        valid = ApiKey.objects.valid().values("pk")
        ending = ApiKey.objects.ending(timezone.now() + AHEAD).values("pk")
        conditions = {
            "valid": Q(pk__in=valid),
            "ending": Q(pk__in=ending),
            "over": ~Q(pk__in=valid),
        }
        return queryset.filter(conditions.get(self.value() or "", Q()))


@admin.register(ApiKey)
class ApiKeyAdmin(DeskAdmin):
    list_display = (
        "prefix", "agency", "label", "state_here", "held_by", "last_used_here",
    )  # fmt: skip
    list_select_related = ("agency", "held_by", "replaced_by")
    list_filter = (KeyState, ("agency", admin.RelatedOnlyFieldListFilter))
    search_fields = ("prefix", "label")
    search_help_text = gettext_lazy("How the key begins, or what uses it")
    fields = (
        "state_here", "agency", "label", "prefix", "scopes_here", "networks_here", "calls_here",
        "held_by", "created_at", "created_by", "ends_here", "last_used_here", "last_used_from",
        "revoked_at", "replaces_here", "replaced_by_here",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        valid = ApiKey.objects.valid().filter(pk=OuterRef("pk"))
        keys = super().get_queryset(request).annotate(opens=Exists(valid))
        return keys.select_related("replaces", "replaced_by")

    def get_urls(self) -> Any:
        views = {
            "rotate": self.rotate_view,
            "limits": self.limits_view,
            "revoke": self.revoke_view,
        }
        return [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(view),
                name=f"partners_apikey_{name}",
            )
            for name, view in views.items()
        ] + super().get_urls()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A key is issued, limited, replaced and revoked; nothing else about it can change."""
        return False

    def may_grant(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request)

    @admin.display(description=gettext_lazy("the key may"))
    def scopes_here(self, key: ApiKey) -> str:
        return ", ".join(str(_SCOPES.get(scope, scope)) for scope in key.scopes)

    @admin.display(description=gettext_lazy("from the networks"))
    def networks_here(self, key: ApiKey) -> str:
        return ", ".join(key.networks) or _("from anywhere")

    @admin.display(description=gettext_lazy("calls a minute"))
    def calls_here(self, key: ApiKey) -> int | str:
        return key.calls_a_minute or _("as every key")

    @admin.display(description=gettext_lazy("last used"), ordering="last_used_at")
    def last_used_here(self, key: ApiKey) -> Any:
        return key.last_used_at or _("never")

    @admin.display(description=gettext_lazy("valid until"))
    def ends_here(self, key: Any) -> str:
        return date_format(key.last_day, "DATE_FORMAT")

    @admin.display(description=gettext_lazy("state"), ordering="expires_at")
    def state_here(self, key: Any) -> SafeString:
        return format_html('<span class="status status--{}">{}</span>', *_state_of(key))

    @admin.display(description=gettext_lazy("replaces"))
    def replaces_here(self, key: ApiKey) -> SafeString | str:
        return _link_to(key.replaces)

    @admin.display(description=gettext_lazy("replaced by"))
    def replaced_by_here(self, key: ApiKey) -> SafeString | str:
        return _link_to(getattr(key, "replaced_by", None))

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = KeyForm(request.POST if request.method == "POST" else None)
        issued = form.issue(request.user) if form.is_valid() else None
        if issued is None:
            return self._page(request, "admin/issue_key.html", _("Issue an API key"), form=form)
        return self._shown_once(request, *issued)

    def _shown_once(self, request: HttpRequest, key: ApiKey, token: str) -> HttpResponse:
        # Not after a redirect: the token would have to be kept somewhere on the way.
        return self._page(request, "admin/key_issued.html", _("Key issued"), key=key, token=token)

    def desk_links(self, request: HttpRequest, obj: Any) -> Any:
        if obj.revoked_at or not self.may_grant(request):
            return []
        offered = [
            ("rotate", _("Replace by a new key"), can_be_replaced(obj)),
            ("limits", _("Change its limits"), obj.is_valid),
            ("revoke", _("Revoke"), True),
        ]
        return [
            (reverse(f"admin:partners_apikey_{name}", args=[obj.pk]), label)
            for name, label, is_open in offered
            if is_open
        ]

    def rotate_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        key = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.may_grant(request):
            raise PermissionDenied
        form = RotateForm(key, request.POST if request.method == "POST" else None)
        try:
            issued = form.rotate(request.user) if form.is_valid() else None
        except Refused as refusal:
            messages.error(request, refusal.sentence)
            return redirect("admin:partners_apikey_change", key.pk)
        if issued:
            return self._shown_once(request, *issued)
        warning = _(
            "The new key belongs to the same agency and holder, may do the same, and is shown "
            "once on the next page. The old key ends with the day you choose."
        )
        return self._page(
            request,
            "admin/ask.html",
            _("Replace this key by a new one"),
            form=form,
            warning=warning,
            subtitle=str(key),
            back=reverse("admin:partners_apikey_change", args=[key.pk]),
            button=_("Make the new key"),
        )

    def limits_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        key = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.may_grant(request):
            raise PermissionDenied
        kept = {"networks": "\n".join(key.networks), "calls_a_minute": key.calls_a_minute}
        form = LimitsForm(request.POST if request.method == "POST" else None, initial=kept)
        back = reverse("admin:partners_apikey_change", args=[key.pk])
        try:
            changed = form.keep(key, request.user) if form.is_valid() else None
        except Refused as refusal:
            messages.error(request, refusal.sentence)
            return redirect(back)
        if changed:
            messages.success(request, _("The limits of the key are kept. They hold at once."))
            return redirect(back)
        return self._page(
            request,
            "admin/ask.html",
            _("Limits of this key"),
            form=form,
            subtitle=str(key),
            back=back,
            button=_("Keep"),
        )

    def revoke_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        key = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.may_grant(request):
            raise PermissionDenied
        back = reverse("admin:partners_apikey_change", args=[key.pk])
        if request.method != "POST":
            return self._page(
                request,
                "admin/confirm.html",
                _("Revoke this key"),
                subtitle=str(key),
                back=back,
                original=key,
                warning=_(
                    "The system that uses it is shut out at once and for good. Webhooks that were "
                    "made with it are paused."
                ),
                button=_("Revoke"),
            )
        try:
            granting.revoke_key(key, by=request.user)
        except Refused as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, _("The key is revoked."))
        return redirect(back)

    def _page(self, request: HttpRequest, template: str, title: str, **said: Any) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "title": title, "opts": self.opts}
        return TemplateResponse(request, template, context | said)


def _state_of(key: Any) -> tuple[str, Any]:
    """Tone and words of where a key stands."""
    new = getattr(key, "replaced_by", None)
    if key.revoked_at:
        return "ended", _("revoked")
    if key.expires_at <= timezone.now():
        return "ended", _("replaced") if new else _("run out")
    if not key.opens:
        return "attention", _("shut: its holder is no officer any more")
    day = {"day": date_format(key.last_day, "DATE_FORMAT")}
    if new:
        return "active", _("replaced, ends on %(day)s") % day
    if key.expires_at <= timezone.now() + AHEAD:
        return "attention", _("ends soon: on %(day)s") % day
    return "good", _("valid until %(day)s") % day


def _link_to(key: ApiKey | None) -> SafeString | str:
    if key is None:
        return "–"
    url = reverse("admin:partners_apikey_change", args=[key.pk])
    return format_html('<a href="{}">{}</a>', url, key.prefix)
