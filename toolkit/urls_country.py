"""A Party's own pages. Mounted under /country/, beside those of its people."""

from django.urls import include, path

from toolkit.views import country, plan

urlpatterns = [
    path("", country.my_country, name="my_country"),
    path("<str:iso3>/", country.country_page, name="country"),
    path("<str:iso3>/assessments/", include("toolkit.urls_assessments")),
    path("<str:iso3>/plan/<int:cycle>/", plan.plan_page, name="country_plan"),
    path("<str:iso3>/plan/<int:cycle>/plan.csv", plan.plan_csv, name="country_plan_csv"),
    path("<str:iso3>/plan/<int:cycle>/plan.xlsx", plan.plan_xlsx, name="country_plan_xlsx"),
    path(
        "<str:iso3>/plan/<int:cycle>/template.xlsx",
        plan.plan_template,
        name="country_plan_template",
    ),
    path("<str:iso3>/plan/<int:cycle>/import/", plan.plan_import, name="country_plan_import"),
    path(
        "<str:iso3>/plan/<int:cycle>/progress/",
        plan.plan_progress,
        name="country_plan_progress",
    ),
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
