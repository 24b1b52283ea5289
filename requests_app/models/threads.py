"""Conversations between a country and the Secretariat about one request."""

from typing import Any

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from partners.access import standing
from partners.models import Agency
from partners.models.folded import Folded
from requests_app.models.referrals import Referral
from requests_app.models.requests import SupportRequest
from requests_app.models.states import ThreadState
from workflow.guard import StateField, StatefulQuerySet, VersionField


class ThreadQuerySet(StatefulQuerySet["Thread"]):
    def visible_to(self, actor: Any) -> "ThreadQuerySet":
        """All for the Secretariat; for a Party those of its requests; for an agency those that
        were opened to it, while it holds a live referral."""
        me = standing(actor)
        if me.sees_all:
            return self
        live = Referral.objects.live().filter(
            support_request=models.OuterRef("support_request"), agency_id__in=me.all_agencies
        )
        opened = models.Q(agencies__in=me.all_agencies) & models.Q(models.Exists(live))
        own = models.Q(support_request__party_id__in=me.all_parties)
        return self.filter(pk__in=self.model._base_manager.filter(own | opened).values("pk"))


class Thread(models.Model):
    """One conversation. While its state is "waiting" the clock of the request stands still."""

    support_request = models.ForeignKey(SupportRequest, models.PROTECT, related_name="threads")
    subject = models.CharField(_("subject"), max_length=200)
    search_text = Folded("subject")
    state = StateField(
        _("state"), max_length=7, choices=ThreadState, default=ThreadState.OPEN,
        begins={ThreadState.OPEN, ThreadState.WAITING},
    )  # fmt: skip
    version = VersionField()
    agencies = models.ManyToManyField(
        Agency, blank=True, related_name="+", verbose_name=_("open to")
    )
    created_at = models.DateTimeField(_("begun"), auto_now_add=True)
    updated_at = models.DateTimeField(_("last change"), auto_now=True)

    objects = ThreadQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("conversation")
        verbose_name_plural = _("conversations")
        ordering = ["-pk"]
        indexes = [models.Index(fields=["updated_at", "id"], name="threads_by_change")]

    def __str__(self) -> str:
        return f"{self.support_request.handle}: {self.subject}"

    def get_absolute_url(self) -> str:
        return reverse("requests:thread", args=[self.support_request.handle, self.pk])

    @property
    def party_id(self) -> int:
        return self.support_request.party_id


class Post(models.Model):
    """One message in a conversation; written once, never changed.

    A post that `asks` stops the clock from `written_at` until `answered_at`. What an agency's own
    system wrote, through the API, has no author but its `body`.
    """

    thread = models.ForeignKey(Thread, models.PROTECT, related_name="posts")
    text = models.TextField(_("text"))
    search_text = Folded("text")
    language = models.CharField(_("language"), max_length=2, choices=settings.LANGUAGES)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )
    body = models.CharField(_("for"), max_length=100)  # of the author, as it was, in English
    asks = models.BooleanField(_("asks the country"), default=False)
    written_at = models.DateTimeField(_("written"), auto_now_add=True)
    answered_at = models.DateTimeField(_("answered"), null=True, editable=False)

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["pk"]
        indexes = [models.Index(fields=["thread", "id"], name="posts_by_thread")]

    def __str__(self) -> str:
        return f"{self.thread_id}/{self.pk}"


class Reading(models.Model):
    """How far somebody has read a conversation."""

    thread = models.ForeignKey(Thread, models.CASCADE, related_name="readings")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    last_post = models.ForeignKey(Post, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("reading")
        verbose_name_plural = _("readings")
        constraints = [
            models.UniqueConstraint(fields=["thread", "user"], name="requests_one_reading_each")
        ]

    def __str__(self) -> str:
        return f"{self.thread_id} {self.user_id}"
