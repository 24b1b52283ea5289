"""What can be asked for, and the reasons given when it is not: kept by the Secretariat."""

from typing import Any

from django.db import models
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from partners.models import Agency
from partners.models.translated import in_readers_language
from requests_app.standard_texts import filled


class Asks(models.TextChoices):
    """Which questions a kind of support asks beside those that all ask: requests_app.steps."""

    GENERAL = "general", _("nothing more")
    TOOLKIT = "toolkit", _("Toolkit: focal point nominated, parts in scope")
    FRAMEWORK = "framework", _("Indicator Framework: workshop and agencies that take part")
    FOLLOW_UP = "follow_up", _("follow-up: the recommendations it is about")
    INCIDENT = "incident", _("incident team: trigger, date, place, specimens, help wanted")
    LEGISLATION = "legislation", _("legislation: which laws, how far")
    TRAINING = "training", _("training: audience, numbers, place, languages")
    FORENSICS = "forensics", _("forensics: material, laboratory")
    OPERATION = "operation", _("operation: kind of operation, region; nothing operational")
    NETWORK = "network", _("network: which network, what stage")
    INFORMATION = "information", _("information: the question alone")


class SupportQuerySet(models.QuerySet["Support"]):
    def visible_to(self, actor: Any) -> "SupportQuerySet":
        """Everybody may see what can be asked for."""
        return self

    def on_offer(self) -> "SupportQuerySet":
        return self.filter(is_offered=True)


class Support(models.Model):
    """A kind of support, with the agencies that usually give it.

    The usual lead follows from who led known cases, not from a published list; the desk shows
    it as a proposal only.
    """

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name_en = models.CharField(_("name in English"), max_length=150)
    name_fr = models.CharField(_("name in French"), max_length=150)
    name_es = models.CharField(_("name in Spanish"), max_length=150)
    hint_en = models.CharField(_("hint in English"), max_length=300, blank=True)
    hint_fr = models.CharField(_("hint in French"), max_length=300, blank=True)
    hint_es = models.CharField(_("hint in Spanish"), max_length=300, blank=True)
    usual_lead = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("usual lead (inferred)"),
    )  # fmt: skip
    usual_others = models.ManyToManyField(
        Agency, blank=True, related_name="+", verbose_name=_("other agencies (inferred)")
    )
    asks = models.CharField(_("questions asked"), max_length=11, choices=Asks, default=Asks.GENERAL)
    opens_toolkit = models.BooleanField(_("opens a Toolkit implementation"), default=False)
    letter_may_follow = models.BooleanField(_("the signed letter may be sent later"), default=False)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    is_offered = models.BooleanField(_("can be asked for"), default=True)
    source = models.CharField(_("source"), max_length=300, blank=True)

    objects = SupportQuerySet.as_manager()

    class Meta:
        verbose_name = _("kind of support")
        verbose_name_plural = _("kinds of support")
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_readers_language(self, "name")

    @property
    def hint(self) -> str:
        return in_readers_language(self, "hint")


class Entry(models.Model):
    """A line of one of the desk's lists, kept by officers in three languages. The key is what
    history calls it."""

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name_en = models.CharField(_("in English"), max_length=200)
    name_fr = models.CharField(_("in French"), max_length=200)
    name_es = models.CharField(_("in Spanish"), max_length=200)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        abstract = True
        ordering = ["position", "key"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return in_readers_language(self, "name")


class Use(models.TextChoices):
    """What an entry of the catalogue of reasons and texts is for."""

    DECLINE = "decline", _("reason for declining")
    RETURN = "return", _("reason for returning")
    REDIRECT = "redirect", _("reason for redirecting")
    REPLY = "reply", _("standard reply")
    REFERRAL = "referral", _("note to agencies")


class Reason(Entry):
    """A reason that can be given, or a text that is often written, with the words to begin with.

    Words may hold {reference}, {party} and {support}: see requests_app.standard_texts.
    """

    use = models.CharField(_("used for"), max_length=8, choices=Use, default=Use.DECLINE)
    text_en = models.TextField(_("text in English"), blank=True)
    text_fr = models.TextField(_("text in French"), blank=True)
    text_es = models.TextField(_("text in Spanish"), blank=True)
    is_offered = models.BooleanField(_("can be chosen"), default=True)

    class Meta(Entry.Meta):
        verbose_name = _("reason or standard text")
        verbose_name_plural = _("reasons and standard texts")

    def text_for(self, case: Any) -> str:
        """The text in the language of the request that `case` is or belongs to, filled in."""
        support_request = getattr(case, "support_request", case)
        with translation.override(support_request.language):
            facts = {
                "reference": support_request.handle,
                "party": support_request.party.name,
                "support": support_request.support.name,
            }
            return filled(in_readers_language(self, "text"), facts)
