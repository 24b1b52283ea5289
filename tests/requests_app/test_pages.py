"""Writing and submitting a request, through the pages."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from requests_app.models import SupportRequest
from tests import make
from tests.reading_pages import errors_at, page, signed_in, table_rows, timeline
from workflow.executor import perform

pytestmark = pytest.mark.django_db

TYPED = {
    **make.ANSWERS,
    "species": "Elephants",
    "urgency_reason": "",
    "needed_from": "2027-01-10",
    "needed_until": "",
    "contact_phone": "",
    "urgency": "normal",
    "language": "en",
    "version": "0",
}


def typed(**fields: object) -> dict[str, object]:
    return {**TYPED, "support": make.support().pk, **fields}


def post_draft(client, draft: SupportRequest, **fields: object):
    sent = typed(version=draft.version, **fields)
    return client.post(reverse("requests:edit", args=[draft.handle]), sent)


def test_a_new_request_is_stored_as_a_draft_with_everything_typed():
    kenya = make.party()
    client = signed_in(make.focal_point(kenya))
    files = {
        "letter": make.pdf("signed.pdf"),
        "others": [make.pdf("map.pdf"), make.pdf("budget.pdf")],
    }

    answer = client.post(reverse("requests:new"), typed(check="1", **files))

    draft = SupportRequest.objects.get()
    assert answer.headers["Location"] == draft.get_absolute_url()
    assert (draft.party, draft.state, draft.reference) == (kenya, "draft", None)
    answers = {key: value for key, value in draft.answers.items() if value}
    assert answers == {**make.ANSWERS, "species": "Elephants", "needed_from": "2027-01-10"}
    assert list(draft.attachments.values_list("kind", "name")) == [
        ("letter", "signed.pdf"),
        ("other", "map.pdf"),
        ("other", "budget.pdf"),
    ]


def test_a_draft_may_be_incomplete_and_its_page_links_to_every_gap():
    client = signed_in(make.focal_point())
    sent = typed(check="1", situation="", contact_email="", urgency="high")
    client.post(reverse("requests:new"), sent)
    draft = SupportRequest.objects.get()

    read = client.get(draft.get_absolute_url())

    assert read.context["gaps"] == {
        "situation": ["Answer this question before you submit."],
        "contact_email": ["Answer this question before you submit."],
        "urgency_reason": ["Say why it is urgent."],
        "letter": ["Attach the signed letter."],
    }
    edit = reverse("requests:edit", args=[draft.handle])
    for field in read.context["gaps"]:
        assert f'href="{edit}#id_{field}"' in read.content.decode()
    assert "Submit the request" not in page(read)


def test_submitting_an_incomplete_draft_says_what_is_missing_and_changes_nothing():
    client = signed_in(make.focal_point())
    draft = make.draft(letter=False)

    answer = client.post(
        reverse("requests:action", args=[draft.handle, "submit"]), {"version": draft.version}
    )

    assert answer.status_code == 200
    assert errors_at(answer) == {
        "__all__": ["The request is not complete yet.", "Attach the signed letter."]
    }
    draft.refresh_from_db()
    assert draft.state == "draft"


def test_a_complete_draft_is_submitted_and_confirmed_with_its_reference():
    client = signed_in(make.focal_point())
    draft = make.draft()
    assert "Submit the request" in page(client.get(draft.get_absolute_url()))

    answer = client.post(
        reverse("requests:action", args=[draft.handle, "submit"]),
        {"version": draft.version},
        follow=True,
    )

    draft.refresh_from_db()
    assert answer.redirect_chain[-1][0] == f"/requests/{draft.reference}/?done=submit"
    assert f"Your reference {draft.reference}" in page(answer)
    assert timeline(answer) == ["Submitted"]


def test_a_draft_key_leads_to_the_reference_once_there_is_one():
    case = make.request_in("submitted")
    client = signed_in(make.focal_point())

    answer = client.get(reverse("requests:detail", args=[case.draft_key.lower()]))

    assert answer.headers["Location"] == f"/requests/{case.reference}/"


def test_one_form_serves_a_focal_point_of_several_parties():
    user = make.focal_point(make.party("KEN"))
    make.mandate(user, "contributor", make.party("PER"))
    make.mandate(user, "viewer", make.party("VNM"))
    client = signed_in(user)

    shown = client.get(reverse("requests:new")).context["form"]
    choices = [str(label) for _key, label in shown.fields["party"].choices]
    unsaid = client.post(reverse("requests:new"), typed(save="1"))
    foreign = client.post(reverse("requests:new"), typed(save="1", party=make.party("VNM").pk))
    client.post(reverse("requests:new"), typed(save="1", party=make.party("PER").pk))

    assert choices == ["Choose one", "Kenya", "Peru"]
    assert errors_at(unsaid) == {"party": ["Choose the Party."]}
    assert list(errors_at(foreign)) == ["party"]
    assert [draft.party.code for draft in SupportRequest.objects.all()] == ["PER"]


def test_free_text_fields_say_which_channel_to_use_for_operational_information():
    form = signed_in(make.focal_point()).get(reverse("requests:new")).context["form"]

    warned = {name for name, field in form.fields.items() if "I-24/7" in str(field.help_text)}

    assert warned == {
        "situation", "asked", "objective", "authorities", "species", "urgency_reason"
    }  # fmt: skip


def test_of_two_colleagues_the_slower_sees_both_texts_and_loses_none():
    draft = make.draft()
    seen = draft.version
    first, second = signed_in(make.focal_point()), signed_in(make.contributor())
    post_draft(first, draft, situation="Stored by the quicker colleague.", save="1")

    late = typed(version=seen, situation="Typed by the slower colleague.", save="1")
    edit = reverse("requests:edit", args=[draft.handle])
    conflict = second.post(edit, late)
    draft.refresh_from_db()

    assert conflict.status_code == 409
    assert draft.answers["situation"] == "Stored by the quicker colleague."
    assert conflict.context["stored"] == {"situation": "Stored by the quicker colleague."}
    assert "Stored now: Stored by the quicker colleague." in page(conflict)
    assert "Typed by the slower colleague." in page(conflict)
    again = {**late, "version": conflict.context["form"]["version"].value()}
    assert second.post(edit, again).status_code == 302
    draft.refresh_from_db()
    assert draft.answers["situation"] == "Typed by the slower colleague."


def test_a_second_click_on_save_makes_no_second_draft_and_no_quarrel():
    client = signed_in(make.focal_point())
    key = client.get(reverse("requests:new")).context["form"]["draft_key"].value()
    sent = typed(draft_key=key, check="1")

    answers = [client.post(reverse("requests:new"), {**sent, "letter": make.pdf()}) for _ in "12"]

    draft = SupportRequest.objects.get()
    assert [answer.headers["Location"] for answer in answers] == [draft.get_absolute_url()] * 2
    assert draft.attachments.count() == 1


def test_what_is_typed_after_the_submission_is_shown_and_not_stored():
    draft = make.draft()
    client = signed_in(make.contributor())
    seen = typed(version=draft.version, situation="Typed too late.")
    make.submit(draft, by=make.focal_point())

    answer = client.post(reverse("requests:edit", args=[draft.handle]), seen)

    draft.refresh_from_db()
    assert answer.status_code == 409
    assert "Typed too late." in page(answer)
    assert draft.answers["situation"] == make.ANSWERS["situation"]


def test_a_returned_request_says_what_to_correct_and_shows_the_difference_afterwards():
    country = make.focal_point()
    case = make.request_in("returned", by=country)
    client = signed_in(country)
    assert "Name the ports." in page(client.get(case.get_absolute_url()))

    post_draft(client, case, situation="Through Mombasa.", species="", needed_from="", save="1")
    secretariat = signed_in(make.the_officer())
    assert "Through Mombasa." not in page(secretariat.get(case.get_absolute_url()))
    case.refresh_from_db()
    client.post(reverse("requests:action", args=[case.handle, "submit"]), {"version": case.version})

    for reader in (client, secretariat):
        rows = table_rows(reader.get(case.get_absolute_url()), "differences")
        assert rows == [["What is the situation?", make.ANSWERS["situation"], "Through Mombasa."]]


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


def test_a_wrong_file_is_taken_off_a_draft_but_one_that_was_submitted_stays(
    django_capture_on_commit_callbacks,
):
    focal_point = make.focal_point()
    client = signed_in(focal_point)
    draft = make.draft(focal_point)
    post_draft(client, draft, others=[make.pdf("wrong.pdf")])
    draft.refresh_from_db()
    letter, wrong = draft.attachments.order_by("pk")
    where, storage = wrong.file.name, wrong.file.storage

    with django_capture_on_commit_callbacks(execute=True):
        post_draft(client, draft, remove=[wrong.pk])

    assert list(draft.attachments.all()) == [letter]
    assert not storage.exists(where)
    draft.refresh_from_db()
    make.submit(draft, by=focal_point)
    perform("return", draft, by=make.the_officer(), data={"to_correct": "Name the ports."})
    post_draft(client, draft, remove=[letter.pk])
    assert list(draft.attachments.all()) == [letter]


def test_a_letter_that_was_sent_later_stays_when_the_request_is_returned():
    focal_point = make.focal_point()
    case = make.draft(focal_point, support_key="wist", letter=False)
    make.submit(case, by=focal_point)
    perform("send_letter", case, by=focal_point, data={"letter": make.pdf()})
    perform("return", case, by=make.the_officer(), data={"to_correct": "Name the port."})
    letter = case.attachments.get()

    post_draft(signed_in(focal_point), case, remove=[letter.pk])

    assert list(case.attachments.all()) == [letter]
