"""Pages that did not change cost the public a 304 and one query.

The mark of a page (ETag) is made of what it is read from: the last event of the tracker, of a
Party, a region or an agency, what was loaded from documents, the address, the language, the day,
the code. Those signed in get no mark: their pages say who they are, and are kept nowhere.
"""

import hashlib
from collections.abc import Callable
from functools import cache, wraps
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.messages import get_messages
from django.db.models import Max, Q, Sum, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.middleware.csrf import get_token
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control, patch_vary_headers
from django.utils.http import parse_etags
from django.utils.translation import get_language

from history.models import Event
from toolkit.models import Document, PublishedTotal

View = Callable[..., HttpResponse]
_BODIES = ("partners.party", "partners.region", "partners.agency")
# What the code of a page stands in; the newest of these files tells one version from the next.
_CODE = ("toolkit", "partners", "workflow", "history", "iccwc_portal", "templates", "locale",
         "static", "fixtures")  # fmt: skip


def unless_unchanged(*, has_forms: bool = True) -> Callable[[View], View]:
    """Answer the public 304 when it has the page already. A page `has_forms` unless nothing of it
    is ever sent back; their tokens belong to one browser's cookie, and the mark with them."""

    def decorated(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if request.user.is_authenticated or (has_forms and len(get_messages(request))):
                response = view(request, *args, **kwargs)
                add_never_cache_headers(response)
                return response
            state = _state(request)
            known = parse_etags(request.headers.get("If-None-Match", ""))
            browser = _browser(request) if has_forms else ""
            if _has(known, state, browser, had_cookie=settings.CSRF_COOKIE_NAME in request.COOKIES):
                response = HttpResponseNotModified()
            else:
                response = view(request, *args, **kwargs)
            return _marked(response, f'W/"{state}{browser}"')

        return answer

    return decorated


def _has(known: list[str], state: str, browser: str, *, had_cookie: bool) -> bool:
    """Whether the reader holds this page. A program without cookies sends no form."""
    if had_cookie or not browser:
        return f'W/"{state}{browser}"' in known
    return any(one.startswith(f'W/"{state}') for one in known)


def _marked(response: HttpResponse, etag: str) -> HttpResponse:
    if response.status_code in {200, 304}:
        response["ETag"] = etag
        patch_cache_control(response, private=True, no_cache=True)
    patch_vary_headers(response, ("Cookie", "Accept-Language"))
    return response


def _browser(request: HttpRequest) -> str:
    """The cookie to which the tokens of the page's forms belong, not to be told from this."""
    get_token(request)
    return "-" + _hash(settings.SECRET_KEY, request.META["CSRF_COOKIE"])[:12]


def _state(request: HttpRequest) -> str:
    said = (
        request.path, request.GET.urlencode(), get_language(), timezone.localdate(), _code(),
        *_last_entries(),
    )  # fmt: skip
    return _hash(*said)[:24]


def _last_entries() -> tuple[Any, ...]:
    """One query. A document is readable once its scan is over, which no event says."""
    concerned = Q(subject_type__startswith="toolkit.") | Q(subject_type__in=_BODIES)
    events = Event.objects.filter(concerned).order_by().values(of=Value("event"))
    totals = PublishedTotal.objects.order_by().values(of=Value("total"))
    files = Document.objects.readable().order_by().values(of=Value("files"))
    newest = [
        events.annotate(last=Coalesce(Max("pk"), 0)).values_list("of", "last"),
        totals.annotate(last=Coalesce(Max("pk"), 0)).values_list("of", "last"),
        files.annotate(last=Coalesce(Sum("pk"), 0)).values_list("of", "last"),
    ]
    return tuple(sorted(newest[0].union(*newest[1:])))


@cache
def _code() -> int:
    """When the newest file was written that makes pages, in every process of one installation."""
    base = Path(settings.BASE_DIR)
    return max(
        (
            file.stat().st_mtime_ns
            for folder in _CODE
            for file in (base / folder).rglob("*")
            if file.is_file() and file.suffix != ".pyc"
        ),
        default=0,
    )


def _hash(*said: Any) -> str:
    return hashlib.sha256("\n".join(map(str, said)).encode()).hexdigest()
