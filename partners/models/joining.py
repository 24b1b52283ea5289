"""How somebody comes to a mandate: invited, or by asking. Moves: partners/workflow.py."""

import secrets
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.models.bodies import Agency, Party
from partners.models.people import Mandate, Role, User
from workflow.guard import StateField, StatefulQuerySet, VersionField


def new_nonce() -> str:
    return secrets.token_hex(8)


class InvitationState(models.TextChoices):
    SENT = "sent", _("sent")
    ACCEPTED = "accepted", _("accepted")
    WITHDRAWN = "withdrawn", _("withdrawn")


class AccessState(models.TextChoices):
    UNCONFIRMED = "unconfirmed", _("address not confirmed")
    CONFIRMED = "confirmed", _("waits for a decision")
    GRANTED = "granted", _("granted")
    REFUSED = "refused", _("refused")


class Prospect(models.Model):
    """What an invitation and a request for access have in common: a person, a body, a role.

    `nonce` is part of the link that is mailed; with a new nonce every earlier link is void.
    """

    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=150)
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, verbose_name=_("Party"))
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, verbose_name=_("agency")
    )
    role = models.CharField(_("role"), max_length=12, choices=Role)
    office = models.CharField(_("office"), max_length=200, blank=True)
    nonce = models.CharField(max_length=16, default=new_nonce, editable=False)
    version = VersionField()
    created_at = models.DateTimeField(_("since"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)

    class Meta:
        abstract = True
        base_manager_name = "objects"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return f"{self.email}: {Role(self.role).label}, {self.body}"

    @property
    def body(self) -> Party | Agency | None:
        return self.party or self.agency


def in_two_weeks():  # type: ignore[no-untyped-def]
    return timezone.now() + timedelta(days=14)


class InvitationQuerySet(StatefulQuerySet["Invitation"]):
    def visible_to(self, actor: Any) -> "InvitationQuerySet":
        """All for the Secretariat; for a focal point those of its Party; none for anybody else."""
        from partners.access import standing  # noqa: PLC0415 - access reads this module

        me = standing(actor)
        if me.sees_all:
            return self
        return self.filter(party_id__in=me.parties.get(Role.FOCAL_POINT, ()))

    def open(self) -> "InvitationQuerySet":
        """Sent, not yet accepted nor withdrawn nor run out."""
        return self.filter(state=InvitationState.SENT, expires_at__gt=timezone.now())


class Invitation(Prospect):
    """A mandate that waits for its person to accept. The link in the mail lets its reader in."""

    state = StateField(
        _("state"), max_length=9, choices=InvitationState, default=InvitationState.SENT
    )
    until_on = models.DateField(_("until"), null=True, blank=True)
    stands_in_for = models.ForeignKey(
        Mandate, models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("deputy of"),
    )  # fmt: skip
    succeeds = models.ForeignKey(
        Mandate, models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("successor of"),
    )  # fmt: skip
    invited_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", editable=False, verbose_name=_("invited by")
    )
    expires_at = models.DateTimeField(_("valid until"), default=in_two_weeks, editable=False)
    mandate = models.OneToOneField(
        Mandate, models.PROTECT, null=True, related_name="+", editable=False,
        verbose_name=_("mandate"),
    )  # fmt: skip

    objects = InvitationQuerySet.as_manager()

    class Meta(Prospect.Meta):
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                name="partners_invitation_for_one_body",
                condition=models.Q(party=None) ^ models.Q(agency=None),
            )
        ]
        indexes = [models.Index(Lower("email"), name="partners_invited_address")]

    @property
    def is_expired(self) -> bool:
        return self.state == InvitationState.SENT and self.expires_at <= timezone.now()


class AccessRequestQuerySet(StatefulQuerySet["AccessRequest"]):
    def visible_to(self, actor: Any) -> "AccessRequestQuerySet":
        """The Secretariat sees those whose address is confirmed; nobody else sees any."""
        from partners.access import standing  # noqa: PLC0415 - access reads this module

        if not standing(actor).sees_all:
            return self.none()
        return self.exclude(state=AccessState.UNCONFIRMED)


class AccessRequest(Prospect):
    """Somebody asks for a mandate. It reaches the Secretariat once the address is confirmed.

    Granting sends an invitation: that link is the only way to an account, it says what was
    granted in the end, and nobody gets a mandate without having accepted it.
    """

    state = StateField(
        _("state"), max_length=11, choices=AccessState, default=AccessState.UNCONFIRMED
    )
    why = models.TextField(_("why"))
    confirmed_at = models.DateTimeField(_("address confirmed"), null=True, editable=False)
    invitation = models.OneToOneField(
        Invitation, models.PROTECT, null=True, related_name="asked_for", editable=False,
        verbose_name=_("invitation"),
    )  # fmt: skip

    objects = AccessRequestQuerySet.as_manager()

    class Meta(Prospect.Meta):
        verbose_name = _("request for access")
        verbose_name_plural = _("requests for access")
        constraints = [
            models.CheckConstraint(
                name="partners_access_request_for_one_body",
                condition=models.Q(party=None) ^ models.Q(agency=None),
            )
        ]
        indexes = [models.Index(fields=["state", "-id"], name="partners_access_by_state")]
