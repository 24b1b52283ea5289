import re
import secrets
from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce, Length
from django.db.models.lookups import Exact
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partners.access import standing
from partners.models import Agency, Party
from requests_app.models.catalogue import Support
from requests_app.models.states import (
    DECIDED,
    ENDED,
    OPEN,
    Openness,
    ReferralState,
    RequestState,
    Urgency,
    WaitsFor,
)
from workflow.guard import StateField, StatefulQuerySet, VersionField

if TYPE_CHECKING:
    from requests_app.models.attachments import AttachmentQuerySet

_DRAFT_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that look alike when read aloud


_DRAFT = "DRAFT-"  # begins no reference


def new_draft_key() -> str:
    return _DRAFT + "".join(secrets.choice(_DRAFT_LETTERS) for _each in range(8))


def usable_draft_key(sent: str) -> str:
    """A key that a page was given and sends back; a fresh one for whatever else was sent."""
    return sent if re.fullmatch(f"{_DRAFT}[{_DRAFT_LETTERS}]{{8}}", sent) else new_draft_key()


def _live_referrals(agency_ids: Collection[int]) -> "models.QuerySet[Any]":
    """Referrals of the outer request to one of the agencies, but for those recalled."""
    referral = apps.get_model("requests_app", "Referral")  # declared further down this app
    return referral._default_manager.filter(
        support_request=models.OuterRef("pk"), agency_id__in=agency_ids
    ).exclude(state=ReferralState.RECALLED)


def place_of(handle: str) -> dict[str, str]:
    """The field that holds this handle."""
    return {"draft_key" if handle.startswith(_DRAFT) else "reference": handle}


class SupportRequestQuerySet(StatefulQuerySet["SupportRequest"]):
    def visible_to(self, actor: Any) -> "SupportRequestQuerySet":
        """The Party's own; for the Secretariat all that was ever submitted; for an agency those
        with a referral of its own that was not recalled; nothing for anybody else."""
        me = standing(actor)
        seen = models.Q(party_id__in=me.all_parties)
        if me.sees_all:
            seen |= models.Q(reference__isnull=False)
        if me.all_agencies:
            seen |= models.Q(models.Exists(_live_referrals(me.all_agencies)))
        return self.filter(seen)

    def with_names(self) -> "SupportRequestQuerySet":
        """With what every list shows, in one query."""
        return self.select_related("party", "support", "lead_agency", "assignee")

    def in_use_order(self) -> "SupportRequestQuerySet":
        """Newest first: by submission, drafts by creation."""
        return self.order_by(Coalesce("submitted_at", "created_at").desc(), "-pk")

    def at(self, handle: str) -> "SupportRequestQuerySet":
        """By reference, or by draft key before there is one."""
        return self.filter(**place_of(handle))


def _submitted(**more: Any) -> models.Q:
    """What the desk lists. Stated in the indexes, so that counting reads them alone."""
    return models.Q(reference__isnull=False, **more)


class SupportRequest(models.Model):
    """What a country asks for.

    `answers` holds the answers to requests_app.questions by key, as they were typed: a draft may
    hold what no submission accepts. They are frozen as a RequestVersion at each submission and
    can change only in draft and returned. Once submitted, new values of support, urgency and
    language wait there too: see requests_app.working_copy.
    """

    party = models.ForeignKey(Party, models.PROTECT, verbose_name=_("Party"))
    support = models.ForeignKey(Support, models.PROTECT, verbose_name=_("kind of support"))
    # Null and not blank before submission: only real references have to be unique.
    reference = models.CharField(  # noqa: DJ001
        _("reference"), max_length=15, unique=True, null=True
    )
    draft_key = models.CharField(max_length=14, unique=True, default=new_draft_key)
    state = StateField(_("state"), max_length=15, choices=RequestState, default=RequestState.DRAFT)
    version = VersionField()
    urgency = models.CharField(_("urgency"), max_length=8, choices=Urgency, default=Urgency.NORMAL)
    language = models.CharField(
        _("language"), max_length=2, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    answers = models.JSONField(_("answers"), default=dict)
    # By question: the version of the row at which the answer was written, by whom and when.
    written = models.JSONField(default=dict, editable=False)
    to_correct = models.TextField(_("what to correct"), blank=True, editable=False)
    remarks = models.JSONField(_("remarks by question"), default=dict, editable=False)
    copied_from = models.ForeignKey(
        "self", models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("copied from"),
    )  # fmt: skip
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("officer"),
    )  # fmt: skip
    lead_agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, editable=False, related_name="+",
        verbose_name=_("lead agency"),
    )  # fmt: skip
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, editable=False, related_name="+"
    )
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)
    submitted_at = models.DateTimeField(_("submitted"), null=True, editable=False)
    documents = models.CharField(
        _("documents"), max_length=10, default=Openness.CLOSED, editable=False,
        choices=[(one.value, one.label) for one in (Openness.CLOSED, Openness.OPEN)],
    )  # fmt: skip
    # Stored because lists are ordered and found by them; all follow from what happened and are
    # kept up to date by requests_app.settling.
    state_since = models.DateTimeField(_("in this state since"), default=timezone.now)
    waits_for = models.CharField(
        _("waits for"), max_length=11, choices=WaitsFor, default=WaitsFor.COUNTRY, editable=False
    )
    due_at = models.DateTimeField(_("due"), null=True, editable=False)
    search_text = models.TextField(blank=True, editable=False)
    # For the present state: when its officer, and then the leads, were told that it is late.
    reminded_at = models.DateTimeField(null=True, editable=False)
    escalated_at = models.DateTimeField(null=True, editable=False)

    objects = SupportRequestQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("support request")
        verbose_name_plural = _("support requests")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="requests_submitted_has_reference",
                condition=models.Q(state__in=[RequestState.DRAFT, RequestState.WITHDRAWN])
                | models.Q(reference__isnull=False),
            ),
            # So that no key can be taken for a reference, or for a page of the portal.
            models.CheckConstraint(
                name="requests_draft_key_looks_like_one",
                condition=models.Q(draft_key__startswith=_DRAFT)
                & models.Q(Exact(Length("draft_key"), 14)),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "-id"], name="requests_by_state"),
            models.Index(fields=["party", "-id"], name="requests_by_party"),
            models.Index(fields=["updated_at", "id"], name="requests_by_change"),
            models.Index(fields=["due_at", "id"], name="requests_by_due"),
            # One for each queue of the desk, in its order: see requests_app.queues.
            models.Index(
                fields=["due_at", "submitted_at", "id"],
                condition=_submitted(state__in=OPEN),
                name="requests_open",
            ),
            models.Index(
                fields=["assignee", "due_at", "submitted_at", "id"],
                condition=_submitted(state__in=OPEN),
                name="requests_open_by_officer",
            ),
            models.Index(
                fields=["waits_for", "due_at", "submitted_at", "id"],
                condition=_submitted(state__in=OPEN),
                name="requests_open_by_waiting",
            ),
            models.Index(
                fields=["state", "due_at", "submitted_at", "id"],
                condition=_submitted(state__in=OPEN),
                name="requests_open_by_state",
            ),
            models.Index(
                fields=["-state_since", "-id"],
                condition=_submitted(state__in=DECIDED),
                name="requests_decided",
            ),
            models.Index(
                fields=["-submitted_at", "-id"],
                condition=_submitted(),
                name="requests_by_submission",
            ),
        ]

    def __str__(self) -> str:
        return self.handle

    def get_absolute_url(self) -> str:
        return reverse("requests:detail", args=[self.handle])

    @property
    def handle(self) -> str:
        """What people and addresses call it."""
        return self.reference or self.draft_key

    def get_state_display(self) -> str:  # type: ignore[no-redef]  # instead of Django's own
        """The state in words: what was never sent was not withdrawn from anybody."""
        if self.state == RequestState.WITHDRAWN and self.reference is None:
            return str(_("discarded"))
        return str(RequestState(self.state).label)

    @property
    def attachments(self) -> "AttachmentQuerySet":
        """The country's own files; `all_files` has those too that agencies brought in."""
        files: Any = self.all_files
        found: AttachmentQuerySet = files.of_country()
        return found

    @property
    def is_ended(self) -> bool:
        return self.state in ENDED

    @property
    def can_be_edited(self) -> bool:
        """Answers are open before submission and after a return, never otherwise."""
        return self.state in {RequestState.DRAFT, RequestState.RETURNED}


class RequestVersion(models.Model):
    """The answers as they were submitted. Written once, never changed."""

    support_request = models.ForeignKey(SupportRequest, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField(_("number"))
    answers = models.JSONField()
    attachments = models.JSONField(default=list)  # name, kind, size and SHA-256 of each
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("submitted version")
        verbose_name_plural = _("submitted versions")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["support_request", "number"], name="requests_version_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.support_request_id} v{self.number}"


class Counter(models.Model):
    """The last number given in a year; read and raised under a row lock."""

    year = models.PositiveSmallIntegerField(primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.year}: {self.last}"

    @classmethod
    def next_reference(cls, day: date) -> str:
        """The next free reference of the year, e.g. ICCWC-2026-0042; call in a transaction."""
        cls.objects.get_or_create(year=day.year)
        counter = cls.objects.select_for_update().get(year=day.year)
        counter.last += 1
        counter.save(update_fields=["last"])
        return f"ICCWC-{day.year}-{counter.last:04d}"
