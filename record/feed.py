"""The Atom feed of news and events (RFC 4287), one in each language: `?lang=fr`.

A reader of feeds sends no cookie and no language of a person; so the address says it, English
without. The ids are tag URIs (RFC 4151): they stay whatever becomes of the host and of the address
of an item.
"""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.http import http_date
from django.utils.translation import gettext as _

from record.models import NewsItem
from workflow.characters import without_control
from workflow.preconditions import has_it

NEWEST = 30
_FOUNDED = datetime(2010, 11, 23, tzinfo=UTC)
_LANGUAGES = dict(settings.LANGUAGES)


def answer(request: HttpRequest) -> HttpResponse:
    """The feed; 304 for who has it, 400 with a sentence for a language it does not come in."""
    language = request.GET.get("lang", settings.LANGUAGE_CODE)
    if language not in _LANGUAGES:
        said = _("“lang” is one of %(codes)s.") % {"codes": ", ".join(_LANGUAGES)}
        return HttpResponse(said, "text/plain; charset=utf-8", 400)
    items = list(_newest())
    changed = max((one.updated_at for one in items), default=None)
    with translation.override(language):
        tag = _tag(language, items)
    if has_it(request, tag):
        found = HttpResponse(status=304)
    else:
        with translation.override(language):
            found = HttpResponse(_written(language, items, changed), _TYPE)
    found["ETag"], found["Cache-Control"] = tag, "public, max-age=300"
    if changed:
        found["Last-Modified"] = http_date(int(changed.timestamp()))
    return found


_TYPE = Atom1Feed.content_type


def _newest() -> Any:
    """What everybody may read, whoever asks: a reader of feeds passes on what it has read."""
    rows = NewsItem.objects.visible_to(None).order_by("-publish_at", "-pk")
    return rows.prefetch_related("topics")[:NEWEST]


def _tag(language: str, items: list[Any]) -> str:
    said = [language, *(f"{one.pk} {one.updated_at.isoformat()}" for one in items)]
    topics = [f"{topic.pk} {topic.name}" for one in items for topic in one.topics.all()]
    return f'"{sha256(repr(said + topics).encode()).hexdigest()[:32]}"'


def _written(language: str, items: list[Any], changed: datetime | None) -> str:
    made = _Feed(
        title=str(_("ICCWC: news and events")),
        link=settings.SITE_URL + reverse("record:news"),
        description="",
        language=language,
        feed_url=f"{settings.SITE_URL}{reverse('record:feed')}?lang={language}",
        feed_guid=_id(f"news/{language}"),
        # An empty feed bears a date too (RFC 4287 §4.1.1): that of the consortium's founding.
        changed=changed or _FOUNDED,
    )
    for one in items:
        made.add_item(
            title=without_control(one.title),
            link=settings.SITE_URL + reverse("record:news_one", args=[one.slug]),
            description=_summary(one),
            unique_id=_id(f"news/{one.pk}/{language}"),
            pubdate=one.publish_at,
            updateddate=one.updated_at,
            author_name=_("CITES Secretariat"),
            categories=[without_control(topic.name) for topic in one.topics.all()],
        )
    return made.writeString("utf-8")


def _summary(item: NewsItem) -> str:
    """HTML, as Django's feeds declare it: so every sign of the text is made one of HTML."""
    where = " · ".join(part for part in (item.event_in_words, item.event_place) if part)
    return escape(without_control(f"{where}. {item.lead}" if where else item.lead))


def _id(what: str) -> str:
    """Of a domain that the portal has, and a year in which it had it."""
    return f"tag:{settings.MESSAGE_ID_DOMAIN},2026:{what}"


class _Feed(Atom1Feed):
    """Dated by what changed last in it, never by the moment of asking."""

    def latest_post_date(self) -> Any:
        return self.feed["changed"]
