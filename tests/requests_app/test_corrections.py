"""What a country corrects is its own until it submits again."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from requests_app import drafts
from tests import make
from tests.reading_pages import page, signed_in
from workflow.executor import perform

pytestmark = pytest.mark.django_db


@pytest.fixture
def case() -> Any:
    """Referred to INTERPOL, withdrawn, reopened and returned; now Kenya rewrites it."""
    country = make.focal_point()
    case = make.request_in("withdrawn", by=country, urgency_reason="A fair opens soon.")
    perform("reopen", case, by=make.the_lead(), data={"reason": "New facts."})
    perform("return", case, by=make.the_officer(), data={"to_correct": "Name the ports."})
    make.open_files(case)
    make.support("mentoring")
    drafts.write(
        case,
        by=country,
        answers={"support": "mentoring", "urgency": "critical", "language": "fr"},
    )
    drafts.attach(case, make.pdf("unsent.pdf"), "other", by=country)
    case.refresh_from_db()
    return case


def at_the_doors(case: Any, reader: Client) -> dict[str, Any]:
    """What one reader of the API is told of the corrected things, wherever they are told."""
    detail = reader.get(f"/api/v1/requests/{case.handle}/").json()
    files = [reverse("api:attachment", args=[case.handle, one.pk]) for one in files_of(case)]
    (row,) = reader.get("/api/v1/requests/").json()["results"]
    (referral,) = reader.get("/api/v1/referrals/").json()["results"]
    answers = detail["answers"]
    return {
        "detail": (detail["support"]["key"], detail["urgency"], detail["language"]),
        "answers": (answers["support"], answers["urgency"], answers["language"]),
        "row": (row["support"]["key"], row["urgency"], row["language"]),
        "referral": (referral["request"]["support"]["key"], referral["request"]["urgency"]),
        "critical": len(reader.get("/api/v1/requests/?urgency=critical").json()["results"]),
        "mentoring": len(reader.get("/api/v1/requests/?support=mentoring").json()["results"]),
        "files": [one["name"] for one in detail["attachments"]],
        "downloads": [reader.get(address).status_code for address in files],
    }


def files_of(case: Any) -> Any:
    return case.attachments.order_by("pk")


BEFORE = {
    "detail": ("basic_training", "normal", "en"),
    "answers": ("basic_training", "normal", "en"),
    "row": ("basic_training", "normal", "en"),
    "referral": ("basic_training", "normal"),
    "critical": 0,
    "mentoring": 0,
    "files": ["letter.pdf"],
    "downloads": [200, 404],
}
AFTER = {
    "detail": ("mentoring", "critical", "fr"),
    "answers": ("mentoring", "critical", "fr"),
    "row": ("mentoring", "critical", "fr"),
    "referral": ("mentoring", "critical"),
    "critical": 1,
    "mentoring": 1,
    "files": ["letter.pdf", "unsent.pdf"],
    "downloads": [200, 200],
}


def test_others_read_the_last_submission_until_there_is_a_new_one(case: Any) -> None:
    readers = {
        "key": Client(headers={"authorization": f"Api-Key {make.api_key()[1]}"}),
        "officer of INTERPOL": signed_in(make.agency_officer()),
        "Secretariat": signed_in(make.the_officer()),
    }
    assert {who: at_the_doors(case, reader) for who, reader in readers.items()} == dict.fromkeys(
        readers, BEFORE
    )
    make.submit(case, by=make.focal_point())
    assert {who: at_the_doors(case, reader) for who, reader in readers.items()} == dict.fromkeys(
        readers, AFTER
    )
    assert not {"support", "urgency", "language"} & set(case.answers)


def test_the_desk_reads_the_last_submission_until_there_is_a_new_one(case: Any) -> None:
    desk = signed_in(make.the_officer())
    address = reverse("admin:requests_app_supportrequest_change", args=[case.pk])
    queue = reverse("admin:requests_app_supportrequest_changelist") + "?urgency__exact=critical"
    unsent = ("Mentoring", "critical: help is needed within days", "Français", "unsent.pdf")

    def shown() -> tuple[list[str], bool]:
        text = page(desk.get(address))
        return [one for one in unsent if one in text], case.handle in page(desk.get(queue))

    assert shown() == ([], False)
    make.submit(case, by=make.focal_point())
    assert shown() == (list(unsent), True)


def test_the_party_reads_and_goes_on_with_what_it_has_written(case: Any) -> None:
    country = signed_in(make.focal_point())
    text = page(country.get(case.get_absolute_url()))
    for words in ("Mentoring", "critical: help is needed within days", "Français", "unsent.pdf"):
        assert words in text
    form = country.get(reverse("requests:step", args=[case.handle, "timing"])).context["form"]
    assert form["urgency"].value() == "critical"


def test_urgency_that_is_being_corrected_needs_its_reason_and_a_training_its_letter() -> None:
    country = make.focal_point()
    case = make.draft(country, support_key="wist", letter=False)
    make.submit(case, by=country)
    perform("return", case, by=make.the_officer(), data={"to_correct": "Which course?"})
    make.support()
    drafts.write(case, by=country, answers={"support": "basic_training", "urgency": "high"})
    shown = signed_in(country).get(reverse("requests:check", args=[case.handle]))
    missing = {gap.key for gap in shown.context["gaps"].rows}
    assert missing == {"situation", "objective", "authorities", "urgency_reason", "letter"}


def test_a_letter_that_was_sent_later_stays_open_while_the_request_is_corrected() -> None:
    country = make.focal_point()
    case = make.draft(country, support_key="wist", letter=False)
    make.submit(case, by=country)
    perform("send_letter", case, by=country, data={"letter": make.pdf("late.pdf")})
    perform("return", case, by=make.the_officer(), data={"to_correct": "Name the ports."})
    drafts.attach(case, make.pdf("new letter.pdf"), "letter", by=country)
    drafts.attach(case, make.pdf("map.pdf"), "other", by=country)
    desk, own = signed_in(make.the_officer()), signed_in(country)
    path = f"/api/v1/requests/{case.handle}/"
    names = [[one["name"] for one in who.get(path).json()["attachments"]] for who in (desk, own)]
    assert names == [["late.pdf"], ["late.pdf", "new letter.pdf", "map.pdf"]]
    case.refresh_from_db()
    perform("withdraw", case, by=country, data={"reason": "Solved otherwise."})
    assert [one["name"] for one in desk.get(path).json()["attachments"]] == ["late.pdf"]
