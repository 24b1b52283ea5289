"""A Party's own pages. Mounted under /country/, beside those of its people."""

from django.urls import path

from toolkit.views import country

urlpatterns = [
    path("", country.my_country, name="my_country"),
    path("<str:iso3>/", country.country_page, name="country"),
    path(
        "<str:iso3>/recommendations/<int:pk>/",
        country.recommendation_page,
        name="country_recommendation",
    ),
    path(
        "<str:iso3>/recommendations/<int:pk>/actions/<slug:action>/",
        country.recommendation_action,
        name="country_recommendation_action",
    ),
]
