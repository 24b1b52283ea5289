"""API keys: random secrets of an agency's systems, kept as keyed digests."""

import hashlib
import hmac
import secrets
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.bodies import Agency
from partners.models.people import Mandate, Role, User
from workflow.kept_queries import KeptQuery


class Scope(models.TextChoices):
    REQUESTS_READ = "requests:read", _("read requests and referrals")
    REFERRALS_WRITE = "referrals:write", _("answer referrals")
    TOOLKIT_READ = "toolkit:read", _("read the Toolkit tracker")
    TOOLKIT_WRITE = "toolkit:write", _("propose steps of the Toolkit")
    EVENTS_READ = "events:read", _("read the change feed")
    WEBHOOKS_MANAGE = "webhooks:manage", _("manage webhooks")


def digest(secret: str) -> str:
    """A keyed SHA-256. The secret is 256 random bits: a slow password hash would add nothing."""
    return hmac.digest(settings.API_KEY_PEPPER.encode(), secret.encode(), hashlib.sha256).hex()


def prefix_and_digest(token: str) -> tuple[str, str]:
    """How the key begins that a token names, and the digest of the secret it brings."""
    prefix, _dot, secret = token.partition(".")
    return prefix, digest(secret)


_NOBODYS = "-" * 64  # the digest of no secret


def end_of(day: date) -> datetime:
    """The last moment of a day in UTC: keys end with a day, one and the same for everybody."""
    return datetime.combine(day, time.max, UTC)


def in_a_year():  # type: ignore[no-untyped-def]
    return end_of((timezone.now() + timedelta(days=365)).date())


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def valid(self) -> "ApiKeyQuerySet":
        """Neither revoked nor expired, and its holder, if it has one, still an officer there."""
        holders = Mandate.objects.in_force().filter(
            user=models.OuterRef("held_by"), agency=models.OuterRef("agency"), role=Role.OFFICER
        )
        return self.filter(
            models.Q(held_by=None) | models.Exists(holders),
            revoked_at=None,
            expires_at__gt=timezone.now(),
        )

    def ending(self, by: datetime) -> "ApiKeyQuerySet":
        """Valid, ends by that moment, and no other key has taken its place."""
        return self.valid().filter(expires_at__lte=by, replaced_by=None)


class ApiKeyManager(models.Manager["ApiKey"]):
    """Finds the key of a caller without making a queryset: what that asks is kept."""

    def for_token(self, token: str) -> "ApiKey | None":
        """The valid key that `token` opens, or None."""
        key = self.with_token(token)
        return key if key and key.is_valid else None

    def with_token(self, token: str) -> "ApiKey | None":
        """The key with that secret, valid or not, and its agency."""
        prefix, secret_digest = prefix_and_digest(token)
        return self.opened_by(secret_digest, KEY_BY_PREFIX.rows(prefix=prefix))

    def opened_by(self, secret_digest: str, found: "list[tuple[Any, ...]]") -> "ApiKey | None":
        """The key that KEY_BY_PREFIX `found`, if that is the digest of its secret; takes as long
        where it found none."""
        key = _loaded(found[0]) if found else None
        fits = hmac.compare_digest(key.digest if key else _NOBODYS, secret_digest)
        return key if key and fits else None

    def again(self, key: "ApiKey") -> "ApiKey":
        """The same key with its agency, as they are now."""
        found = _BY_ID.rows(pk=key.pk)
        if not found:
            raise ApiKey.DoesNotExist
        return _loaded(found[0])


class ApiKey(models.Model):
    """A key belongs to an agency, can do what its scopes say, and expires.

    A key with a holder ends with that person's mandate; one without is a system's own.
    """

    agency = models.ForeignKey(
        Agency, models.PROTECT, related_name="api_keys", verbose_name=_("agency")
    )
    label = models.CharField(_("used by"), max_length=100)
    prefix = models.CharField(_("begins with"), max_length=20, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    expires_at = models.DateTimeField(_("expires"), default=in_a_year)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    networks = models.JSONField(
        _("from the networks"), default=list, blank=True,
        help_text=_("The key opens nothing from elsewhere; empty: from anywhere."),
    )  # fmt: skip
    calls_a_minute = models.PositiveIntegerField(
        _("calls a minute"), null=True, blank=True,
        help_text=_("Empty: as many as every key."),
    )  # fmt: skip
    last_used_at = models.DateTimeField(_("last used"), null=True, editable=False)
    last_used_from = models.GenericIPAddressField(_("last used from"), null=True, editable=False)
    created_at = models.DateTimeField(_("issued"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        related_name="+",
        editable=False,
        verbose_name=_("issued by"),
    )
    held_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="api_keys",
        verbose_name=_("held by"),
        help_text=_("An officer of the agency; the key ends with that mandate."),
    )  # fmt: skip
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", editable=False,
        verbose_name=_("replaces"),
    )  # fmt: skip
    reminded_at = models.DateTimeField(null=True, editable=False)  # that it ends

    objects = ApiKeyManager.from_queryset(ApiKeyQuerySet)()

    # What Django REST framework asks of whoever calls.
    is_authenticated = True
    is_anonymous = False
    is_active = True

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["agency", "-created_at"]

    def __str__(self) -> str:
        return f"{self.prefix} ({self.label})"

    @property
    def last_day(self) -> date:
        """The day in UTC on which it ends: one day, whatever clock its reader has."""
        return self.expires_at.astimezone(UTC).date()

    @property
    def is_valid(self) -> bool:
        """As `valid` has it; a caller's key may become invalid between two checks."""
        if self.held_by_id is None:
            return self.revoked_at is None and self.expires_at > timezone.now()
        return ApiKey.objects.valid().filter(pk=self.pk).exists()

    def set_new_secret(self) -> str:
        """Choose a secret; returns the whole token, which cannot be had a second time."""
        self.prefix = f"iccwc_{secrets.token_hex(4)}"
        secret = secrets.token_urlsafe(32)
        self.digest = digest(secret)
        return f"{self.prefix}.{secret}"


# Every call of a key begins with these, so they are read without building a query each time, and
# without what only the desk wants to know.
_OF_DESK = {"created_at", "created_by_id", "replaces_id", "reminded_at"}
_OF_KEY = [one.attname for one in ApiKey._meta.concrete_fields if one.attname not in _OF_DESK]
_OF_AGENCY = ["id", "code", "is_coordinator", "name_en", "name_fr", "name_es"]
_COLUMNS = [*_OF_KEY, *(f"agency__{name}" for name in _OF_AGENCY)]
KEY_BY_PREFIX = KeptQuery(
    lambda prefix: ApiKey.objects.filter(prefix=prefix).order_by().values_list(*_COLUMNS),
    is_planned_once=True,
)
_BY_ID = KeptQuery(
    lambda pk: ApiKey.objects.filter(pk=pk).order_by().values_list(*_COLUMNS), is_planned_once=True
)


def _loaded(row: tuple[Any, ...]) -> ApiKey:
    key = ApiKey.from_db(None, _OF_KEY, row[: len(_OF_KEY)])
    key.agency = Agency.from_db(None, _OF_AGENCY, row[len(_OF_KEY) :])
    return key
