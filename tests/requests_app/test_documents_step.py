"""The documents step: several files at a time, each stored or with a sentence of its own."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from requests_app import drafts
from requests_app.models import Attachment, SupportRequest
from tests import make
from tests.reading_pages import errors_at, page, signed_in
from tests.workflow.test_executor import all_at_once

pytestmark = pytest.mark.django_db

UNFIT = "is not a PDF file or a PNG or JPEG picture, whatever its name says."


def spreadsheet(name: str = "budget.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"PK\x03\x04\x14\x00 xl/workbook.xml", "application/pdf")


def step_of(draft: SupportRequest) -> str:
    return reverse("requests:step", args=[draft.handle, "documents"])


def names(draft: SupportRequest) -> list[tuple[str, str]]:
    return list(draft.attachments.order_by("pk").values_list("kind", "name"))


def test_the_limits_are_said_before_a_file_is_chosen() -> None:
    draft = make.draft(letter=False)
    said = page(signed_in(draft.created_by).get(step_of(draft)))
    assert "A PDF file or a picture (PNG, JPEG) of up to 20.0 MB." in said
    assert "Up to 10 files, and up to 60.0 MB at once." in said


def test_letter_and_files_are_attached_together_and_the_form_goes_on() -> None:
    draft = make.draft(letter=False)
    files = {"letter": make.pdf(), "others": [make.pdf("map.pdf"), make.pdf("plan.pdf")]}

    answer = signed_in(draft.created_by).post(step_of(draft), files)

    assert answer.url == reverse("requests:check", args=[draft.handle])
    assert names(draft) == [("letter", "letter.pdf"), ("other", "map.pdf"), ("other", "plan.pdf")]
    version = draft.version
    draft.refresh_from_db()
    assert draft.version == version + 3


def test_unfit_files_get_a_sentence_each_and_the_others_are_stored() -> None:
    draft = make.draft(letter=False)
    empty = SimpleUploadedFile("empty.pdf", b"", "application/pdf")
    files = {"letter": empty, "others": [make.pdf("map.pdf"), spreadsheet()]}

    answer = signed_in(draft.created_by).post(step_of(draft), files)

    assert errors_at(answer) == {
        "letter": ["“empty.pdf” is empty."],
        "others": [f"“budget.pdf” {UNFIT}"],
    }
    assert names(draft) == [("other", "map.pdf")]
    assert "Attached: map.pdf" in page(answer)


def test_a_file_above_the_limit_gets_a_sentence(settings: Any) -> None:
    settings.ATTACHMENT_MAX_BYTES = 1000
    draft = make.draft(letter=False)
    large = SimpleUploadedFile("huge.pdf", b"%PDF-1.4" + b"x" * 2000, "application/pdf")
    client, sentence = signed_in(draft.created_by), "“huge.pdf” is too large."

    answer = client.post(step_of(draft), {"others": large})
    large.seek(0)
    alone = client.post(step_of(draft), {"others": large}, headers={"X-Part": "list"})

    assert errors_at(answer)["others"][0].startswith(sentence)
    assert (alone.status_code, alone["Content-Type"]) == (422, "text/plain; charset=utf-8")
    assert alone.content.decode().startswith(sentence)


def test_a_script_sends_a_file_alone_and_gets_the_lists() -> None:
    draft = make.draft(letter=False)
    answer = signed_in(draft.created_by).post(
        step_of(draft), {"others": make.pdf("map.pdf")}, headers={"X-Part": "list"}
    )
    html = answer.content.decode()
    assert (answer.status_code, answer["X-Part"]) == (200, "list")
    assert "map.pdf" in html
    assert "<html" not in html


def test_the_eleventh_file_is_refused() -> None:
    draft = make.draft(letter=False)
    files = [make.pdf(f"{number}.pdf") for number in range(11)]
    answer = signed_in(draft.created_by).post(step_of(draft), {"others": files})
    assert errors_at(answer) == {"others": ["A request can have up to 10 further attachments."]}
    assert draft.attachments.count() == 10


@pytest.mark.django_db(transaction=True)
def test_files_sent_at_the_same_moment_do_not_pass_the_limit_together() -> None:
    draft = make.draft(letter=False)
    for number in range(8):
        drafts.attach(draft, make.pdf(f"{number}.pdf"), "other", by=draft.created_by)
    client = signed_in(draft.created_by)

    def send(number: int) -> int:
        file = make.pdf(f"more-{number}.pdf")
        part = {"X-Part": "list"}
        return client.post(step_of(draft), {"others": file}, headers=part).status_code

    statuses = all_at_once([lambda n=number: send(n) for number in range(5)])

    assert sorted(statuses) == [200, 200, 422, 422, 422]
    assert draft.attachments.count() == 10


def test_a_file_is_taken_off_until_others_could_read_it() -> None:
    draft = make.draft()
    client = signed_in(make.contributor())
    wrong = drafts.attach(draft, make.pdf("wrong.pdf"), "other", by=draft.created_by)

    first = client.post(step_of(draft), {"remove": wrong.pk}, follow=True)
    again = client.post(step_of(draft), {"remove": wrong.pk})
    assert "“wrong.pdf” was taken off the request." in page(first)
    assert (again.status_code, names(draft)) == (302, [("letter", "letter.pdf")])

    case = make.request_in("returned", by=draft.created_by)
    letter = case.attachments.get()
    shown = client.get(step_of(case))
    client.post(step_of(case), {"remove": letter.pk})
    assert 'name="remove"' not in shown.content.decode()
    assert case.attachments.get() == letter


def test_a_file_of_another_request_is_not_taken_off() -> None:
    draft, foreign = make.draft(), make.draft(of=make.party("PER"))
    for typed in [str(foreign.attachments.get().pk), "9" * 30, "²", ""]:
        signed_in(draft.created_by).post(step_of(draft), {"remove": typed})
    assert Attachment.objects.count() == 2


@pytest.mark.parametrize("part", [{}, {"X-Part": "list"}])
def test_others_attach_nothing(part: dict[str, str]) -> None:
    draft = make.draft(letter=False)
    case = make.request_in("referred")
    answers = [
        signed_in(who).post(step_of(one), {"others": make.pdf("map.pdf")}, headers=part)
        for who, one in [
            (make.party_viewer(), draft),
            (make.focal_point(make.party("PER")), draft),
            (make.agency_officer(), case),
            (make.officer(), case),
        ]
    ]
    assert [answer.status_code for answer in answers] == [403, 404, 403, 403]
    assert [one.name for one in Attachment.objects.all()] == ["letter.pdf"]


def test_a_request_that_was_submitted_meanwhile_takes_no_file() -> None:
    case = make.request_in("submitted")
    client, files = signed_in(case.created_by), {"others": make.pdf("map.pdf")}
    answer = client.post(step_of(case), files)
    files["others"].seek(0)
    alone = client.post(step_of(case), files, headers={"X-Part": "list"})
    assert (answer.status_code, alone.status_code) == (409, 422)
    assert "No file was attached" in page(answer)
    assert names(case) == [("letter", "letter.pdf")]


def test_the_name_of_a_file_that_is_too_long_is_said_to_be_so() -> None:
    draft = make.draft(letter=False)
    upload = make.pdf()
    upload._name = "x" * 5000 + ".pdf"
    answer = signed_in(draft.created_by).post(step_of(draft), {"others": upload})
    assert answer.status_code == 400
    assert "The name of a file is too long." in page(answer)


def test_ten_files_take_no_more_than_twelve_queries(
    django_assert_max_num_queries: Any,
) -> None:
    draft = make.draft()
    client = signed_in(draft.created_by)
    for number in range(9):
        drafts.attach(draft, make.pdf(f"{number}.pdf"), "other", by=draft.created_by)
    client.get(step_of(draft))  # the first visit also notes the session
    with django_assert_max_num_queries(12):
        client.get(step_of(draft))


def test_the_fourth_letter_is_refused() -> None:
    draft = make.draft(letter=False)
    client = signed_in(draft.created_by)
    for number in "123":
        client.post(step_of(draft), {"letter": make.pdf(f"letter-{number}.pdf")})

    refused = client.post(step_of(draft), {"letter": make.pdf("letter-4.pdf")})
    again = client.post(step_of(draft), {"letter": make.pdf("letter-3.pdf")})

    assert errors_at(refused) == {"letter": ["A request can have up to 3 signed letters."]}
    assert again.status_code == 302  # it is there already
    assert [name for _kind, name in names(draft)] == [f"letter-{number}.pdf" for number in "123"]


# ── what was not attached ────────────────────────────────────────────────────────────────────


def test_a_file_that_was_refused_is_named_on_the_next_page_as_not_attached() -> None:
    draft = make.draft(letter=False)
    client = signed_in(draft.created_by)
    again = client.post(step_of(draft), {"others": [spreadsheet(), spreadsheet("plan.pdf")]})
    names = again.context["refused"]
    assert names == ["budget.pdf", "plan.pdf"]
    assert 'type="hidden" name="refused" value="budget.pdf"' in again.content.decode()

    sent = {"refused": names, "others": make.pdf("plan.pdf"), "onwards": "1"}
    onwards = client.post(step_of(draft), sent, follow=True)
    assert "Not attached: budget.pdf" in page(onwards)
    assert "plan.pdf ·" not in page(onwards)


def test_of_too_many_files_those_that_found_no_room_are_named() -> None:
    draft = make.draft(letter=False)
    files = [make.pdf(f"{number}.pdf") for number in range(12)]
    again = signed_in(draft.created_by).post(step_of(draft), {"others": files})
    assert again.context["refused"] == ["10.pdf", "11.pdf"]
