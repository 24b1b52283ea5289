"""What the leak matrix looks at: rows of two agencies, each with words that must not be read by the
other; and things that happen later which concern INTERPOL in nothing."""

from dataclasses import dataclass
from types import SimpleNamespace

from partners.models import Agency, Scope
from requests_app import drafts
from requests_app.models import RequestState, SupportRequest
from tests import make
from tests.api.leaks import record
from tests.toolkit import world as tracker
from tests.toolkit.world import ADVICE, CONTACT, ELSEWHERE, EVIDENCE, PROPOSED, REMARK, REPORT
from toolkit.models import Implementation
from webhooks import subscribing
from webhooks.models import Webhook
from workflow.executor import perform

REQUESTS, TOOLKIT = str(Scope.REQUESTS_READ), str(Scope.TOOLKIT_READ)
WEBHOOKS = str(Scope.WEBHOOKS_MANAGE)
BOTH = frozenset({"INTERPOL", "WCO"})
INTERPOL, WCO, NOBODY = frozenset({"INTERPOL"}), frozenset({"WCO"}), frozenset[str]()

# Words → the agencies that may read them, with a key of which scope.
MARKS: dict[str, tuple[frozenset[str], str]] = {
    "SITUATION-FOR-INTERPOL-31": (INTERPOL, REQUESTS),
    "TALK-WITH-INTERPOL-32": (INTERPOL, REQUESTS),
    "FILE-FOR-INTERPOL-33.pdf": (INTERPOL, REQUESTS),
    "ADVICE-TO-KENYA-34": (INTERPOL, TOOLKIT),
    "RECALLED-FROM-INTERPOL-35": (NOBODY, REQUESTS),
    "CLOSED-FILE-36.pdf": (NOBODY, REQUESTS),
    "SITUATION-OF-BOTH-37": (BOTH, REQUESTS),
    "SITUATION-FOR-WCO-41": (WCO, REQUESTS),
    "NOTE-TO-WCO-42": (WCO, REQUESTS),
    "TALK-WITH-WCO-43": (WCO, REQUESTS),
    "FILE-FOR-WCO-44.pdf": (WCO, REQUESTS),
    "ANSWER-OF-WCO-45": (WCO, REQUESTS),
    "NOTE-OF-THE-DESK-46": (NOBODY, REQUESTS),
    "MARK-OF-THE-DESK-47": (NOBODY, REQUESTS),
    "QUESTION-TO-KENYA-48": (NOBODY, REQUESTS),
    "DRAFT-OF-PERU-49": (NOBODY, REQUESTS),
    "UNSENT-WORDS-OF-KENYA-50": (NOBODY, REQUESTS),
    "ADVICE-TO-VIET-NAM-51": (WCO, TOOLKIT),
    "WEBHOOK-OF-INTERPOL-60": (INTERPOL, WEBHOOKS),
    "WEBHOOK-OF-WCO-61": (WCO, WEBHOOKS),
    **dict.fromkeys([ADVICE, EVIDENCE, PROPOSED, REPORT, CONTACT, REMARK], (WCO, TOOLKIT)),
    ELSEWHERE: (NOBODY, TOOLKIT),
    **dict.fromkeys(record.MARKS, (NOBODY, "")),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """An address of one row, and the agencies that find something there, with which scope."""

    name: str
    path: str
    readers: frozenset[str]
    scope: str = REQUESTS


def begin() -> SimpleNamespace:
    """Kenya asked INTERPOL, and both agencies about another matter; Bangladesh asked INTERPOL with
    open files and a conversation; a referral about Peru was recalled. INTERPOL leads Kenya's
    Toolkit, WCO Viet Nam's; Gabon's is public."""
    world = SimpleNamespace(interpol=make.agency("INTERPOL"), wco=make.agency("WCO"))
    make.support("wist"), make.reason()
    world.officer = make.the_officer()
    world.mine = _referred("KEN", "SITUATION-FOR-INTERPOL-31")
    world.mine.attachments.update(name="CLOSED-FILE-36.pdf")
    world.shared = _referred("KEN", "SITUATION-OF-BOTH-37")
    world.talked = _talked_about(_referred("BGD", "SITUATION-FOR-INTERPOL-31"), INTERPOL, 32, 33)
    world.recalled = _referred("PER", "RECALLED-FROM-INTERPOL-35")
    world.recalled_referral = world.recalled.referrals.get()
    perform("recall", world.recalled_referral, by=world.officer, data={"reason": "In error."})
    world.cycle = make.implementation(make.party("KEN"), world.interpol)
    world.advice = make.recommendation(world.cycle, text="ADVICE-TO-KENYA-34")
    make.publish(make.implementation(make.party("GAB")))
    world.other_cycle = make.implementation(make.party("VNM"), world.wco)
    world.webhook = _webhook(world.interpol, "WEBHOOK-OF-INTERPOL-60")
    world.tracker = tracker.of_the_tracker(world.other_cycle, world.officer)
    world.record = record.published(world)
    return world


def go_on(world: SimpleNamespace) -> None:
    """What happens next is for others: requests to WCO and to nobody, a cycle and a webhook of WCO,
    and the Secretariat's own business with INTERPOL's request."""
    by = {"by": world.officer}
    world.hidden = _talked_about(_referred("VNM", "SITUATION-FOR-WCO-41", "WCO"), WCO, 43, 44)
    world.hidden_referral = world.hidden.referrals.get()
    make.request_in("submitted", of=make.party("PER"), situation="DRAFT-OF-PERU-49")
    world.draft = make.draft(of=make.party("PER"), situation="DRAFT-OF-PERU-49")
    perform("note", world.mine, **by, data={"text": "NOTE-OF-THE-DESK-46"})
    marks = {make.criterion().key: {"mark": "no", "text": "MARK-OF-THE-DESK-47"}}
    perform("assess", world.mine, **by, data={"marks": marks})
    make.recommendation(world.other_cycle, "under_way", text="ADVICE-TO-VIET-NAM-51")
    world.hidden_webhook = _webhook(world.wco, "WEBHOOK-OF-WCO-61")
    world.held_back = record.keep_back(world)


def ask_a_second(world: SimpleNamespace) -> None:
    """WCO is asked about what INTERPOL was asked, and answers."""
    asked = {"agencies": [world.wco], "note": "NOTE-TO-WCO-42", "answer_due_on": make.in_a_month()}
    perform("refer", world.shared, by=world.officer, data=asked)
    theirs = world.shared.referrals.get(agency=world.wco)
    perform(
        "accept", theirs, by=make.agency_officer(world.wco), data={"comment": "ANSWER-OF-WCO-45"}
    )
    world.their_referral = theirs


def _webhook(agency: Agency, label: str) -> Webhook:
    key, _token = make.api_key(agency)
    return subscribing.make(by=key, label=label, url="http://127.0.0.1:9/never-called")


def ask_kenya(world: SimpleNamespace) -> None:
    """The country is asked in private; the agencies read none of it."""
    said = {"subject": "QUESTION-TO-KENYA-48", "text": "QUESTION-TO-KENYA-48"}
    perform("ask", world.mine, by=world.officer, data=said)
    world.private = world.mine.threads.get()
    sent_back = make.request_in("returned", of=make.party("KEN"))
    answers = {"situation": "UNSENT-WORDS-OF-KENYA-50"}
    drafts.write(sent_back, by=make.focal_point(make.party("KEN")), answers=answers)


def _referred(party: str, situation: str, agency: str = "INTERPOL") -> SupportRequest:
    of = make.party(party)
    return make.request_in(RequestState.REFERRED, of=of, agencies=(agency,), situation=situation)


def _talked_about(
    case: SupportRequest, readers: frozenset[str], talk: int, file: int
) -> SupportRequest:
    """With its files open, and a conversation in which the agency takes part."""
    (code,) = readers
    case.attachments.update(name=f"FILE-FOR-{code}-{file}.pdf")
    make.open_files(case)
    thread = make.conversation(case, agencies=(code,))
    writer = make.focal_point(case.party)
    perform("reply", thread, by=writer, data={"text": f"TALK-WITH-{code}-{talk}"})
    return case


def rows(world: SimpleNamespace) -> list[Row]:
    """Every kind of row that has an address of its own, of both agencies and of neither."""
    mine, hidden, talked = world.mine, world.hidden, world.talked
    found = [
        Row("request", f"requests/{mine.handle}/", INTERPOL),
        Row("request of both", f"requests/{world.shared.handle}/", BOTH),
        Row("request of WCO", f"requests/{hidden.handle}/", WCO),
        Row("request recalled", f"requests/{world.recalled.handle}/", NOBODY),
        Row("draft", f"requests/{world.draft.handle}/", NOBODY),
        Row("referral", f"referrals/{mine.referrals.get().pk}/", INTERPOL),
        Row("referral of WCO", f"referrals/{world.hidden_referral.pk}/", WCO),
        Row("second referral", f"referrals/{world.their_referral.pk}/", WCO),
        Row("referral recalled", f"referrals/{world.recalled_referral.pk}/", NOBODY),
        Row("file", _file(talked), INTERPOL),
        Row("file of WCO", _file(hidden), WCO),
        Row("file closed", _file(mine), NOBODY),
        Row("file recalled", _file(world.recalled), NOBODY),
        Row("file through another request", _file(hidden, talked), NOBODY),
    ]
    return [
        *found,
        *_rows_below(f"conversations/{talked.threads.get().pk}/", INTERPOL, "posts/"),
        *_rows_below(f"conversations/{hidden.threads.get().pk}/", WCO, "posts/"),
        *_rows_below(f"conversations/{world.private.pk}/", NOBODY, "posts/"),
        *_webhooks(world.webhook, INTERPOL),
        *_webhooks(world.hidden_webhook, WCO),
        *_rows_of_the_tracker(world),
    ]


def _rows_below(
    path: str, readers: frozenset[str], *below: str, scope: str = REQUESTS
) -> list[Row]:
    return [Row(f"{path}{one}", f"{path}{one}", readers, scope) for one in ("", *below)]


def _webhooks(webhook: Webhook, readers: frozenset[str]) -> list[Row]:
    path = f"webhooks/{webhook.pk}/"
    return _rows_below(path, readers, "deliveries/", "progress/", scope=WEBHOOKS)


def _rows_of_the_tracker(world: SimpleNamespace) -> list[Row]:
    assessments = "toolkit/assessments"
    reported = world.tracker["reported"]
    return [
        Row("step", f"toolkit/steps/{_second_step(world.cycle)}/", INTERPOL, TOOLKIT),
        Row("step of WCO", f"toolkit/steps/{_second_step(world.other_cycle)}/", WCO, TOOLKIT),
        Row("advice", f"toolkit/recommendations/{world.advice.pk}/", INTERPOL, TOOLKIT),
        Row("advice of WCO", f"toolkit/recommendations/{reported.pk}/", WCO, TOOLKIT),
        Row("assessment", f"{assessments}/{world.tracker['assessment'].pk}/", WCO, TOOLKIT),
        Row(
            "assessment begun", f"{assessments}/{world.tracker['draft assessment'].pk}/", NOBODY,
            TOOLKIT,
        ),
    ]  # fmt: skip


def _second_step(cycle: Implementation) -> int:
    return int(cycle.steps.get(position=2).pk)


def _file(case: SupportRequest, through: "SupportRequest | None" = None) -> str:
    (file,) = case.attachments.all()
    return f"requests/{(through or case).handle}/attachments/{file.pk}/"


def missing(row: Row) -> str:
    """The address of the same kind where there is nothing."""
    parts = row.path.rstrip("/").split("/")
    at = max(place for place, part in enumerate(parts) if part.isdigit() or "-" in part)
    parts[at] = "987654321" if parts[at].isdigit() else "ICCWC-2026-9999"
    return "/".join(parts) + "/"


# Public addresses with a part in them; what stands there is the same for everybody.
PUBLIC = (
    "parties/KEN/", "agencies/WCO/", "supports/basic_training/", "networks/public-network/",
    *(f"{kind}/public-{kind}/" for kind in record.KINDS),
)  # fmt: skip
# Words that stand on pages of the portal and nowhere in the API: files and notes of the tracker.
ON_PAGES = (EVIDENCE, PROPOSED, REPORT)
