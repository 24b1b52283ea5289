"""API keys: issued by a lead; the token is shown on the page that follows and never again."""

from datetime import UTC, datetime, time
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import granting
from partners.admin.mandates import PersonField
from partners.desk import DeskAdmin
from partners.models import Agency, ApiKey, Mandate, Role, Scope, User
from partners.models.keys import in_a_year
from workflow.errors import InvalidInput, Refused
from workflow.forms import IsoDateField


def _last_day() -> Any:
    return in_a_year().date()


class KeyForm(forms.Form):
    """What a new key is for. `issue` makes it, or says at the fields why not."""

    agency = forms.ModelChoiceField(
        label=gettext_lazy("Agency"), queryset=Agency.objects.partners()
    )
    label = forms.CharField(
        label=gettext_lazy("Used by"),
        max_length=100,
        help_text=gettext_lazy("The system that calls, and since when: “Case system, 2026”."),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("The key may"),
        choices=Scope.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    held_by = PersonField(
        label=gettext_lazy("Held by"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody: the agency’s own system"),
        help_text=gettext_lazy("An officer of the agency; the key ends with that mandate."),
    )
    last_day = IsoDateField(label=gettext_lazy("Until"), initial=_last_day)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        officers = Mandate.objects.in_force().filter(
            role=Role.OFFICER, agency__in=Agency.objects.partners()
        )
        people: Any = self.fields["held_by"]
        people.queryset = User.objects.filter(pk__in=officers.values("user_id")).order_by("name")

    def clean_last_day(self) -> datetime:
        """The moment after the last day, at most a year from now."""
        day = self.cleaned_data["last_day"]
        if not timezone.now().date() <= day <= _last_day():
            raise forms.ValidationError(_("Choose a day from today, within a year."))
        return datetime.combine(day, time.max, UTC)

    def issue(self, by: Any) -> tuple[ApiKey, str] | None:
        said = self.cleaned_data
        try:
            return granting.issue_key(
                agency=said["agency"],
                label=said["label"],
                scopes=said["scopes"],
                expires_at=said["last_day"],
                held_by=said["held_by"],
                by=by,
            )
        except InvalidInput as refusal:
            for name, sentences in refusal.fields.items():
                self.add_error(name, sentences)
            return None


@admin.register(ApiKey)
class ApiKeyAdmin(DeskAdmin):
    list_display = (
        "prefix", "label", "agency", "scopes_here", "held_by", "expires_at", "last_used_at",
        "usable",
    )  # fmt: skip
    list_select_related = ("agency", "held_by")
    list_filter = (("agency", admin.RelatedOnlyFieldListFilter),)
    fields = (
        "agency", "label", "prefix", "scopes_here", "held_by", "created_at", "created_by",
        "expires_at", "last_used_at", "revoked_at",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> Any:
        valid = ApiKey.objects.valid().filter(pk=OuterRef("pk"))
        return super().get_queryset(request).annotate(opens=Exists(valid))

    def get_urls(self) -> Any:
        revoke = self.admin_site.admin_view(self.revoke_view)
        return [
            path("<int:pk>/revoke/", revoke, name="partners_apikey_revoke"),
            *super().get_urls(),
        ]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """A key is issued and revoked; in between nothing about it can change."""
        return False

    def may_revoke(self, request: HttpRequest) -> bool:
        return super().has_change_permission(request)

    @admin.display(description=gettext_lazy("scopes"))
    def scopes_here(self, key: ApiKey) -> str:
        return ", ".join(key.scopes)

    @admin.display(description=gettext_lazy("valid"), boolean=True)
    def usable(self, key: Any) -> bool:
        return bool(key.opens)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = KeyForm(request.POST if request.method == "POST" else None)
        issued = form.issue(request.user) if form.is_valid() else None
        if issued is None:
            return self._page(request, "admin/issue_key.html", _("Issue an API key"), form=form)
        key, token = issued
        # Not after a redirect: the token would have to be kept somewhere on the way.
        return self._page(request, "admin/key_issued.html", _("Key issued"), key=key, token=token)

    def desk_links(self, request: HttpRequest, obj: ApiKey) -> Any:
        if obj.revoked_at or not self.may_revoke(request):
            return []
        return [(reverse("admin:partners_apikey_revoke", args=[obj.pk]), _("Revoke"))]

    def revoke_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        key = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.may_revoke(request):
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
                warning=_("The system that uses it is shut out at once and for good."),
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
