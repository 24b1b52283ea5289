"""Which pages and states `make screens` takes pictures of: the focal point's side, whole, and the
desk's (tools/screen_list_desk.py).

Needs a loaded Django and the demo data.
"""

from collections.abc import Callable
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from playwright.sync_api import Page

from iccwc_portal.demo import accounts
from partners.links import path_of
from partners.models import AccessRequest, Agency, Invitation, Mandate, Party, Role, User
from requests_app import drafts
from requests_app.completeness import steps_for
from requests_app.models import Attachment, RequestState, Support, SupportRequest, Thread
from toolkit.models import Recommendation
from tools import (
    screen_list_assessments,
    screen_list_desk,
    screen_list_record,
    screen_list_steps,
)
from tools.screens import Screen

KENYA, VIET_NAM, BANGLADESH = (
    "focal-point.kenya", "focal-point.viet-nam", "focal-point.bangladesh",
)  # fmt: skip


def screens() -> list[Screen]:
    return [
        *_public(),
        *_writing(),
        *_following(),
        *_account(),
        *screen_list_assessments.screens(),
        *screen_list_steps.screens(),
        *screen_list_record.screens(),
        *screen_list_desk.screens(),
    ]


def _public() -> list[Screen]:
    return [
        Screen("home", "", "/"),
        Screen("toolkit-table", "", "/toolkit/?as_of=2015-11-09"),
        Screen("toolkit-changes", "", "/toolkit/changes/?from=2012-07-01&to=2016-01-01"),
        Screen(
            "toolkit-changes-refused",
            "",
            "/toolkit/changes/?from=2016-01-01&to=2012-07-01",
            status=400,
        ),
        Screen("toolkit-figure", "", "/toolkit/figures/complete/?as_of=2015-11-09"),
        Screen("toolkit-party", "", "/toolkit/mex/"),
        Screen("toolkit-party-then", "", "/toolkit/ken/?as_of=2016-01-01"),
        Screen("toolkit-party-inside", BANGLADESH, "/toolkit/bgd/"),
        Screen("toolkit-totals", "", "/toolkit/totals/"),
        Screen("contact", "", "/contact/"),
        Screen("sign-in", "", "/account/login/"),
        Screen("sign-in-refused", "", "/account/login/", _sign_in_wrongly),
        Screen("reset-password", "", "/account/password/reset/"),
        Screen("ask-for-access", "", "/account/access/"),
        Screen("ask-for-access-refused", "", "/account/access/", _press_main_button),
        Screen("access-asked", "", "/account/access/asked/"),
        Screen("access-confirm", "", _access_to_confirm),
        Screen("invitation", "", _open_invitation),
        Screen("invitation-refused", "", _open_invitation, _press_main_button),
        Screen("invitation-forged", "", "/account/invitations/nonsense/", status=404),
    ]


def _writing() -> list[Screen]:
    """Every step of every kind of form once, and the pages around them."""
    draft = _a_request(KENYA, RequestState.DRAFT)
    at = reverse("requests:edit", args=[draft.handle])
    first = steps_for(draft)[0].key
    return [
        Screen("new-request", KENYA, "/requests/new/"),
        Screen("new-request-refused", KENYA, "/requests/new/", _press_main_button),
        Screen("steps-overview", KENYA, at),
        Screen("step-support", KENYA, f"{at}support/"),
        *(Screen(f"step-{name}", KENYA, path) for name, path in _steps_of_all_kinds().items()),
        Screen("step-conflict", KENYA, f"{at}{first}/", _write_what_a_colleague_wrote, status=200),
        Screen("step-documents", KENYA, f"{at}documents/"),
        Screen("check-with-gaps", KENYA, f"{at}check/"),
        Screen("check-complete", KENYA, _check_of_a_complete_draft),
        Screen("check-not-declared", KENYA, _check_of_a_complete_draft, _press_submit),
        Screen("check-as-contributor", "contributor.kenya", f"{at}check/"),
        Screen("submitted", KENYA, _of_kenya("submitted", RequestState.SUBMITTED)),
    ]


def _following() -> list[Screen]:
    returned = _a_request(VIET_NAM, RequestState.RETURNED)
    edit = reverse("requests:edit", args=[returned.handle])
    thread = Thread.objects.filter(support_request__party__code="BGD").first()
    others = _threads_and_recommendations(thread)
    return [
        Screen("requests", KENYA, "/requests/"),
        Screen("requests-empty", KENYA, "/requests/?state=declined"),
        *(
            Screen(f"request-{one.state}", _focal_point_of(one), one.get_absolute_url())
            for one in _one_in_each_state()
        ),
        Screen("withdraw", KENYA, _of_kenya("action", RequestState.SUBMITTED, "withdraw")),
        Screen("write-to-secretariat", KENYA, _of_kenya("action", RequestState.SUBMITTED, "write")),
        Screen("copy", KENYA, _of_kenya("copy", RequestState.SUBMITTED)),
        Screen("returned-overview", VIET_NAM, edit),
        Screen("returned-step", VIET_NAM, f"{edit}{steps_for(returned)[0].key}/"),
        *others,
    ]


def _threads_and_recommendations(thread: Thread | None) -> list[Screen]:
    found = []
    if thread:
        found.append(Screen("conversation", BANGLADESH, thread.get_absolute_url()))
    recommendation = Recommendation.objects.select_related("implementation__party").first()
    if recommendation:
        party = recommendation.implementation.party
        place = [party.code.lower(), recommendation.pk]
        person = _focal_point_of_party(party)
        plan = [party.code.lower(), recommendation.implementation.cycle]
        act = reverse("country_recommendation_action", args=[*place, "report"])
        imports = reverse("country_plan_import", args=plan)
        found += [
            Screen("recommendation", person, reverse("country_recommendation", args=place)),
            Screen("recommendation-report", person, act),
            Screen("plan", person, reverse("country_plan", args=plan)),
            Screen("plan-overdue", person, f"{reverse('country_plan', args=plan)}?overdue=on"),
            Screen("plan-progress", person, reverse("country_plan_progress", args=plan)),
            Screen("plan-import", screen_list_desk.OFFICER, imports),
        ]
    return found


def _account() -> list[Screen]:
    people = "/country/ken/people/"
    deputy = Mandate.objects.filter(role=Role.CONTRIBUTOR, party__code="KEN").first()
    own = [
        Screen("my-country", KENYA, "/country/ken/"),
        Screen("my-country-toolkit", BANGLADESH, "/country/bgd/"),
        Screen("people", KENYA, people),
        Screen("people-invite", KENYA, f"{people}invite/"),
        Screen("people-invite-refused", KENYA, f"{people}invite/", _press_main_button),
        Screen("account", KENYA, "/account/"),
        Screen("account-settings", KENYA, "/account/settings/"),
        Screen("change-password", KENYA, "/account/password/change/"),
        Screen("second-factor", KENYA, "/account/second-factor/"),
        Screen("second-factor-app", KENYA, "/account/second-factor/app/", _confirm_password),
        Screen("passkeys", KENYA, "/account/passkeys/"),
        Screen("passkey-add", KENYA, "/account/passkeys/add/"),
        Screen("sessions", KENYA, "/account/sessions/"),
        Screen("not-found", KENYA, "/requests/ICCWC-1999-0001/", status=404),
    ]
    if deputy:
        own.append(Screen("people-end", KENYA, f"{people}{deputy.pk}/end/"))
    return own


# ── what is there ────────────────────────────────────────────────────────────────────────────


def _person(login: str) -> User:
    return User.objects.get(email=f"{login}@example.org")


def _a_request(login: str, state: str) -> SupportRequest:
    mine = SupportRequest.objects.visible_to(_person(login)).filter(state=state)
    return mine.earliest("pk")


def _one_in_each_state() -> list[SupportRequest]:
    by_state = {one.state: one for one in SupportRequest.objects.order_by("-pk")}
    return [by_state[state] for state in RequestState if state in by_state]


def _focal_point_of(support_request: SupportRequest) -> str:
    return _focal_point_of_party(support_request.party)


def _focal_point_of_party(party: Party) -> str:
    held = Mandate.objects.in_force().filter(
        party=party, role=Role.FOCAL_POINT, user__email__startswith="focal-point."
    )
    return held.earliest("pk").user.email.removesuffix("@example.org")


def _of_kenya(page: str, state: str, *more: str) -> Callable[[str], str]:
    return lambda language: reverse(
        f"requests:{page}", args=[_a_request(KENYA, state).handle, *more]
    )


def _steps_of_all_kinds() -> dict[str, str]:
    """The address of each step, on a draft of a kind of support that asks it."""
    person, kenya = _person(KENYA), Party.objects.get(code="KEN")
    found: dict[str, str] = {}
    for support in Support.objects.on_offer():
        draft = drafts.begin(kenya, by=person, support=support)
        for step in steps_for(draft):
            name = f"{step.key}-{support.asks}" if step.key in found else step.key
            if step.key not in found or step.key == "contact" and support.asks == "incident":
                found[name] = reverse("requests:step", args=[draft.handle, step.key])
    return found


@cache
def _check_of_a_complete_draft(language: str) -> str:
    """A draft of Kenya with all the answers and the letter of a request it submitted."""
    person = _person(KENYA)
    submitted = _a_request(KENYA, RequestState.SUBMITTED)
    draft = drafts.begin(submitted.party, by=person, support=submitted.support)
    drafts.write(draft, by=person, answers=submitted.answers)
    letter = submitted.attachments.filter(kind=Attachment.AttachmentKind.LETTER).first()
    if letter:
        with letter.file.open("rb") as file:
            upload = SimpleUploadedFile(letter.name, file.read(), letter.content_type)
        drafts.attach(draft, upload, letter.kind, by=person)
    return reverse("requests:check", args=[draft.handle])


def _open_invitation(language: str) -> str:
    """It is shown in the language in which the person was invited."""
    waiting = Invitation.objects.open().filter(party__isnull=False, stands_in_for=None)
    there = waiting.earliest("pk")
    there.language = language
    there.save(update_fields=["language"])
    return path_of(there)


def _access_to_confirm(language: str) -> str:
    asked, _made = AccessRequest.objects.get_or_create(
        email="somebody@example.org",
        state="unconfirmed",
        language=language,
        defaults={
            "name": "Enforcement desk",
            "agency": Agency.objects.partners().first(),
            "role": Role.OFFICER,
            "why": "The desk answers the referrals to the agency.",
        },
    )
    return path_of(asked)


# ── what somebody does ───────────────────────────────────────────────────────────────────────


def _press_main_button(page: Page) -> None:
    page.click("main form button.button >> nth=0")
    page.wait_for_load_state("networkidle")


def _press_submit(page: Page) -> None:
    page.click("main form button.button >> nth=-1")
    page.wait_for_load_state("networkidle")


def _sign_in_wrongly(page: Page) -> None:
    page.fill("#id_login", "somebody@example.org")
    page.fill("#id_password", "not the password")
    _press_main_button(page)


def _confirm_password(page: Page) -> None:
    if page.locator("#id_password").count():
        page.fill("#id_password", accounts.read()[f"{KENYA}@example.org"]["password"])
        _press_main_button(page)


def _write_what_a_colleague_wrote(page: Page) -> None:
    """Two write the same answer: the second is shown both texts."""
    box = page.locator("main textarea").first
    name = box.get_attribute("name") or ""
    handle = page.url.split("/requests/")[1].split("/")[0]
    draft = SupportRequest.objects.get(draft_key=handle)
    moment = page.evaluate("Date.now()")
    colleague = _person("contributor.kenya")
    drafts.write(draft, by=colleague, answers={name: f"Words of a colleague, {moment}."})
    box.fill("My own words.")
    page.click("main form button.button >> nth=0")
    page.wait_for_load_state("networkidle")
