"""By what the lists of requests and referrals can be narrowed."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field

from partners.api_filters import CodeFilter, DayFilter, MomentFilter, WordFilter, parties_called
from partners.models import Agency, Party
from requests_app.models import Referral, ReferralState, RequestState, Support, Urgency


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, UTC)


class RequestFilter(django_filters.FilterSet):
    """Every filter works on what the caller can see, so that none answers for hidden rows."""

    party = CodeFilter(queryset=Party.objects.all(), to_field_name="code")
    support = CodeFilter(queryset=Support.objects.all(), to_field_name="key")
    state = WordFilter(choices=RequestState.choices)
    urgency = WordFilter(choices=Urgency.choices)
    agency = CodeFilter(
        queryset=Agency.objects.partners(),
        to_field_name="code",
        method="referred_to",
        help_text="with a referral to this agency that you can see",
    )
    lead_agency = CodeFilter(queryset=Agency.objects.all(), to_field_name="code")
    submitted_from = DayFilter(method="from_day", help_text="submitted on this day or later (UTC)")
    submitted_to = DayFilter(method="to_day", help_text="submitted on this day or earlier (UTC)")
    updated_since = MomentFilter(field_name="updated_at", lookup_expr="gte")
    q = django_filters.CharFilter(
        method="search",
        max_length=100,
        help_text="part of the reference, or of the Party's name in any language or spelling",
    )

    @extend_schema_field(OpenApiTypes.STR)
    def referred_to(self, requests: "QuerySet[Any]", name: str, agency: Agency) -> "QuerySet[Any]":
        # Only referrals that the caller may see count: WCO does not learn who else was asked.
        visible = Referral.objects.visible_to(self.request.user)
        return requests.filter(
            Exists(visible.filter(support_request=OuterRef("pk"), agency=agency))
        )

    def from_day(self, requests: "QuerySet[Any]", name: str, day: date) -> "QuerySet[Any]":
        return requests.filter(submitted_at__gte=_midnight(day))

    def to_day(self, requests: "QuerySet[Any]", name: str, day: date) -> "QuerySet[Any]":
        return requests.filter(submitted_at__lt=_midnight(day + timedelta(days=1)))

    def search(self, requests: "QuerySet[Any]", name: str, value: str) -> "QuerySet[Any]":
        of_party = Q(party_id__in=parties_called(value).values("pk"))
        return requests.filter(Q(reference__icontains=value) | of_party)


class ReferralFilter(django_filters.FilterSet):
    state = WordFilter(choices=ReferralState.choices)
    agency = CodeFilter(queryset=Agency.objects.partners(), to_field_name="code")
    due_before = DayFilter(
        field_name="answer_due_on", lookup_expr="lt", help_text="answer due before this day"
    )
    updated_since = MomentFilter(field_name="updated_at", lookup_expr="gte")
