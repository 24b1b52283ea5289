"""Who calls the API, what a key may ask for, and how often anybody may ask."""

from datetime import timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, NotAuthenticated, PermissionDenied
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from partners.access import reads_as
from partners.models import ApiKey

_LAST_USE_IS_KEPT_BY = timedelta(minutes=1)


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Api-Key <token>`. The key is the actor: `request.user` is an ApiKey."""

    keyword = "Api-Key"

    def authenticate(self, request: Request) -> tuple[ApiKey, ApiKey] | None:
        keyword, _space, token = request.headers.get("Authorization", "").partition(" ")
        if keyword.casefold() != self.keyword.casefold():
            return None
        token = token.strip()
        # Anything else cannot be a token, and databases differ in how they take it.
        key = ApiKey.objects.for_token(token) if token.isascii() and token.isprintable() else None
        if key is None:
            raise AuthenticationFailed(
                _("This API key is not known, has expired or was revoked."), code="invalid_key"
            )
        _note_use(key)
        return key, key

    def authenticate_header(self, request: Request) -> str:
        return f'{self.keyword} realm="ICCWC support portal"'


def _note_use(key: ApiKey) -> None:
    """Keep the time of the last use, to the minute: a busy key does not write at every call."""
    now = timezone.now()
    long_ago = now - _LAST_USE_IS_KEPT_BY
    if key.last_used_at is None or key.last_used_at < long_ago:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=long_ago)
        ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=now)


class ScopePermission(BasePermission):
    """Deny by default: a view says `public = True` (for reading) or names a scope per method.

    Scopes bind keys. For people, mandates decide: through `visible_to` and the workflow.
    """

    def has_permission(self, request: Request, view: Any) -> bool:
        method = str(request.method)
        if getattr(view, method.lower(), None) is None:
            return True  # there is nothing to protect: the answer is 405
        if getattr(view, "public", False) and method in SAFE_METHODS:
            return True
        scope = getattr(view, "scopes", {}).get("GET" if method == "HEAD" else method)
        if scope is None:
            return False
        if isinstance(request.user, ApiKey):
            if scope not in request.user.scopes:
                raise PermissionDenied(
                    _("This key does not have the scope “%(scope)s”.") % {"scope": scope},
                    code="missing_scope",
                )
            return True
        if not request.user.is_authenticated:
            raise NotAuthenticated(_("Give an API key, or sign in."))
        return True


def reader_of(request: Request, scope: str) -> Any:
    """As whom the caller reads what `scope` covers."""
    return reads_as(request.user, scope)


class KeyThrottle(SimpleRateThrottle):
    """So many calls per key, per person, or per address for those who are neither."""

    scope = "key"

    def get_cache_key(self, request: Request, view: Any) -> str:
        if isinstance(request.user, ApiKey):
            caller = f"key-{request.user.pk}"
        elif request.user.is_authenticated:
            caller = f"user-{request.user.pk}"
        else:
            caller = f"address-{self.get_ident(request)}"
        return self.cache_format % {"scope": self.scope, "ident": caller}
