"""The links that invitations and requests for access are answered by.

A link is signed and names its row and a nonce; with a new nonce every earlier link is void.
Opening one changes nothing: scanners of mail do that.
"""

from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare

from history.log import ActorSnapshot
from partners import access
from partners.models import AccessRequest, Invitation

P = TypeVar("P", Invitation, AccessRequest)
_ROUTES: dict[type, str] = {Invitation: "invitation", AccessRequest: "access_confirm"}


@dataclass(frozen=True)
class NewAccount:
    """What somebody without an account says when accepting."""

    name: str
    language: str
    time_zone: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Bearer:
    """Whoever opened a link that was mailed; with the account that is to be opened, if any."""

    nonce: str = field(repr=False)
    account: NewAccount | None = None

    @property
    def pk(self) -> None:
        """Nobody yet."""


def path_of(prospect: Invitation | AccessRequest) -> str:
    name = _ROUTES[type(prospect)]
    return reverse(name, args=[signing.dumps([prospect.pk, prospect.nonce], salt=name)])


def find(model: type[P], token: str) -> tuple[P, Bearer] | None:
    """The row that a link names and whoever holds it; None when the link is not one of ours.

    Whether the link still opens the row is asked by `holds_link`.
    """
    try:
        pk, nonce = signing.loads(token, salt=_ROUTES[model])
    except (signing.BadSignature, TypeError, ValueError):
        return None
    found = model._default_manager.select_related("party", "agency").filter(pk=pk).first()
    return (found, Bearer(nonce)) if found else None


def holds_link(actor: Any, prospect: Any) -> bool:
    return isinstance(actor, Bearer) and constant_time_compare(actor.nonce, prospect.nonce)


def snapshot(actor: Any, prospect: Any) -> ActorSnapshot:
    """As `access.snapshot`; history names whoever came by a link as the row does."""
    if isinstance(actor, Bearer):
        return ActorSnapshot("link", None, prospect.name)
    return access.snapshot(actor, prospect)
