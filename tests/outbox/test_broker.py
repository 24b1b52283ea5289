"""The broker of folders: what is put is got once, and what is missing is made again."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from queue import Empty

import pytest
from kombu import Connection

from iccwc_portal.broker import Channel


@pytest.fixture
def channel(tmp_path: Path) -> Iterator[Channel]:
    options = {"folder": str(tmp_path / "broker")}
    with Connection("folder://localhost", transport_options=options) as connection:
        yield connection.default_channel


def _got(channel: Channel, queue: str = "webhooks") -> list[object]:
    found = []
    while True:
        try:
            found.append(channel._get(queue))
        except Empty:
            return found


def test_messages_come_out_in_order_each_from_its_own_queue(channel: Channel) -> None:
    for number in range(3):
        channel._put("webhooks", {"number": number})
    channel._put("notifications", {"number": 9})

    assert channel._size("webhooks") == 3
    assert _got(channel) == [{"number": 0}, {"number": 1}, {"number": 2}]
    assert _got(channel, "notifications") == [{"number": 9}]


def test_deleted_folders_are_an_empty_queue_that_works_on(channel: Channel, tmp_path: Path) -> None:
    channel._put("webhooks", {"number": 0})
    shutil.rmtree(tmp_path / "broker")

    assert (channel._size("webhooks"), _got(channel), channel._purge("webhooks")) == (0, [], 0)
    channel._put("webhooks", {"number": 1})
    assert _got(channel) == [{"number": 1}]


def test_an_unreadable_message_is_dropped_and_the_next_one_read(
    channel: Channel, tmp_path: Path
) -> None:
    channel._put("webhooks", {"number": 0})
    (tmp_path / "broker" / "webhooks" / "0-broken.msg").write_text('{"number":')

    assert _got(channel) == [{"number": 0}]


def test_two_workers_share_the_messages_and_none_gets_one_twice(channel: Channel) -> None:
    for number in range(200):
        channel._put("webhooks", number)
    shares: list[list[object]] = [[], []]
    threads = [
        threading.Thread(target=lambda share=share: share.extend(_got(channel))) for share in shares
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(shares[0] + shares[1]) == list(range(200))
