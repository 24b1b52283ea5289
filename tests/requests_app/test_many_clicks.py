"""The same form sent several times at the same moment: one draft, and no page that failed."""

from typing import Any

import pytest
from django.urls import reverse

from requests_app.models import SupportRequest
from tests import make
from tests.reading_pages import signed_in
from tests.requests_app.test_pages import typed
from tests.workflow.test_executor import all_at_once
from workflow.errors import StaleVersion

CLICKS = 6


@pytest.mark.django_db(transaction=True)
def test_a_new_request_that_is_sent_several_times_at_once_becomes_one_draft() -> None:
    user = make.focal_point()
    clients = [signed_in(user) for _each in range(CLICKS)]
    key = clients[0].get(reverse("requests:new")).context["form"]["draft_key"].value()
    sent = typed(draft_key=key, save="1")

    def click(client: Any) -> int:
        files = {"letter": make.pdf(), "others": [make.pdf("map.pdf")]}
        return client.post(reverse("requests:new"), {**sent, **files}).status_code

    statuses = all_at_once([lambda c=client: click(c) for client in clients])

    assert statuses == [302] * CLICKS
    draft = SupportRequest.objects.get()
    assert draft.draft_key == key
    assert list(draft.attachments.values_list("name", flat=True)) == ["letter.pdf", "map.pdf"]


@pytest.mark.django_db(transaction=True)
def test_a_draft_that_is_saved_several_times_at_once_starts_no_quarrel() -> None:
    user = make.focal_point()
    draft = make.draft(user)
    clients = [signed_in(user) for _each in range(CLICKS)]
    sent = typed(version=draft.version, situation="Through Mombasa.", save="1")
    address = reverse("requests:edit", args=[draft.handle])

    statuses = all_at_once(
        [lambda c=client: c.post(address, sent).status_code for client in clients]
    )

    assert statuses == [302] * CLICKS
    draft.refresh_from_db()
    assert draft.answers["situation"] == "Through Mombasa."


@pytest.mark.django_db
def test_somebody_who_is_outrun_every_time_is_shown_the_page_again(monkeypatch: Any) -> None:
    draft = make.draft()
    client = signed_in(make.contributor())

    def outrun(*args: Any, **kwargs: Any) -> None:
        raise StaleVersion

    monkeypatch.setattr("requests_app.views.drafting.drafts.save", outrun)
    address = reverse("requests:edit", args=[draft.handle])
    fields = {key: draft.answers.get(key, "") for key in ("species", "needed_from")}
    answer = client.post(address, typed(version=draft.version, save="1", **fields))
    assert (answer.status_code, answer.context["stored"]) == (409, {})


@pytest.mark.django_db
def test_a_key_that_somebody_else_has_used_makes_a_draft_of_its_own() -> None:
    taken = make.draft(of=make.party("PER"))
    client = signed_in(make.focal_point(make.party("KEN")))
    answer = client.post(reverse("requests:new"), typed(draft_key=taken.draft_key, save="1"))
    made = SupportRequest.objects.exclude(pk=taken.pk).get()
    assert (answer.status_code, made.party.code) == (302, "KEN")
    assert made.draft_key != taken.draft_key
