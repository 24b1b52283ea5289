"""The demonstration: every state by the workflow, secrets in one private file, twice is once."""

import json
import re
import stat
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.utils import timezone

from history.models import Check, Event
from history.verify import first_break
from outbox.models import Message
from partners.models import AccessRequest, ApiKey, Invitation, Mandate, Role, Scope, User
from partners.recipients import parties_without_focal_point
from partners.renewal import AHEAD
from record.models import Activity, ActivityPlace, NetworkContact, NewsItem, Picture, Topic
from requests_app import queues
from requests_app.models import (
    Attachment,
    DeliveryReport,
    Note,
    Referral,
    ReferralState,
    RequestState,
    RequestVersion,
    SavedView,
    SupportRequest,
)
from requests_app.readings import readings_of
from requests_app.saved_views import views_of
from tests import make
from toolkit import asof
from toolkit.models import Implementation, Proposal, StepStatus

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(settings, tmp_path) -> Path:
    """A demonstration that has not been loaded yet; gives the path of its file of sign-ins."""
    settings.DEMO = True
    settings.VAR_DIR = tmp_path
    settings.MEDIA_ROOT = tmp_path / "files"
    call_command("load_reference", stdout=StringIO())
    return tmp_path / "demo-accounts.json"


def load() -> None:
    call_command("load_demo", stdout=StringIO())


def sign_ins(file: Path) -> list[dict[str, str | None]]:
    return json.loads(file.read_text())


def everything_there_is() -> dict[str, list[dict[str, object]]]:
    models = (
        User, Mandate, Invitation, AccessRequest, ApiKey, SupportRequest, RequestVersion, Referral,
        Attachment,
        Implementation, StepStatus, Event, Message, Note, SavedView, Check,
        NewsItem, Activity, ActivityPlace, Picture, Topic, NetworkContact,
    )  # fmt: skip
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_without_demo_nothing_is_loaded(demo, settings):
    settings.DEMO = False
    before = everything_there_is()

    with pytest.raises(CommandError, match="set DEMO=1"):
        load()

    assert everything_there_is() == before
    assert not demo.exists()


def test_reference_data_comes_first(settings, tmp_path):
    settings.DEMO = True
    settings.VAR_DIR = tmp_path

    with pytest.raises(CommandError, match="reference data first"):
        load()


def test_requests_stand_in_every_state_and_their_history_says_how_they_came_there(demo):
    load()

    assert set(SupportRequest.objects.values_list("state", flat=True)) == set(RequestState)
    assert set(Referral.objects.values_list("state", flat=True)) == set(ReferralState)
    for model, first in ((SupportRequest, RequestState.DRAFT), (Referral, "")):
        for row in model.objects.all():
            assert way_of(row, first)[-1] == row.state, row
    assert first_break() is None
    assert set(SupportRequest.objects.values_list("language", flat=True)) == {"en", "fr", "es"}


def way_of(row: SupportRequest | Referral, first: str) -> list[str]:
    """The states that history tells of, each reached from the one before."""
    way = [first]
    for event in Event.objects.about(row):
        before, after = event.changes.get("state", [way[-1], way[-1]])
        assert before == way[-1]
        way.append(after)
    return way


def test_an_accepted_toolkit_request_opened_an_implementation_that_stays_private(demo):
    load()

    opened = Implementation.objects.exclude(support_request=None).get()
    assert (opened.party.code, opened.support_request.state) == ("BGD", RequestState.ACCEPTED)
    assert dict(opened.steps.exclude(state="not_started").values_list("step", "state")) == {
        "request": "done",
        "nomination_of_focal_point": "done",
        "preparatory_work": "under_way",
    }
    public = asof.table(AnonymousUser(), timezone.now().date())
    assert opened not in [row.implementation for row in public]
    assert len(public) == 17


def test_everybody_can_sign_in_and_every_agency_has_a_key(demo):
    load()

    rows = sign_ins(demo)
    assert sorted((row["role"], row["body"]) for row in rows) == sorted(
        [
            ("lead", "CITES Secretariat"),
            ("officer", "CITES Secretariat"),
            ("officer", "CITES Secretariat"),
            ("auditor", "CITES Secretariat"),
            ("contributor", "Kenya"),
            ("deputy", "Kenya"),
            ("viewer", "Kenya"),
            *(("focal_point", name) for name in PARTIES),
            *(("officer", name) for name in AGENCIES),
        ]
    )
    for row in rows:
        assert list(row) == ["role", "body", "email", "password", "api_key"]
        assert row["email"].endswith("@example.org")
        assert signed_in(row) == row["email"]
    keys = {row["body"]: ApiKey.objects.for_token(row["api_key"]) for row in rows if row["api_key"]}
    assert {body: key.agency.name_en for body, key in keys.items()} == {n: n for n in AGENCIES}
    assert [sorted(key.scopes) for key in keys.values()] == [sorted(Scope.values)] * 4
    assert stat.S_IMODE(demo.stat().st_mode) == 0o600


def test_somebody_is_invited_somebody_asks_and_one_party_has_a_gap(demo):
    load()

    invited = [(str(one), one.state) for one in Invitation.objects.open()]
    assert invited == [("customs.kenya@example.org: contributor, Kenya", "sent")]
    asked = [(str(one), one.state) for one in AccessRequest.objects.all()]
    assert asked == [("authority.nepal@example.org: focal point, Nepal", "confirmed")]
    assert [one.code for one in parties_without_focal_point()] == ["TGO"]
    soon = Mandate.objects.to_confirm(timezone.now().date() + AHEAD)
    assert [str(one.user) for one in soon] == ["Viewer, Kenya"]
    deputy = Mandate.objects.in_force().get(stands_in_for__isnull=False)
    assert (str(deputy.user), str(deputy.stands_in_for.user)) == (
        "Deputy, Kenya", "Focal point, Kenya",
    )  # fmt: skip


PARTIES = ("Kenya", "Bangladesh", "Viet Nam", "Gabon", "Peru")
AGENCIES = ("INTERPOL", "UNODC", "World Bank", "WCO")


def signed_in(row: dict[str, str | None]) -> str | None:
    user = authenticate(None, email=row["email"], password=row["password"])
    return user.email if user else None


def test_loading_again_changes_nothing(demo):
    load()
    before, file = everything_there_is(), demo.read_bytes()

    load()

    assert everything_there_is() == before
    assert demo.read_bytes() == file


def test_when_the_file_is_lost_new_secrets_are_set_and_old_ones_are_dead(demo):
    load()
    old, requests = sign_ins(demo), list(SupportRequest.objects.order_by("pk").values())
    demo.unlink()

    load()

    new = sign_ins(demo)
    assert [row["email"] for row in new] == [row["email"] for row in old]
    assert [signed_in(row) for row in new] == [row["email"] for row in new]
    assert [row["email"] for row in old if signed_in(row)] == []
    assert all(ApiKey.objects.for_token(row["api_key"]) for row in new if row["api_key"])
    assert not any(ApiKey.objects.for_token(row["api_key"]) for row in old if row["api_key"])
    assert list(SupportRequest.objects.order_by("pk").values()) == requests


def test_where_somebody_leads_already_the_demonstration_is_granted_by_that_lead(demo):
    appoint("first@example.org")

    load()

    granted_by = Mandate.objects.filter(user__email="lead@example.org").values("granted_by__email")
    assert granted_by.get() == {"granted_by__email": "first@example.org"}
    assert set(SupportRequest.objects.values_list("state", flat=True)) == set(RequestState)


def test_mail_is_owed_to_each_in_their_language(demo):
    load()

    def languages(login: str) -> set[str]:
        owed = Message.objects.filter(address=f"{login}@example.org")
        return set(owed.values_list("language", flat=True))

    assert languages("focal-point.gabon") == {"fr"}
    assert languages("focal-point.peru") == {"es"}
    assert languages("officer.wco") == {"en"}


def test_the_desk_of_the_demonstration_has_something_in_every_queue(demo):
    load()

    officer = User.objects.get(email="officer-a@example.org")
    assert [queue.key for queue in queues.QUEUES if not queue.of(officer).exists()] == []
    overdue = queues.BY_KEY["overdue"].of(officer).order_by("draft_key")
    assert [one.draft_key for one in overdue] == ["DRAFT-SAMPGAB3", "DRAFT-SAMPPER3"]
    assert [view.name for view in views_of(officer)] == [
        "Mine, waiting for partners", "Urgent and open",
    ]  # fmt: skip
    call_command("recompute_clock", "--check", stdout=StringIO())
    # Of the Toolkit, too: moves to be confirmed, a date that is past, documents.
    waits = Proposal.objects.order_by("pk").values_list("step__implementation__party__code")
    assert [code for (code,) in waits] == ["KEN", "VNM"]
    late = StepStatus.objects.get(state="under_way", expected_on__lt=timezone.now().date())
    assert (late.implementation.party.code, late.documents.count()) == ("KEN", 1)
    call_command("recompute_tracker", "--check", stdout=StringIO())


def test_one_request_of_the_demonstration_shows_all_that_the_desk_keeps_of_it(demo):
    load()

    case = SupportRequest.objects.get(draft_key="DRAFT-SAMPKEN4")
    answers = dict(case.referrals.values_list("agency__code", "state"))
    assert answers == {"WCO": "accepted", "UNODC": "sent", "INTERPOL": "recalled", "WB": "declined"}
    assert [sorted(one.mentions.values_list("email", flat=True)) for one in case.notes.all()] == [
        ["officer-a@example.org"], ["lead@example.org", "officer-b@example.org"],
    ]  # fmt: skip
    assert dict(case.assessments.values_list("criterion__key", "mark")) == {
        "urgency": "partly", "readiness": "yes", "funds": "unknown", "partners_present": "yes",
    }  # fmt: skip
    assert {file.name: file.is_confidential for file in case.attachments.all()} == {
        "letter.pdf": False, "list-of-ports.pdf": True,
    }  # fmt: skip
    assert [(one.changes["name"], one.actor_name) for one in readings_of(case)] == [
        ("list-of-ports.pdf", "Secretariat lead"),
        ("list-of-ports.pdf", "Secretariat officer A"),
    ]
    # What the WCO's own system asked and sent.
    question = case.threads.latest("pk").posts.get()
    assert (question.author, question.body) == (None, "WCO")
    sent = case.all_files.exclude(agency=None).values_list("name", "agency__code", "added_by")
    assert list(sent) == [("mission-plan.pdf", "WCO", None)]
    reported = DeliveryReport.objects.values_list("referral__agency__code").order_by("pk")
    assert [code for (code,) in reported] == ["INTERPOL", "WB"]
    released = SupportRequest.objects.get(draft_key="DRAFT-SAMPBGD5")
    assert (released.state, released.assignee) == ("in_review", None)
    asked = SupportRequest.objects.get(draft_key="DRAFT-SAMPBGD3")
    assert (asked.waits_for, asked.due_at) == ("country", None)


def test_the_public_record_of_the_demonstration_says_that_it_is_made_up(demo, client):
    load()

    made_up = {"source": "Made up for this demonstration"}
    news = NewsItem.objects.filter(**made_up)
    assert [one.slug for one in news.public()] == [
        "demo-regional-workshop", "demo-course-for-customs-officers", "demo-only-in-english",
    ]  # fmt: skip
    hidden = news.exclude(pk__in=news.public()).order_by("pk").values_list("slug", "state")
    assert dict(hidden) == {
        "demo-draft": "draft", "demo-to-be-published": "published", "demo-withdrawn": "withdrawn",
    }  # fmt: skip
    activities = Activity.objects.filter(**made_up)
    assert set(activities.values_list("stage", flat=True)) == set(Activity.Stage)
    assert all(one.title.startswith("Example: ") for one in [*news, *activities])
    assert all(one.email.endswith("@example.org") for one in NetworkContact.objects.all())
    page = client.get("/news/demo-course-for-customs-officers/").content.decode()
    for words in ("Example: customs officers", "A drawing for demonstration", "Made up for this"):
        assert words in page
    assert b"example.org" not in client.get("/networks/sawen/").content
    assert client.get("/news/demo-draft/").status_code == 404
    assert client.get("/news/demo-to-be-published/").status_code == 404


def test_letters_are_real_pdf_files(demo):
    load()

    letters = Attachment.objects.filter(kind="letter")
    assert letters.count() == 14
    for letter in letters:
        content = letter.file.read()
        start = int(re.search(rb"startxref\n(\d+)\n%%EOF\n$", content)[1])
        assert content[start:].startswith(b"xref\n")
        for number, offset in enumerate(re.findall(rb"(\d{10}) 00000 n ", content), 1):
            assert content[int(offset) :].startswith(b"%d 0 obj" % number)


# ── the first lead of a real installation ────────────────────────────────────────────────────


def appoint(email: str, *options: str) -> str:
    said = StringIO()
    call_command("appoint_lead", email, *options, stdout=said)
    return said.getvalue()


def test_the_first_lead_is_appointed_by_nobody_and_chooses_a_password_by_mail(client):
    make.secretariat()

    said = appoint("Lead@Example.org", "--name", "Lead, CITES Secretariat")

    lead = User.objects.get()
    assert (lead.email, lead.has_usable_password()) == ("lead@example.org", False)
    mandate = lead.mandates.get()
    assert (mandate.role, mandate.granted_by) == (Role.LEAD, None)
    assert Event.objects.about(mandate).get().actor_kind == "system"
    address = re.search(r"http://testserver(/\S+)", said)[1]
    client.post(address, {"email": "lead@example.org"})
    assert Message.objects.get().address == "lead@example.org"


def test_a_second_lead_is_granted_by_the_first_and_not_appointed():
    make.lead()

    with pytest.raises(CommandError, match="has a lead already"):
        appoint("second@example.org")

    assert not User.objects.filter(email="second@example.org").exists()


@pytest.mark.parametrize("address", ["no address", "", "a@b@c"])
def test_what_is_no_address_is_refused_in_a_sentence(address):
    make.secretariat()

    with pytest.raises(CommandError, match="is not an e-mail address"):
        appoint(address)


def test_without_reference_data_there_is_nothing_to_lead():
    with pytest.raises(CommandError, match="Load the reference data first"):
        appoint("lead@example.org")
