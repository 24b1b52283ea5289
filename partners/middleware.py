from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from partners.models import User


class ReaderLanguage:
    """Signed-in people read in the language and time zone of their account, on any device."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user
        if not isinstance(user, User) and not getattr(user, "is_authenticated", False):
            return self.get_response(request)
        translation.activate(user.language)
        request.LANGUAGE_CODE = user.language
        with timezone.override(user.time_zone):
            return self.get_response(request)


class SeenSession:
    """Keeps when an open session was last at work, to within some minutes: the list of sessions
    shows it, and a page need not write for it every time."""

    EVERY = 5 * 60
    _KEY = "seen_at"

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        now = timezone.now().timestamp()
        signed_in = request.user.is_authenticated and request.session.session_key
        if signed_in and now - request.session.get(self._KEY, 0) > self.EVERY:
            request.session[self._KEY] = now
            # The row of the session is made here too, should a door have signed in without it.
            UserSession.objects.create_from_request(request)
        return self.get_response(request)
