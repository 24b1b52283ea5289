"""An agency's referrals, with the same actions as the API."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from partners.access import standing
from partners.kept_text import as_initial, keeps_typed_text
from requests_app.conversations import threads_of, unread_by_request
from requests_app.entries import entries
from requests_app.filters import ReferralFilter
from requests_app.models import Attachment, DeliveryReport, Referral
from requests_app.models.referrals import ReferralQuerySet
from requests_app.reading import answers_open_to, sections
from requests_app.timeline import about_request
from requests_app.views.paging import page_of
from workflow.executor import allowed_actions
from workflow.pages import action_page


def _own_referrals(request: HttpRequest) -> ReferralQuerySet:
    """Those of the reader's agencies; whoever sees referrals in another role reads them there."""
    agencies = standing(request.user).all_agencies
    mine: ReferralQuerySet = Referral.objects.visible_to(request.user).filter(
        agency_id__in=agencies
    )
    return mine.with_clock().select_related(
        "agency",
        "support_request__party",
        "support_request__support",
        "support_request__lead_agency",
    )


@require_safe
@login_required
def inbox_list(request: HttpRequest) -> HttpResponse:
    form = ReferralFilter(request.GET or None)
    found = _own_referrals(request)
    if form.is_valid() and form.cleaned_data["state"]:
        found = found.filter(state=form.cleaned_data["state"])
    page = page_of(found, request)
    unread = unread_by_request(request.user, [row.support_request for row in page["rows"]])  # type: ignore[arg-type]
    for row in page["rows"]:
        row.unread = unread.get(row.support_request_id, 0)
    context = {
        **page,
        "form": form,
        "several_agencies": len(standing(request.user).all_agencies) > 1,
        "today": timezone.now().date(),
    }
    return render(request, "requests_app/inbox_list.html", context)


@require_safe
@login_required
def inbox_detail(request: HttpRequest, pk: int) -> HttpResponse:
    referral = get_object_or_404(_own_referrals(request), pk=pk)
    support_request = referral.support_request
    versions = list(support_request.versions.order_by("number"))
    attachments = Attachment.objects.visible_to(request.user)
    context = {
        "referral": referral,
        "support_request": support_request,
        "actions": allowed_actions(referral, request.user),
        "sections": sections(answers_open_to(request.user, support_request, versions)),
        "attachments": attachments.filter(support_request=support_request).select_related("agency"),
        "reports": DeliveryReport.objects.visible_to(request.user).filter(referral=referral),
        "timeline": entries(about_request(support_request, request.user), request.user),
        "threads": [(one, None) for one in threads_of(support_request, request.user)],
        "today": timezone.now().date(),
    }
    return render(request, "requests_app/inbox_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@keeps_typed_text
def inbox_action(request: HttpRequest, pk: int, action: str) -> HttpResponse:
    referral = get_object_or_404(_own_referrals(request), pk=pk)
    return action_page(
        request,
        referral,
        action,
        about=f"{referral.support_request.handle}, {referral.agency.name}",
        back=referral.get_absolute_url(),
        initial=as_initial(request),
    )
