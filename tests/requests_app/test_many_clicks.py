"""The same form sent several times at the same moment: one draft, and no page that failed."""

from typing import Any

import pytest
from django.urls import reverse

from requests_app.models import SupportRequest
from tests import make
from tests.reading_pages import signed_in
from tests.requests_app.writing import address, fields_of
from tests.workflow.test_executor import all_at_once

CLICKS = 6


def each_sends(clients: list[Any], where: str, sent: dict[str, Any]) -> list[Any]:
    return all_at_once([lambda c=client: c.post(where, sent) for client in clients])


@pytest.mark.django_db(transaction=True)
def test_a_new_request_that_is_begun_several_times_at_once_becomes_one_draft() -> None:
    user = make.focal_point()
    make.support()
    clients = [signed_in(user) for _each in range(CLICKS)]
    where = reverse("requests:new")
    key = clients[0].get(where).context["form"]["draft_key"].value()

    answers = each_sends(clients, where, {"draft_key": key, "support": "basic_training"})

    assert [answer.status_code for answer in answers] == [302] * CLICKS
    assert SupportRequest.objects.get().draft_key == key


@pytest.mark.django_db(transaction=True)
def test_a_step_that_is_saved_several_times_at_once_starts_no_quarrel() -> None:
    user = make.focal_point()
    draft = make.draft(user)
    clients = [signed_in(user) for _each in range(CLICKS)]
    where = address(draft, "situation")
    sent = {**fields_of(clients[0].get(where)), "situation": "Through Mombasa."}

    answers = each_sends(clients, where, sent)

    assert [answer.status_code for answer in answers] == [302] * CLICKS
    draft.refresh_from_db()
    assert draft.answers["situation"] == "Through Mombasa."


@pytest.mark.django_db(transaction=True)
def test_a_request_that_is_submitted_several_times_at_once_is_submitted_once() -> None:
    user = make.focal_point()
    draft = make.draft(user)
    clients = [signed_in(user) for _each in range(CLICKS)]

    sent = {"version": draft.version, "declared": "on"}
    answers = each_sends(clients, address(draft, "check"), sent)

    draft.refresh_from_db()
    confirmed = reverse("requests:submitted", args=[draft.reference])
    assert {answer.headers["Location"] for answer in answers} == {confirmed}
    assert draft.versions.count() == 1


@pytest.mark.django_db
def test_a_key_that_somebody_else_has_used_makes_a_draft_of_its_own() -> None:
    taken = make.draft(of=make.party("PER"))
    client = signed_in(make.focal_point(make.party("KEN")))
    sent = {"draft_key": taken.draft_key, "support": "basic_training"}
    answer = client.post(reverse("requests:new"), sent)
    made = SupportRequest.objects.exclude(pk=taken.pk).get()
    assert (answer.status_code, made.party.code) == (302, "KEN")
    assert made.draft_key != taken.draft_key
