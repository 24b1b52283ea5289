"""News and events as their pages show them."""

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from partners.models import Party
from record.links import dead_among
from record.markup import html, links_in
from record.models import NewsItem, Topic

UPCOMING_AT_ONCE = 20


class NewsQuestion(forms.Form):
    """The parameters of the page, both optional; an unknown value is said at its field."""

    hide_optional = True

    topic = forms.ModelChoiceField(
        label=_("Topic"), required=False, queryset=Topic.objects.all(), to_field_name="key",
        empty_label=_("every topic"),
    )  # fmt: skip
    party = forms.ModelChoiceField(
        label=_("Country"), required=False, queryset=Party.objects.all(), to_field_name="code",
        empty_label=_("every country"),
    )  # fmt: skip

    def narrowed(self, rows: "QuerySet[NewsItem]") -> "QuerySet[NewsItem]":
        asked = {"topics": self.cleaned_data["topic"], "parties": self.cleaned_data["party"]}
        return rows.filter(**{way: one for way, one in asked.items() if one})


def _to_come() -> Q:
    today = timezone.localdate()
    return Q(event_until__gte=today) | Q(event_until=None, event_from__gte=today)


def upcoming(rows: "QuerySet[NewsItem]") -> list[NewsItem]:
    """Events that are not over, the next first."""
    return list(rows.filter(_to_come()).order_by("event_from", "pk")[:UPCOMING_AT_ONCE])


def everything_else(rows: "QuerySet[NewsItem]") -> "QuerySet[NewsItem]":
    """News, and events that are over."""
    today = timezone.localdate()
    past = Q(event_until__lt=today) | Q(event_until=None, event_from__lt=today)
    return rows.filter(Q(event_from=None) | past)


def text_of(item: Any) -> SafeString:
    """The text in the reader's language as clean HTML, without the links that are known to be
    dead."""
    return html(item.text, dead_among(links_in(item.text)))
