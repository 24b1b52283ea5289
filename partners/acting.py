"""Acting at the desk: a page for every action, which says beforehand who will be told."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse

from partners.desk import ReadOnlyAdmin, Words
from partners.models import User
from partners.models.joining import Prospect
from workflow.executor import allowed_actions, table_of
from workflow.inputs import Kind
from workflow.pages import action_page
from workflow.transitions import Transition


@dataclass(frozen=True)
class Told:
    """Who hears of an action before it is done: a heading and the people under it, each with a
    name and a language; None where that is chosen in the form."""

    heading: Words
    people: Sequence[User | Prospect] | None


@dataclass(frozen=True)
class Button:
    """An action that may be done now, and the address of its page."""

    label: Words
    url: str
    is_severe: bool = False  # it has consequences that its page spells out


class Acting:
    """For a ModelAdmin: every action opens its own page, which asks, warns, says who will be told,
    and acts on POST alone."""

    admin_site: Any
    opts: Any

    def act(
        self,
        request: HttpRequest,
        obj: Any,
        action: str,
        *,
        back: str,
        told: Sequence[Told],
        initial: dict[str, Any] | None = None,
        more: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The page of one action on `obj`, for GET and POST; `back` is where it leads, `more` is
        for its template."""
        transition = table_of(obj).by_action[action]
        frame = self.admin_site.each_context(request) | {
            "title": transition.label,
            "subtitle": str(obj),
            "opts": self.opts,
            "told": told,
            "can_be_done": lambda: allowed_actions(obj, request.user),
        }
        return action_page(
            request,
            obj,
            action,
            about=str(obj),
            back=back,
            initial=_proposed(request, transition) | (initial or {}),
            template="admin/act.html",
            more=frame | (more or {}),
            at_desk=True,
        )

    def shown_to(self, request: HttpRequest) -> Any:
        """What the reader may open; 403 for somebody who may open nothing here."""
        page: Any = self
        if not page.has_view_permission(request):
            raise PermissionDenied
        return page.get_queryset(request)


class ActingAdmin(Acting, ReadOnlyAdmin):
    """Records that move by these pages alone; nothing else on the desk writes them."""


_CHOSEN = {Kind.ONE_OF, Kind.SOME_OF, Kind.CHOICE}


def _proposed(request: HttpRequest, transition: Transition) -> dict[str, Any]:
    """What a link chooses beforehand: ?agencies=WCO. Never words: those somebody must write."""
    return {
        one.name: request.GET.getlist(one.name) if one.kind == Kind.SOME_OF else value
        for one in transition.inputs
        if one.kind in _CHOSEN and (value := request.GET.get(one.name)) is not None
    }
