"""A row and the rows beside it are added as by themselves; on PostgreSQL in one statement."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from history.inserting import insert_with
from requests_app.models import Post, Thread
from tests import make

pytestmark = pytest.mark.django_db


def _family(subject: str, body: str = "INTERPOL") -> tuple[Thread, list[Any]]:
    thread = Thread(support_request=make.referral().support_request, subject=subject, state="open")
    opened = Thread.agencies.through(thread=thread, agency_id=make.agency().pk)
    return thread, [opened, Post(thread=thread, text="100 % ’s", language="en", body=body)]


def test_a_row_and_those_that_refer_to_it_are_added_together() -> None:
    thread, (opened, post) = _family("Ports")
    with CaptureQueriesContext(connection) as captured:
        insert_with(thread, [opened, post])
    assert len(captured) == (1 if connection.vendor == "postgresql" else 3)
    found = Thread.objects.get(subject="Ports")
    assert found == thread
    assert [agency.code for agency in found.agencies.all()] == ["INTERPOL"]
    assert found.posts.get() == post
    assert (post.thread_id, opened.thread_id) == (thread.pk, thread.pk)
    assert (found.posts.get().text, found.created_at) == ("100 % ’s", thread.created_at)
    thread.subject = "Harbours"
    thread.save(update_fields=["subject"])
    assert Thread.objects.get().subject == "Harbours"


def test_if_one_cannot_be_added_none_is() -> None:
    thread, (opened, post) = _family("Ports")
    post.text = None
    with pytest.raises(IntegrityError), transaction.atomic():
        insert_with(thread, [opened, post])
    assert not Thread.objects.exists()
