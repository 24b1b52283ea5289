"""The report itself: the four parts of CITES SC66 Inf. 9."""

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from iccwc_portal.report.asking import Asked
from iccwc_portal.report.cycles import rows as cycles_of
from iccwc_portal.report.document import Block, Document, Paragraph
from iccwc_portal.report.presence import global_network
from iccwc_portal.report.recognized import recognition
from iccwc_portal.report.support import support
from iccwc_portal.report.tracked import toolkit
from iccwc_portal.report.wording import day_of, period_of


def report(actor: Any, asked: Asked) -> Document:
    """The whole document, in its language."""
    with translation.override(asked.language):
        table = cycles_of(actor, asked)
        blocks = [
            *_preface(),
            *global_network(actor, asked),
            *recognition(actor, asked),
            *toolkit(table, asked),
            *support(actor, table, asked),
        ]
        return Document(
            name=f"iccwc-report-{asked.as_of.isoformat()}-{asked.language}",
            title=_("International Consortium on Combating Wildlife Crime (ICCWC)"),
            language=asked.language,
            day=asked.as_of,
            facts=_facts(asked),
            blocks=blocks,
        )


def _facts(asked: Asked) -> list[tuple[str, str]]:
    facts = [
        (_("Report for"), _("the Standing Committee of CITES")),
        (_("State on"), day_of(asked.as_of)),
        (_("Activities"), period_of(asked)),
    ]
    if asked.known_at:
        moment = _("%(moment)s UTC") % {"moment": date_format(asked.known_at, "DATETIME_FORMAT")}
        facts.append((_("As known on"), moment))
    return facts


def _preface() -> list[Block]:
    follows = _(
        "The report follows the parts of document SC66 Inf. 9. It is made from what the portal has "
        "recorded: the same question gives the same report at any later time."
    )
    demo = _(
        "This is a demonstration. The Toolkit table of 9 November 2015 is that of SC66 Inf. 9; "
        "requests for support and activities are invented."
    )
    warned: list[Block] = [Paragraph(demo, "warning")] if settings.DEMO else []
    return [Paragraph(follows), *warned]
