"""Signing in: of django-allauth's addresses only those that the portal needs.

Accounts cannot be opened, joined to others or renamed by oneself, so there is no page for it.
"""

from allauth.account import urls as allauth_account
from allauth.mfa.base import views as second_factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.urls import include, path
from django.views.generic import RedirectView

from iccwc_portal import account_pages, agency_pages

urlpatterns = [
    path("", account_pages.account, name="account"),
    path("settings/", account_pages.settings_page, name="account_settings"),
    path("sessions/", account_pages.sessions, name="usersessions_list"),
    # The second factor
    path("second-factor/", second_factor.index, name="mfa_index"),
    path("second-factor/sign-in/", second_factor.authenticate, name="mfa_authenticate"),
    path("second-factor/confirm/", second_factor.reauthenticate, name="mfa_reauthenticate"),
    path("second-factor/app/", app.activate_totp, name="mfa_activate_totp"),
    path("second-factor/app/off/", app.deactivate_totp, name="mfa_deactivate_totp"),
    path("second-factor/codes/", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "second-factor/new-codes/",
        codes.generate_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path("passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("passkeys/sign-in/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("passkeys/confirm/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("passkeys/<int:pk>/rename/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/remove/", passkeys.remove_webauthn, name="mfa_remove_webauthn"),
    # At the provider of an agency
    path("agency/<slug:provider_id>/", agency_pages.begin, name="openid_connect_login"),
    path("agency/<slug:provider_id>/back/", agency_pages.come_back, name="openid_connect_callback"),
    # An address is changed by the Secretariat, so allauth's own page for it is not offered.
    path("email/", RedirectView.as_view(pattern_name="account"), name="account_email"),
    path("", include(allauth_account)),
]
