"""Giving and taking authority: mandates, accounts and API keys change here and nowhere else."""

from partners.granting.ending import change_end, end_mandate
from partners.granting.keys import issue_key, limit_key, revoke_key, rotate_key
from partners.granting.kinds import (
    ACCESS_CLOSED,
    ACCESS_OPENED,
    ADDRESS_CHANGED,
    KEY_ISSUED,
    KEY_LIMITED,
    KEY_REPLACED,
    KEY_REVOKED,
    MANDATE_CONFIRMED,
    MANDATE_ENDED,
    MANDATE_GRANTED,
    MANDATE_HANDED_OVER,
    MANDATE_PROLONGED,
)
from partners.granting.mandates import (
    confirm,
    grant_mandate,
    held_already,
    is_in_force,
    is_over,
    rests,
)
from partners.granting.people import keep_access, keep_new_address, would_lose_the_last_lead

__all__ = [
    "ACCESS_CLOSED",
    "ACCESS_OPENED",
    "ADDRESS_CHANGED",
    "KEY_ISSUED",
    "KEY_LIMITED",
    "KEY_REPLACED",
    "KEY_REVOKED",
    "MANDATE_CONFIRMED",
    "MANDATE_ENDED",
    "MANDATE_GRANTED",
    "MANDATE_HANDED_OVER",
    "MANDATE_PROLONGED",
    "change_end",
    "confirm",
    "end_mandate",
    "grant_mandate",
    "held_already",
    "is_in_force",
    "is_over",
    "issue_key",
    "keep_access",
    "keep_new_address",
    "limit_key",
    "rests",
    "revoke_key",
    "rotate_key",
    "would_lose_the_last_lead",
]
