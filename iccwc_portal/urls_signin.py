"""Signing in: of django-allauth's addresses only those that the portal needs.

Accounts cannot be opened, joined to others or renamed by oneself, so there is no page for it.
"""

from allauth.account import views as signing_in
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.urls import path, re_path
from django.views.generic import RedirectView

from iccwc_portal import account_pages, agency_pages
from partners.second_factor import sets_one_up

urlpatterns = [
    path("", account_pages.account, name="account"),
    path("settings/", account_pages.settings_page, name="account_settings"),
    path("sessions/", account_pages.sessions, name="usersessions_list"),
    # In and out
    path("login/", signing_in.login, name="account_login"),
    path("logout/", signing_in.logout, name="account_logout"),
    path("inactive/", signing_in.account_inactive, name="account_inactive"),
    path("reauthenticate/", signing_in.reauthenticate, name="account_reauthenticate"),
    # Passwords
    path("password/change/", signing_in.password_change, name="account_change_password"),
    path("password/set/", signing_in.password_set, name="account_set_password"),
    path("password/reset/", signing_in.password_reset, name="account_reset_password"),
    path(
        "password/reset/done/", signing_in.password_reset_done, name="account_reset_password_done"
    ),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        signing_in.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        signing_in.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    # The second factor
    path("second-factor/", second_factor.index, name="mfa_index"),
    path("second-factor/sign-in/", second_factor.authenticate, name="mfa_authenticate"),
    path("second-factor/confirm/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/app/", sets_one_up(app.activate_totp), name="mfa_activate_totp"),
    path("second-factor/app/off/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "second-factor/new-codes/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/add/", sets_one_up(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("passkeys/sign-in/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("passkeys/confirm/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("passkeys/<int:pk>/rename/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    # At the provider of an agency
    path("agency/<slug:provider_id>/", agency_pages.begin, name="openid_connect_login"),
    path("agency/<slug:provider_id>/back/", agency_pages.come_back, name="openid_connect_callback"),
    # An address is changed by the Secretariat, so allauth's own page for it is not offered.
    path("email/", RedirectView.as_view(pattern_name="account"), name="account_email"),
]
