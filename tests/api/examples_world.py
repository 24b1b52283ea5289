"""The calls that the API's description shows, and the world they are made in."""

from dataclasses import dataclass, field
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from tests import make
from tests.api import examples_record
from tests.toolkit import instruments
from tests.toolkit.test_pages import observed
from toolkit.workflow.observing import observe_total
from webhooks import subscribing
from workflow.executor import perform


@dataclass(frozen=True)
class Example:
    """One call: the operation, its address, and what is sent."""

    operation: str
    path: str
    body: Any = None
    is_file: bool = False
    query: str = ""
    needs: "tuple[Example, ...]" = field(default=())  # calls made before, in the same world


def build() -> SimpleNamespace:
    """INTERPOL is asked by Kenya, in all states that it can act in, and leads Kenya's Toolkit."""
    world = SimpleNamespace(interpol=make.agency("INTERPOL"))
    kenya, officer = make.party("KEN"), make.the_officer()
    make.support("wist")
    world.key, world.token = make.api_key(world.interpol)
    states = ("sent", "accepted", "delivering")
    world.by_state = {state: make.referral(state=state, begun=date(2026, 2, 2)) for state in states}
    world.case = world.by_state["accepted"].support_request
    world.case.attachments.update(name="letter.pdf")
    make.open_files(world.case)
    world.file = world.case.attachments.get()
    world.thread = make.conversation(world.case, "open", agencies=("INTERPOL",))
    world.cycle = make.implementation(kenya, world.interpol)
    world.advice = make.recommendation(world.cycle, "under_way")
    world.assessment = instruments.draft(
        kenya, contact_person="CITES Management Authority", lead_agency=world.interpol
    )
    instruments.answer(world.assessment, {1: (2, "One text of 2014.")})
    country = make.someone("focal_point", kenya, "Focal point")
    perform("submit", world.assessment, by=country, data={"not_assessed": "An exercise."})
    observed(kenya)
    observe_total(
        effective_on=date(2018, 10, 31), precision="month", date_in_source="October 2018",
        text="In 10 countries.", source="CITES SC70 Doc. 15",
    )  # fmt: skip
    make.publish(make.implementation(make.party("GAB")), by=make.focal_point(make.party("GAB")))
    world.webhook = subscribing.make(
        by=world.key, label="Case system", url="http://127.0.0.1:9/iccwc"
    )
    world.officer = officer
    examples_record.build()
    return world


def pdf() -> SimpleUploadedFile:
    return make.pdf("programme.pdf")


def examples(world: SimpleNamespace) -> list[Example]:
    sent, accepted, delivering = (
        f"referrals/{world.by_state[state].pk}/" for state in ("sent", "accepted", "delivering")
    )
    case, thread = f"requests/{world.case.handle}/", f"conversations/{world.thread.pk}/"
    step = f"toolkit/steps/{world.cycle.steps.get(position=2).pk}/"
    first_step = f"toolkit/steps/{world.cycle.steps.get(position=1).pk}/"
    hook = f"webhooks/{world.webhook.pk}/"
    proposal = {
        "state": "under_way", "effective_on": "2026-02-02", "precision": "day",
        "note": "The country has named its team.",
    }  # fmt: skip
    report = {"began_on": "2026-02-09", "ended_on": "2026-02-13", "outcome": "Course for 20."}
    delivered = {"ended_on": "2026-02-27", "outcome": "Two courses for 40 customs officers."}
    propose = Example("toolkit_steps_actions_propose_create", f"{step}actions/propose/", proposal)
    pause = Example("webhooks_actions_pause_create", f"{hook}actions/pause/", {})
    return [
        *_lists(thread, hook),
        *_details(world, case, thread, step, sent, hook),
        _act("referrals", sent, "accept", {"comment": "We can hold the course in May."}),
        _act("referrals", sent, "decline", {"reason": "No staff this year."}),
        _act("referrals", sent, "ask", {"subject": "Ports", "text": "Which ports?"}),
        _act("referrals", accepted, "start", {"start_on": "2026-05-04"}),
        _act("referrals", delivering, "report", report),
        _act("referrals", delivering, "deliver", delivered),
        _file("referrals_actions_send_document_create", f"{accepted}actions/send_document/"),
        _file("requests_attachments_create", f"{case}attachments/"),
        _act("conversations", thread, "reply", {"text": "Mombasa and Kilindini."}),
        propose,
        _act("toolkit_steps", step, "note", {"note": "A date is being agreed."}),
        Example(
            "toolkit_steps_actions_take_back_create", f"{step}actions/take_back/", {},
            needs=(propose,),
        ),
        _act(
            "toolkit_steps", first_step, "propose_correction",
            {
                "state": "done", "effective_on": "2026-01-10", "precision": "day",
                "reason": "The letter is of the 10th.",
            },
        ),
        Example(
            "webhooks_create", "webhooks/",
            {"label": "Referrals", "url": "http://127.0.0.1:9/x", "kinds": ["referrals.sent"]},
        ),
        _act("webhooks", hook, "change", {"label": "Case system, new address"}),
        pause,
        Example("webhooks_actions_resume_create", f"{hook}actions/resume/", {}, needs=(pause,)),
        _act("webhooks", hook, "replay", {"since": "2026-03-01T00:00:00Z"}),
        _act("webhooks", hook, "rotate_secret", {}),
        _act("webhooks", hook, "send_test", {}),
        _act("webhooks", hook, "end", {}),
    ]  # fmt: skip


def _act(what: str, path: str, action: str, body: Any) -> Example:
    return Example(f"{what}_actions_{action}_create", f"{path}actions/{action}/", body)


def _file(operation: str, path: str) -> Example:
    return Example(operation, path, is_file=True)


_AS_ONE_WORD = str.maketrans("/-", "__")


def _lists(thread: str, hook: str) -> list[Example]:
    one = "?page_size=1"
    found = [
        "agencies", "conversations", "parties", "referrals", "requests", "supports",
        "toolkit/assessments", "toolkit/implementations", "toolkit/observations",
        "toolkit/recommendations", "toolkit/steps", "toolkit/totals", "webhooks", "offices",
        "topics", *examples_record.SLUGS,
    ]  # fmt: skip
    return [
        *(Example(f"{path.translate(_AS_ONE_WORD)}_list", f"{path}/", query=one) for path in found),
        Example(
            "toolkit_changes_list",
            "toolkit/changes/",
            query="?from=2026-01-01&to=2026-03-01&page_size=1",
        ),
        Example("events_list", "events/", query="?page_size=1"),
        Example("conversations_posts_list", f"{thread}posts/", query=one),
        Example("webhooks_deliveries_list", f"{hook}deliveries/", query=one),
    ]


def _details(
    world: SimpleNamespace, case: str, thread: str, step: str, sent: str, hook: str
) -> list[Example]:
    return [
        Example("me", "me/"),
        Example("agencies_retrieve", "agencies/INTERPOL/"),
        Example("parties_retrieve", "parties/KEN/"),
        Example("supports_retrieve", "supports/wist/"),
        Example("requests_retrieve", case),
        Example("requests_attachments_retrieve", f"{case}attachments/{world.file.pk}/"),
        Example("referrals_retrieve", sent),
        Example("conversations_retrieve", thread),
        Example("toolkit_steps_retrieve", step),
        Example("toolkit_recommendations_retrieve", f"toolkit/recommendations/{world.advice.pk}/"),
        Example("toolkit_assessments_retrieve", f"toolkit/assessments/{world.assessment.pk}/"),
        Example("webhooks_retrieve", hook),
        Example("webhooks_progress_retrieve", f"{hook}progress/"),
        *(
            Example(f"{kind.replace('-', '_')}_retrieve", f"{kind}/{slug}/")
            for kind, slug in examples_record.SLUGS.items()
        ),
    ]
