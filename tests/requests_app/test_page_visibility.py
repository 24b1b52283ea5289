"""Who sees what on the pages, with data present that could leak."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from history.models import Event
from requests_app.timeline import about_request, events_visible_to, open_changes
from tests import make
from tests.reading_pages import page, signed_in, table_rows, timeline
from workflow.executor import perform

pytestmark = pytest.mark.django_db

NOTE = "Note for the agencies alone."
ANSWER = "INTERPOL answers in confidence."


@pytest.fixture
def case() -> SimpleNamespace:
    """Kenya's request at INTERPOL and WCO, recalled from UNODC; INTERPOL has answered."""
    kenya, interpol, wco = make.party("KEN"), make.agency("INTERPOL"), make.agency("WCO")
    unodc = make.agency("UNODC")
    country = make.focal_point(kenya)
    mine = make.request_in("in_review", of=kenya, by=country)
    perform(
        "refer",
        mine,
        by=make.the_officer(),
        data={
            "agencies": [interpol, wco, unodc],
            "note": NOTE,
            "answer_due_on": make.in_a_month(),
        },
    )
    at = {referral.agency.code: referral for referral in mine.referrals.all()}
    interpols = make.agency_officer(interpol)
    perform("accept", at["INTERPOL"], by=interpols, data={"comment": ANSWER})
    perform("recall", at["UNODC"], by=make.the_officer(), data={"reason": "Not needed."})
    perform("advise", mine, by=make.the_officer(), data={"advice": "Advice to Kenya."})
    return SimpleNamespace(
        mine=mine,
        draft=make.draft(country, kenya, situation="A secret draft."),
        foreign=make.request_in("referred", of=make.party("VNM"), agencies=("UNODC",)),
        letter=mine.attachments.get(),
        at=at,
        people={
            "focal point": country,
            "viewer": make.party_viewer(kenya),
            "other country": make.focal_point(make.party("VNM")),
            "INTERPOL": interpols,
            "WCO": make.agency_officer(wco),
            "UNODC": make.agency_officer(unodc),
            "World Bank": make.agency_officer(make.agency("WB")),
            "officer": make.the_officer(),
            "auditor": make.auditor(),
            "stranger": make.person(),
        },
    )


def test_lists_show_each_reader_their_own_and_nothing_else(case):
    listed = {
        name: {row[0] for row in table_rows(signed_in(user).get("/requests/"), "requests")}
        for name, user in case.people.items()
    }
    mine, draft, foreign = case.mine.reference, case.draft.draft_key, case.foreign.reference
    assert listed == {
        "focal point": {mine, draft},
        "viewer": {mine, draft},
        "other country": {foreign},
        "INTERPOL": {mine},
        "WCO": {mine},
        "UNODC": {foreign},
        "World Bank": set(),
        "officer": {mine, foreign},
        "auditor": {mine, foreign},
        "stranger": set(),
    }


def test_what_may_not_be_seen_is_not_found_at_any_address(case):
    addresses = [
        reverse("requests:detail", args=[case.mine.reference]),
        reverse("requests:edit", args=[case.mine.reference]),
        reverse("requests:action", args=[case.mine.reference, "withdraw"]),
        reverse("requests:attachment", args=[case.mine.reference, case.letter.pk]),
        reverse("requests:detail", args=[case.draft.draft_key]),
    ]
    for name in ("other country", "UNODC", "World Bank", "stranger"):
        client = signed_in(case.people[name])
        assert {client.get(address).status_code for address in addresses} == {404}
    for name in ("officer", "INTERPOL"):
        assert signed_in(case.people[name]).get(addresses[-1]).status_code == 404
    anonymous = [Client().get(address) for address in addresses]
    assert {answer.headers["Location"].partition("?")[0] for answer in anonymous} == {
        reverse("account_login")
    }


def test_a_party_sees_that_referrals_move_and_neither_notes_nor_answers(case):
    read = signed_in(case.people["focal point"]).get(case.mine.get_absolute_url())

    assert [row[:2] for row in table_rows(read, "referrals")] == [
        ["INTERPOL", "Accepted by the agency"],
        ["WCO", "Waiting for an answer"],
        ["UNODC", "Recalled"],
    ]
    assert timeline(read) == [
        "Advised on next steps",
        "Recalled by the Secretariat (UNODC)",
        "Accepted by the agency (INTERPOL)",
        "Referred to agencies",
        "Sent to the agency (UNODC)",
        "Sent to the agency (WCO)",
        "Sent to the agency (INTERPOL)",
        "Taken up by the Secretariat",
        "Submitted",
    ]
    assert "Advice to Kenya." in page(read)
    for secret in (NOTE, ANSWER, "Not needed."):
        assert secret not in read.content.decode()


def test_an_agency_sees_its_own_referral_and_no_word_of_the_others(case):
    client = signed_in(case.people["WCO"])
    read = client.get(case.mine.get_absolute_url())
    inbox = client.get(case.at["WCO"].get_absolute_url())

    assert [row[0] for row in table_rows(read, "referrals")][:1] == ["WCO"]
    for answer in (read, inbox):
        assert timeline(answer) == ["Sent to the agency (WCO)", "Submitted"]
        assert NOTE in page(answer)
        for secret in (ANSWER, "INTERPOL", "UNODC", "Advice to Kenya."):
            assert secret not in page(answer)
    assert client.get(case.at["INTERPOL"].get_absolute_url()).status_code == 404


def test_the_inbox_is_for_agencies_alone(case):
    own = {
        name: [row[0] for row in table_rows(signed_in(user).get("/inbox/"), "referrals")]
        for name, user in case.people.items()
    }
    assert {name: rows for name, rows in own.items() if rows} == {
        "INTERPOL": [case.mine.reference],
        "WCO": [case.mine.reference],
        "UNODC": [case.foreign.reference],
    }
    for name in ("focal point", "officer", "WCO"):
        client = signed_in(case.people[name])
        assert client.get(case.at["INTERPOL"].get_absolute_url()).status_code == 404


def test_the_secretariat_sees_every_word(case):
    read = page(signed_in(case.people["auditor"]).get(case.mine.get_absolute_url()))

    for said in (NOTE, ANSWER, "Not needed.", "Advice to Kenya."):
        assert said in read


def test_once_accepted_the_agencies_read_the_decision(case):
    decision = {"lead_agency": make.agency("WCO"), "decision": "Granted.", "funding_known": False}
    perform("accept", case.mine, by=make.the_lead(), data=decision)
    perform("fund", case.mine, by=make.the_lead(), data={"source_of_funds": "Trust fund"})

    seen = {
        name: timeline(signed_in(case.people[name]).get(case.mine.get_absolute_url()))[:2]
        for name in ("INTERPOL", "WCO")
    }

    assert seen == {
        "INTERPOL": ["Accepted", "Accepted by the agency (INTERPOL)"],
        "WCO": ["Funding found", "Accepted"],
    }


def test_the_feed_and_the_timeline_follow_one_rule(case):
    kinds = {
        name: list(events_visible_to(user).order_by("pk").values_list("kind", flat=True))
        for name, user in case.people.items()
    }
    assert kinds["WCO"] == ["requests.submit", "referrals.sent"]
    assert kinds["INTERPOL"] == ["requests.submit", "referrals.sent", "referrals.accept"]
    # Of the case that was recalled from it, and of the other one.
    assert kinds["UNODC"] == [
        "referrals.sent", "referrals.recall", "requests.submit", "referrals.sent"
    ]  # fmt: skip
    assert kinds["World Bank"] == kinds["stranger"] == []
    assert (
        len(kinds["officer"])
        == Event.objects.filter(subject_type__startswith="requests_app.").count()
    )
    events = events_visible_to(case.people["viewer"])
    told = open_changes(events, case.people["viewer"])
    assert {name for changes in told.values() for name in changes} & {"note", "answer"} == set()


def test_an_attachment_is_given_to_its_country_and_the_secretariat_and_once_opened_to_the_agencies(
    case,
):
    address = reverse("requests:attachment", args=[case.mine.reference, case.letter.pk])

    def given() -> set[str]:
        statuses = {who: signed_in(one).get(address).status_code for who, one in readers.items()}
        return {who for who, status in statuses.items() if status == 200}

    readers = case.people
    assert given() == {"focal point", "viewer", "officer", "auditor"}
    make.open_files(case.mine)
    assert given() == {"focal point", "viewer", "INTERPOL", "WCO", "officer", "auditor"}


def test_an_attachment_comes_as_a_download_only(case):
    address = reverse("requests:attachment", args=[case.mine.reference, case.letter.pk])
    answer = signed_in(case.people["viewer"]).get(address)
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")
    headers = ("Content-Disposition", "X-Content-Type-Options", "Cache-Control", "Content-Type")
    assert [answer.headers[name] for name in headers] == [
        'attachment; filename="letter.pdf"', "nosniff", "private, no-store", "application/pdf"
    ]  # fmt: skip


def test_an_attachment_is_not_found_under_another_request(case):
    address = reverse("requests:attachment", args=[case.draft.draft_key, case.letter.pk])

    assert signed_in(case.people["focal point"]).get(address).status_code == 404


def test_a_viewer_reads_and_cannot_write(case):
    client = signed_in(case.people["viewer"])

    assert client.get(reverse("requests:new")).status_code == 403
    assert client.get(reverse("requests:edit", args=[case.draft.draft_key])).status_code == 403
    assert client.get(case.draft.get_absolute_url()).context["actions"] == []


def test_a_party_does_not_read_that_an_agency_had_to_be_reminded() -> None:
    referral = make.referral()
    case, focal = referral.support_request, make.focal_point()
    perform("remind", referral, by=make.the_officer())
    kinds = {event.kind for event in about_request(case, focal)}
    assert kinds >= {"requests.submit", "referrals.sent"}
    assert "referrals.remind" not in kinds
    assert "referrals.remind" in {event.kind for event in about_request(case, make.the_officer())}
