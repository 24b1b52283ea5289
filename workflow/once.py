"""A call that is repeated with its Idempotency-Key is done once and answered the same each time.

draft-ietf-httpapi-idempotency-key-header. The key is reserved, the work done and its answer kept
in one transaction: a crash leaves neither work nor key. Of two calls with one key at the same
moment the second waits for the first, at the unique key (PostgreSQL) or at BEGIN (SQLite), in
whatever process it runs.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from workflow.errors import InvalidInput, KeyReused
from workflow.executor import again_after_deadlock
from workflow.models import KeptAnswer
from workflow.sealing import Unreadable, seal, unseal

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
KEPT_FOR = timedelta(hours=24)
LONGEST_KEY = 255
_HEADERS = ("ETag", "Location")

Work = Callable[[], Response]


def once(request: Request, work: Work, *, ahead: Callable[[], object] | None = None) -> Response:
    """The answer of `work()`; of its first run, when the caller repeats the call with its key.

    For every POST of the API. Call it when the caller is known to see what the address names
    (an object that was closed to them meanwhile is a 404, also to a repetition) and do all the
    rest in `work`: it judges If-Match and the body, writes, and gives the Response. The answer
    is JSON (`Response.data`); a refusal is raised, or given with a status from 400 on, and then
    undoes what `work` wrote and is not kept. `work` may run a second time after a deadlock.

        def post(self, request: Request, **kwargs: Any) -> Response:
            case = self.get_object()
            return once(request, lambda: self._attach(request, case))

    What waits for other machines is done in `ahead`: before the transaction, with no lock in hand,
    and not at a repetition. It writes nothing, and raises what refuses the call.

    Without the header this only calls `ahead()` and `work()`. Raises InvalidInput for a key that
    is none, and KeyReused for one that came with something else.
    """
    key = _key_of(request)
    if key is None:
        if ahead:
            ahead()
        return work()
    caller, content = _caller(request), fingerprint(request)
    if ahead and not _is_kept(caller, key):
        ahead()
    try:
        return again_after_deadlock(lambda: _first(request, caller, key, content, work))
    except _KeptAlready:
        kept = KeptAnswer.objects.get(caller=caller, key=key)
    if kept.kept_at > timezone.now() - KEPT_FOR:
        return _replay(kept, content)
    kept.delete()  # the hourly task has not come by yet
    return once(request, work, ahead=ahead)


def _is_kept(caller: str, key: str) -> bool:
    return KeptAnswer.objects.filter(
        caller=caller, key=key, kept_at__gt=timezone.now() - KEPT_FOR
    ).exists()


class _KeptAlready(Exception):
    """The key stands there already."""


class _Undone(Exception):
    """Carries a refusal that `work` gave out of the transaction that must not stay."""

    def __init__(self, response: Response) -> None:
        self.response = response


def _first(request: Request, caller: str, key: str, content: str, work: Work) -> Response:
    try:
        with transaction.atomic():
            kept = _reserve(caller, key, content)
            response = work()
            if response.status_code >= 400:
                raise _Undone(response)
            renderer: Any = request.accepted_renderer
            written = renderer.render(response.data)
            kept.status = response.status_code
            kept.headers = {name: response[name] for name in _HEADERS if name in response}
            kept.body = seal(bytes(written or b"null").decode())
            kept.save(update_fields=["status", "headers", "body"])
            return response
    except _Undone as undone:
        return undone.response


def _reserve(caller: str, key: str, content: str) -> KeptAnswer:
    try:
        return KeptAnswer.objects.create(caller=caller, key=key, content=content)
    except IntegrityError as taken:
        raise _KeptAlready from taken


def _replay(kept: KeptAnswer, content: str) -> Response:
    if kept.content != content:
        raise KeyReused
    try:
        said = json.loads(unseal(kept.body))
    except Unreadable:
        # The pepper was changed in between.
        sentence = _("This call was done, but its answer can no longer be read. Look what it did.")
        raise KeyReused(sentence) from None
    return Response(said, status=kept.status, headers={**kept.headers, REPLAYED: "true"})


def _key_of(request: Request) -> str | None:
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable()):
        sentence = _("Give 1 to %(most)d printable ASCII characters.") % {"most": LONGEST_KEY}
        raise InvalidInput({HEADER: [sentence]})
    return key


def _caller(request: Request) -> str:
    caller: Any = request.user
    return f"{caller._meta.model_name}:{caller.pk}"


def fingerprint(request: Request) -> str:
    """Of method, address and content: the same for JSON that says the same in another order."""
    said = [request.method, request.get_full_path(), _content(request.data)]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _content(data: Any) -> Any:
    if not isinstance(data, MultiValueDict):
        return data
    return {
        name: [_file(one) if isinstance(one, UploadedFile) else one for one in values]
        for name, values in data.lists()
    }


def _file(upload: UploadedFile) -> list[Any]:
    digest = hashlib.sha256()
    if upload.file is not None:  # one that was too large has no content; it is refused later
        for chunk in upload.chunks():
            digest.update(chunk)
        upload.seek(0)
    return [upload.name, upload.size, digest.hexdigest()]


def forget_old() -> int:
    """Delete the answers that nobody may ask for any more; how many."""
    long_ago = timezone.now() - KEPT_FOR
    deleted, _by_model = KeptAnswer.objects.filter(kept_at__lte=long_ago).delete()
    return deleted
