"""The network side of delivering: many receivers at once, none of which can hold up another.

A loop of its own thread sends; the thread that asks for it reads and writes the database. Each
receiver has a lane: some requests beside each other over connections that are kept, an end to
starting new ones, and a deadline for each request from the first byte to the last, which also ends
one that drips. Of an answer the status counts; no more than a few KB of its body are read.
"""

import asyncio
import queue
import ssl
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from types import TracebackType
from typing import Self

import httpcore
from standardwebhooks import Webhook as Signer

from outbox.public_addresses import JudgingBackend, Refused
from webhooks import payload
from webhooks.outcomes import Outcome, of_status

DEADLINE = 10  # seconds for one request, all of it
LANE_SECONDS = 4  # how long a lane begins new requests
BESIDE_EACH_OTHER = 8  # requests to one receiver
_BODY_READ = 4096
_NAMES_BESIDE_EACH_OTHER = 64  # look-ups: a resolver that hangs must not hold up those of others


@dataclass(frozen=True)
class Parcel:
    """One message to be sent."""

    key: int  # of the caller's own
    message_id: str
    body: str


@dataclass
class Lane:
    """The parcels for one receiver, in the order in which they are begun."""

    key: int
    url: str
    secrets: list[str]
    parcels: list[Parcel]
    outcomes: dict[int, Outcome] = field(default_factory=dict)  # of those that were tried


class Couriers:
    """Sends lanes in the background. Use as a context; leaving it ends what is still under way."""

    def __enter__(self) -> Self:
        self._done: queue.Queue[Lane] = queue.Queue()
        self._loop = asyncio.new_event_loop()
        self._names = ThreadPoolExecutor(_NAMES_BESIDE_EACH_OTHER, "webhook-names")
        self._loop.set_default_executor(self._names)
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=_trust(),
            max_connections=None,
            keepalive_expiry=5,
            network_backend=JudgingBackend(),
        )
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._names.shutdown(wait=False)
        self._loop.close()

    def send(self, lane: Lane) -> None:
        asyncio.run_coroutine_threadsafe(self._run(lane), self._loop)

    def finished(self, seconds: float) -> list[Lane]:
        """The lanes that have ended; waits for the first as long as that."""
        lanes = []
        try:
            lanes.append(self._done.get(timeout=seconds))
            while True:
                lanes.append(self._done.get_nowait())
        except queue.Empty:
            pass
        return lanes

    # ── in the loop ──────────────────────────────────────────────────────────────────────────

    async def _stop(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._pool.aclose()

    async def _run(self, lane: Lane) -> None:
        """Send the parcels until one fails or time is up. The first goes alone: a receiver that is
        away is asked once."""
        try:
            signed_by, url = _signers_and_url(lane)
            if url is None:
                return
            waiting = iter(lane.parcels)
            until = self._loop.time() + LANE_SECONDS

            async def one_after_the_other(at_most: int | None = None) -> None:
                for count, parcel in enumerate(waiting, 1):
                    headers = payload.headers(parcel.message_id, parcel.body, signed_by)
                    outcome = await self._post(url, headers, parcel.body.encode())
                    lane.outcomes[parcel.key] = outcome
                    if self._is_over(lane, until) or count == at_most:
                        return

            await one_after_the_other(at_most=1)
            if not self._is_over(lane, until):
                beside = range(min(BESIDE_EACH_OTHER, len(lane.parcels) - 1))
                await asyncio.gather(*(one_after_the_other() for _each in beside))
        finally:
            self._done.put(lane)

    def _is_over(self, lane: Lane, until: float) -> bool:
        failed = any(not outcome.is_success for outcome in lane.outcomes.values())
        return failed or self._loop.time() > until

    async def _post(
        self, url: httpcore.URL, headers: list[tuple[bytes, bytes]], body: bytes
    ) -> Outcome:
        try:
            async with (
                asyncio.timeout(DEADLINE),
                self._pool.stream("POST", url, headers=headers, content=body) as answer,
            ):
                await _read_some(answer)
                retry_after = dict(answer.headers).get(b"retry-after", b"")
                return of_status(answer.status, retry_after.decode("ascii", "replace"))
        except Refused as refused:
            return Outcome("address", str(refused))
        except (TimeoutError, httpcore.TimeoutException):
            return Outcome("timeout", str(DEADLINE))
        except httpcore.ConnectError as error:
            is_tls = isinstance(error.__cause__, ssl.SSLError)
            return Outcome("certificate" if is_tls else "unreachable")
        except (httpcore.ProtocolError, httpcore.NetworkError):
            return Outcome("protocol")
        except Exception as error:  # noqa: BLE001 - whatever a receiver does, the row keeps it
            return Outcome(type(error).__name__)


def _signers_and_url(lane: Lane) -> "tuple[list[Signer], httpcore.URL | None]":
    """What every request of the lane needs; no URL, and the first parcel failed, when a secret
    cannot be signed with or the address cannot be called. Without an outcome nobody backs off."""
    try:
        signed_by = payload.signers(lane.secrets)
    except Exception:  # noqa: BLE001 - no Base64, or an empty one: the library raises what it likes
        lane.outcomes[lane.parcels[0].key] = Outcome("secret")
        return [], None
    try:
        return signed_by, httpcore.URL(lane.url)
    except Exception:  # noqa: BLE001 - whatever a row holds, the row is told
        lane.outcomes[lane.parcels[0].key] = Outcome("unreachable")
        return [], None


async def _read_some(answer: httpcore.Response) -> None:
    """So much of the body that a short one leaves its connection in order for the next."""
    size = 0
    async for part in answer.aiter_stream():
        size += len(part)
        if size > _BODY_READ:
            return


@cache
def _trust() -> ssl.SSLContext:
    """The authorities of the system, read once in a process."""
    return ssl.create_default_context()
