"""What the tests of the search share: asking, and a world in which every kind has rows to leak."""

from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partners.models import PartyAlias
from record.models import NetworkContact
from requests_app.models import SupportRequest
from tests import make
from tests.reading_pages import signed_in
from tests.toolkit import instruments
from toolkit.documents import keep
from toolkit.models import Implementation
from workflow.executor import perform

MARK = "zebramark"  # stands in everything that can be found
KEEPER = "Keeperofnames"  # names and addresses of people, and labels of keys
STATES: dict[str, dict[str, str]] = {
    "published": {},
    "draft": {},
    "withdrawn": {},
    "waiting": {"state": "published", "publish_at": f"{timezone.localdate().year + 1}-12-01 09:00"},
}


def ask(client: Client, q: str, **more: str) -> dict[str, list[str]]:
    """What is found: the addresses by kind, as many as the page counts."""
    page = client.get("/search/", {"q": q, **more})
    assert page.status_code == 200, page.content.decode()
    return {group.key: [one.url for one in shown] for group, shown in page.context["groups"]}


def counts(client: Client, q: str) -> dict[str, int]:
    page = client.get("/search/", {"q": q})
    return {group.key: group.found.total for group, _shown in page.context["groups"]}


@dataclass
class World:
    """The addresses of everything that is there, by kind, and who may ask."""

    addresses: dict[str, set[str]] = field(default_factory=dict)
    readers: dict[str, Client] = field(default_factory=dict)


def world() -> World:
    made = World()
    kenya, viet_nam = make.party("KEN"), make.party("VNM")
    for party, spelling in ((kenya, "kenya"), (viet_nam, "viet nam"), (viet_nam, "vietnam")):
        PartyAlias.objects.create(party=party, written=spelling, spelling=spelling)
    _records(made)
    _cases(made)
    _toolkit(made)
    _people(made)
    return made


def _records(made: World) -> None:
    makers: dict[str, tuple[Any, str, dict[str, Any]]] = {
        "activities": (make.activity, "record:activity", {"title_en": MARK, "at": make.party()}),
        "operations": (make.operation, "record:operation", {"remark_fr": MARK}),
        "news": (make.news_item, "record:news_one", {"text_es": f"Sobre *{MARK}*."}),
        "documents": (make.document, "record:document", {"symbol": MARK}),
        "recognition": (make.recognition, "record:recognition_one", {"asks_en": MARK}),
        "meetings": (make.global_meeting, "record:meeting", {"place": MARK}),
    }
    for kind, (maker, page, said) in makers.items():
        rows = [maker(**{"state": state, **said, **more}) for state, more in STATES.items()]
        made.addresses[kind] = {reverse(page, args=[row.slug]) for row in rows}


def _cases(made: World) -> None:
    """Kenya asked INTERPOL, Viet Nam asked WCO, Peru has submitted one and writes another."""
    cases = [_referred("KEN", "INTERPOL"), _referred("VNM", "WCO")]
    threads = [_talked_about(cases[0], "INTERPOL"), _talked_about(cases[1], "")]
    referrals = [one.referrals.get() for one in cases]
    cases.append(make.request_in("submitted", of=make.party("PER"), situation=f"On {MARK}."))
    made.addresses["requests"] = {one.get_absolute_url() for one in cases}
    made.addresses["referrals"] = {one.get_absolute_url() for one in referrals}
    made.addresses["conversations"] = {one.get_absolute_url() for one in threads}
    make.draft(of=make.party("PER"), situation=f"Not sent: {MARK}.")


def _referred(party: str, agency: str) -> SupportRequest:
    of = make.party(party)
    return make.request_in("referred", of=of, agencies=(agency,), situation=f"On {MARK}.")


def _talked_about(case: SupportRequest, open_to: str) -> Any:
    said = {"subject": "Ports", "text": f"What is known of {MARK}?"}
    perform("ask", case, by=make.the_officer(), data=said)
    thread = case.threads.get()
    if open_to:
        perform("open_to", thread, by=make.the_officer(), data={"agency": make.agency(open_to)})
    return thread


def _toolkit(made: World) -> None:
    """INTERPOL leads Kenya's cycle, of which nothing is public; of Gabon's the plan and a file."""
    closed = make.implementation(make.party("KEN"), make.agency("INTERPOL"))
    opened = make.implementation(make.party("GAB"))
    advice = [make.recommendation(one, "accepted", text=f"On {MARK}.") for one in (closed, opened)]
    advice.append(make.recommendation(opened, text=f"On {MARK}, not accepted."))
    make.publish(opened, with_plan=True, with_documents=True)
    made.addresses["recommendations"] = {one.get_absolute_url() for one in advice}
    made.addresses["files"] = {
        _file(closed, "concerned"), _file(closed, "partners"), _file(opened, "public"),
    }  # fmt: skip
    made.addresses["assessments"] = {_assessment("KEN", "INTERPOL"), _assessment("VNM", "WCO")}


def _file(cycle: Implementation, readers: str) -> str:
    step = cycle.steps.get(position=2)
    by = make.the_officer()
    row = keep(cycle, make.pdf(), by=by, title=f"On {MARK}", readers=readers, step=step)
    return reverse("toolkit:document", args=[cycle.party.code.lower(), cycle.cycle, row.pk])


def _assessment(party: str, agency: str) -> str:
    of = make.party(party)
    one = instruments.draft(of, contact_person=KEEPER, lead_agency=make.agency(agency))
    instruments.answer(one, {1: (2, KEEPER)})
    country = make.someone("focal_point", of, "Focal point")
    perform("submit", one, by=country, data={"not_assessed": "An exercise."})
    return reverse("country_assessment", args=[party.lower(), one.pk])


def _people(made: World) -> None:
    """One of every role; each is called so that a search for people would find them."""
    people = {
        "focal point of Kenya": make.focal_point(make.party("KEN")),
        "contributor of Kenya": make.contributor(make.party("KEN")),
        "viewer of Viet Nam": make.party_viewer(make.party("VNM")),
        "focal point of Bangladesh": make.focal_point(make.party("BGD")),
        "officer of INTERPOL": make.agency_officer(make.agency("INTERPOL")),
        "viewer of WCO": make.agency_viewer(make.agency("WCO")),
        "officer of UNODC": make.agency_officer(make.agency("UNODC")),
        "somebody without a mandate": make.person(),
        "lead": make.lead(),
        "officer": make.officer(),
        "auditor": make.auditor(),
    }
    for person in people.values():
        person.name = f"{KEEPER} of the office"
        person.save(update_fields=["name"])
    make.invitation(name=KEEPER)
    make.access_request(name=KEEPER, office=KEEPER)
    made.readers = {"nobody": Client(), **{who: signed_in(one) for who, one in people.items()}}
    network = make.network(make.party("KEN"))
    NetworkContact.objects.create(
        network=network, office=KEEPER, name=KEEPER, email="keeperofnames@example.org"
    )
