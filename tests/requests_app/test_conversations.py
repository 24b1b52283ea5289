"""Conversations through the pages: who reads, who writes, what is unread."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from outbox.models import Message
from requests_app.models import Post, Reading, Thread
from tests import make
from tests.reading_pages import page, signed_in, timeline
from workflow.executor import perform

pytestmark = pytest.mark.django_db

QUESTION = "Which ports do you mean?"
ANSWER = "Mombasa and Lamu."


@pytest.fixture
def case() -> SimpleNamespace:
    """Kenya's request at INTERPOL and WCO, recalled from UNODC. A question is open to INTERPOL
    and UNODC; another conversation is between Kenya and the Secretariat alone."""
    kenya = make.party("KEN")
    country, desk = make.focal_point(kenya), make.the_officer()
    mine = make.request_in("referred", of=kenya, by=country, agencies=("INTERPOL", "WCO", "UNODC"))
    perform("ask", mine, by=desk, data={"subject": "Ports", "text": QUESTION})
    question = mine.threads.get()
    for code in ("INTERPOL", "UNODC"):
        perform("open_to", question, by=desk, data={"agency": make.agency(code)})
    unodc = mine.referrals.get(agency__code="UNODC")
    perform("recall", unodc, by=desk, data={"reason": "Not needed."})
    perform("write", mine, by=country, data={"subject": "In confidence", "text": "SECRET WORDS"})
    return SimpleNamespace(
        mine=mine,
        question=question,
        confidence=mine.threads.latest("pk"),
        people={
            "focal point": country,
            "contributor": make.contributor(kenya),
            "viewer": make.party_viewer(kenya),
            "other country": make.focal_point(make.party("VNM")),
            "INTERPOL": make.agency_officer(make.agency("INTERPOL")),
            "WCO": make.agency_officer(make.agency("WCO")),
            "UNODC": make.agency_officer(make.agency("UNODC")),
            "officer": desk,
            "auditor": make.auditor(),
            "stranger": make.person(),
        },
    )


def opened_by(case: SimpleNamespace, thread: Thread) -> set[str]:
    address = thread.get_absolute_url()
    answers = {who: signed_in(one).get(address).status_code for who, one in case.people.items()}
    assert set(answers.values()) <= {200, 404}
    return {who for who, status in answers.items() if status == 200}


def reply_to(thread: Thread) -> str:
    return reverse(
        "requests:thread_action", args=[thread.support_request.handle, thread.pk, "reply"]
    )


def test_who_reads_which_conversation(case: SimpleNamespace) -> None:
    inside = {"focal point", "contributor", "viewer", "officer", "auditor"}
    assert opened_by(case, case.question) == inside | {"INTERPOL"}
    assert opened_by(case, case.confidence) == inside
    assert Client().get(case.question.get_absolute_url()).status_code == 302


def test_a_conversation_is_found_only_under_its_own_request(case: SimpleNamespace) -> None:
    other = make.request_in("referred", of=make.party("KEN"))
    address = reverse("requests:thread", args=[other.handle, case.question.pk])
    assert signed_in(case.people["focal point"]).get(address).status_code == 404


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("focal point", 302), ("contributor", 302), ("viewer", 403), ("other country", 404),
        ("INTERPOL", 302), ("WCO", 404), ("UNODC", 404), ("officer", 302), ("auditor", 403),
        ("stranger", 404),
    ],
)  # fmt: skip
def test_who_answers_a_question(case: SimpleNamespace, who: str, status: int) -> None:
    sent = {"text": ANSWER, "version": case.question.version}
    given = signed_in(case.people[who]).post(reply_to(case.question), sent)
    assert given.status_code == status
    written = list(case.question.posts.values_list("text", "author"))[1:]
    assert written == ([(ANSWER, case.people[who].pk)] if status == 302 else [])


def test_the_country_answers_a_question_on_the_page_of_the_request(case: SimpleNamespace) -> None:
    client = signed_in(case.people["focal point"])
    read = client.get(case.mine.get_absolute_url())
    assert QUESTION in page(read)
    assert f'action="{reply_to(case.question)}"' in read.content.decode()
    assert "With the country, which has been asked a question." in page(read)
    assert "Answer the question “Ports”." in page(read)

    case.question.refresh_from_db()
    client.post(reply_to(case.question), {"text": ANSWER, "version": case.question.version})

    case.question.refresh_from_db()
    question, answer = case.question.posts.all()
    assert (case.question.state, answer.text, answer.body) == ("open", ANSWER, "Kenya")
    assert question.answered_at is not None
    assert "With partner agencies, for their answers." in page(
        client.get(case.mine.get_absolute_url())
    )


def test_what_an_agency_writes_does_not_answer_for_the_country(case: SimpleNamespace) -> None:
    sent = {"text": "We ask the same.", "version": case.question.version}
    signed_in(case.people["INTERPOL"]).post(reply_to(case.question), sent)
    case.question.refresh_from_db()
    assert case.question.state == "waiting"


def test_an_empty_answer_gets_a_sentence_and_changes_nothing(case: SimpleNamespace) -> None:
    sent = {"text": "  ", "version": case.question.version}
    given = signed_in(case.people["focal point"]).post(reply_to(case.question), sent)
    assert given.status_code == 200
    assert "This needs an answer." in page(given)
    assert Post.objects.filter(thread=case.question).count() == 1


def test_after_the_end_nothing_more_is_written_and_what_was_typed_is_shown(
    case: SimpleNamespace,
) -> None:
    client = signed_in(case.people["focal point"])
    perform("withdraw", case.mine, by=case.people["focal point"], data={"reason": "Solved."})
    given = client.post(reply_to(case.question), {"text": ANSWER, "version": 2})
    assert given.status_code == 409
    assert ANSWER in page(given)
    read = client.get(case.question.get_absolute_url())
    assert reply_to(case.question) not in read.content.decode()


def test_an_agency_learns_that_the_clock_stands_still_but_not_why() -> None:
    mine = make.request_in("referred", agencies=("WCO",))
    make.conversation(mine)
    wco = signed_in(make.agency_officer(make.agency("WCO")))
    words = page(wco.get(mine.get_absolute_url()))
    assert "With the country, which has been asked a question. The clock stands still." in words
    assert "Which ports?" not in words
    inbox = page(wco.get(mine.referrals.get().get_absolute_url()))
    assert "The clock stands still" in inbox
    assert "Which ports?" not in inbox


def test_the_inbox_shows_what_was_opened_to_the_agency(case: SimpleNamespace) -> None:
    def shown(who: str) -> str:
        referral = case.mine.referrals.get(agency__code=who)
        return page(signed_in(case.people[who]).get(referral.get_absolute_url()))

    assert "Ports" in shown("INTERPOL")
    assert "In confidence" not in shown("INTERPOL")
    assert "Messages" not in shown("WCO")


def test_the_timeline_tells_of_conversations_to_those_in_them(case: SimpleNamespace) -> None:
    def told(who: str) -> list[str]:
        read = signed_in(case.people[who]).get(case.mine.get_absolute_url())
        return [what for what in timeline(read) if "agency (Ports)" in what or "sent to" in what]

    everything = [
        "Message sent to the Secretariat",
        "Opened to an agency (Ports)",
        "Opened to an agency (Ports)",
        "Question sent to the country",
    ]
    assert told("focal point") == told("officer") == everything
    assert told("INTERPOL") == ["Opened to an agency (Ports)"] * 2
    assert told("WCO") == []


def test_an_agency_does_not_read_to_whom_else_it_was_opened(case: SimpleNamespace) -> None:
    def read(who: str) -> str:
        client = signed_in(case.people[who])
        return page(client.get(case.question.get_absolute_url())) + page(
            client.get(case.mine.get_absolute_url())
        )

    assert "Also open to: INTERPOL" in read("focal point")
    assert "Also open to" not in read("INTERPOL")
    assert "UNODC" not in read("INTERPOL")


def test_the_feed_tells_an_agency_of_conversations_that_were_opened_to_it(
    case: SimpleNamespace,
) -> None:
    def fed(code: str) -> list[tuple[object, ...]]:
        _key, token = make.api_key(make.agency(code))
        with_key = {"Authorization": f"Api-Key {token}"}
        events = Client().get("/api/v1/events/", headers=with_key).json()["results"]
        return [
            (one["kind"], one["subject"]["id"], one["subject"]["request"], one["changes"])
            for one in events
            if one["subject"]["type"] == "conversation"
        ]

    opened = ("threads.open_to", case.question.pk, case.mine.reference, {})
    assert fed("INTERPOL") == [opened, opened]
    assert fed("WCO") == fed("UNODC") == []


# ── unread ───────────────────────────────────────────────────────────────────────────────────


def unread(client: Client) -> list[int]:
    """As the navigation says it."""
    return [int(str(client.get(reverse("requests:list")).context["unread_messages"]))]


def test_what_others_wrote_is_unread_until_it_is_marked_by_post(case: SimpleNamespace) -> None:
    client = signed_in(case.people["contributor"])
    question = case.question.posts.get()
    assert unread(client) == [2]
    client.get(case.question.get_absolute_url())
    assert unread(client) == [2]
    address = reverse("requests:thread_read", args=[case.mine.handle, case.question.pk])
    assert client.get(address).status_code == 405
    assert client.post(address, {"post": question.pk}).status_code == 302
    assert unread(client) == [1]
    assert Reading.objects.get(user=case.people["contributor"]).last_post == question


def test_only_what_was_on_the_page_is_marked_as_read(case: SimpleNamespace) -> None:
    client = signed_in(case.people["contributor"])
    question = case.question.posts.get()
    perform("reply", case.question, by=case.people["officer"], data={"text": "And airports?"})
    address = reverse("requests:thread_read", args=[case.mine.handle, case.question.pk])
    client.post(address, {"post": question.pk})
    assert unread(client) == [2]
    client.post(address, {"post": "nonsense"})
    assert unread(client) == [1]


def test_whoever_answers_has_read(case: SimpleNamespace) -> None:
    focal_point = case.people["focal point"]
    client = signed_in(focal_point)
    assert unread(client) == [1]
    perform("reply", case.question, by=focal_point, data={"text": ANSWER})
    assert unread(client) == [0]
    assert unread(signed_in(case.people["INTERPOL"])) == [2]


def test_a_stranger_marks_nothing(case: SimpleNamespace) -> None:
    address = reverse("requests:thread_read", args=[case.mine.handle, case.question.pk])
    assert signed_in(case.people["WCO"]).post(address).status_code == 404
    assert Reading.objects.filter(user=case.people["WCO"]).count() == 0


# ── told ─────────────────────────────────────────────────────────────────────────────────────


def told(case: SimpleNamespace, action: str, thread: Thread, by: str, **data: object) -> set[str]:
    names = {f"user:{person.pk}": who for who, person in case.people.items()}
    event = perform(action, thread, by=case.people[by], data=data)
    return {names[one.recipient] for one in Message.objects.filter(event=event)}


def test_who_is_told_of_what_is_written(case: SimpleNamespace) -> None:
    interested = make.party_viewer(make.party("KEN"))
    interested.wants_moves = True
    interested.save()
    case.people["interested viewer"] = interested
    country = {"focal point", "interested viewer"}
    question = case.question
    assert told(case, "reply", question, "focal point", text=ANSWER) == {"officer", "INTERPOL"}
    assert told(case, "reply", question, "officer", text="Thanks.") == {*country, "INTERPOL"}
    assert told(case, "reply", question, "INTERPOL", text="Noted.") == {*country, "officer"}
    assert told(case, "ask_again", question, "officer", text="And airports?") == country
    wco = make.agency("WCO")
    assert told(case, "open_to", question, "officer", agency=wco) == {"WCO"}
    assert told(case, "close", question, "officer") == set()


def test_a_contributor_who_wrote_hears_the_answer(case: SimpleNamespace) -> None:
    contributor = case.people["contributor"]
    perform("write", case.mine, by=contributor, data={"subject": "Dates", "text": "When?"})
    thread = case.mine.threads.latest("pk")
    heard = told(case, "reply", thread, "officer", text="In May.")
    assert heard == {"focal point", "contributor"}


def test_the_mail_quotes_the_question_says_what_stands_still_and_links_to_it() -> None:
    country = make.focal_point(language="fr")
    case = make.request_in("in_review", by=country)
    Message.objects.all().delete()
    perform("ask", case, by=make.the_officer(), data={"subject": "Ports", "text": QUESTION})
    mail = Message.objects.get()
    assert (mail.recipient, mail.language) == (f"user:{country.pk}", "fr")
    assert QUESTION in mail.text
    assert case.threads.get().get_absolute_url() in mail.text
    assert case.reference in mail.subject
