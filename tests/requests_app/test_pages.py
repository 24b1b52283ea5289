"""Beginning a request, and what becomes of it on the pages of the country."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from history.models import Event
from requests_app.models import SupportRequest
from tests import make
from tests.reading_pages import errors_at, page, signed_in, table_rows
from tests.requests_app.writing import Sheet, address, write
from workflow.errors import NotAllowedNow
from workflow.executor import perform

pytestmark = pytest.mark.django_db


def test_a_request_begins_with_its_kind_and_is_a_draft_from_then_on():
    kenya = make.party()
    client = signed_in(make.focal_point(kenya, language="fr"))
    make.support()

    shown = page(client.get(reverse("requests:new")))
    begun = client.post(reverse("requests:new"), {"support": "basic_training"})

    draft = SupportRequest.objects.get()
    assert "Kenya" in shown
    assert begun.headers["Location"] == address(draft, "situation")
    assert (draft.party, draft.state, draft.reference, draft.language) == (
        kenya,
        "draft",
        None,
        "fr",
    )


def test_each_kind_of_support_stands_there_with_its_hint():
    make.support("wist", hint_en="Experts sent at once.")
    make.support("gone", hint_en="No longer given.", is_offered=False)
    shown = page(signed_in(make.focal_point()).get(reverse("requests:new")))
    assert "Wist Experts sent at once." in shown
    assert "No longer given." not in shown


def test_one_form_serves_a_focal_point_of_several_parties():
    user = make.focal_point(make.party("KEN"))
    make.mandate(user, "contributor", make.party("PER"))
    make.mandate(user, "viewer", make.party("VNM"))
    make.support()
    client = signed_in(user)
    sent = {"support": "basic_training"}

    shown = client.get(reverse("requests:new")).context["form"]
    choices = [str(label) for _key, label in shown.fields["party"].choices]
    unsaid = client.post(reverse("requests:new"), sent)
    foreign = client.post(reverse("requests:new"), {**sent, "party": make.party("VNM").pk})
    client.post(reverse("requests:new"), {**sent, "party": make.party("PER").pk})

    assert choices == ["Choose one", "Kenya", "Peru"]
    assert errors_at(unsaid) == {"party": ["Choose the Party."]}
    assert list(errors_at(foreign)) == ["party"]
    assert [draft.party.code for draft in SupportRequest.objects.all()] == ["PER"]


def test_a_second_click_on_begin_makes_no_second_draft():
    client = signed_in(make.focal_point())
    make.support()
    key = client.get(reverse("requests:new")).context["form"]["draft_key"].value()
    sent = {"draft_key": key, "support": "basic_training"}

    answers = [client.post(reverse("requests:new"), sent) for _click in "12"]

    draft = SupportRequest.objects.get()
    assert [one.headers["Location"] for one in answers] == [address(draft, "situation")] * 2


def test_a_draft_key_leads_to_the_reference_once_there_is_one():
    case = make.request_in("submitted")
    client = signed_in(make.focal_point())

    answer = client.get(reverse("requests:detail", args=[case.draft_key.lower()]))

    assert answer.headers["Location"] == f"/requests/{case.reference}/"


def test_a_returned_request_says_what_to_correct_and_shows_the_difference_afterwards():
    country = make.focal_point()
    case = make.request_in("returned", by=country)
    client = signed_in(country)
    assert "Name the ports." in page(client.get(case.get_absolute_url()))

    write(client, case, "situation", situation="Through Mombasa.")
    secretariat = signed_in(make.the_officer())
    assert "Through Mombasa." not in page(secretariat.get(case.get_absolute_url()))
    Sheet(client, case, "check").send(declared="on")

    question = "What happens, and what has been done about it?"
    for reader in (client, secretariat):
        rows = table_rows(reader.get(case.get_absolute_url()), "differences")
        assert rows == [[question, make.ANSWERS["situation"], "Through Mombasa."]]


def test_the_letter_of_an_incident_team_follows_after_the_submission():
    case = make.draft(support_key="wist", letter=False)
    client = signed_in(make.focal_point())
    make.submit(case, by=make.focal_point())
    assert "Send the signed letter." in page(client.get(case.get_absolute_url()))
    address = reverse("requests:action", args=[case.handle, "send_letter"])
    sheet = SimpleUploadedFile("letter.pdf", b"PK\x03\x04 spreadsheet", "application/pdf")

    refused = client.post(address, {"version": case.version, "letter": sheet})
    client.post(address, {"version": case.version, "letter": make.pdf("late.pdf")})

    assert errors_at(refused) == {
        "letter": [
            "“letter.pdf” is not a PDF file or a PNG or JPEG picture, whatever its name says."
        ]
    }
    assert list(case.attachments.values_list("kind", "name")) == [("letter", "late.pdf")]


def test_the_same_letter_sent_again_is_refused_with_a_sentence_and_recorded_once():
    focal_point = make.focal_point()
    case = make.draft(focal_point, support_key="wist", letter=False)
    make.submit(case, by=focal_point)
    perform("send_letter", case, by=focal_point, data={"letter": make.pdf()})
    with pytest.raises(NotAllowedNow) as refusal:
        perform("send_letter", case, by=focal_point, data={"letter": make.pdf()})
    assert refusal.value.sentence == (
        "“Send the signed letter” cannot be done now: the signed letter is there already."
    )
    assert Event.objects.filter(kind="requests.send_letter").count() == 1
    assert case.attachments.count() == 1


def test_a_letter_that_was_sent_later_stays_when_the_request_is_returned():
    focal_point = make.focal_point()
    case = make.draft(focal_point, support_key="wist", letter=False)
    make.submit(case, by=focal_point)
    perform("send_letter", case, by=focal_point, data={"letter": make.pdf()})
    told = {"to_correct": "Name the port.", "remarks": {}}
    perform("return", case, by=make.the_officer(), data=told)
    letter = case.attachments.get()

    signed_in(focal_point).post(address(case, "documents"), {"remove": letter.pk})

    assert list(case.attachments.all()) == [letter]
