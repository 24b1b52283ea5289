"""The page of one request: its first lines answer; remarks, copies and PDF are at hand."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from outbox.models import Message
from requests_app import drafts
from requests_app.models import Attachment, Scan, SupportRequest
from tests import make
from tests.reading_pages import page, signed_in, timeline
from workflow.executor import perform

pytestmark = pytest.mark.django_db


TOLD = "You are told by e-mail when the Secretariat takes a step or asks a question."
REOPENED = "If the situation changes, write to the CITES Secretariat: it can reopen a request."


def first_lines(case: SupportRequest, who) -> tuple[str, str, list[str], str]:
    read = signed_in(who).get(case.get_absolute_url()).context["whereabouts"]
    return read.place, read.holder, [one.words for one in read.tasks], read.by_when


def in_words(day) -> str:
    return f"The answers of agencies are due on {day.day} {day:%B} {day.year}."


def test_the_first_lines_answer_in_every_situation_of_the_country():
    country = make.focal_point()
    nothing = [f"Nothing for now. {TOLD}"]
    draft = make.draft(country)
    assert first_lines(draft, country) == (
        "Not sent yet. Only your own country can read it.",
        "Kenya",
        ["Complete it and submit it."],
        "No date is set.",
    )
    referred = make.request_in("referred", by=country)
    assert first_lines(referred, country) == (
        "With partner agencies, for their answers.",
        "INTERPOL",
        nothing,
        in_words(make.in_a_month()),
    )
    returned = make.request_in("returned", by=country)
    assert first_lines(returned, country)[2] == ["Correct it and submit it again."]
    make.conversation(referred)
    assert first_lines(referred, country) == (
        "With the country, which has been asked a question. The clock stands still.",
        "Kenya",
        ["Answer the question “Ports”."],
        "No date is set. The clock stands still until the country answers.",
    )
    declined = make.request_in("declined", by=country)
    assert first_lines(declined, country) == (
        "Ended: the request was declined.", "Nobody: it has ended.", [REOPENED], "No date is set."
    )  # fmt: skip


def test_an_agency_reads_from_its_own_answer_alone_whether_agencies_have_it():
    country, interpol = make.focal_point(), make.agency_officer()
    case = make.request_in("referred", by=country, agencies=("INTERPOL", "WCO"))
    asked = "With partner agencies, for their answers."
    decides = "At the CITES Secretariat, which decides what comes next."
    assert first_lines(case, interpol)[:2] == (asked, "INTERPOL")
    perform("accept", case.referrals.get(agency__code="INTERPOL"), by=interpol)
    mine = f"{make.the_officer().name}, for the CITES Secretariat"
    assert first_lines(case, interpol)[:2] == (decides, mine)
    assert first_lines(case, country)[:2] == (asked, "WCO")


def test_only_those_who_are_told_read_that_they_are():
    country, silent, curious = make.focal_point(), make.contributor(), make.party_viewer()
    make.mandate(silent, "focal_point", make.party("VNM"))  # told of another country's requests
    curious.wants_moves = True
    curious.save()
    case = make.request_in("submitted", by=country)
    confirmation = reverse("requests:submitted", args=[case.handle])
    for path in (case.get_absolute_url(), confirmation):
        read = {who: page(signed_in(who).get(path)) for who in (country, silent, curious)}
        assert {who: TOLD in text for who, text in read.items()} == {
            country: True, silent: False, curious: True,
        }  # fmt: skip
    event = perform("take_up", case, by=make.the_officer(), data={"assignee": make.the_officer()})
    assert set(Message.objects.filter(event=event).values_list("recipient", flat=True)) == {
        f"user:{country.pk}", f"user:{curious.pk}",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("state", "words", "tasks"),
    [
        ("declined", [
            ("Reason", "Outside the mandate of ICCWC"), ("Explanation", "Please see the note."),
        ], [REOPENED]),
        ("redirected", [
            ("Which channel?", "INTERPOL, through the National Central Bureau (I-24/7)"),
            ("Explanation", "Please see the note."),
        ], ["Use the channel that is named above.", REOPENED]),
        ("withdrawn", [("Reason", "Solved otherwise.")], [REOPENED]),
        ("completed", [("Outcome", "Forty trained.")], [REOPENED]),
    ],
)  # fmt: skip
def test_an_ended_request_says_why_in_its_first_lines_and_shows_a_way_on(state, words, tasks):
    country = make.focal_point()
    case = make.request_in(state, by=country)
    assert first_lines(case, country)[2] == tasks
    read = signed_in(country).get(case.get_absolute_url())
    assert read.context["ending"] == words
    assert f'href="{reverse("contact")}"' in read.content.decode()
    assert "write" not in [one.action for one in read.context["actions"]]
    assert read.context["may_copy"]


def test_the_conversations_of_an_ended_request_are_closed_and_its_end_is_found_among_much(
    monkeypatch,
):
    monkeypatch.setattr("requests_app.views.status.EVENTS_SHOWN", 1)
    country = make.focal_point()
    case = make.request_in("withdrawn", by=country)
    perform("reopen", case, by=make.the_lead(), data={"reason": "Once more."})
    thread = make.conversation(case)
    perform("withdraw", case, by=country, data={"reason": "Solved at last."})
    referral = case.referrals.get()
    perform("recall", referral, by=make.the_officer(), data={"reason": "Over."})
    client = signed_in(country)
    for path in (case.get_absolute_url(), thread.get_absolute_url()):
        assert "Closed: the request has ended" in page(client.get(path))
    said = page(client.get(thread.get_absolute_url()))
    assert "This conversation is closed: the request has ended." in said
    read = client.get(case.get_absolute_url())
    assert (len(timeline(read)), read.context["ending"]) == (1, [("Reason", "Solved at last.")])


def test_why_it_was_redirected_is_between_the_country_and_the_secretariat():
    case = make.request_in("redirected", by=make.focal_point())
    read = signed_in(make.agency_officer()).get(case.get_absolute_url())
    assert read.context["ending"] == []


def test_several_things_to_do_stand_in_the_order_of_their_weight():
    country = make.focal_point()
    case = make.draft(country, support_key="wist", letter=False)
    make.submit(case, country)
    make.conversation(case)
    Attachment.objects.create(
        support_request=case, kind="other", name="map.pdf", size=1, added_by=country,
        content_type="application/pdf", scan=Scan.REFUSED, released_at=timezone.now(),
    )  # fmt: skip
    assert first_lines(case, country)[2] == [
        "Answer the question “Ports”.",
        "Send the signed letter.",
        "Send the file “map.pdf” again: the virus scanner refused it.",
    ]


def test_remarks_stand_on_the_page_in_the_mail_and_in_the_timeline_until_it_is_corrected():
    country, officer = make.focal_point(), make.the_officer()
    case = make.request_in("in_review", by=country)
    Message.objects.all().delete()
    back = signed_in(officer).post(
        reverse("admin:requests_app_supportrequest_act", args=[case.pk, "return"]),
        {"to_correct": "Two answers.", "remarks_situation": "Since when?", "version": case.version},
    )
    assert back.status_code == 302
    case.refresh_from_db()
    assert case.remarks == {"situation": "Since when?"}

    client = signed_in(country)
    read = page(client.get(case.get_absolute_url()))
    label = "What happens, and what has been done about it?"
    assert f"Two answers. {label} Since when?" in read
    assert f"{label} Since when?" in read.partition("What happened")[2]
    mail = Message.objects.get(recipient=f"user:{country.pk}")
    assert label in mail.text
    assert "Since when?" in mail.text

    make.submit(case, country)
    case.refresh_from_db()
    assert (case.to_correct, case.remarks) == ("", {})


def test_a_remark_stands_under_the_question_that_was_asked_whatever_is_chosen_since():
    country, officer = make.focal_point(), make.the_officer()
    case = make.draft(country, support_key="wist")
    make.submit(case, country)
    Message.objects.all().delete()
    said = {"to_correct": "One answer.", "remarks": {"asked": "Which tasks?"}}
    perform("return", case, by=officer, data=said)
    mail = Message.objects.get(recipient=f"user:{country.pk}").text
    desk = reverse("admin:requests_app_supportrequest_change", args=[case.pk])
    client, at_the_desk = signed_in(country), signed_in(officer)
    make.support("mentoring")
    for kind in ("wist", "mentoring"):  # the country goes on with another kind of support
        drafts.write(case, by=country, answers={"support": kind})
        own = page(client.get(case.get_absolute_url()))
        seen = (mail, own, own.partition("What happened")[2], page(at_the_desk.get(desk)))
        for text in seen:
            assert "What should the team do? Which tasks?" in " ".join(text.split())
            assert "What do you ask for? Which tasks?" not in " ".join(text.split())
    case.refresh_from_db()
    drafts.write(case, by=country, answers=make.answers_to(case))
    make.submit(case, country)
    own = page(client.get(case.get_absolute_url()))
    assert "What should the team do? Which tasks?" in own.partition("What happened")[2]


def test_what_was_typed_too_late_stands_under_the_question_of_its_form():
    country = make.focal_point()
    case = make.draft(country, support_key="wist")
    make.submit(case, country)
    step = reverse("requests:step", args=[case.handle, "team"])
    sent = signed_in(country).post(step, {"asked": "Search the store.", "seen-asked": ""})
    assert sent.status_code == 409
    assert "What should the team do? Search the store." in page(sent)


def test_an_agency_does_not_read_what_the_country_is_asked_to_correct():
    country = make.focal_point()
    case = make.request_in("referred", by=country)
    perform("withdraw", case, by=country, data={"reason": "Pause."})
    perform("reopen", case, by=make.the_lead(), data={"reason": "Go on."})
    said = {"to_correct": "FOR THE COUNTRY", "remarks": {"situation": "ALONE"}}
    perform("return", case, by=make.the_officer(), data=said)
    interpol = signed_in(make.agency_officer())
    read = page(interpol.get(case.get_absolute_url()))
    assert "FOR THE COUNTRY" not in read
    assert "ALONE" not in read


def test_a_draft_is_discarded_without_a_reason_and_nobody_else_hears_of_it():
    country = make.focal_point()
    draft = make.draft(country)
    client = signed_in(country)
    where = reverse("requests:action", args=[draft.handle, "discard"])
    asked = client.get(where)
    assert "Nobody can write in it any more. It can still be read and copied." in page(asked)
    assert "Secretariat can open it again" not in page(asked)
    assert list(asked.context["form"].fields) == ["version"]
    answers = [client.post(where, {"version": draft.version}) for _click in "12"]
    assert [one.status_code for one in answers] == [302, 409]
    sentence = "“Discard the draft” is not needed: the present state is already “discarded”."
    assert sentence in page(answers[1])
    read = client.get(draft.get_absolute_url())
    assert "Ended: the draft was discarded. It was never sent." in page(read)
    assert "ithdrawn" not in page(read)
    assert [one.action for one in read.context["actions"]] == []
    assert signed_in(make.the_officer()).get(draft.get_absolute_url()).status_code == 404
    assert not Message.objects.exists()


def test_giving_up_is_the_last_button():
    country = make.focal_point()
    case = make.request_in("submitted", by=country)
    read = signed_in(country).get(case.get_absolute_url())
    assert [one.action for one in read.context["actions"]] == ["write", "withdraw"]


def test_the_page_asks_as_few_questions_for_sixty_posts_and_events_as_for_ten(
    django_assert_max_num_queries,
):
    country, officer = make.focal_point(language="fr"), make.the_officer()
    case = make.request_in("referred", by=country, agencies=("INTERPOL", "WCO"))
    client = signed_in(country)
    thread = make.conversation(case)
    counts = []
    for posts in (10, 60):
        while thread.posts.count() < posts:
            perform("reply", thread, by=officer, data={"text": "One more."})
            perform("advise", case, by=officer, data={"advice": "One more."})
        client.get(case.get_absolute_url())
        with django_assert_max_num_queries(18) as asked:
            read = client.get(case.get_absolute_url())
        with django_assert_max_num_queries(12) as asked_there:
            client.get(thread.get_absolute_url())
        counts.append((len(asked), len(asked_there)))
    assert counts[1] <= counts[0]
    assert len(timeline(read)) == 25


def test_a_long_history_and_a_long_conversation_come_in_pages(monkeypatch):
    monkeypatch.setattr("requests_app.views.paging.PAGE", 4)
    country, officer = make.focal_point(), make.the_officer()
    case = make.request_in("in_review", by=country)
    thread = make.conversation(case)
    for number in range(30):
        perform("reply", thread, by=officer, data={"text": f"Message {number}."})
    client = signed_in(country)
    newest = client.get(case.get_absolute_url())
    older = client.get(case.get_absolute_url(), {"before": newest.context["older"]})
    assert len(timeline(newest)) == 25
    assert timeline(older)[-1] == "Submitted"
    assert client.get(case.get_absolute_url(), {"before": "²"}).status_code == 200
    read = client.get(thread.get_absolute_url())
    texts = [post.text for post, _body in read.context["posts"]]
    assert texts == [f"Message {number}." for number in (26, 27, 28, 29)]
    before = client.get(thread.get_absolute_url(), {"before": read.context["older"]})
    assert [post.text for post, _body in before.context["posts"]][-1] == "Message 25."


# ── copies ───────────────────────────────────────────────────────────────────────────────────


def copy_of(case: SupportRequest) -> str:
    return reverse("requests:copy", args=[case.handle])


def test_a_copy_keeps_the_answers_and_drops_what_belongs_to_its_time():
    country = make.focal_point()
    contributor = make.contributor()
    today = timezone.now().date()
    next_year = (today + timedelta(days=300)).isoformat()
    case = make.draft(
        country,
        urgency="high",
        urgency_reason="Courts wait.",
        language="fr",
        needed_from=(today - timedelta(days=3)).isoformat(),
        needed_until=next_year,
    )
    client = signed_in(contributor)
    asked = client.get(copy_of(case))
    assert SupportRequest.objects.count() == 1
    key = asked.context["draft_key"]
    first = client.post(copy_of(case), {"draft_key": key})
    again = client.post(copy_of(case), {"draft_key": key})
    assert first.headers["Location"] == again.headers["Location"]

    copied = SupportRequest.objects.get(copied_from=case)
    assert copied.draft_key == key
    answers = {k: said for k, said in case.answers.items() if said}
    for dropped in ("urgency_reason", "needed_from"):
        answers.pop(dropped)
    assert {k: said for k, said in copied.answers.items() if said} == answers
    assert (copied.support, copied.language, copied.urgency) == (case.support, "fr", "normal")
    assert (copied.state, copied.reference, copied.created_by) == ("draft", None, contributor)
    assert not copied.attachments.exists()
    assert f"Copied from {case.handle}." in page(client.get(copied.get_absolute_url()))
    assert f"Copied as a new draft: {copied.handle}" in page(client.get(case.get_absolute_url()))


def test_any_request_of_ones_own_party_can_be_copied_and_no_other():
    kenya, vietnam = make.party("KEN"), make.party("VNM")
    country = make.focal_point(kenya)
    case = make.request_in("declined", by=country)
    foreign = make.request_in("declined", of=vietnam)
    answers = {
        who: signed_in(person).post(copy_of(case)).status_code
        for who, person in {
            "viewer": make.party_viewer(kenya),
            "other country": make.focal_point(vietnam),
            "INTERPOL": make.agency_officer(),
            "WCO": make.agency_officer(make.agency("WCO")),
            "officer": make.the_officer(),
        }.items()
    }
    assert answers == {
        "viewer": 403, "other country": 404, "INTERPOL": 403, "WCO": 404, "officer": 403,
    }  # fmt: skip
    assert signed_in(country).post(copy_of(foreign)).status_code == 404
    assert not SupportRequest.objects.exclude(copied_from=None).exists()
    signed_in(country).post(copy_of(case))
    assert SupportRequest.objects.get(copied_from=case).party == kenya


def test_a_key_that_is_taken_by_others_makes_a_copy_with_another():
    country = make.focal_point()
    case = make.request_in("submitted", by=country)
    taken = make.draft(make.focal_point(make.party("VNM")), make.party("VNM"))
    signed_in(country).post(copy_of(case), {"draft_key": taken.draft_key})
    copied = SupportRequest.objects.get(copied_from=case)
    assert copied.draft_key != taken.draft_key
