"""Conversations in the API: who takes part, who signs, and what is left when a referral ends."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from requests_app.models import Post, Thread
from tests import make
from tests.api.conftest import signed_in, with_key
from tests.api.test_agencies_write import NOW, QUESTION, key_of
from workflow.executor import perform

pytestmark = pytest.mark.django_db


def test_a_system_answers_for_its_agency_and_a_key_with_a_holder_as_that_person() -> None:
    case = make.request_in("referred")
    thread = make.conversation(case, "open", agencies=("INTERPOL",))
    key, token = make.api_key(make.agency("INTERPOL"))
    said = with_key(token).post(
        f"conversations/{thread.pk}/actions/reply/",
        {"text": "Nous venons en mai."},
        headers={"if-match": "*", "accept-language": "fr"},
    )
    assert said.status_code == 200, said.content
    holder = make.agency_officer(make.agency("INTERPOL"))
    key.held_by = holder
    key.save()
    with_key(token).post(f"conversations/{thread.pk}/actions/reply/", {"text": "In May."}, **NOW)
    written = thread.posts.order_by("pk").values_list("text", "author", "body", "language")
    assert list(written)[2:] == [
        ("Nous venons en mai.", None, "INTERPOL", "fr"),
        ("In May.", holder.pk, "INTERPOL", "en"),
    ]
    shown = [one["author"] for one in key_of().get(f"conversations/{thread.pk}/").json()["posts"]]
    assert shown[2:] == [None, holder.name]


def test_pages_say_that_the_agencys_own_system_wrote() -> None:
    case = make.request_in("referred")
    thread = make.conversation(case, "open", agencies=("INTERPOL",))
    key_of().post(f"conversations/{thread.pk}/actions/reply/", {"text": "In May."}, **NOW)
    desk = reverse("admin:requests_app_thread_change", args=[thread.pk])
    readers = {
        thread.get_absolute_url(): make.focal_point(),
        desk: make.the_officer(),
    }
    for address, reader in readers.items():
        client = Client()
        client.force_login(reader)
        assert "INTERPOL (by its own system)" in client.get(address).content.decode()


def test_who_was_asked_beside_an_agency_it_does_not_learn() -> None:
    case = make.request_in("referred", agencies=("INTERPOL", "WCO"))
    thread = make.conversation(case, "open", agencies=("INTERPOL", "WCO"))
    seen = {
        name: caller.get(f"conversations/{thread.pk}/").json()["agencies"]
        for name, caller in {
            "INTERPOL": key_of(),
            "Secretariat": signed_in(make.officer()),
            "Kenya": signed_in(make.focal_point()),
        }.items()
    }
    assert seen == {
        "INTERPOL": None, "Secretariat": ["INTERPOL", "WCO"], "Kenya": ["INTERPOL", "WCO"],
    }  # fmt: skip


@pytest.mark.parametrize("ending", ["recall", "decline"])
def test_with_its_referral_an_agency_loses_its_conversations(ending: str) -> None:
    referral, caller = make.referral(), key_of()
    caller.post(f"referrals/{referral.pk}/actions/ask/", QUESTION)
    thread = Thread.objects.get()
    by = make.the_officer() if ending == "recall" else make.agency_officer()
    perform(ending, referral, by=by, data={"reason": "Sent in error."})
    answers = [
        caller.get(f"conversations/{thread.pk}/"),
        caller.get(f"conversations/{thread.pk}/posts/"),
        caller.post(f"conversations/{thread.pk}/actions/reply/", {"text": "May?"}, **NOW),
    ]
    assert [one.status_code for one in answers] == [404, 404, 404]
    assert caller.rows("conversations/", "id") == []
    assert Post.objects.count() == 1


def test_conversations_are_narrowed_by_request_state_and_change() -> None:
    one = make.conversation(make.request_in("referred"), "open", agencies=("INTERPOL",))
    two = make.conversation(make.request_in("referred"), agencies=("INTERPOL",))
    make.conversation(make.request_in("referred"))
    caller = key_of()
    moment = two.updated_at.isoformat().replace("+00:00", "Z")
    found = [
        caller.rows(f"conversations/?{asked}", "id")
        for asked in (
            f"request={one.support_request.reference}", "state=waiting", "state=closed",
            "request=ICCWC-2026-9999", f"updated_since={moment}", "ordering=updated_at",
        )
    ]  # fmt: skip
    assert found == [[one.pk], [two.pk], [], [], [two.pk], [one.pk, two.pk]]
    for wrong in ("state=lost", "request=", "agency=WCO", "request=%00", "cursor=x"):
        assert caller.get(f"conversations/?{wrong}").status_code == 400, wrong


def test_old_messages_are_on_pages_of_their_own() -> None:
    thread = make.conversation(make.request_in("referred"), "open", agencies=("INTERPOL",))
    for number in range(60):
        Post.objects.create(thread=thread, text=f"{number}", language="en", body="INTERPOL")
    caller = key_of()
    detail = caller.get(f"conversations/{thread.pk}/").json()
    assert [one["text"] for one in detail["posts"]] == [str(n) for n in range(10, 60)]
    first = caller.get(detail["all_posts"]).json()
    rest = caller.get(first["next"]).json()
    texts = [one["text"] for one in first["results"] + rest["results"]]
    assert texts[2:] == [str(n) for n in range(60)]
    with CaptureQueriesContext(connection) as captured:
        assert caller.get(f"conversations/{thread.pk}/").status_code == 200
    assert len(captured) <= 8
