from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from partners.access import standing


class Desk(AdminSite):
    """The Secretariat's desk: the admin, open to holders of a Secretariat mandate."""

    site_header = _("ICCWC support portal: Secretariat’s desk")
    site_title = _("Secretariat’s desk")
    index_title = _("What there is to do")
    site_url = "/"
    enable_nav_sidebar = True

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and standing(request.user).sees_all

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """One sign-in for everybody: the desk has no password form of its own."""
        if request.user.is_authenticated and not self.has_permission(request):
            return HttpResponseRedirect(reverse("home"))
        wanted = urlencode({"next": request.GET.get("next", reverse("admin:index"))})
        return HttpResponseRedirect(f"{reverse('account_login')}?{wanted}")
