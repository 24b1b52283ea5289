"""Requests, referrals and conversations, brought to a state by those entitled."""

from datetime import UTC, date, datetime, time
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from history.models import Event
from partners.models import Agency, Party, Role, User
from requests_app import drafts
from requests_app.completeness import questions_for
from requests_app.models import Attachment, Referral, RequestState, SupportRequest, Thread
from requests_app.questions import Question, Shape
from requests_app.working_copy import COLUMNS
from tests.make.bodies import agency, party, reason, support
from tests.make.people import in_a_month, someone, the_lead, the_officer
from workflow.executor import perform


def pdf(name: str = "letter.pdf") -> SimpleUploadedFile:
    content = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
    return SimpleUploadedFile(name, content + name.encode(), "application/pdf")


ANSWERS = {
    "situation": "Ivory passes through the port in containers of timber.",
    "asked": "A training course for forty customs officers.",
    "objective": "Officers profile containers on their own.",
    "authorities": "Customs; the CITES Management Authority.",
    "contact_office": "Head of the CITES Management Authority",
    "contact_email": "management.authority@example.org",
}


def draft(
    by: User | None = None,
    of: Party | None = None,
    support_key: str = "basic_training",
    letter: bool = True,
    **answers: Any,
) -> SupportRequest:
    """A draft that could be submitted as it is."""
    of = of or party()
    by = by or someone(Role.FOCAL_POINT, of, "Focal point")
    made = drafts.begin(of, by=by, support=support(support_key))
    drafts.write(made, by=by, answers={**answers_to(made), **answers})
    if letter:
        drafts.attach(made, pdf(), Attachment.AttachmentKind.LETTER, by=by)
    made.refresh_from_db()
    return made


def answers_to(draft: SupportRequest) -> dict[str, Any]:
    """An answer to everything the form of this kind of support needs."""
    needed = [one for one in questions_for(draft) if one.required and one.key not in ANSWERS]
    return {
        **{key: text for key, text in ANSWERS.items() if key in _asked(draft)},
        **{one.key: _an_answer(one) for one in needed if one.key not in COLUMNS},
    }


def _asked(draft: SupportRequest) -> set[str]:
    return {question.key for question in questions_for(draft)}


def _an_answer(question: Question) -> Any:
    first = question.choices[0][0] if question.choices else ""
    by_shape: dict[str, Any] = {
        Shape.CHOICE: first,
        Shape.SOME_OF: [first],
        Shape.DATE: "2026-01-15",
        Shape.NUMBER: "40",
        Shape.EMAIL: "office@example.org",
    }
    return by_shape.get(question.shape, f"About {question.key.replace('_', ' ')}.")


def submit(draft: SupportRequest, by: User) -> Event:
    """What a focal point does on the last page of the form."""
    return perform("submit", draft, by=by, data={"declared": True})


def request_in(
    state: str = RequestState.SUBMITTED,
    *,
    of: Party | None = None,
    by: User | None = None,
    support_key: str = "basic_training",
    agencies: "tuple[str, ...]" = ("INTERPOL",),
    **answers: Any,
) -> SupportRequest:
    """A request brought to `state` by the actions that lead there, each by somebody entitled."""
    of = of or party()
    by = by or someone(Role.FOCAL_POINT, of, "Focal point")
    made = draft(by, of, support_key, **answers)
    for action, data in _way_to(state, agencies):
        perform(action, made, by=_who_does(action, by), data=data)
    return made


def referral(
    of: Agency | None = None, state: str = "sent", begun: date | None = None, **fields: Any
) -> Referral:
    """A referral to the agency, of a request that is referred to it alone; `begun` puts its
    sending, and the start of a delivery, back to that day."""
    of = of or agency()
    case = request_in(RequestState.REFERRED, agencies=(of.code,), **fields)
    made = case.referrals.get()
    somebody = someone(Role.OFFICER, of, "Officer")
    steps: dict[str, list[tuple[str, dict[str, Any], Any]]] = {
        "sent": [],
        "accepted": [("accept", {}, somebody)],
        "declined": [("decline", {"reason": "No staff this year."}, somebody)],
        "recalled": [("recall", {"reason": "Sent in error."}, the_officer())],
    }
    steps["delivering"] = [
        *steps["accepted"],
        ("start", {"start_on": timezone.localdate()}, somebody),
    ]
    steps["delivered"] = [
        *steps["delivering"],
        ("deliver", {"ended_on": timezone.localdate(), "outcome": "Course held."}, somebody),
    ]
    for action, data, actor in steps[state]:
        perform(action, made, by=actor, data=data)
    if begun:
        _put_back(made, begun)
    return made


def _put_back(made: Referral, begun: date) -> None:
    sent_at = datetime.combine(begun, time(9), UTC)
    started_on = begun if made.started_on else None
    Referral.objects.filter(pk=made.pk).update(sent_at=sent_at, started_on=started_on)
    made.refresh_from_db()


def open_files(case: SupportRequest) -> None:
    """Let the agencies read its documents, which are closed to them until an officer says so."""
    perform("open_documents", case, by=the_officer(), data={"documents": "open"})


def conversation(
    case: SupportRequest, state: str = "waiting", agencies: "tuple[str, ...]" = ()
) -> Thread:
    """A conversation that the Secretariat began with a question, open to the agencies named."""
    perform("ask", case, by=the_officer(), data={"subject": "Ports", "text": "Which ports?"})
    made = case.threads.latest("pk")
    for code in agencies:
        perform("open_to", made, by=the_officer(), data={"agency": agency(code)})
    if state == "open":
        writer = someone(Role.FOCAL_POINT, case.party, "Focal point")
        perform("reply", made, by=writer, data={"text": "All of them."})
    if state == "closed":
        perform("close", made, by=the_officer())
    return made


def _who_does(action: str, focal_point_of_case: User) -> User:
    if action in {"submit", "withdraw"}:
        return focal_point_of_case
    return the_lead() if action in {"accept", "fund", "decline"} else the_officer()


def _way_to(state: str, agencies: "tuple[str, ...]") -> "list[tuple[str, dict[str, Any]]]":
    referred = {
        "agencies": [agency(code) for code in agencies],
        "note": "Please say whether you can help.",
        "answer_due_on": in_a_month(),
    }
    lead_agency = agency(agencies[0] if agencies else "INTERPOL")
    submit: list[tuple[str, dict[str, Any]]] = [("submit", {"declared": True})]
    review = [*submit, ("take_up", {"assignee": the_officer()})]
    refer = [*review, ("refer", referred)]
    accept = {"lead_agency": lead_agency, "decision": "Granted.", "funding_known": True}
    accepted = [*refer, ("accept", accept)]
    under_way = [*accepted, ("start", {"start_on": in_a_month()})]
    told = {"explanation": "Please see the note."}
    ways: dict[str, list[tuple[str, dict[str, Any]]]] = {
        RequestState.DRAFT: [],
        RequestState.SUBMITTED: submit,
        RequestState.IN_REVIEW: review,
        RequestState.RETURNED: [*review, ("return", {"to_correct": "Name the ports."})],
        RequestState.REFERRED: refer,
        RequestState.AWAITING_FUNDS: [*refer, ("accept", {**accept, "funding_known": False})],
        RequestState.ACCEPTED: accepted,
        RequestState.UNDER_WAY: under_way,
        RequestState.COMPLETED: [*under_way, ("complete", {"outcome": "Forty trained."})],
        RequestState.DECLINED: [*refer, ("decline", {"reason": reason(), **told})],
        RequestState.REDIRECTED: [*refer, ("redirect", {"channel": "ncb", **told})],
        RequestState.WITHDRAWN: [*refer, ("withdraw", {"reason": "Solved otherwise."})],
    }
    return ways[RequestState(state)]
