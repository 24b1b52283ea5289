"""The nightly check tells those who must know, and nobody else."""

import logging

import pytest
from django.db import connection

from history import triggers
from history.models import Event
from iccwc_portal.tasks import check_history
from outbox.models import Heartbeat, Message
from tests import make

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_intact_history_is_checked_in_silence() -> None:
    make.the_lead()
    make.request_in("submitted")
    Message.objects.all().delete()

    assert check_history()

    assert not Message.objects.exists()
    assert Heartbeat.objects.filter(name="history-check").exists()


def test_a_broken_history_is_told_to_the_leads_of_the_secretariat(
    caplog: pytest.LogCaptureFixture,
) -> None:
    make.officer()
    lead = make.lead()
    case = make.request_in("submitted")
    broken = Event.objects.about(case).latest("pk")
    Message.objects.all().delete()
    triggers.remove(connection)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE history_event SET source = 'x' WHERE id = %s", [broken.pk])
    triggers.install(connection)

    with caplog.at_level(logging.CRITICAL):
        assert not check_history()

    told = Message.objects.get()
    assert told.address == lead.email
    assert told.subject == f"The history of the portal is broken at event {broken.pk}"
    assert f"history is broken at event {broken.pk}" in caplog.text
