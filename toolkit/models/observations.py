"""What published documents say of Parties, and of all of them together."""

import re
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from history.models import Event
from history.precision import Precision, in_words
from partners.access import standing
from partners.models import Party
from toolkit.steps import Step
from workflow.guard import StateField, StatefulQuerySet, VersionField

_PLAIN_DATE = re.compile(r"\d{4}(-\d\d){0,2}")


class StatementState(models.TextChoices):
    STANDS = "stands", _("stands")
    WITHDRAWN = "withdrawn", _("withdrawn")


class StatementQuerySet(StatefulQuerySet[Any]):
    """What documents say is for everybody; what was entered by mistake is for nobody outside."""

    def visible_to(self, actor: Any, known_at: datetime | None = None) -> Self:
        """What stands now, or stood at `known_at`: a statement that was withdrawn since is read
        there, because the table of that moment had it."""
        if known_at is None:
            return self.filter(state=StatementState.STANDS)
        return self.filter(
            models.Q(withdrawn_at=None) | models.Q(withdrawn_at__gt=known_at),
            event__recorded_at__lte=known_at,
        )

    def inside(self, actor: Any) -> Self:
        """With those withdrawn, for the Secretariat, which keeps them."""
        return self.all() if standing(actor).sees_all else self.none()


class Statement(models.Model):
    """What a published document says, with its date as exact as the document gives it.

    It is entered or imported, never edited and never deleted. One that was entered by mistake is
    withdrawn, with a reason in the history.
    """

    effective_on = models.DateField(_("as of"))
    precision = models.CharField(max_length=5, choices=Precision)
    is_approximate = models.BooleanField(_("date approximate"), default=False)
    date_in_source = models.CharField(_("date as the source gives it"), max_length=60)
    source = models.CharField(_("source"), max_length=300)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    state = StateField(
        _("state"), max_length=10, choices=StatementState, default=StatementState.STANDS
    )
    version = VersionField()
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def when_in_words(self) -> str:
        return in_words(self.effective_on, self.precision)

    @property
    def own_words_of_date(self) -> str:
        """The date as the source gives it, where that is more than the day, month or year."""
        written = self.date_in_source
        return "" if _PLAIN_DATE.fullmatch(written) or written == self.when_in_words else written


class Observation(Statement):
    """What a published document says about a Party, on a date, with its source.

    Observations stand beside the steps and never change them; documents may disagree.
    """

    class Instrument(models.TextChoices):
        TOOLKIT = "toolkit", _("Toolkit")
        FRAMEWORK = "indicator_framework", _("Indicator Framework")
        BOTH = "toolkit+indicator_framework", _("Toolkit and Indicator Framework")

    class Status(models.TextChoices):
        REQUEST_RECEIVED = "request_received", _("request received")
        IN_PROCESS = "in_process", _("in process")
        COMPLETE = "complete", _("complete")
        STEP = "step_event", _("a step was reached")
        FOLLOW_UP = "follow_up_event", _("follow-up to recommendations")
        PUBLISHED = "published", _("report made public")
        ON_MAP = "activity_shown_on_iccwc_map", _("activity shown on the ICCWC map")

    party = models.ForeignKey(Party, models.PROTECT, related_name="observations")
    instrument = models.CharField(_("instrument"), max_length=30, choices=Instrument)
    status = models.CharField(_("what it says"), max_length=30, choices=Status)
    step = models.CharField(_("step"), max_length=30, choices=Step, blank=True)
    note = models.TextField(_("note"), blank=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="+")

    objects = StatementQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("observation")
        verbose_name_plural = _("observations")
        ordering = ["effective_on", "party__name_en", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["party", "instrument", "status", "step", "date_in_source", "source"],
                condition=models.Q(state=StatementState.STANDS),
                name="toolkit_observation_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.party}: {self.get_status_display()}, {self.when_in_words}"


class PublishedTotal(Statement):
    """What a published document says of all countries together, on a date.

    `text` is what it says; the numbers are those that stand in it, None where it gives none.
    Documents count differently (some the Toolkit alone, some with the Indicator Framework): their
    totals are no one series, and never added up.
    """

    text = models.CharField(_("what it says"), max_length=300)
    in_all = models.PositiveIntegerField(_("in all"), null=True, blank=True)
    complete = models.PositiveIntegerField(_("complete"), null=True, blank=True)
    under_way = models.PositiveIntegerField(
        _("under way or at other stages"), null=True, blank=True
    )
    # "More than 12", "around 20": the numbers are not exact.
    is_rough = models.BooleanField(_("numbers not exact"), default=False)
    instrument = models.CharField(
        _("instrument"), max_length=30, choices=Observation.Instrument,
        default=Observation.Instrument.TOOLKIT,
    )  # fmt: skip
    recorded_at = models.DateTimeField(_("recorded"), auto_now_add=True)
    # Its own history begins with it, so the row is there a moment before the event.
    event = models.OneToOneField(Event, models.PROTECT, null=True, related_name="+")

    objects = StatementQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"
        verbose_name = _("total in a document")
        verbose_name_plural = _("totals in documents")
        ordering = ["effective_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["date_in_source", "source", "text"],
                condition=models.Q(state=StatementState.STANDS),
                name="toolkit_total_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.date_in_source}: {self.text}"
