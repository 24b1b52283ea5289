"""The pages of assessments and of the Indicator Framework, of all who read them."""

from django.urls import reverse
from playwright.sync_api import Page

from toolkit.models import Assessment, Edition
from tools.screens import Screen

KENYA, VIET_NAM, LEAD = "focal-point.kenya", "focal-point.viet-nam", "lead"


def screens() -> list[Screen]:
    draft = Assessment.objects.get(party__code="KEN")
    before, after = Assessment.objects.filter(party__code="VNM").order_by("held_on")
    of_kenya, of_viet_nam = "/country/ken/assessments/", "/country/vnm/assessments/"
    compare = f"{of_viet_nam}compare/"
    return [
        Screen("assessments", VIET_NAM, of_viet_nam),
        Screen("assessment", VIET_NAM, f"{of_viet_nam}{after.pk}/"),
        Screen("assessment-disclose", VIET_NAM, f"{of_viet_nam}{after.pk}/actions/disclose/"),
        Screen("assessments-compare", VIET_NAM, f"{compare}?a={before.pk}&b={after.pk}"),
        Screen(
            "assessments-compare-refused", VIET_NAM, f"{compare}?a={after.pk}&b={after.pk}",
            status=400,
        ),
        Screen("assessment-begin", KENYA, f"{of_kenya}new/"),
        Screen("assessment-begin-refused", KENYA, f"{of_kenya}new/", _press_main_button),
        Screen("assessment-draft", KENYA, f"{of_kenya}{draft.pk}/"),
        Screen("assessment-outcome", KENYA, f"{of_kenya}{draft.pk}/outcome/1/"),
        Screen("assessment-edit", KENYA, f"{of_kenya}{draft.pk}/actions/edit/"),
        Screen("assessment-submit", KENYA, f"{of_kenya}{draft.pk}/actions/submit/"),
        Screen("assessment-import", KENYA, f"{of_kenya}{draft.pk}/import/"),
        *_desk(after),
    ]  # fmt: skip


def _desk(assessment: Assessment) -> list[Screen]:
    official, exercise = (Edition.objects.get(key=key) for key in ("2016", "exercise"))
    at = reverse("admin:toolkit_edition_changelist")
    listed = reverse("admin:toolkit_assessment_changelist")
    return [
        Screen("desk-assessments", LEAD, listed),
        Screen("desk-assessment", LEAD, f"{listed}{assessment.pk}/change/"),
        Screen("desk-editions", LEAD, at),
        Screen("desk-edition", LEAD, f"{at}{official.pk}/change/"),
        Screen("desk-edition-complete", LEAD, f"{at}{exercise.pk}/change/"),
        Screen("desk-edition-add", LEAD, f"{at}add/"),
        Screen("desk-edition-import", LEAD, f"{at}{official.pk}/import/"),
    ]


def _press_main_button(page: Page) -> None:
    page.click("main form .button-row button")
