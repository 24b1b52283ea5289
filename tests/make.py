"""The cast and the cases of the tests. Cases are made by running the workflow: legal data only.

Say what a test is about; everything else is filled in.
"""

from datetime import date, timedelta
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from history.models import Event
from outbox.models import Message
from partners import asking
from partners.inviting import invite
from partners.links import Bearer
from partners.models import (
    AccessRequest,
    Agency,
    ApiKey,
    Invitation,
    Mandate,
    Party,
    Region,
    Role,
    Scope,
    User,
)
from requests_app import drafts
from requests_app.completeness import questions_for
from requests_app.models import (
    Attachment,
    Criterion,
    Reason,
    Referral,
    RequestState,
    Support,
    SupportRequest,
    Thread,
)
from requests_app.questions import Question, Shape
from requests_app.working_copy import COLUMNS
from toolkit.models import Document, Implementation, Recommendation, StepStatus
from toolkit.workflow import open_implementation
from webhooks.models import Webhook
from webhooks.payload import new_secret
from workflow.executor import perform
from workflow.guard import may_write
from workflow.sealing import seal

PASSWORD = "correct horse battery"
_NAMES = {
    "KEN": "Kenya",
    "VNM": "Viet Nam",
    "BGD": "Bangladesh",
    "PER": "Peru",
    "GAB": "Gabon",
}
_ISO2 = {"KEN": "KE", "VNM": "VN", "BGD": "BD", "PER": "PE", "GAB": "GA"}
_numbers = count(1)


# ── bodies ───────────────────────────────────────────────────────────────────────────────────


def party(code: str = "KEN") -> Party:
    region, _made = Region.objects.get_or_create(
        key="africa", defaults={"name_en": "Africa", "name_fr": "Afrique", "name_es": "África"}
    )
    name = _NAMES.get(code, code)
    made, _made = Party.objects.get_or_create(
        code=code,
        defaults={
            "iso2": _ISO2.get(code, code[:2]),
            "region": region,
            "name_en": name,
            "name_fr": name,
            "name_es": name,
        },
    )
    return made


def agency(code: str = "INTERPOL") -> Agency:
    names = dict.fromkeys(("name_en", "name_fr", "name_es"), code)
    made, _made = Agency.objects.get_or_create(
        code=code,
        defaults={
            **names,
            "full_name_en": code,
            "seat": "Lyon",
            "is_coordinator": code == "CITES",
        },
    )
    return made


def secretariat() -> Agency:
    return agency("CITES")


def support(key: str = "basic_training", **fields: Any) -> Support:
    names = dict.fromkeys(("name_en", "name_fr", "name_es"), key.replace("_", " ").capitalize())
    defaults = {
        **names,
        "asks": {"toolkit": "toolkit", "wist": "incident"}.get(key, "general"),
        "opens_toolkit": key == "toolkit",
        "letter_may_follow": key == "wist",
        **fields,
    }
    made, _made = Support.objects.get_or_create(key=key, defaults=defaults)
    return made


def reason(key: str = "outside_mandate") -> Reason:
    names = dict.fromkeys(("name_en", "name_fr", "name_es"), "Outside the mandate of ICCWC")
    made, _made = Reason.objects.get_or_create(key=key, defaults=names)
    return made


def criterion(key: str = "readiness") -> Criterion:
    names = dict.fromkeys(("name_en", "name_fr", "name_es"), key.capitalize())
    made, _made = Criterion.objects.get_or_create(key=key, defaults=names)
    return made


# ── people ───────────────────────────────────────────────────────────────────────────────────


def person(name: str = "", language: str = "en", **fields: Any) -> User:
    """Somebody who can sign in with PASSWORD and holds no mandate."""
    number = next(_numbers)
    return User.objects.create_user(
        fields.pop("email", f"person{number}@example.org"),
        PASSWORD,
        name=name or f"Person {number}",
        language=language,
        **fields,
    )


def mandate(user: User, role: str, body: Party | Agency, **fields: Any) -> Mandate:
    which = {"party": body} if isinstance(body, Party) else {"agency": body}
    return Mandate.objects.create(user=user, role=role, **which, **fields)


def _holder(role: str, body: Party | Agency, title: str, language: str = "en") -> User:
    user = person(f"{title}, {body.name_en}", language)
    mandate(user, role, body)
    return user


def focal_point(of: Party | None = None, language: str = "en") -> User:
    return _holder(Role.FOCAL_POINT, of or party(), "Focal point", language)


def contributor(of: Party | None = None) -> User:
    return _holder(Role.CONTRIBUTOR, of or party(), "Contributor")


def party_viewer(of: Party | None = None) -> User:
    return _holder(Role.VIEWER, of or party(), "Viewer")


def lead(language: str = "en") -> User:
    return _holder(Role.LEAD, secretariat(), "Lead", language)


def officer() -> User:
    return _holder(Role.OFFICER, secretariat(), "Officer")


def auditor() -> User:
    return _holder(Role.AUDITOR, secretariat(), "Auditor")


def agency_officer(of: Agency | None = None, language: str = "en") -> User:
    return _holder(Role.OFFICER, of or agency(), "Officer", language)


def agency_viewer(of: Agency | None = None) -> User:
    return _holder(Role.VIEWER, of or agency(), "Viewer")


def api_key(of: Agency | None = None, scopes: "list[str] | None" = None) -> tuple[ApiKey, str]:
    """A key of the agency and the token that opens it; every scope when none is named."""
    key = ApiKey(agency=of or agency(), label="Case system", scopes=scopes or list(Scope.values))
    token = key.set_new_secret()
    key.save()
    return key, token


def webhook(of: Agency | None = None, state: str = "active", label: str = "Case system") -> Webhook:
    """A webhook that an officer of the agency made, to an address that nobody calls."""
    made = Webhook(
        agency=of or agency(), label=label, url="https://receiver.example.org/", state=state
    )
    made.secret = seal(new_secret())
    with may_write("state"):
        made.save()
    return made


def deputy(of: User, until: date | None = None) -> User:
    """Somebody who stands in for that focal point, for a month unless said otherwise."""
    own = of.mandates.get(role=Role.FOCAL_POINT)
    user = person(f"Deputy of {of.name}")
    until = until or in_a_month()
    mandate(user, Role.FOCAL_POINT, own.party, stands_in_for=own, until_on=until)
    return user


def invitation(by: User | None = None, **said: Any) -> Invitation:
    """An invitation to be a contributor of Kenya, sent by its focal point."""
    body = said.pop("body", None) or party()
    by = by or _someone(Role.FOCAL_POINT, party(), "Focal point")
    which = {"party": body} if isinstance(body, Party) else {"agency": body}
    told = {
        "email": f"invited{next(_numbers)}@example.org",
        "name": "Somebody invited",
        "language": "en",
        "role": Role.CONTRIBUTOR,
    }
    return invite(by=by, **which, **told | said)


def access_request(confirmed: bool = True, **said: Any) -> AccessRequest:
    """Somebody asks to be the focal point of Kenya."""
    asked = {
        "email": f"asks{next(_numbers)}@example.org",
        "name": "Somebody who asks",
        "language": "en",
        "role": Role.FOCAL_POINT,
        "party": party(),
        "office": "Management Authority",
        "why": "The Authority has named me.",
    }
    made = asking.ask(**asked | said)
    if confirmed:
        perform("confirm", made, by=Bearer(made.nonce))
    return made


def link_to(address: str) -> str:
    """The path of the link in the newest message to that address."""
    text = Message.objects.filter(address=address).latest("pk").text
    return next(word for word in text.split() if word.startswith("http")).partition("testserver")[2]


# ── cases ────────────────────────────────────────────────────────────────────────────────────


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
    by = by or _someone(Role.FOCAL_POINT, of, "Focal point")
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


def in_a_month() -> date:
    return timezone.now().date() + timedelta(days=30)


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
    by = by or _someone(Role.FOCAL_POINT, of, "Focal point")
    made = draft(by, of, support_key, **answers)
    for action, data in _way_to(state, agencies):
        perform(action, made, by=_who_does(action, by), data=data)
    return made


def referral(of: Agency | None = None, state: str = "sent", **fields: Any) -> Referral:
    """A referral to the agency, of a request that is referred to it alone."""
    of = of or agency()
    case = request_in(RequestState.REFERRED, agencies=(of.code,), **fields)
    made = case.referrals.get()
    somebody = _someone(Role.OFFICER, of, "Officer")
    steps: dict[str, list[tuple[str, dict[str, Any], Any]]] = {
        "sent": [],
        "accepted": [("accept", {}, somebody)],
        "declined": [("decline", {"reason": "No staff this year."}, somebody)],
        "recalled": [("recall", {"reason": "Sent in error."}, the_officer())],
    }
    steps["delivering"] = [*steps["accepted"], ("start", {"start_on": in_a_month()}, somebody)]
    steps["delivered"] = [
        *steps["delivering"],
        ("deliver", {"ended_on": timezone.localdate(), "outcome": "Course held."}, somebody),
    ]
    for action, data, actor in steps[state]:
        perform(action, made, by=actor, data=data)
    return made


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
        writer = _someone(Role.FOCAL_POINT, case.party, "Focal point")
        perform("reply", made, by=writer, data={"text": "All of them."})
    if state == "closed":
        perform("close", made, by=the_officer())
    return made


def implementation(of: Party | None = None, lead_agency: Agency | None = None) -> Implementation:
    """A Toolkit cycle with step 1 done, not public."""
    return open_implementation(
        of or party(),
        requested_on=date(2026, 1, 15),
        by=the_officer(),
        lead_agency=lead_agency,
    )


def move(
    step: StepStatus, state: str, on: "date | None" = None, precision: str = "day", **said: Any
) -> Event:
    """A step moved as people do it: an officer proposes, a lead confirms."""
    note = said.pop("note", "Agreed with the country.")
    day = on or timezone.now().date()
    data = {"state": state, "effective_on": day, "precision": precision, "note": note, **said}
    perform("propose", step, by=the_officer(), data=data)
    return perform("confirm", step, by=the_lead())


def correct(
    step: StepStatus, state: str, on: "date | None" = None, precision: str = "day", **said: Any
) -> Event:
    """The record of a step corrected: an officer proposes, a lead confirms."""
    day = on or timezone.now().date()
    data = {"state": state, "effective_on": day, "precision": precision, "reason": "Misread."}
    perform("propose_correction", step, by=the_officer(), data={**data, **said})
    return perform("confirm", step, by=the_lead())


def publish(cycle: Implementation, by: "User | None" = None, **said: Any) -> Event:
    """The country consents to the publication of the cycle, the action plan and files left out."""
    writer = by or _someone(Role.FOCAL_POINT, cycle.party, "Focal point")
    data = {"with_plan": False, "with_documents": False, **said}
    return perform("publish", cycle, by=writer, data=data)


def recommendation(cycle: Implementation, state: str = "proposed", **fields: Any) -> Recommendation:
    """A recommendation of the cycle's action plan, brought to `state` by those entitled."""
    entered = {
        "part": "legislation",
        "text": "Revise the schedule of penalties.",
        "priority": "medium",
        **fields,
    }
    perform("recommend", cycle, by=the_officer(), data=entered)
    made = cycle.recommendations.latest("pk")
    country = _someone(Role.FOCAL_POINT, cycle.party, "Focal point")
    begun: list[tuple[str, dict[str, Any], User]] = [("accept", {}, country)]
    under_way = [*begun, ("start", {"note": "A committee sits."}, country)]
    done = [*under_way, ("finish", {"outcome": "Revised.", "evidence": "Act 4."}, country)]
    ways = {
        "proposed": [],
        "accepted": begun,
        "under_way": under_way,
        "done": done,
        "verified": [*done, ("verify", {}, the_officer())],
        "not_accepted": [("refuse", {"reason": "Done before."}, country)],
    }
    if state == "superseded":
        successor = recommendation(cycle, text="In its place.")
        because = {"by": successor, "reason": "Two in one."}
        ways[state] = [("supersede", because, the_officer())]
    for action, data, actor in ways[state]:
        perform(action, made, by=actor, data=data)
    return made


def evidence(recommendation: Recommendation, readers: str = "concerned") -> Document:
    """A file with which the country shows how far a recommendation under way is."""
    country = _someone(Role.FOCAL_POINT, recommendation.implementation.party, "Focal point")
    said = {"note": "Half.", "file": pdf("evidence.pdf"), "readers": readers}
    perform("report", recommendation, by=country, data=said)
    return recommendation.documents.latest("pk")


def the_lead() -> User:
    return _someone(Role.LEAD, secretariat(), "Lead")


def the_officer() -> User:
    return _someone(Role.OFFICER, secretariat(), "Officer")


def _someone(role: str, body: Party | Agency, title: str) -> User:
    """The first holder of the role, or a new one: a case needs one, not one more each time."""
    which = {"party": body} if isinstance(body, Party) else {"agency": body}
    held = Mandate.objects.in_force().filter(role=role, **which).select_related("user").first()
    return held.user if held else _holder(role, body, title)


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
