"""Filters that links set: the rows behind a figure. They are seen while they are in use only."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from requests_app.figures.arrivals import arrived, due_soon, mentions, unread_by
from requests_app.figures.counts import REPLY_BY_KEY
from requests_app.figures.period import Period
from requests_app.figures.spells import ACKNOWLEDGED, DECIDED, spells_of
from requests_app.figures.waiting import SPAN_BY_KEY, End, Span
from requests_app.figures.words import period_in_words, span_in_words


class ByLink(admin.SimpleListFilter):
    """Offered nowhere; while a link's value is in use, it is named and can be taken away."""

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        value = self.value()
        words = self.words(value) if value else None
        return [(value, words)] if value and words else []

    def words(self, value: str) -> str | None:
        """What a value means; None for one that means nothing."""
        raise NotImplementedError


class _PeriodFilter(ByLink):
    column: str

    def words(self, value: str) -> str | None:
        period = Period.in_text(value)
        return period_in_words(period) if period else None

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        period = Period.in_text(self.value() or "")
        return queryset.filter(period.holds(self.column)) if period else queryset


class SubmittedFilter(_PeriodFilter):
    title = gettext_lazy("submitted")
    parameter_name = "submitted"
    column = "submitted_at"


class SentFilter(_PeriodFilter):
    title = gettext_lazy("sent")
    parameter_name = "sent"
    column = "sent_at"


class _TimeFilter(ByLink):
    """Requests by how long they waited; of those that the filter of submission leaves, if it is
    set too. A value is an end and a span: done.3-5."""

    @staticmethod
    def _read(value: str) -> tuple[End, Span] | None:
        end, _dot, span = value.partition(".")
        if end not in End.__members__.values() or span not in SPAN_BY_KEY:
            return None
        return End(end), SPAN_BY_KEY[span]

    def words(self, value: str) -> str | None:
        read = self._read(value)
        if read is None:
            return None
        end, span = read
        ends = {
            End.DONE: _("done, working days: %(span)s"),
            End.OPEN: _("still open, working days so far: %(span)s"),
            End.LEFT: _("withdrawn before, working days: %(span)s"),
        }
        return ends[end] % {"span": span_in_words(span)}

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        read = self._read(self.value() or "")
        if read is None:
            return queryset
        end, span = read
        period = Period.in_text(request.GET.get(SubmittedFilter.parameter_name, ""))
        spells = spells_of(period, request.user).of(str(self.parameter_name))
        found = [one.subject for one in spells if one.end == end and span.holds(one.days)]
        return queryset.filter(pk__in=found)


class AcknowledgedFilter(_TimeFilter):
    title = gettext_lazy("time to acknowledgement")
    parameter_name = ACKNOWLEDGED


class DecidedFilter(_TimeFilter):
    title = gettext_lazy("time to decision")
    parameter_name = DECIDED


class DueFilter(ByLink):
    title = gettext_lazy("due")
    parameter_name = "due"

    def words(self, value: str) -> str | None:
        return _("Overdue, or within three days") if value == "soon" else None

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() != "soon":
            return queryset
        return queryset.filter(due_soon())


class MentionFilter(ByLink):
    title = gettext_lazy("internal notes")
    parameter_name = "mentions"

    def words(self, value: str) -> str | None:
        return _("Mentioning me, in the last two weeks") if value == "me" else None

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.filter(mentions(request.user)) if self.value() == "me" else queryset


class ReplyFilter(ByLink):
    title = gettext_lazy("answer of the agency")
    parameter_name = "reply"

    def words(self, value: str) -> str | None:
        if value == "arrived":
            return _("Arrived, the request is not decided")
        return capfirst(str(REPLY_BY_KEY[value].label)) if value in REPLY_BY_KEY else None

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        value = self.value() or ""
        if value == "arrived":
            return arrived(queryset)
        return REPLY_BY_KEY[value].of(queryset) if value in REPLY_BY_KEY else queryset


class UnreadFilter(ByLink):
    title = gettext_lazy("messages")
    parameter_name = "unread"

    def words(self, value: str) -> str | None:
        return _("Not read by me, in my hands or nobody’s") if value == "me" else None

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return unread_by(request.user, queryset) if self.value() == "me" else queryset


OF_REQUESTS = (SubmittedFilter, AcknowledgedFilter, DecidedFilter, DueFilter, MentionFilter)
OF_REFERRALS = (SentFilter, ReplyFilter)
OF_THREADS = (UnreadFilter,)
