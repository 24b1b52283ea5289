"""The Secretariat's calendar and its targets of time, kept by officers: see requests_app.clock."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.models.translated import in_readers_language
from requests_app.models.states import RequestState, Urgency


class Holiday(models.Model):
    """A day on which the Secretariat in Geneva does not work. Saturdays and Sundays need no row."""

    day = models.DateField(_("day"), unique=True)
    name_en = models.CharField(_("in English"), max_length=100)
    name_fr = models.CharField(_("in French"), max_length=100)
    name_es = models.CharField(_("in Spanish"), max_length=100)
    source = models.CharField(_("source"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.name}"

    @property
    def name(self) -> str:
        return in_readers_language(self, "name")


class Target(models.Model):
    """In how many working days a request should leave a state. Without a row there is no target.

    No standard is published: the numbers are the Secretariat's own, and shown on the desk alone.
    """

    state = models.CharField(_("state"), max_length=15, choices=RequestState)
    urgency = models.CharField(_("urgency"), max_length=8, choices=Urgency)
    working_days = models.PositiveSmallIntegerField(_("working days"))

    class Meta:
        verbose_name = _("target of time")
        verbose_name_plural = _("targets of time")
        ordering = ["state", "urgency"]
        constraints = [
            models.UniqueConstraint(fields=["state", "urgency"], name="requests_one_target"),
            models.CheckConstraint(
                name="requests_target_is_some_time", condition=models.Q(working_days__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()}, {self.get_urgency_display()}: {self.working_days}"
