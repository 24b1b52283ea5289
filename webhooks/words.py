"""The letter about a webhook that the portal has paused."""

from django.utils.translation import gettext_lazy as _

from partners.letters import Notice

PAUSED = Notice(
    subject=_("A webhook of %(agency)s is paused: %(label)s"),
    lead=_(
        "The ICCWC support portal no longer sends events to the webhook “%(label)s” of %(agency)s "
        "at %(host)s."
    ),
    next=_(
        "No event is lost: when the webhook is resumed through the API it goes on where it "
        "stopped. Until then your system learns nothing from it."
    ),
)
