"""The map of the site."""

from django.contrib import admin
from django.urls import include, path

from iccwc_portal import health, views
from iccwc_portal.search.views import search
from partners.views import digest_off

# Django's own handlers read the form once more to check its token, and fail where it cannot be
# read: the very case they are called for.
handler400, handler404 = views.bad_request, views.not_found

urlpatterns = [
    # First, because it is asked by the thousand
    path("api/v1/", include("iccwc_portal.api_urls")),
    # For everybody
    path("", views.home, name="home"),
    path("start/", views.start, name="start"),
    path("partners/", views.partners, name="partners"),
    path("about/", views.about, name="about"),
    path("contact/", views.contact, name="contact"),
    path("search/", search, name="search"),
    path("toolkit/", include("toolkit.urls")),
    path("", include("record.urls")),
    # A country asks, an agency answers, the Secretariat decides
    path("requests/", include("requests_app.urls")),
    path("country/", include("partners.urls_country")),
    path("country/", include("toolkit.urls_country")),
    path("inbox/", include("requests_app.urls_inbox")),
    path("admin/", admin.site.urls),
    # Signing in
    path("account/language/", views.set_language, name="language"),
    path("account/digest/<str:token>/", digest_off, name="digest_off"),
    path("account/", include("partners.urls_account")),
    path("account/", include("iccwc_portal.urls_signin")),
    # For machines
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
