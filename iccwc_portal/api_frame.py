"""What all lists of the API have in common: filters that ignore nothing."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _
from django_filters.filters import MultipleChoiceFilter
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from iccwc_portal.api_problems import InvalidParameter
from workflow.lists import Selectable
from workflow.serializers import printable


class StrictFilterBackend(DjangoFilterBackend):
    """An unknown parameter, or an impossible value, is an error that names it, never ignored."""

    def filter_queryset(self, request: Request, queryset: Any, view: Any) -> Any:
        filterset = self.checked(request, queryset, view)
        return queryset if filterset is None else filterset.qs

    def checked(self, request: Request, queryset: Any, view: Any) -> Any:
        """The view's filter set, valid; None where there is nothing to filter by."""
        if getattr(view, "detail", False):
            is_read = request.method in SAFE_METHODS and isinstance(view, Selectable)
            refuse_unknown(request, ["fields"] if is_read else [])
            refuse_unknown_fields(request, view)
            return None
        filterset = self.get_filterset(request, queryset, view)
        filters = filterset.filters if filterset is not None else {}
        paginator = getattr(view, "paginator", None)
        refuse_unknown(
            request,
            [*filters, *(paginator.parameters(view) if paginator else ())],
            several=[n for n, one in filters.items() if isinstance(one, MultipleChoiceFilter)],
        )
        refuse_unknown_fields(request, view)
        if filterset is not None and not filterset.is_valid():
            raise InvalidParameter(
                {name: [str(s) for s in said] for name, said in filterset.errors.items()}
            )
        return filterset


def refuse_unknown_fields(request: Request, view: Any) -> None:
    """Raise InvalidParameter for a name in `fields` that is none of the view's."""
    asked = request.query_params.get("fields")
    if asked is None:
        return
    known = view.selectable_fields()
    unknown = [name for name in asked.split(",") if name not in known]
    if unknown:
        said = _("There is no field “%(value)s” here. Known are: %(names)s.")
        names = ", ".join(known)
        raise InvalidParameter(
            {"fields": [said % {"value": printable(unknown[0]), "names": names}]}
        )


def refuse_unknown(request: Request, allowed: Sequence[str], several: Sequence[str] = ()) -> None:
    """Raise InvalidParameter for a parameter that is not `allowed`, is empty, or stands twice
    without being one of `several`."""
    problems = {}
    for name, values in request.query_params.lists():
        if name not in allowed:
            known = ", ".join(sorted(allowed)) or _("none")
            problems[printable(name)] = [
                _("There is no such parameter here. Known are: %(names)s.") % {"names": known}
            ]
        elif any("\ufffd" in value for value in values):
            problems[name] = [_("This is not UTF-8.")]
        elif "" in values:
            problems[name] = [_("Give a value, or leave the parameter out.")]
        elif len(values) > 1 and name not in several:
            problems[name] = [_("Give this parameter once.")]
    if problems:
        raise InvalidParameter(problems)
