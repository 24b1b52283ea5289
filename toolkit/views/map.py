"""The map on its own, to be printed or put into a document."""

from collections.abc import Iterator
from textwrap import wrap
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from partners.map import DISCLAIMER
from toolkit import asof
from toolkit import map as tracker_map
from toolkit.forms import AsOfForm
from toolkit.map import TrackerMap
from toolkit.views.files import refused
from toolkit.views.unchanged import unless_unchanged
from workflow.characters import without_control

_LETTERS = 165  # of a line of small print that the drawing is wide enough for
_LINE = 32  # units of the drawing from line to line
_HEAD = 110  # units above the map


@require_safe
@unless_unchanged(has_forms=False)
def svg(request: HttpRequest) -> HttpResponse:
    """The map as a file that needs nothing else: title, dates, legend, sources and disclaimer are
    drawn in it. `?as_of=` and `?known_at=` as of the table."""
    form = AsOfForm(request.GET)
    if not form.is_valid():
        return refused(form)
    as_of, known_at = form.cleaned_data["as_of"], form.cleaned_data["known_at"]
    rows = asof.table(request.user, as_of, known_at)
    made = tracker_map.of(rows, as_of, known_at)
    sources = sorted({fact.source for row in rows for fact in row.facts.values()} - {""})
    drawn = render_to_string("map/alone.svg", _set(made, sources), request)
    response = HttpResponse(without_control(drawn), "image/svg+xml")
    name = f"toolkit-map-{as_of.isoformat()}.svg"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _set(made: TrackerMap, sources: list[str]) -> dict[str, Any]:
    """Text does not wrap in a drawing: every line gets its place here."""
    height = int(made.world.view_box.split()[3])
    y = _HEAD + height + 20
    legend, small = [], []
    for category in made.categories:
        y += 12
        names = ", ".join(party.name for party in category.parties) or _("none")
        words = f"{category.phase.label} ({len(category.parties)}): {names}"
        lines = [(y + _LINE * at, line) for at, line in enumerate(wrap(words, _LETTERS - 10), 1)]
        legend.append((category.shade, lines))
        y = lines[-1][0]
    y += 16
    for sentence in _small_print(made, sources):
        for line in wrap(sentence, _LETTERS):
            y += _LINE
            small.append((y, line))
    return {
        "made": made,
        "map": made.world,
        "map_id": "toolkit-map",
        "height": y + 30,
        "head": _HEAD,
        "when": ", ".join(_when(made)),
        "legend": legend,
        "small": small,
    }


def _when(made: TrackerMap) -> Iterator[str]:
    yield _("State on %(day)s") % {"day": date_format(made.as_of, "DATE_FORMAT")}
    if made.known_at:
        moment = date_format(made.known_at, "DATETIME_FORMAT")
        yield _("as known on %(moment)s (UTC)") % {"moment": moment}


def _small_print(made: TrackerMap, sources: list[str]) -> Iterator[str]:
    if sources:
        yield _("Sources:") + " " + "; ".join(sources) + "."
    yield _(
        "The phase is derived from the steps done. The correspondence of steps and phases is "
        "inferred from the legend of the map in CITES SC66 Inf. 9; the document does not print it. "
        "Of a Party with several cycles the last one counts."
    )
    yield str(DISCLAIMER)
    yield (
        _("Dashed: lines whose course is not settled.")
        + " "
        + _("Outlines: Natural Earth, 1:50 million, simplified, in a projection of equal areas.")
    )
