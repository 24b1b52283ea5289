"""News and events, their pictures and their feed."""

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from record import feed
from record.models import NewsItem, Picture
from record.news_page import NewsQuestion, everything_else, text_of, upcoming
from record.paging import page_of
from record.reading import its_page, one_to_read
from workflow.preconditions import has_it

PAGE = 10
_PUBLIC = "public, max-age=604800, immutable"  # the address holds the hash of the content
_NOWHERE = "private, no-store"


@require_safe
def table(request: HttpRequest) -> HttpResponse:
    form = NewsQuestion(request.GET)
    if not form.is_valid():
        return render(request, "record/news.html", {"form": form}, status=400)
    visible = form.narrowed(NewsItem.objects.visible_to(request.user))
    visible = visible.select_related("picture").prefetch_related("topics")
    page = page_of(everything_else(visible), "dated_on", request, at_once=PAGE)
    events = upcoming(visible) if page["is_first_page"] else []
    return render(request, "record/news.html", page | {"form": form, "upcoming": events})


@require_safe
def one(request: HttpRequest, slug: str) -> HttpResponse:
    rows = NewsItem.objects.select_related("picture").prefetch_related("topics", "parties")
    found = one_to_read(request, rows, slug)
    return its_page(request, "record/news_one.html", found, text=text_of(found))


@require_safe
def atom(request: HttpRequest) -> HttpResponse:
    return feed.answer(request)


@require_safe
def picture(request: HttpRequest, sha256: str, size: str = "file") -> HttpResponseBase:
    """A picture of published news for everybody, and for as long as a browser likes; any other
    for the Secretariat alone. Who asks is looked at only where that matters, so that one stored
    answer serves all."""
    rows = Picture.objects.filter(sha256=sha256)
    found, kept = _readable(rows.visible_to(None)), _PUBLIC
    if found is None:
        found, kept = _readable(rows.inside(request.user)), _NOWHERE
    if found is None:
        raise Http404
    tag = f'"{sha256}-{size}"'
    if has_it(request, tag):
        answer: HttpResponseBase = HttpResponse(status=304)
    else:
        answer = _content(found, size)
    answer["ETag"], answer["Cache-Control"] = tag, kept
    return answer


def _readable(same: "QuerySet[Picture]") -> Picture | None:
    """One with that content which may be read: the virus scanner looks at each by itself, and one
    that waits must not hide one that it has passed."""
    return next((one for one in same if one.is_readable), None)


def _content(found: Picture, size: str) -> FileResponse:
    try:
        content = getattr(found, size).open("rb")
    except FileNotFoundError as lost:
        raise Http404 from lost
    return FileResponse(content, content_type=found.content_type)
