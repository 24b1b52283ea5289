"""The calls: lists, details, actions, files, and the change feed."""

import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self
from urllib.parse import urlsplit

import httpx

from iccwc_client.errors import problem_in
from iccwc_client.trying import told_pause, with_patience

API = "/api/v1/"
LONGEST_WAIT = 30  # seconds that the portal holds a caller of the feed


class Record(dict[str, Any]):
    """One thing as the portal gave it, with what a later write needs: its address and its ETag.

    `retry_after`: seconds after which the portal wants to be asked again; 0 when it said nothing.
    """

    def __init__(
        self, said: dict[str, Any], url: str, etag: str = "", retry_after: float = 0.0
    ) -> None:
        super().__init__(said)
        self.url = url
        self.etag = etag
        self.retry_after = retry_after

    @classmethod
    def of(cls, answer: httpx.Response, url: str) -> "Record":
        said = answer.json() if answer.content else {}
        pause = told_pause(answer.headers) or 0.0
        return cls(said, url, answer.headers.get("ETag", ""), pause)


class Client:
    """One agency's key at one portal. Not for several threads at once: make one for each.

    Calls that fail on the way, or that the portal asks to repeat, are tried again; a write with
    the same Idempotency-Key, so that it is done once. Every refusal is a `Problem`.
    """

    def __init__(
        self,
        base_url: str,
        key: str,
        *,
        language: str = "en",
        timeout: float = 40.0,
        tries: int = 5,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        if timeout <= LONGEST_WAIT:
            raise ValueError(f"The feed holds a call for {LONGEST_WAIT} seconds: wait longer.")
        self.tries = tries
        self._http = httpx.Client(
            base_url=base_url.rstrip("/") + "/",
            headers={"Authorization": f"Api-Key {key}", "Accept-Language": language},
            timeout=timeout,
            transport=transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    # ── reading ──────────────────────────────────────────────────────────────────────────────

    def get(self, path: str, **parameters: Any) -> Record:
        """One thing: by its address in an answer, or as `requests/ICCWC-2026-0042`."""
        return Record.of(self.answer(path, parameters), _path(path))

    def get_if_changed(self, path: str, etag: str) -> Record | None:
        """The same; None while it still is what came with that ETag."""
        answer = self.answer(path, headers={"If-None-Match": etag} if etag else {})
        if answer.status_code == httpx.codes.NOT_MODIFIED:
            return None
        return Record.of(answer, _path(path))

    def list(self, path: str, **parameters: Any) -> Iterator[dict[str, Any]]:
        """Every row of a list, page by page; a parameter with several values as a list of them."""
        for page in self.pages(path, **parameters):
            yield from page.json()["results"]

    def pages(self, path: str, **parameters: Any) -> Iterator[httpx.Response]:
        """The pages of a list. One page can be asked for by its address, to go on from it."""
        answer = self.answer(path, parameters)
        yield answer
        while following := answer.json()["next"]:
            answer = self.answer(following)
            yield answer

    def answer(
        self,
        path: str,
        parameters: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        """The bare answer to a GET."""

        def send() -> httpx.Response:
            return self._http.get(_path(path), params=parameters or None, headers=headers)

        return _checked(with_patience(send, self.tries))

    # ── the change feed ──────────────────────────────────────────────────────────────────────

    def end_of_feed(self) -> int:
        """The bookmark of now: whatever is recorded from now on comes after it."""
        return int(self.get("events", after="latest")["after"])

    def events(self, after: int, *, wait: int = 0, size: int = 100) -> Record:
        """A page of the feed: `results`, and `after`, where to go on.

        With `retry_after` it was not held, because too many wait already: pause that long.
        """
        return self.get("events", after=after, wait=wait, page_size=size)

    def follow(self, after: int = 0) -> Iterator[dict[str, Any]]:
        """Every event after that one, for ever: those of the past, then each as it comes.

        Keep the `id` of an event once you have done with it; begin with it the next time.
        """
        while True:
            page = self.events(after, wait=LONGEST_WAIT)
            yield from page["results"]
            after = int(page["after"])
            # Asked of whoever was not held: asking again at once would use up the key's rate.
            time.sleep(page.retry_after)

    # ── writing ──────────────────────────────────────────────────────────────────────────────

    def act(self, record: Record, action: str, **body: Any) -> Record:
        """Do an action with what was read, and only if it is still so (else `Stale`).

        The answer is the thing as it is afterwards.
        """
        return self.post(_address_of(record, action), body, etag=record.etag, url=record.url)

    def post(
        self,
        path: str,
        body: dict[str, Any] | None = None,
        *,
        etag: str = "",
        url: str = "",
        files: dict[str, tuple[str, bytes, str]] | None = None,
    ) -> Record:
        """A write, done once however often it has to be sent. `etag`: of what it changes."""
        headers = {"Idempotency-Key": f'"{uuid.uuid4()}"'}
        if etag:
            headers["If-Match"] = etag
        content: dict[str, Any] = {"data": body or {}, "files": files} if files else {"json": body}

        def send() -> httpx.Response:
            return self._http.post(_path(path), headers=headers, **content)

        return Record.of(_checked(with_patience(send, self.tries)), url or _path(path))

    def upload(
        self, path: str, file: Path, content_type: str, *, etag: str = "", **body: Any
    ) -> Record:
        """A write with a file, for instance to `requests/<reference>/attachments`."""
        files = {"file": (file.name, file.read_bytes(), content_type)}
        return self.post(path, body, etag=etag, files=files)

    def download(self, path: str, to: BinaryIO) -> int:
        """Write a file to `to`; how many bytes it had. Not tried again: `to` may have some."""
        size = 0
        with self._http.stream("GET", _path(path)) as answer:
            if not answer.is_success:
                answer.read()
            _checked(answer)
            for part in answer.iter_bytes():
                size += to.write(part)
        return size


def _path(address: str) -> str:
    """Where an address leads at this portal. Of a whole address only the path counts: so the key
    goes nowhere else, whatever an answer says."""
    parts = urlsplit(address)
    path = parts.path if parts.path.startswith("/") else API + parts.path
    path = path if path.endswith("/") else path + "/"
    return f"{path}?{parts.query}" if parts.query else path


def _address_of(record: Record, action: str) -> str:
    """Where the portal says that the action is done; the usual place if it did not name it."""
    for one in record.get("allowed_actions", ()):
        if isinstance(one, dict) and one.get("action") == action:
            return str(one["url"])
    return f"{record.url}actions/{action}/"


def _checked(answer: httpx.Response) -> httpx.Response:
    if answer.is_success or answer.status_code == httpx.codes.NOT_MODIFIED:
        return answer
    raise problem_in(answer)
