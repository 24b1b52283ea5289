"""A Party's people. Mounted under /country/."""

from django.urls import path

from partners.views import people

urlpatterns = [
    path("<str:iso3>/people/", people.country_people, name="country_people"),
    path("<str:iso3>/people/invite/", people.country_invite, name="country_invite"),
    path("<str:iso3>/people/<int:mandate>/end/", people.mandate_end, name="country_mandate_end"),
    path(
        "<str:iso3>/people/<int:mandate>/confirm/",
        people.mandate_confirm,
        name="country_mandate_confirm",
    ),
    path(
        "<str:iso3>/people/invitations/<int:pk>/actions/<slug:action>/",
        people.invitation_action,
        name="country_invitation_act",
    ),
]
