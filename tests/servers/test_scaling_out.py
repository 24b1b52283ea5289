"""Two web processes, two workers, one PostgreSQL, one Redis: they share their counts and keys,
and what is killed under load takes nothing with it."""

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.servers.installation import ROOT, ServedInstallation
from tests.servers.mailbox import Mailbox
from tools.servers import free_port

pytestmark = [pytest.mark.servers]

REFERRALS, CALLS_A_MINUTE = 26, 30
HOST = "portal.example.org"  # the one name of both processes, as behind a proxy
PATIENCE = 40  # seconds for everything that is under way to come to its end


class ScaledPortal(ServedInstallation):
    """An installation with two web processes and two workers, each to be killed by its name."""

    def __init__(self, folder: Path, mailbox: Mailbox) -> None:
        postgres, redis = os.environ["POSTGRES_URL"], os.environ["REDIS_SERVER_URL"]
        super().__init__(folder, mailbox.url, postgres, redis)
        self.env |= {"ALLOWED_HOSTS": f"127.0.0.1,{HOST}", "HTTPS": "0", "LOG_LEVEL": "ERROR"}
        self.ports = {"web-a": free_port(), "web-b": free_port()}

    def begin_all(self) -> None:
        for name in ("web-a", "web-b", "worker-a", "worker-b", "beat"):
            self.run(name)
        for name in self.ports:
            self.wait_for_web(name)

    def run(self, name: str) -> None:
        kind, _dash, which = name.partition("-")
        celery = ["celery", "-A", "iccwc_portal", kind]
        command = {
            "web": ["gunicorn", "iccwc_portal.wsgi", "--workers", "1", "--threads", "4",
                    "--bind", f"127.0.0.1:{self.ports.get(name)}", "--no-control-socket"],
            "worker": [*celery, "--pool", "solo", "--without-gossip", "--without-mingle",
                       "-n", f"{which}@%h"],
            "beat": celery,
        }[kind]  # fmt: skip
        self.processes[name] = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=ROOT,
            env=self.env,
            stdout=(self.folder / f"{name}.log").open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def wait_for_web(self, name: str) -> None:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                httpx.get(f"{self.address(name)}/healthz", timeout=5).raise_for_status()
                return
            except httpx.HTTPError:
                assert time.monotonic() < end, (self.folder / f"{name}.log").read_text()
                time.sleep(0.1)

    def address(self, name: str) -> str:
        return f"http://127.0.0.1:{self.ports[name]}"

    def do(self, name: str, *arguments: object) -> Any:
        command = [sys.executable, "-m", "tests.servers.scaling_acts", name, *map(str, arguments)]
        return json.loads(self._run(*command).splitlines()[-1])


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox(seconds=0.02) as made:
        yield made


@pytest.fixture
def portal(tmp_path: Path, mailbox: Mailbox) -> Iterator[ScaledPortal]:
    if not (os.environ.get("POSTGRES_URL") and os.environ.get("REDIS_SERVER_URL")):
        pytest.skip("no PostgreSQL and Redis here: run `make test`, which brings them")
    with ScaledPortal(tmp_path, mailbox) as made:
        yield made


class System:
    """An agency's system: asks either web process, and again when one is gone under it."""

    def __init__(self, portal: ScaledPortal, token: str) -> None:
        headers = {"Authorization": f"Api-Key {token}", "Host": HOST}
        self.client = httpx.Client(headers=headers, timeout=20)
        self.addresses = cycle([portal.address(name) for name in portal.ports])
        self.end = time.monotonic() + PATIENCE

    def call(self, method: str, path: str, **said: Any) -> httpx.Response:
        """The first answer that is one; the call is the same each time, with all its headers."""
        while True:
            address = next(self.addresses)
            try:
                answer = self.client.request(method, f"{address}/api/v1/{path}", **said)
                if answer.status_code < 500:
                    return answer
            except httpx.TransportError:
                pass
            assert time.monotonic() < self.end, f"no answer to {method} {path}"
            time.sleep(0.05)

    def accept(self, referral: int) -> tuple[int, int, str]:
        seen = self.call("GET", f"referrals/{referral}/")
        headers = {"If-Match": seen.headers["ETag"], "Idempotency-Key": f"accept-{referral}"}
        answer = self.call(
            "POST", f"referrals/{referral}/actions/accept/", json={}, headers=headers
        )
        return referral, answer.status_code, str(answer.json().get("state"))


class Follower(threading.Thread):
    """Reads the feed all the while, and keeps the ids in the order in which they came."""

    def __init__(self, system: System) -> None:
        super().__init__(daemon=True)
        self.system, self.ids, self.after = system, [], 0
        self.is_over = threading.Event()

    def run(self) -> None:
        while True:
            last_time = self.is_over.is_set()
            page = self.system.call("GET", f"events/?after={self.after}&page_size=100").json()
            self.ids += [event["id"] for event in page["results"]]
            self.after = page["after"]
            if last_time and not page["results"]:
                return


def at_once(*works: Callable[[], Any]) -> list[Any]:
    with ThreadPoolExecutor(len(works)) as pool:
        return [one.result() for one in [pool.submit(work) for work in works]]


def test_processes_share_the_rate_of_a_key_and_the_answers_kept_for_repeated_calls(
    portal: ScaledPortal,
) -> None:
    made = portal.do("prepare", 1, CALLS_A_MINUTE)
    for name in portal.ports:
        portal.run(name)
        portal.wait_for_web(name)
    if time.time() % 60 > 50:
        time.sleep(61 - time.time() % 60)  # all of it within one minute
    systems = [System(portal, made["slow"]) for _each in range(4)]
    answers = at_once(
        *(lambda one=one: [one.call("GET", "agencies/") for _n in range(10)] for one in systems)
    )
    statuses = Counter(answer.status_code for several in answers for answer in several)
    assert statuses == {200: CALLS_A_MINUTE, 429: 40 - CALLS_A_MINUTE}
    told = [one.headers["RateLimit"] for several in answers for one in several]
    left = Counter(int(one.partition("r=")[2].partition(";")[0]) for one in told)
    assert left == {**dict.fromkeys(range(1, CALLS_A_MINUTE), 1), 0: 11}

    (referral,) = made["referrals"]
    clients = [System(portal, made["token"]) for _each in range(4)]
    seen = clients[0].call("GET", f"referrals/{referral}/")
    headers = {"If-Match": seen.headers["ETag"], "Idempotency-Key": "one of four"}
    path = f"referrals/{referral}/actions/accept/"
    answers = at_once(
        *(lambda one=one: one.call("POST", path, json={}, headers=headers) for one in clients)
    )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    replayed = [answer.headers.get("Idempotent-Replayed") for answer in answers]
    assert Counter(replayed) == {None: 1, "true": 3}
    assert portal.do("outcome")["accepted"] == {str(referral): 1}


def test_what_is_killed_under_load_loses_no_answered_write_no_event_and_no_message(
    portal: ScaledPortal, mailbox: Mailbox
) -> None:
    made = portal.do("prepare", REFERRALS, CALLS_A_MINUTE)
    *accepted, left_alone, refused = made["referrals"]
    portal.begin_all()
    follower = Follower(System(portal, made["token"]))
    follower.start()
    done: list[tuple[int, int, str]] = []

    def work(mine: list[int]) -> None:
        system = System(portal, made["token"])
        done.extend(system.accept(referral) for referral in mine)

    load = [threading.Thread(target=work, args=[accepted[n::4]], daemon=True) for n in range(4)]
    for one in load:
        one.start()
    for part, victims in ((0.2, ("web-a", "worker-a")), (0.6, ("web-b", "worker-b"))):
        _wait_until(lambda part=part: len(done) >= part * len(accepted))
        for victim in victims:
            portal.kill(victim)
            portal.run(victim)
    for one in load:
        one.join(PATIENCE)
    no = System(portal, made["token"]).call(
        "POST", f"referrals/{refused}/actions/decline/", json={}, headers={"If-Match": "*"}
    )
    _wait_until(lambda: set(portal.do("outcome")["messages"].values()) == {"sent"})
    follower.is_over.set()
    follower.join(PATIENCE)
    after = portal.do("outcome")

    assert sorted(done) == [(referral, 200, "accepted") for referral in sorted(accepted)]
    assert no.status_code == 400
    assert after["accepted"] == {str(referral): 1 for referral in accepted}
    assert after["states"] == {
        **{str(referral): "accepted" for referral in accepted},
        str(left_alone): "sent",
        str(refused): "sent",
    }
    again = Follower(System(portal, made["token"]))
    again.is_over.set()
    again.run()
    assert follower.ids == again.ids == sorted(set(again.ids))
    assert len(again.ids) >= len(accepted)
    arrived = mailbox.counts()
    assert set(arrived) == set(after["messages"])
    repeated = [number for number, times in arrived.items() if times > 1]
    assert len(repeated) <= 2  # one for each worker that was killed, with its Message-ID
    assert max(arrived.values()) <= 2


def _wait_until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.05)
