"""How long the desk and the agencies take, with what still waits counted in: the words and the
drawing of requests_app.figures.waiting."""

from collections.abc import Sequence
from typing import Any

from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from iccwc_portal.overview import links
from iccwc_portal.overview.charts import Cell, Chart, Row, Series, Table
from partners.models import Agency
from requests_app.figures import counts
from requests_app.figures.period import Period
from requests_app.figures.spells import ACKNOWLEDGED, answers_of
from requests_app.figures.waiting import SPANS, Curve, End, Span, Spell, distribution
from requests_app.figures.words import span_in_words

Parts = tuple[str, str, Sequence[str], Chart, Table]


def in_days(days: float) -> str:
    """Working days with at most one decimal."""
    rounded = round(days, 1)
    if not rounded:
        return _("less than a tenth of a working day")
    text = f"{rounded:.0f}" if rounded == int(rounded) else str(localize(rounded))
    number = 1 if rounded == 1 else 2  # French counts 1.5 as one, English as many
    return ngettext("%(days)s working day", "%(days)s working days", number) % {"days": text}


def honesty() -> str:
    return _(
        "What still waits is counted for as long as it has waited so far (Kaplan–Meier): leaving "
        "it out would make the times look shorter than they are."
    )


# ── requests ─────────────────────────────────────────────────────────────────────────────────


def _words(what: str) -> dict[str, str]:
    if what == ACKNOWLEDGED:
        return {
            "title": _("Time to acknowledgement"),
            "done": _("Acknowledged"),
            "half": _("Half of the requests are taken up or returned within %(time)s."),
            "less": _("Less than half of the requests have been taken up or returned so far."),
            "about": _("From the first submission until it was taken up or returned."),
        }
    return {
        "title": _("Time to decision"),
        "done": _("Decided"),
        "half": _("Half of the requests are decided within %(time)s."),
        "less": _("Less than half of the requests have been decided so far."),
        "about": _("From the first submission until it was accepted, declined or redirected."),
    }


def times_section(what: str, spells: list[Spell], period: Period) -> Parts:
    """The distribution of the requests submitted in the period."""
    words, curve, found = _words(what), Curve(spells), distribution(spells)
    ends = [(End.DONE, words["done"]), (End.OPEN, _("Still open")), (End.LEFT, _("Withdrawn"))]
    labels = [_first_up(span_in_words(span)) for span in SPANS]
    numbers = [[found.get((span.key, end), 0) for end, _label in ends] for span in SPANS]
    chart = Chart(
        what,
        words["title"],
        _("Requests by working days. %(summary)s") % {"summary": _half(curve, words)},
        [
            Series(words["done"], "solid"),
            Series(_("Still open"), "hatched"),
            Series(_("Withdrawn"), "dotted"),
        ],
        list(zip(map(_in_short, SPANS), numbers, strict=True)),
    )
    rows = []
    for span, label, values in zip(SPANS, labels, numbers, strict=True):
        cells = [
            links.cell(value, links.requests(submitted=period, **{what: f"{end}.{span.key}"}))
            for (end, _label), value in zip(ends, values, strict=True)
        ]
        rows.append(Row(label, [*cells, Cell(_share(curve, span))]))
    columns = [
        _("Working days"), *(label for _end, label in ends), _("Done within that time, estimated"),
    ]  # fmt: skip
    notes = [
        _half(curve, words),
        words["about"]
        + " "
        + _("Time in which the country was asked or had the request back does not count."),
        honesty(),
    ]
    table = Table(words["title"], columns, rows)
    return what, words["title"], notes, chart, table


def _in_short(span: Span) -> str:
    return f"> {span.above}" if span.up_to is None else f"{span.above}–{span.up_to}"


def _first_up(words: str) -> str:
    return words[:1].upper() + words[1:]


def _half(curve: Curve, words: dict[str, str]) -> str:
    if curve.median is None:
        return words["less"]
    return words["half"] % {"time": in_days(curve.median)}


def _share(curve: Curve, span: Span) -> str:
    if span.up_to is None:
        return "–"
    share = curve.done_within(span.up_to)
    if share is None:
        return _("not known yet")
    return _("%(number)d %%") % {"number": round(share * 100)}


# ── referrals ────────────────────────────────────────────────────────────────────────────────


def answers_section(period: Period, actor: Any) -> Parts:
    """What the agencies answered, and how soon, to what was sent to them in the period."""
    referrals = counts.sent_in(period, actor)
    found, spells = counts.replies(referrals), answers_of(referrals)
    agencies = [one for one in Agency.objects.all() if one.pk in spells]
    title = _("Referrals by agency")
    patterns = {"helps": "solid", "declined": "crossed", "waiting": "plain", "late": "hatched"}
    numbers = [[found.get((one.pk, reply.key), 0) for reply in counts.REPLIES] for one in agencies]
    chart = Chart(
        "referrals",
        title,
        _("Referrals sent in the period, by what became of them."),
        [
            Series(_first_up(str(reply.label)), patterns.get(reply.key, "dotted"))
            for reply in counts.REPLIES
        ],
        [(one.name, values) for one, values in zip(agencies, numbers, strict=True)],
    )
    rows = []
    for one, values in zip(agencies, numbers, strict=True):
        of_it = {"sent": period, "agency__id__exact": one.pk}
        cells = [
            links.cell(value, links.referrals(**of_it, reply=reply.key))
            for reply, value in zip(counts.REPLIES, values, strict=True)
        ]
        median = Curve(spells[one.pk]).median
        half = in_days(median) if median is not None else _("not known yet")
        rows.append(
            Row(one.name, [links.cell(sum(values), links.referrals(**of_it)), *cells, Cell(half)])
        )
    columns = [
        _("Agency"), _("Sent"), *(_first_up(str(reply.label)) for reply in counts.REPLIES),
        _("Half answered within"),
    ]  # fmt: skip
    return "referrals", title, [honesty()], chart, Table(title, columns, rows)
