"""The events of giving and taking authority."""

from django.utils.translation import gettext_lazy as _

from history import kinds

MANDATE_GRANTED = "partners.mandate_granted"
MANDATE_ENDED = "partners.mandate_ended"
MANDATE_PROLONGED = "partners.mandate_prolonged"
MANDATE_CONFIRMED = "partners.mandate_confirmed"
MANDATE_HANDED_OVER = "partners.mandate_handed_over"
ADDRESS_CHANGED = "partners.address_changed"
ACCESS_CLOSED = "partners.access_closed"
ACCESS_OPENED = "partners.access_opened"
SECOND_FACTOR_RESET = "partners.second_factor_reset"
INVITED = "invitations.invite"
KEY_ISSUED = "partners.key_issued"
KEY_REVOKED = "partners.key_revoked"
KEY_REPLACED = "partners.key_replaced"
KEY_LIMITED = "partners.key_limited"
DESK_ADDED = "desk.added"
DESK_CHANGED = "desk.changed"
DESK_REMOVED = "desk.removed"

_LABELS = {
    MANDATE_GRANTED: _("Mandate granted"),
    MANDATE_ENDED: _("Mandate ended"),
    MANDATE_PROLONGED: _("Mandate prolonged"),
    MANDATE_CONFIRMED: _("Mandate confirmed for another year"),
    MANDATE_HANDED_OVER: _("Mandate handed over"),
    ADDRESS_CHANGED: _("E-mail address changed"),
    ACCESS_CLOSED: _("Account closed"),
    ACCESS_OPENED: _("Account opened again"),
    SECOND_FACTOR_RESET: _("Second factor reset"),
    INVITED: _("Invited"),
    KEY_ISSUED: _("API key issued"),
    KEY_REVOKED: _("API key revoked"),
    KEY_REPLACED: _("API key replaced by a new one"),
    KEY_LIMITED: _("Limits of an API key changed"),
    DESK_ADDED: _("Entered at the desk"),
    DESK_CHANGED: _("Changed at the desk"),
    DESK_REMOVED: _("Removed at the desk"),
}


def register() -> None:
    """Make them known to history; called from ready()."""
    for kind, label in _LABELS.items():
        kinds.register(kind, label)
