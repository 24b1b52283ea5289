"""An agency takes part in a conversation while it has a part in the support, and no longer."""

import pytest
from django.urls import reverse

from history.models import Event
from outbox.models import Message
from partners.models import User
from requests_app.conversations import unread_count
from requests_app.models import Referral, Thread
from tests import make
from tests.reading_pages import page, signed_in
from workflow.executor import perform

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer() -> User:
    return make.agency_officer()


@pytest.fixture
def referral(officer: User) -> Referral:
    return make.referral(make.agency())


@pytest.fixture
def thread(referral: Referral) -> Thread:
    return make.conversation(referral.support_request, agencies=("INTERPOL",))


def leave(referral: Referral, action: str, officer: User) -> None:
    by = officer if action == "decline" else make.the_officer()
    perform(action, referral, by=by, data={"reason": "Not this year."})


@pytest.mark.parametrize("action", ["decline", "recall"])
def test_whoever_has_left_neither_reads_nor_writes_nor_is_told(
    thread: Thread, referral: Referral, officer: User, action: str
) -> None:
    client, where = signed_in(officer), thread.get_absolute_url()
    assert (client.get(where).status_code, unread_count(officer)) == (200, 1)
    leave(referral, action, officer)

    handle = thread.support_request.handle
    reply = reverse("requests:thread_action", args=[handle, thread.pk, "reply"])
    sent = {"text": "Still here.", "version": thread.version}
    assert client.get(where).status_code == client.post(reply, sent).status_code == 404
    assert unread_count(officer) == 0
    country = signed_in(thread.support_request.created_by)
    assert "Also open to" not in page(country.get(where))
    event = perform("reply", thread, by=make.the_officer(), data={"text": "Thanks."})
    assert not Message.objects.filter(event=event, recipient=f"user:{officer.pk}").exists()


def test_whoever_has_delivered_reads_on(officer: User) -> None:
    delivered = make.referral(make.agency(), "delivered")
    thread = make.conversation(delivered.support_request, agencies=("INTERPOL",))
    assert signed_in(officer).get(thread.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("action", ["decline", "recall"])
def test_a_new_referral_does_not_bring_an_agency_back_into_a_conversation(
    thread: Thread, referral: Referral, officer: User, action: str
) -> None:
    client, desk = signed_in(officer), make.the_officer()
    leave(referral, action, officer)
    again = {"agencies": [referral.agency], "note": "Once more."}
    again["answer_due_on"] = make.in_a_month()
    perform("refer", referral.support_request, by=desk, data=again)
    assert client.get(thread.get_absolute_url()).status_code == 404

    perform("open_to", thread, by=desk, data={"agency": referral.agency})
    assert client.get(thread.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("action", ["decline", "recall"])
def test_history_keeps_which_conversations_an_agency_left(
    thread: Thread, referral: Referral, officer: User, action: str
) -> None:
    make.conversation(referral.support_request)
    leave(referral, action, officer)
    event = Event.objects.get(kind=f"referrals.{action}")
    assert event.changes["left_conversations"] == [thread.pk]
