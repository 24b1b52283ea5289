"""What somebody typed after the session had ended: kept for an hour, until that page is saved.

It lies in the session of the browser, under the address it was sent to. The form says in a hidden
field, signed, to whom its page was shown (`{% typed_by %}` of the template library `kept_text`):
only that person sees the text again. The view that shows it asks first whether the reader may
write there at all.
"""

import time
from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.counting import count

AN_HOUR = 60 * 60
LONGEST = 200_000  # bytes, of all pages of a browser together
MOST_AN_HOUR = 100  # from one address: a session is a row of the database
NOT_SAVED_YET = gettext_lazy(
    "What you typed before you signed in again is here. It is not saved yet."
)
WRITER = "typed-by"  # the name of the hidden field
FILE_NOT_SENT = gettext_lazy("The file was not sent. Choose it again.")
_BY_A_SCRIPT = ("HX-Request", "X-Part")  # headers
_KEY = "kept_texts"
_SIGNER = signing.Signer(salt="partners.kept_text")
# What a form carries along, and its buttons.
_NOT_TYPED = {
    "csrfmiddlewaretoken", WRITER, "version", "seen", "turn", "sheet_key", "draft_key", "differs",
    "onwards", "leave", "back", "take", "stay", "remove", "refused",
}  # fmt: skip

View = Callable[..., HttpResponseBase]


def keeps_typed_text(view: View) -> View:
    """For signed-in readers only, like login_required; but nothing that was typed is lost.

    A script that saves or uploads by itself is told 401 and leaves the page as it is. A page that
    leads on has taken what was typed.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.user.is_authenticated:
            response = view(request, *args, **kwargs)
            if request.method == "POST" and 300 <= response.status_code < 400:
                discard(request)
            return response
        if any(mark in request.headers for mark in _BY_A_SCRIPT):
            return HttpResponse(status=401)
        address = request.get_full_path()
        if request.method != "POST":
            return redirect_to_login(address)
        return _ask_to_sign_in(request, address)

    return guarded


def _ask_to_sign_in(request: HttpRequest, address: str) -> HttpResponse:
    """Keep what was typed, and say so; a file is not kept, and that is said too."""
    typed, is_kept = typed_in(request.POST), _keep(request)
    if typed and not is_kept:
        context = {"typed": typed, "next": address, "lost": bool(request.FILES)}
        return render(request, "partners/not_kept.html", context, status=401)
    if typed:
        messages.warning(request, _("Sign in again: what you typed is kept for an hour."))
    if request.FILES:
        messages.warning(request, FILE_NOT_SENT)
    return redirect_to_login(address)


def writer_mark(user: Any) -> str:
    """Says, signed, to whom a page was shown."""
    return _SIGNER.sign(str(user.pk))


def _keep(request: HttpRequest) -> bool:
    text = request.POST.copy()
    text.pop("csrfmiddlewaretoken", None)
    writer = _writer(str(text.pop(WRITER, [""])[-1]))
    encoded = text.urlencode()
    if not writer or len(encoded) > LONGEST or _too_often(request):
        return False
    pages = _pages(request)
    pages.pop(request.path, None)
    pages[request.path] = {"at": time.time(), "by": writer, "text": encoded}
    pages[request.path]["lost"] = bool(request.FILES)
    while sum(len(one["text"]) for one in pages.values()) > LONGEST:
        del pages[next(iter(pages))]  # the oldest
    request.session[_KEY] = pages
    return True


def _writer(mark: str) -> str:
    try:
        return _SIGNER.unsign(mark)
    except signing.BadSignature:
        return ""


def _pages(request: HttpRequest) -> dict[str, Any]:
    """What is kept in this browser, by address, oldest first."""
    an_hour_ago = time.time() - AN_HOUR
    kept = request.session.get(_KEY, {})
    return {path: one for path, one in kept.items() if one["at"] >= an_hour_ago}


def _too_often(request: HttpRequest) -> bool:
    visitor = get_adapter().get_client_ip(request)
    return count(f"kept-text:{visitor}", within=AN_HOUR) > MOST_AN_HOUR


def kept_for(request: HttpRequest) -> QueryDict | None:
    """What its reader typed on this page before signing in again."""
    kept = _pages(request).get(request.path)
    return QueryDict(kept["text"]) if kept and kept["by"] == str(request.user.pk) else None


def discard(request: HttpRequest) -> None:
    """The page was saved, so that nothing has to be kept for it."""
    if kept_for(request) is not None:
        pages = _pages(request)
        del pages[request.path]
        request.session[_KEY] = pages


def say_what_was_lost(request: HttpRequest) -> None:
    """On the page to which a file was sent: once, that it did not arrive."""
    pages = _pages(request)
    if kept_for(request) is not None and pages[request.path].get("lost"):
        messages.warning(request, FILE_NOT_SENT)
        pages[request.path]["lost"] = False
        request.session[_KEY] = pages


def as_initial(request: HttpRequest) -> dict[str, Any]:
    """The kept text as the beginning of a form, with a word to the reader that it is not saved."""
    kept = kept_for(request) if request.method != "POST" else None
    if kept is None:
        return {}
    if typed_in(kept):
        messages.warning(request, NOT_SAVED_YET)
    say_what_was_lost(request)
    return {
        name: values if len(values) > 1 else values[0]
        for name, values in kept.lists()
        if name not in _NOT_TYPED
    }


def typed_in(sent: QueryDict) -> list[tuple[str, str]]:
    """The fields of a form that somebody typed in: pairs of a name and a text."""
    texts = [(name, ", ".join(values).strip()) for name, values in sent.lists()]
    return [
        (name, text)
        for name, text in texts
        if text and name not in _NOT_TYPED and not name.startswith("seen-")
    ]
