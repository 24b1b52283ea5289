from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig

from iccwc_portal.forms import speak_our_words

speak_our_words()


class PortalConfig(AppConfig):
    name = "iccwc_portal"


class DeskConfig(AdminConfig):
    """The Django admin, as the Secretariat's desk."""

    default_site = "iccwc_portal.desk.Desk"
