"""Who calls the API, from where, and what a key may ask for."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from partners.access import reads_as
from partners.calling_from import address_of, lies_in
from partners.first_query import first_query
from partners.guessing import count_failure, is_at_home, refuse_while_it_waits
from partners.models import ApiKey
from partners.rates import CALLS, TooManyCalls, rate_of, take
from partners.reading_one import key_opened_by

_LAST_USE_IS_KEPT_BY = timedelta(minutes=1)
ANY_SCOPE = "any"  # what a view names that every key may call, but nobody without one


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Api-Key <token>`. The key is the actor: `request.user` is an ApiKey."""

    keyword = "Api-Key"

    def authenticate(self, request: Request) -> tuple[ApiKey, ApiKey] | None:
        keyword, _space, token = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if keyword.casefold() != self.keyword.casefold():
            return None
        key = _opened_by(token.strip(), address_of(request), request)
        return key, key

    def authenticate_header(self, request: Request) -> str:
        return f'{self.keyword} realm="ICCWC support portal"'


def _opened_by(token: str, address: str, request: Request) -> ApiKey:
    """The key, if it may be used from there. A key at home costs no look into the cache."""
    key = first_query(lambda: key_opened_by(token, request)) if _is_text(token) else None
    if key is None or not is_at_home(key, address):
        refuse_while_it_waits(address)
    if key is None:
        _count_refusal(token, address)
        raise AuthenticationFailed(
            _("This API key is not known, has expired or was revoked."), code="invalid_key"
        )
    if key.networks and not lies_in(address, key.networks):
        sentence = _("This key may not be used from the address %(address)s.")
        raise PermissionDenied(sentence % {"address": address}, code="address_not_allowed")
    _note_use(key, address)
    return key


def _count_refusal(token: str, address: str) -> None:
    """A system whose key has ended guesses nothing: it may ask as often as others, and is told."""
    ended = ApiKey.objects.with_token(token) if _is_text(token) else None
    if ended is None:
        count_failure(address)
    elif (taken := take(CALLS, f"key-{ended.pk}", rate_of(ended))).is_over:
        raise TooManyCalls(taken)


def _is_text(token: str) -> bool:
    """Anything else cannot be a token, and databases differ in how they take it."""
    return token.isascii() and token.isprintable()


def _note_use(key: ApiKey, address: str) -> None:
    """Keep when the key was last used, to the minute (a busy key does not write at every call),
    and from where, at once: from there it is never shut out (partners.guessing)."""
    now, here = timezone.now(), address or None
    long_ago = now - _LAST_USE_IS_KEPT_BY
    moved = key.last_used_from != here
    if key.last_used_at is None or key.last_used_at < long_ago or moved:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=long_ago)
        used = ApiKey.objects.filter(stale | ~Q(last_used_from=here), pk=key.pk)
        used.update(last_used_at=now, last_used_from=here)


def _what_is_missing(request: Request) -> str:
    scheme = request.headers.get("Authorization", "").partition(" ")[0][:20]
    if scheme and _is_text(scheme) and scheme.casefold() != "api-key":
        sentence = _("Send the key as “Authorization: Api-Key …”: “%(scheme)s” is not read here.")
        return str(sentence % {"scheme": scheme})
    return str(_("Give an API key, or sign in."))


class ScopePermission(BasePermission):
    """Deny by default: a view says `public = True` (for reading) or names a scope per method.

    Scopes bind keys. For people, mandates decide: through `visible_to` and the workflow.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        view.check_throttles(request)  # before the rest, so that what is refused counts too
        method = str(request.method)
        if getattr(view, method.lower(), None) is None:
            return True  # there is nothing to protect: the answer is 405
        if getattr(view, "public", False) and method in SAFE_METHODS:
            return True
        scope = getattr(view, "scopes", {}).get("GET" if method == "HEAD" else method)
        if scope is None:
            return False
        if isinstance(request.user, ApiKey):
            if scope not in [ANY_SCOPE, *request.user.scopes]:
                raise PermissionDenied(
                    _("This key does not have the scope “%(scope)s”.") % {"scope": scope},
                    code="missing_scope",
                )
            return True
        if not request.user.is_authenticated:
            raise NotAuthenticated(_what_is_missing(request))
        return True


def reader_of(request: Request, scope: str) -> Any:
    """As whom the caller reads what `scope` covers."""
    return reads_as(request.user, scope)
