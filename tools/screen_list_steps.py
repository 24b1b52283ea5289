"""The pages of Toolkit steps and of what waits there, of all who read them, and of the desk."""

from toolkit.models import Implementation
from tools.screens import Screen

KENYA, UNODC, OFFICER = "focal-point.kenya", "officer.unodc", "officer-a"


def screens() -> list[Screen]:
    """Step 4 of Kenya has a proposal, a document and a date that is past; of step 5 nothing is
    known."""
    step, next_step = "/toolkit/ken/1/4/", "/toolkit/ken/1/5/"
    return [
        Screen("step", KENYA, step),
        Screen("step-to-confirm", UNODC, step),
        Screen("step-not-begun", KENYA, next_step),
        *(
            Screen(f"step-{action}", KENYA, f"{next_step}{action}/")
            for action in ("propose", "plan", "note", "attach")
        ),
        Screen("step-correct", KENYA, "/toolkit/ken/1/3/propose_correction/"),
        Screen("step-confirm", UNODC, f"{step}confirm/"),
        Screen("step-refuse", UNODC, f"{step}refuse/"),
        Screen("step-closed", KENYA, f"{step}propose/", status=409),
        Screen("document-readers", KENYA, "/toolkit/ken/1/open_document/"),
        Screen("steps-waiting", UNODC, "/toolkit/waiting/"),
        Screen("inbox-with-moves", UNODC, "/inbox/"),
        *_desk(),
    ]


def _desk() -> list[Screen]:
    listed = "/admin/toolkit/implementation/"
    kenya = Implementation.objects.get(party__code="KEN", cycle=1)
    step = f"{listed}{kenya.pk}/steps/4/"
    return [
        Screen("desk-cycles-waiting", OFFICER, f"{listed}?waits=confirmation"),
        Screen("desk-cycle", OFFICER, f"{listed}{kenya.pk}/change/"),
        Screen("desk-cycle-open", OFFICER, f"{listed}open/"),
        Screen("desk-step-confirm", OFFICER, f"{step}confirm/"),
        Screen("desk-step-closed", OFFICER, f"{step}propose/", status=409),
    ]
