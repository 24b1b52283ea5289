"""The query string of the API: every parameter is known to its address, or refused by name.

Each view that has `KnownParameters` is judged before anything else of a call, when it is certain
who calls and that they may call there. What a filter makes of its values is the filter's to say.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, ClassVar

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters.filters import MultipleChoiceFilter
from rest_framework.exceptions import APIException
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request

from workflow.serializers import printable

LARGEST_ID = 2**63 - 1  # that the databases count to
YEARS = range(1900, 2200)  # what every database and every clock can count in


def not_known(value: object, known: Sequence[str] = ()) -> str:
    """A sentence about a word that is none of the known ones, and which those are."""
    said = {"value": printable(value), "names": ", ".join(known)}
    if known:
        return _("“%(value)s” is not known here. Known are: %(names)s.") % said
    return _("“%(value)s” is not known here.") % said


class InvalidParameter(APIException):
    """Something in the query string does not do; `errors` has sentences by parameter."""

    status_code = HTTPStatus.BAD_REQUEST
    default_code = "invalid_parameter"
    default_detail = gettext_lazy("A parameter of the address is not right.")

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__()
        self.errors = errors


@dataclass(frozen=True)
class Known:
    """The parameters that an address takes, and which of them may stand there several times."""

    names: frozenset[str] = frozenset()
    several: frozenset[str] = frozenset()


class KnownParameters:
    """A view that knows its parameters: of its filters and pages, `fields` where its answers can
    be had in part, and `own_parameters`, of which those that are `given_several_times` may stand
    there more than once. An address of one object (`detail`) has no filters."""

    own_parameters: ClassVar[Sequence[str]] = ()
    given_several_times: ClassVar[Sequence[str]] = ()
    _known: ClassVar[dict[Any, Known]] = {}  # by view: worked out once in a process

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        view: Any = self
        view_of_rest_framework: Any = super()
        view_of_rest_framework.initial(request, *args, **kwargs)
        if hasattr(view, str(request.method).lower()):  # else it is told that below
            judge(request, view)

    def known_parameters(self, is_read: bool) -> Known:
        view: Any = self
        key = (type(view), getattr(view, "detail", False), is_read)
        if key not in self._known:
            self._known[key] = _known_to(view, is_read)
        return self._known[key]


def _known_to(view: Any, is_read: bool) -> Known:
    fields = ["fields"] if is_read and hasattr(view, "selectable_fields") else []
    if not is_read or getattr(view, "detail", False):
        return Known(frozenset([*fields, *view.own_parameters]))
    filterset = getattr(view, "filterset_class", None)
    filters = filterset.base_filters if filterset else {}
    paginator = getattr(view, "paginator", None)
    pages = paginator.parameters(view) if paginator else []
    several = [name for name, one in filters.items() if isinstance(one, MultipleChoiceFilter)]
    names = frozenset([*filters, *pages, *fields, *view.own_parameters])
    return Known(names, frozenset([*several, *view.given_several_times]))


def small_number(written: str) -> int | None:
    """A number of one to three digits; None for anything else."""
    fits = written.isascii() and written.isdigit() and len(written) <= 3  # noqa: PLR2004
    return int(written) if fits else None


def judge(request: Request, view: Any) -> None:
    """Raise InvalidParameter for a parameter that the view does not know, that is empty, or that
    stands twice where it may not; and for a name in `fields` that is none of the view's."""
    if not request.query_params:
        return
    known = view.known_parameters(request.method in SAFE_METHODS)
    problems = {}
    for name, values in request.query_params.lists():
        if said := _wrong_with(name, values, known):
            problems[printable(name)] = [said]
    if problems:
        raise InvalidParameter(problems)
    if asked := request.query_params.get("fields"):
        _refuse_unknown_fields(asked.split(","), view.selectable_fields())


def _wrong_with(name: str, values: list[str], known: Known) -> str:
    if name not in known.names:
        names = ", ".join(sorted(known.names)) or _("none")
        return _("There is no such parameter here. Known are: %(names)s.") % {"names": names}
    if any("\ufffd" in value for value in values):
        return _("This is not UTF-8.")
    if any("\0" in value for value in values):
        return _("This holds a null character.")
    if "" in values:
        return _("Give a value, or leave the parameter out.")
    if len(values) > 1 and name not in known.several:
        return _("Give this parameter once.")
    return ""


def _refuse_unknown_fields(asked: list[str], known: Sequence[str]) -> None:
    unknown = [name for name in asked if name not in known]
    if not unknown:
        return
    whole, _dot, part = unknown[0].partition(".")
    if part and whole in known:
        said = _("Only whole fields can be had: “%(name)s”.") % {"name": whole}
    else:
        sentence = _("There is no field “%(value)s” here. Known are: %(names)s.")
        said = sentence % {"value": printable(unknown[0]), "names": ", ".join(known)}
    raise InvalidParameter({"fields": [said]})
