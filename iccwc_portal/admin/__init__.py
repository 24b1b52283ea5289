"""The machinery on the desk: history, messages, heartbeats. They sit too low to know the desk."""

# Imported so that they have registered what is taken off the desk below.
import allauth.account.admin  # noqa: F401
import django.contrib.auth.admin  # noqa: F401
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.models import Group

from iccwc_portal.admin import events, messages

__all__ = ["events", "messages"]

# Nothing here is granted to groups, and addresses are kept with the person.
admin.site.unregister(Group)
admin.site.unregister(EmailAddress)
