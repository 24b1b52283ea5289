"""Conversations about a request: to read, to answer in place, to mark as read."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partners.kept_text import as_initial, keeps_typed_text
from partners.naming import in_readers_language
from requests_app.conversations import agencies_reading, mark_read, with_unread
from requests_app.models import Post, SupportRequest, Thread
from requests_app.reading import is_of_the_party
from requests_app.views.detail import visible_request
from requests_app.views.paging import page_of
from workflow.executor import allowed_actions, table_of
from workflow.forms import ActionForm, action_form
from workflow.pages import action_page


def _visible_thread(request: HttpRequest, support_request: SupportRequest, pk: int) -> Thread:
    visible = Thread.objects.visible_to(request.user).filter(support_request=support_request)
    found = get_object_or_404(with_unread(visible, request.user), pk=pk)  # type: ignore[arg-type]
    found.support_request = support_request
    return found


def reply_form(thread: Thread) -> ActionForm:
    """The box to answer in, which several times on a page needs ids of its own."""
    form = action_form(table_of(thread).by_action["reply"], thread)
    form.auto_id = f"thread-{thread.pk}-%s"
    return form


def posts_of(thread: Thread, request: HttpRequest) -> dict[str, object]:
    """The newest posts in the order they were written, with the way to older ones."""
    page = page_of(Post.objects.filter(thread=thread).select_related("author"), request)
    posts = list(reversed(page["rows"]))
    bodies = in_readers_language(post.body for post in posts)
    return {
        "posts": [(post, bodies.get(post.body, post.body)) for post in posts],
        "older": page["older"],
        "is_newest": page["is_first_page"],
    }


@require_safe
@login_required
def thread_page(request: HttpRequest, handle: str, pk: int) -> HttpResponse:
    support_request = visible_request(request, handle)
    thread = _visible_thread(request, support_request, pk)
    actions = allowed_actions(thread, request.user)
    own = is_of_the_party(request.user, support_request)
    may_answer = any(one.action == "reply" for one in actions)
    context = {
        "support_request": support_request,
        "thread": thread,
        "actions": [one for one in actions if one.action != "reply"],
        "form": reply_form(thread) if may_answer else None,
        # An agency does not learn who else was asked.
        "open_to": agencies_reading(thread) if own or request.user.is_staff else [],
        "waits": thread.state == "waiting" and not support_request.is_ended,
        "own": own,
        **posts_of(thread, request),
    }
    return render(request, "requests_app/thread.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed_text
def thread_action(request: HttpRequest, handle: str, pk: int, action: str) -> HttpResponse:
    thread = _visible_thread(request, visible_request(request, handle), pk)
    return action_page(
        request,
        thread,
        action,
        about=f"{thread.support_request.handle}: {thread.subject}",
        back=thread.get_absolute_url(),
        initial=as_initial(request),
    )


@require_POST
@login_required
def thread_read(request: HttpRequest, handle: str, pk: int) -> HttpResponse:
    """The reader has seen all that was on the page: up to the post that the form names."""
    thread = _visible_thread(request, visible_request(request, handle), pk)
    seen = request.POST.get("post", "")
    named = int(seen) if seen.isdecimal() and seen.isascii() and len(seen) <= 18 else 0
    post = thread.posts.filter(pk=named).first()
    mark_read(thread, request.user, post)  # type: ignore[arg-type]
    return redirect(thread)
