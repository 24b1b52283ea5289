"""Part 2 of the report: where the role of ICCWC was recognized, by the headings of SC66 Inf. 9."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from iccwc_portal.report.asking import Asked
from iccwc_portal.report.document import Block, Heading, Paragraph, Table
from iccwc_portal.report.recorded import as_known, known, sources_of, with_confidence
from iccwc_portal.report.wording import day_of, source_of
from record.models import Recognition
from record.recognition_page import CATEGORIES, Group, counted, grouped


def recognition(actor: Any, asked: Asked) -> list[Block]:
    title = Heading(_("2. Role and recognition of ICCWC"))
    rows = known(Recognition, actor, asked).filter(effective_on__lte=asked.as_of)
    found = as_known(rows, asked)
    if not found:
        return [title, Paragraph(_("No recognition of ICCWC is recorded up to that day."))]
    summary = ngettext(
        "Up to %(day)s, %(n)d text by a United Nations body or another international forum is "
        "recorded. What is not wholly confirmed says so.",
        "Up to %(day)s, %(n)d texts by United Nations bodies and other international fora are "
        "recorded. What is not wholly confirmed says so.",
        len(found),
    )
    own = _("What a text asks is said in the portal’s own words; the text itself is what counts.")
    return [
        title,
        Paragraph(summary % {"n": len(found), "day": day_of(asked.as_of)}),
        _by_year(found),
        *map(_under, grouped(found)),
        Paragraph(own, "source"),
        source_of(sources_of(found)),
    ]


def _by_year(found: list[Recognition]) -> Table:
    labels = [str(one.label) for one in CATEGORIES]
    table = counted(found)
    sums = [str(sum(numbers[at] for _y, numbers, _all in table)) for at in range(len(labels))]
    return Table(
        "recognition-counted",
        _("Texts by year and category"),
        [_("Year"), *labels, _("In all")],
        [[str(year), *map(str, numbers), str(all_of)] for year, numbers, all_of in table],
        [_("All"), *sums, str(len(found))],
        numbers=frozenset(range(1, len(labels) + 2)),
    )


def _under(group: Group) -> Table:
    head = [_("Text"), _("Body"), _("Date"), _("Place"), _("What it asks")]
    rows = [
        [with_confidence(_name(one), one), one.body, one.when_in_words, one.place or "–",
         one.asks or one.note or "–"]
        for one in group.rows
    ]  # fmt: skip
    return Table(f"recognition-{group.category}", str(group.category.label), head, rows)


def _name(one: Recognition) -> str:
    symbol = one.symbol
    if one.symbol and one.adopted_as:
        said = {"symbol": one.symbol, "adopted": one.adopted_as}
        symbol = _("%(symbol)s, adopted as %(adopted)s") % said
    return f"{symbol}: {one.title}" if symbol else one.title
