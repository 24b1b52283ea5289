"""The machinery on the desk: history, messages, heartbeats. They sit too low to know the desk."""

# Imported so that they have registered what is taken off the desk below.
import allauth.account.admin
import allauth.mfa.admin
import allauth.socialaccount.admin
import allauth.usersessions.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.models import Group

from iccwc_portal.admin import events, messages

__all__ = ["events", "messages"]

# Nothing here is granted to groups, addresses are kept with the person, and how somebody signs in
# is nobody else's business: a lead may only reset a second factor, on the person's page.
admin.site.unregister(
    [Group, EmailAddress, Authenticator, UserSession, SocialAccount, SocialApp, SocialToken]
)
