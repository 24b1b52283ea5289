"""Reading conversations: who takes part, what is unread, how far somebody has read."""

from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Q, QuerySet

from partners.models import Agency, User
from requests_app.models import (
    Post,
    Reading,
    Referral,
    SupportRequest,
    Thread,
    ThreadState,
)

MOST_COUNTED = 100


def agencies_reading(thread: Thread) -> "QuerySet[Agency]":
    """Those it was opened to, as long as they hold a live referral."""
    live = Referral.objects.live().filter(support_request=thread.support_request_id)
    return thread.agencies.filter(pk__in=live.values("agency_id"))


def threads_of(support_request: SupportRequest, actor: Any) -> list[Thread]:
    """The conversations of a request that the actor may see, those that wait first; three queries.

    Each knows `post_count`, `last_written`, `unread` and its `open_questions`.
    """
    questions = Post.objects.filter(asks=True, answered_at=None).select_related("author")
    visible = support_request.threads.visible_to(actor).annotate(
        post_count=Count("posts", distinct=True), last_written=Max("posts__written_at")
    )
    found = list(
        with_unread(visible.order_by("-last_written"), actor).prefetch_related(
            Prefetch("posts", questions, to_attr="open_questions")
        )
    )
    for thread in found:
        thread.support_request = support_request
    return sorted(found, key=lambda thread: not thread.open_questions)  # type: ignore[attr-defined]


def waiting_threads(support_request: SupportRequest) -> list[Thread]:
    """The conversations with an open question, whoever may see them: the clock stands still."""
    return list(support_request.threads.filter(state=ThreadState.WAITING))


def with_unread(threads: "QuerySet[Thread]", actor: User) -> "QuerySet[Thread]":
    """Each with `unread`: how many posts of others the actor has not marked as read."""
    read = Reading.objects.filter(thread=OuterRef("pk"), user=actor.pk).values("last_post_id")
    return threads.annotate(read_to=read[:1]).annotate(
        unread=Count(
            "posts",
            distinct=True,
            filter=~Q(posts__author=actor.pk) & (Q(read_to=None) | Q(posts__pk__gt=F("read_to"))),
        )
    )


def unread_posts(actor: User) -> "QuerySet[Post]":
    """Posts of others that the actor may read and has not marked as read."""
    read = Reading.objects.filter(
        thread=OuterRef("thread"), user=actor.pk, last_post__gte=OuterRef("pk")
    )
    visible = Thread.objects.visible_to(actor).values("pk")
    return (
        Post.objects.filter(~Exists(read), thread__in=visible)
        .exclude(author=actor.pk)
        .order_by("pk")
    )


def unread_count(actor: User) -> int:
    """For the mark in the navigation; counts no further than anybody reads."""
    return unread_posts(actor)[:MOST_COUNTED].count()


def unread_by_request(actor: User, requests: "list[SupportRequest]") -> dict[int, int]:
    """Unread posts by request, for a list of requests; one query."""
    ids = [one.pk for one in requests]
    found = unread_posts(actor).filter(thread__support_request__in=ids).order_by()
    return dict(found.values_list("thread__support_request").annotate(Count("pk")) if ids else ())


def mark_read(thread: Thread, actor: User, up_to: Post | None = None) -> None:
    """The actor has read the conversation, up to one post or as far as it goes now."""
    last = up_to or thread.posts.order_by("pk").last()
    if last is None:
        return
    reading, made = Reading.objects.get_or_create(
        thread=thread, user_id=actor.pk, defaults={"last_post": last}
    )
    if not made and reading.last_post_id < last.pk:
        reading.last_post = last
        reading.save(update_fields=["last_post"])
