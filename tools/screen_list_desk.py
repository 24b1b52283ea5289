"""Which pages and states of the Secretariat's desk `make screens` takes pictures of.

Needs a loaded Django and the demo data. What somebody does on a page can be done again: the same
pages are looked at in several widths and languages.
"""

from collections.abc import Callable, Iterator
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.test import RequestFactory
from django.urls import reverse
from playwright.sync_api import Page

from partners.models import Party, User
from requests_app import queues
from requests_app.models import RequestState, SupportRequest, Thread
from toolkit.models import Implementation, Observation
from tools.screens import Screen
from workflow.executor import perform

OFFICER, LEAD, AUDITOR = "officer-a", "lead", "auditor"
LIST = "/admin/requests_app/supportrequest/"
WITH_ALL = "DRAFT-SAMPKEN4"  # the demonstration's request of which the desk keeps most
IN_REVIEW = "DRAFT-SAMPBGD5"


def screens() -> list[Screen]:
    return [
        *_overviews(),
        *_queues(),
        *_requests(),
        *_actions(),
        *_others_actions(),
        *_many_at_once(),
        *_records(),
    ]


def _overviews() -> list[Screen]:
    return [
        Screen("desk", OFFICER, "/admin/"),
        Screen("desk-as-lead", LEAD, "/admin/"),
        Screen("desk-as-auditor", AUDITOR, "/admin/"),
        Screen("desk-overview", OFFICER, "/admin/overview/"),
        Screen("desk-report", OFFICER, "/admin/report/"),
        Screen("desk-report-document", OFFICER, "/admin/report/document.html"),
        Screen("desk-health", LEAD, "/admin/health/"),
    ]


def _queues() -> list[Screen]:
    return [
        *(Screen(f"queue-{key}", OFFICER, f"{LIST}?queue={key}") for key in queues.BY_KEY),
        Screen("queue-search", OFFICER, f"{LIST}?q=kenia"),
        Screen("queue-nothing-found", OFFICER, f"{LIST}?q=nothing+of+the+kind"),
        Screen("queue-as-auditor", AUDITOR, f"{LIST}?queue=all"),
        Screen("saved-views", OFFICER, f"{LIST}views/"),
        Screen("saved-views-refused", OFFICER, f"{LIST}views/", _press_main_button),
    ]


def _requests() -> list[Screen]:
    sent = SupportRequest.objects.exclude(reference=None)
    by_state = {one.state: one for one in sent.order_by("-pk")}
    with_all = SupportRequest.objects.get(draft_key=WITH_ALL)
    return [
        *(
            Screen(f"case-{state}", OFFICER, f"{_case(by_state[state])}?queue=all")
            for state in RequestState
            if state in by_state
        ),
        Screen("case-with-all", OFFICER, _case(with_all)),
        Screen("case-as-auditor", AUDITOR, _case(with_all)),
    ]


def _actions() -> list[Screen]:
    """One page of each action, and what an action's page says when something is the matter."""
    begun = SupportRequest.objects.get(draft_key=IN_REVIEW)
    ways = {
        "take_up": (OFFICER, RequestState.SUBMITTED),
        "refer": (OFFICER, RequestState.IN_REVIEW),
        "return": (OFFICER, RequestState.IN_REVIEW),
        "accept": (LEAD, RequestState.REFERRED),
        "fund": (LEAD, RequestState.AWAITING_FUNDS),
        "decline": (LEAD, RequestState.REFERRED),
        "redirect": (OFFICER, RequestState.REFERRED),
        "start": (OFFICER, RequestState.ACCEPTED),
        "complete": (OFFICER, RequestState.UNDER_WAY),
        "reopen": (LEAD, RequestState.DECLINED),
    }
    own = ("advise", "ask", "assign", "assess", "note", "open_documents")
    with_all = SupportRequest.objects.get(draft_key=WITH_ALL)
    return [
        *(
            Screen(f"act-{action}", person, _action(_first(state), action))
            for action, (person, state) in ways.items()
        ),
        *(Screen(f"act-{action}", OFFICER, _action(with_all, action)) for action in own),
        Screen("act-release", OFFICER, _action(with_all, "release")),
        Screen("act-refused", OFFICER, _action(begun, "return"), _press_last_button),
        Screen("act-filled-in", OFFICER, _action(begun, "return"), _fill_in),
        Screen("act-preview", OFFICER, _action(begun, "advise"), _preview),
        Screen("act-stale", OFFICER, _action(begun, "advise"), _come_too_late),
        Screen("act-impossible", OFFICER, _action(begun, "advise"), _find_it_ended),
    ]


def _others_actions() -> list[Screen]:
    referral = SupportRequest.objects.get(draft_key=WITH_ALL).referrals.get(state="sent")
    thread = Thread.objects.filter(state="open").earliest("pk")
    cycle = Implementation.objects.exclude(support_request=None).earliest("pk")
    where = {
        "referral": (f"/admin/requests_app/referral/{referral.pk}", "remind prolong recall"),
        "thread": (f"/admin/requests_app/thread/{thread.pk}", "reply ask_again open_to close"),
        "toolkit": (f"/admin/toolkit/implementation/{cycle.pk}", "record_consent recommend"),
    }
    return [
        Screen(f"act-{name}-{action}", OFFICER, f"{at}/actions/{action}/")
        for name, (at, actions) in where.items()
        for action in actions.split()
    ]


def _many_at_once() -> list[Screen]:
    chosen = SupportRequest.objects.filter(state__in=["referred", "in_review", "submitted"])
    ids = "-".join(str(pk) for pk in chosen.order_by("pk").values_list("pk", flat=True))
    asked = f"?ids={ids}-999999"
    return [
        *(
            Screen(f"many-{job}", OFFICER, f"{LIST}bulk/{job}/{asked}")
            for job in ("assign", "remind", "refer", "close")
        ),
        Screen("many-result", OFFICER, f"{LIST}bulk/remind/{asked}", _press_main_button),
    ]


def _records() -> Iterator[Screen]:
    """Of every kind of record at the desk its list, its first row, what can be added there."""
    lead = User.objects.get(email=f"{LEAD}@example.org")
    request = RequestFactory().get("/admin/")
    request.user = lead
    for model, desk in admin.site._registry.items():
        if model is SupportRequest:
            continue
        name = str(model._meta.model_name)
        yield Screen(f"{name}-list", LEAD, _address(model, "changelist"))
        if desk.has_add_permission(request):
            yield Screen(f"{name}-add", LEAD, _address(model, "add"))
            yield Screen(f"{name}-add-refused", LEAD, _address(model, "add"), _press_save)
        row: Any = desk.get_queryset(request).first()
        if row is not None:
            yield Screen(f"{name}-one", LEAD, _address(model, "change", row.pk))
            if desk.has_delete_permission(request, row):
                yield Screen(f"{name}-delete", LEAD, _address(model, "delete", row.pk))
    yield from _statements()
    kenya = Party.objects.get(code="KEN")
    yield Screen("party-history", LEAD, _address(Party, "history", kenya.pk))
    yield Screen("party-people", LEAD, f"/admin/partners/party/{kenya.pk}/people/")


def _statements() -> Iterator[Screen]:
    """What documents say: from a file, and withdrawn."""
    door = "/admin/toolkit/observation/import/"
    first = Observation.objects.earliest("pk")
    yield Screen("observation-import", OFFICER, door)
    yield Screen("observation-import-wrong", OFFICER, door, _send("Atlantis"))
    yield Screen("observation-import-read", OFFICER, door, _send("Kenia"))
    yield Screen(
        "observation-withdraw", OFFICER, _address(Observation, "act", first.pk, "withdraw")
    )


def _send(party: str) -> Callable[[Page], Any]:
    headings = "Party,Instrument,Status,Step,Date,Precision,Approximate,Date in source,Note"
    row = f"{party},toolkit,complete,,2018-10,,yes,,,Exercise document,"
    text = f"{headings},Source,Address\r\n{row}\r\n"
    file: Any = {"name": "exercise.csv", "mimeType": "text/csv", "buffer": text.encode()}

    def send(page: Page) -> None:
        page.set_input_files("#import-file", file)
        page.click("#content form .button")

    return send


# ── addresses ────────────────────────────────────────────────────────────────────────────────


def _address(model: type[Model], page: str, *args: Any) -> str:
    name = f"{model._meta.app_label}_{model._meta.model_name}"
    return reverse(f"admin:{name}_{page}", args=args)


def _case(support_request: SupportRequest) -> str:
    return f"{LIST}{support_request.pk}/change/"


def _action(support_request: SupportRequest, action: str) -> str:
    return f"{LIST}{support_request.pk}/actions/{action}/"


def _first(state: str) -> SupportRequest:
    return SupportRequest.objects.filter(state=state, reference__isnull=False).earliest("pk")


# ── what somebody does ───────────────────────────────────────────────────────────────────────


def _press(selector: str) -> Callable[[Page], None]:
    def press(page: Page) -> None:
        page.click(selector)
        page.wait_for_load_state("networkidle")

    return press


_press_main_button = _press("main .button-row button, main form button.button >> nth=0")
_press_last_button = _press("main .button-row button >> nth=-1")
_press_save = _press("main .submit-row input[type=submit], main .button-row button >> nth=0")


def _fill_in(page: Page) -> None:
    page.check("main input[name=standard] >> nth=1")
    _press("main button[name=fill]")(page)


def _preview(page: Page) -> None:
    page.fill("main textarea", "Please nominate a person for the Toolkit.")
    _press("main button[name=preview]")(page)


def _come_too_late(page: Page) -> None:
    """A colleague does the same while the page is open."""
    colleague = User.objects.get(email="officer-b@example.org")
    said = {"advice": "Please write to Customs first."}
    perform("advise", SupportRequest.objects.get(draft_key=IN_REVIEW), by=colleague, data=said)
    page.fill("main textarea", "Please nominate a person for the Toolkit.")
    _press_last_button(page)


def _find_it_ended(page: Page) -> None:
    """A colleague ends the request while the page is open; afterwards it is opened again."""
    colleague = User.objects.get(email="officer-b@example.org")
    case = SupportRequest.objects.get(draft_key=IN_REVIEW)
    there = {"channel": "customs", "explanation": "Please use CENcomm."}
    perform("redirect", case, by=colleague, data=there)
    page.fill("main textarea", "Please nominate a person for the Toolkit.")
    _press_last_button(page)
    lead = User.objects.get(email=f"{LEAD}@example.org")
    perform("reopen", case, by=lead, data={"reason": "The demonstration goes on."})
