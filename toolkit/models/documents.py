"""Files of a cycle: reports, letters, evidence. Each says who may read it."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from partners.access import standing
from partners.models.folded import Folded
from requests_app.models import READABLE, StoredFile
from toolkit.models.cycles import Implementation, Publicity, StepStatus
from toolkit.models.recommendations import Recommendation
from workflow.guard import StatefulQuerySet, kept


class Readers(models.TextChoices):
    CONCERNED = "concerned", _("the country, the Secretariat and the lead agency")
    PARTNERS = "partners", _("they and the other ICCWC agencies")
    PUBLIC = "public", _("everybody, once the country has consented")


# What a country shows that it has done is never public (docs/adr/0017).
READERS_OF_EVIDENCE = (Readers.CONCERNED, Readers.PARTNERS)

_OPEN_TO_ALL = models.Q(
    recommendation=None,
    readers=Readers.PUBLIC,
    implementation__state=Publicity.PUBLIC,
    implementation__documents_are_public=True,
)


class DocumentQuerySet(StatefulQuerySet["Document"]):
    protected = frozenset({"readers"})

    def visible_to(self, actor: Any) -> "DocumentQuerySet":
        """Whoever reads the cycle inside sees all of it; the agencies what is open to partners;
        everybody, the agencies too, what is marked public while a consent that covers documents
        is in force. Evidence for a recommendation is never open to everybody."""
        me = standing(actor)
        inside = models.Q(implementation__in=Implementation.objects.inside(actor))
        seen = inside | _OPEN_TO_ALL
        if me.all_agencies:
            seen |= models.Q(readers=Readers.PARTNERS)
        return self.filter(seen)

    def open_to_all(self) -> "DocumentQuerySet":
        """Marked public, while a consent that covers documents is in force."""
        return self.filter(_OPEN_TO_ALL)

    def readable(self) -> "DocumentQuerySet":
        """Not being checked for viruses and not refused."""
        return self.filter(scan__in=READABLE)


class Document(StoredFile):
    """A file of a cycle: of one of its steps, or evidence for a recommendation, or neither."""

    implementation = models.ForeignKey(Implementation, models.PROTECT, related_name="documents")
    step = models.ForeignKey(
        StepStatus, models.PROTECT, null=True, blank=True, related_name="documents"
    )
    recommendation = models.ForeignKey(
        Recommendation, models.PROTECT, null=True, blank=True, related_name="documents"
    )
    title = models.CharField(_("title"), max_length=200)
    search_text = Folded("title")
    readers = kept(models.CharField, from_the_start=False)(
        _("who may read it"), max_length=9, choices=Readers, default=Readers.CONCERNED
    )

    objects = DocumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("document")
        verbose_name_plural = _("documents")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(recommendation=None) | ~models.Q(readers=Readers.PUBLIC),
                name="toolkit_evidence_not_public",
            )
        ]
        indexes = [
            models.Index(
                fields=["id"], name="documents_to_scan", condition=models.Q(scan="waiting")
            )
        ]

    def __str__(self) -> str:
        return self.title
