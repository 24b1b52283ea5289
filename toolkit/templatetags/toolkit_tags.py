from datetime import date
from functools import cache, lru_cache

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from history.precision import in_words
from toolkit.asof import Fact, Row
from toolkit.forms import AsOfForm
from toolkit.models import Recommendation, RecommendationState, StepStatus
from toolkit.steps import Phase, StepState

register = template.Library()

_MARKS = {
    StepState.DONE: "done",
    StepState.UNDER_WAY: "active",
    StepState.NOT_APPLICABLE: "skipped",
}
# The full names of the phases stand once, in the table of totals.
_IN_SHORT = {
    Phase.REQUEST_RECEIVED: _("request received"),
    Phase.PLANNING: _("planning phase"),
    Phase.IN_PROCESS: _("in process"),
    Phase.COMPLETE: _("complete"),
}
_TONES = {Phase.COMPLETE: "good", Phase.REQUEST_RECEIVED: "waiting"}


@register.simple_tag
def mark(fact: Fact | None) -> SafeString:
    """A step's cell: a shape to see, a word to hear."""
    return _mark(fact.state if fact else StepState.NOT_STARTED, get_language() or "")


@cache
def _mark(state: str, language: str) -> SafeString:
    return format_html(
        '<span class="mark mark--{}"><span class="visually-hidden">{}</span></span>',
        _MARKS.get(StepState(state), "none"),
        StepState(state).label,
    )


@register.simple_tag
def cells_of(row: Row) -> SafeString:
    """The cells of a row, each leading to its event. A table of twenty years has thousands: they
    are written here, each state and date once for all of them."""
    language, address = get_language() or "", row.implementation.get_absolute_url()
    return format_html_join(
        "",
        '<td class="centre">{}</td>',
        ((_cell(fact, address, language) if fact else mark(None),) for _step, fact in row.cells),
    )


def _cell(fact: Fact, address: str, language: str) -> SafeString:
    when = _when(fact.effective_on, fact.precision, language)
    return format_html(
        '<a class="tracker__cell" href="{}#event-{}" title="{}">{}</a>',
        address,
        fact.event_id,
        f"{when}, {fact.source}" if fact.source else when,
        _mark(fact.state, language),
    )


@lru_cache(maxsize=2_000)
def _when(day: date, precision: str, language: str) -> str:
    return in_words(day, precision)


_STEP_TONES = {
    StepState.DONE: "good",
    StepState.UNDER_WAY: "active",
    StepState.NOT_APPLICABLE: "ended",
}


@register.simple_tag
def step_status(step: StepStatus) -> SafeString:
    """The state of a step as word, shape and colour."""
    tone = _STEP_TONES.get(StepState(step.state), "waiting")
    words = capfirst(step.get_state_display())
    return format_html('<span class="status status--{}">{}</span>', tone, words)


_RECOMMENDATION_TONES = {
    RecommendationState.PROPOSED: "attention",
    RecommendationState.ACCEPTED: "waiting",
    RecommendationState.VERIFIED: "good",
    RecommendationState.SUPERSEDED: "ended",
    RecommendationState.NOT_ACCEPTED: "ended",
}


@register.simple_tag
def recommendation_status(recommendation: Recommendation) -> SafeString:
    """The state of a recommendation as word, shape and colour."""
    tone = _RECOMMENDATION_TONES.get(RecommendationState(recommendation.state), "active")
    words = capfirst(recommendation.get_state_display())
    return format_html('<span class="status status--{}">{}</span>', tone, words)


@register.simple_tag
def phase(reached: Phase | None, in_short: bool = False) -> SafeString:
    """A phase as word, shape and colour; in short for a narrow column."""
    if reached is None:
        return format_html('<span class="muted">{}</span>', _("not yet requested"))
    tone = _TONES.get(reached, "active")
    words = _IN_SHORT[reached] if in_short else reached.label
    return format_html('<span class="status status--{}">{}</span>', tone, words)


@register.simple_tag
def querystring_of(form: AsOfForm, as_of: date) -> SafeString:
    """What the form asks for, on another day: the end of an address."""
    return format_html("{}", urlencode({**form.written, "as_of": as_of.isoformat()}))
