from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from iccwc_portal import attention
from iccwc_portal.health_page import health_page
from iccwc_portal.overview import overview
from iccwc_portal.report.pages import urls as report_urls
from iccwc_portal.sidebar import sidebar
from partners.access import standing

# What is worked with every day stands first.
_ORDER = ("requests_app", "toolkit", "partners", "outbox", "history")


class Desk(AdminSite):
    """The Secretariat's desk: the admin, open to holders of a Secretariat mandate."""

    site_header = _("ICCWC support portal: Secretariat’s desk")
    site_title = _("Secretariat’s desk")
    index_title = _("What there is to do")
    site_url = "/"
    enable_nav_sidebar = True  # ours, which works without scripts: templates/admin/nav_sidebar.html

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and standing(request.user).sees_all

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        """With the sidebar, which asks the database only once a page shows it."""
        beside = {"sidebar": SimpleLazyObject(lambda: sidebar(request))}
        return super().each_context(request) | beside

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        rank = {label: place for place, label in enumerate(_ORDER)}
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: rank.get(app["app_label"], len(rank)))

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """What needs attention, before the list of everything that can be opened."""
        context = {"groups": attention.waiting(request.user), "troubles": attention.troubles()}
        return super().index(request, context | (extra_context or {}))

    def get_urls(self) -> Any:
        pages = [
            path("overview/", self.admin_view(self.overview_view), name="overview"),
            path("health/", self.admin_view(self.health_view), name="health"),
            *report_urls(self),
        ]
        return [*pages, *super().get_urls()]

    def overview_view(self, request: HttpRequest) -> HttpResponse:
        return overview(request, self)

    def health_view(self, request: HttpRequest) -> HttpResponse:
        return health_page(request, self)

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """One sign-in for everybody: the desk has no password form of its own."""
        if request.user.is_authenticated and not self.has_permission(request):
            return HttpResponseRedirect(reverse("home"))
        wanted = urlencode({"next": request.GET.get("next", reverse("admin:index"))})
        return HttpResponseRedirect(f"{reverse('account_login')}?{wanted}")
