from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from outbox.models import Heartbeat, Message, State
from partners.access import parties_without_focal_point, standing
from partners.models import AccessRequest, AccessState, Mandate
from partners.renewal import AHEAD
from requests_app.models import ENDED, Referral, RequestState, SupportRequest

# What is worked with every day stands first.
_ORDER = ("requests_app", "toolkit", "partners", "outbox", "history")


@dataclass(frozen=True)
class Pile:
    """So much of something waits: a number, a word and the list behind it."""

    count: int
    words: Any
    url: str
    is_urgent: bool = False


class Desk(AdminSite):
    """The Secretariat's desk: the admin, open to holders of a Secretariat mandate."""

    site_header = _("ICCWC support portal: Secretariat’s desk")
    site_title = _("Secretariat’s desk")
    index_title = _("What there is to do")
    site_url = "/"
    enable_nav_sidebar = False  # lists need the width; the header names the rooms of every day

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_active and standing(request.user).sees_all

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        rank = {label: place for place, label in enumerate(_ORDER)}
        apps = super().get_app_list(request, app_label)
        return sorted(apps, key=lambda app: rank.get(app["app_label"], len(rank)))

    def index(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """What waits, before the list of everything that can be opened."""
        context = {"piles": _piles(request.user), "troubles": _troubles()}
        return super().index(request, context | (extra_context or {}))

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """One sign-in for everybody: the desk has no password form of its own."""
        if request.user.is_authenticated and not self.has_permission(request):
            return HttpResponseRedirect(reverse("home"))
        wanted = urlencode({"next": request.GET.get("next", reverse("admin:index"))})
        return HttpResponseRedirect(f"{reverse('account_login')}?{wanted}")


def _piles(actor: Any) -> list[Pile]:
    """Open requests by state, the actor's own, and answers that are overdue."""
    url = reverse("admin:requests_app_supportrequest_changelist")
    visible = SupportRequest.objects.visible_to(actor).filter(reference__isnull=False)
    open_work = visible.exclude(state__in=ENDED)
    counted = dict(open_work.order_by().values_list("state").annotate(Count("pk")))
    mine = open_work.filter(assignee_id=actor.pk).count()
    late = Referral.objects.visible_to(actor).overdue()
    referrals = reverse("admin:requests_app_referral_changelist")
    return [
        Pile(mine, _("In your hands"), f"{url}?officer=me"),
        *(
            Pile(
                counted[state],
                capfirst(str(state.label)),
                f"{url}?state={state}",
                is_urgent=state == RequestState.SUBMITTED,
            )
            for state in RequestState
            if state in counted
        ),
        Pile(late.count(), _("Answers overdue"), f"{referrals}?answer=late", is_urgent=True),
        *_people(),
    ]


def _people() -> list[Pile]:
    """Who waits for access, which Parties nobody acts for, whose mandates rest soon."""
    asked = AccessRequest.objects.filter(state=AccessState.CONFIRMED).count()
    gaps = parties_without_focal_point().count()
    due = Mandate.objects.to_confirm(timezone.now().date() + AHEAD).count()
    requests = reverse("admin:partners_accessrequest_changelist")
    parties = reverse("admin:partners_party_changelist")
    mandates = reverse("admin:partners_mandate_changelist")
    found = [
        Pile(asked, _("Requests for access"), f"{requests}?state=confirmed", is_urgent=True),
        Pile(gaps, _("Parties without a focal point"), f"{parties}?focal_point=gap", True),
        Pile(due, _("Mandates to be confirmed"), f"{mandates}?confirmed=due"),
    ]
    return [pile for pile in found if pile.count]


def _troubles() -> list[Pile]:
    """What is wrong with the machinery: messages given up, parts that are not at work."""
    dead = Message.objects.filter(state=State.DEAD).count()
    late = [heartbeat for heartbeat in Heartbeat.objects.all() if heartbeat.is_late]
    messages = reverse("admin:outbox_message_changelist")
    found = [
        Pile(dead, _("Messages given up"), f"{messages}?state__exact={State.DEAD}"),
        Pile(
            len(late),
            _("Parts of the machinery that are late"),
            reverse("admin:outbox_heartbeat_changelist"),
        ),
    ]
    return [pile for pile in found if pile.count]
