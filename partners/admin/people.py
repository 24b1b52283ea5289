"""People: created by a lead, without a password; what they may do stands in their mandates."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners import second_factor
from partners.desk import DeskAdmin, DeskInline
from partners.forms import NameField
from partners.granting import is_in_force, keep_access, keep_new_address, would_lose_the_last_lead
from partners.models import ApiKey, Invitation, Mandate, User
from partners.notices import role_in_words
from workflow.errors import Refused


class PersonForm(forms.ModelForm):
    class Meta:
        field_classes = {"name": NameField}

    def clean_email(self) -> str:
        """Addresses differ by more than capital letters."""
        email: str = self.cleaned_data["email"].lower()
        same = User.objects.filter(email__iexact=email).exclude(pk=self.instance.pk)
        if same.exists():
            raise ValidationError(_("There is a person with this address already."))
        return email

    def clean_is_active(self) -> bool:
        active = bool(self.cleaned_data["is_active"])
        if not active and self.instance.pk and would_lose_the_last_lead(self.instance):
            raise ValidationError(_("This person is the only lead. Appoint another one first."))
        return active


class MandatesOfPerson(DeskInline):
    model = Mandate
    fk_name = "user"
    fields = (("mandate_link", "from_on", "until_on", "granted_by"),)
    readonly_fields = fields[0]
    extra = 0
    verbose_name_plural = gettext_lazy("Mandates")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("party", "agency", "granted_by")

    @admin.display(description=gettext_lazy("mandate"))
    def mandate_link(self, mandate: Mandate) -> SafeString:
        url = reverse("admin:partners_mandate_change", args=[mandate.pk])
        return format_html('<a href="{}">{}</a>', url, mandate)


@admin.register(User)
class UserAdmin(DeskAdmin):
    form = PersonForm
    inlines = (MandatesOfPerson,)
    list_display = ("name", "email", "language", "mandates_in_force", "last_login", "is_active")
    list_filter = ("is_active", "language", "mandates__role")
    search_fields = ("name", "email")
    fields = (
        "name", "email", ("language", "time_zone"), "is_active", "last_login", "invitations_here",
    )  # fmt: skip
    readonly_fields = ("last_login", "invitations_here")
    recorded_elsewhere = ("email", "is_active")

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).prefetch_related("mandates__party", "mandates__agency")

    def history_subjects(self, obj: User) -> list[Any]:
        return [Mandate.objects.filter(user=obj), ApiKey.objects.filter(held_by=obj)]

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.fields if obj else ("name", "email", ("language", "time_zone"))

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        return self.inlines if obj else ()

    @admin.display(description=gettext_lazy("mandates in force"))
    def mandates_in_force(self, user: User) -> str:
        return "; ".join(str(one) for one in user.mandates.all() if is_in_force(one))

    @admin.display(description=gettext_lazy("invitations"))
    def invitations_here(self, user: User) -> SafeString | str:
        """Those sent to the address, newest first."""
        sent = Invitation.objects.filter(email__iexact=user.email)
        rows = [
            (
                reverse("admin:partners_invitation_change", args=[one.pk]),
                f"{role_in_words(one)}, {one.body}",
                _("run out") if one.is_expired else one.get_state_display(),
            )
            for one in sent.select_related("party", "agency")[:10]
        ]
        return format_html_join(", ", '<a href="{}">{}</a> ({})', rows) or "–"

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        if not change:
            # Nobody else ever knows a password: the person sets one through the reset page.
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)
        here = request.session.session_key
        if change and "email" in form.changed_data:
            keep_new_address(obj, form.initial["email"], by=request.user, here=here)
        if change and "is_active" in form.changed_data:
            keep_access(obj, by=request.user, here=here)

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        messages.info(
            request,
            _("Now grant a mandate. %(name)s then sets a password through “Forgot your password?”.")
            % {"name": obj.name},
        )
        return super().response_add(request, obj, post_url_continue)

    def desk_links(self, request: HttpRequest, obj: User) -> Any:
        if not request.user.has_perm("partners.add_mandate"):
            return []
        grant = reverse("admin:partners_mandate_add")
        links = [(f"{grant}?{urlencode({'user': obj.pk})}", _("Grant a mandate"))]
        if second_factor.has_one(obj) and obj.pk != request.user.pk:
            reset = reverse("admin:partners_user_reset_second_factor", args=[obj.pk])
            links.append((reset, _("Reset second factor")))
        return links

    def get_urls(self) -> Any:
        reset = self.admin_site.admin_view(self.reset_second_factor)
        name = "partners_user_reset_second_factor"
        return [path("<int:pk>/second-factor/", reset, name=name), *super().get_urls()]

    def reset_second_factor(self, request: HttpRequest, pk: int) -> HttpResponse:
        """For somebody who lost telephone, passkeys and recovery codes; asks first."""
        person = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, person):
            raise PermissionDenied
        back = reverse("admin:partners_user_change", args=[person.pk])
        if request.method != "POST":
            return TemplateResponse(
                request, "admin/confirm.html", self._reset_question(request, person, back)
            )
        try:
            second_factor.reset(person, by=request.user)
        except Refused as refusal:
            messages.error(request, refusal.sentence)
        else:
            messages.success(request, _("The second factor is reset, and the person is told."))
        return redirect(back)

    def _reset_question(self, request: HttpRequest, person: User, back: str) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": _("Reset second factor"),
            "subtitle": f"{person.name} <{person.email}>",
            "opts": self.opts,
            "back": back,
            "original": person,
            "warning": _(
                "Make sure first that it is this person who asks: call back on a number you know. "
                "The authenticator app, passkeys and recovery codes are removed, and the person "
                "is signed out everywhere."
            ),
            "button": _("Reset second factor"),
        }
