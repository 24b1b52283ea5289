"""Assessments of a Party. Mounted under /country/<iso3>/assessments/."""

from django.urls import path

from toolkit.views import assessments, comparison, score_import

urlpatterns = [
    path("", assessments.assessment_list, name="country_assessments"),
    path("new/", assessments.assessment_begin, name="country_assessment_begin"),
    path("compare/", comparison.compare, name="country_assessments_compare"),
    path("<int:pk>/", assessments.assessment_page, name="country_assessment"),
    path(
        "<int:pk>/outcome/<int:number>/",
        assessments.assessment_scores,
        name="country_assessment_scores",
    ),
    path("<int:pk>/answers.xlsx", score_import.scores_workbook, name="country_assessment_workbook"),
    path("<int:pk>/import/", score_import.scores_import, name="country_assessment_import"),
    path(
        "<int:pk>/actions/<slug:action>/",
        assessments.assessment_action,
        name="country_assessment_action",
    ),
]
