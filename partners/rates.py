"""How often anybody may call the API: one count for all processes, told in every answer.

The headers are those of draft-ietf-httpapi-ratelimit-headers-10: `RateLimit-Policy` says the
limits, `RateLimit` what is left of them and in how many seconds they begin anew.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, Throttled
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from partners.calling_from import address_of, neighbourhood
from partners.counting import ask_ahead, count, left_of
from partners.models import ApiKey

_PERIODS = {"s": 1, "m": 60, "h": 60 * 60, "d": 24 * 60 * 60}
CALLS, DOWNLOADS = "calls", "downloads"


@dataclass(frozen=True)
class Rate:
    """So many in so many seconds."""

    number: int
    seconds: int

    @classmethod
    @lru_cache(maxsize=100)
    def read(cls, text: str) -> "Rate":
        """As settings say it: "600/min"."""
        number, _slash, period = text.partition("/")
        return cls(int(number), _PERIODS[period[0]])


@dataclass(frozen=True)
class Taken:
    """How a limit stands after one more was taken."""

    name: str
    rate: Rate
    number: int
    ends_in: int

    @property
    def left(self) -> int:
        return max(0, self.rate.number - self.number)

    @property
    def is_over(self) -> bool:
        return self.number > self.rate.number

    @property
    def policy(self) -> str:
        return f'"{self.name}";q={self.rate.number};w={self.rate.seconds}'

    @property
    def state(self) -> str:
        return f'"{self.name}";r={self.left};t={self.ends_in}'


class TooManyCalls(Throttled):
    """A limit is used up; says which, and for how long."""

    def __init__(self, taken: Taken) -> None:
        sentence = {
            CALLS: _("More than %(number)d calls in %(seconds)d seconds. Go on in %(wait)d."),
            DOWNLOADS: _(
                "More than %(number)d downloads of lists in %(seconds)d seconds. Go on in %(wait)d."
            ),
        }[taken.name]
        said = {"number": taken.rate.number, "seconds": taken.rate.seconds, "wait": taken.ends_in}
        APIException.__init__(self, sentence % said, self.default_code)
        self.wait = taken.ends_in


def take(name: str, caller: str, rate: Rate) -> Taken:
    """Count one more call of `caller` against a limit; never refuses by itself."""
    number = count(f"rate:{name}:{caller}", within=rate.seconds)
    return Taken(name, rate, number, left_of(rate.seconds))


def take_ahead(caller: str, seconds: int) -> None:
    """Begin to count a call that will be counted in a moment, as `take` does."""
    ask_ahead(f"rate:{CALLS}:{caller}", within=seconds)


def rate_of(caller: Any) -> Rate:
    """The rate of whoever calls: a key may have one of its own."""
    if isinstance(caller, ApiKey) and caller.calls_a_minute:
        return Rate(caller.calls_a_minute, 60)
    return KeyThrottle.usual()


class KeyThrottle(BaseThrottle):
    """So many calls per key, per person, or per place for those who are neither.

    `partners.api_auth.ScopePermission` asks first, so that refused calls count too; each call
    counts once. A list that is downloaded whole counts against a second, lower limit as well.
    """

    rate: ClassVar[str] = str(api_settings.DEFAULT_THROTTLE_RATES["key"])
    download_rate: ClassVar[str] = str(api_settings.DEFAULT_THROTTLE_RATES["downloads"])

    @classmethod
    def usual(cls) -> Rate:
        return Rate.read(cls.rate)

    def allow_request(self, request: Request, view: Any) -> bool:
        """Always true: what is over the limit is refused by TooManyCalls."""
        plain: Any = request._request
        if hasattr(plain, "rates_taken"):
            return True
        caller = _name_of(request)
        plain.rates_taken = taken = [take(CALLS, caller, rate_of(request.user))]
        if getattr(request.accepted_renderer, "is_download", False):
            taken.append(take(DOWNLOADS, caller, Rate.read(self.download_rate)))
        for one in taken:
            if one.is_over:
                raise TooManyCalls(one)
        return True


def _name_of(request: Request) -> str:
    if isinstance(request.user, ApiKey):
        return f"key-{request.user.pk}"
    if request.user.is_authenticated:
        return f"user-{request.user.pk}"
    return f"address-{neighbourhood(address_of(request))}"


class RateHeaders:
    """Middleware: how the caller's limits stand, in every answer to a call that was counted."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        taken: list[Taken] = getattr(request, "rates_taken", [])
        if taken:
            response["RateLimit-Policy"] = ", ".join(one.policy for one in taken)
            response["RateLimit"] = ", ".join(one.state for one in taken)
        return response
