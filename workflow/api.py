"""How the API does actions: one address per action, all from the same transition table."""

import hashlib
from http import HTTPStatus
from typing import Any, ClassVar

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, URLResolver, include, path
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.settings import api_settings

from history.models import Event
from workflow.api_json import written
from workflow.errors import StaleVersion
from workflow.executor import allowed_actions, perform, require
from workflow.inputs import Kind
from workflow.known_tags import Facts, keep, known
from workflow.lists import chosen_fields
from workflow.offers import offers
from workflow.once import once
from workflow.parameters import KnownParameters
from workflow.preconditions import has_it, judge_if_match
from workflow.rows import rows_of
from workflow.serializers import action_serializer
from workflow.transitions import Table, Transition


def not_modified(request: Request, facts: Facts | None) -> HttpResponse | None:
    """304 when the answer that follows from these facts is known to be one that the caller has.

    A plain one: there is nothing in it that a renderer could write."""
    if facts is None or request.method not in SAFE_METHODS:
        return None
    tag = known(facts) if "HTTP_IF_NONE_MATCH" in request.META else None
    if tag is None or not has_it(request, tag):
        return None
    return _unchanged(tag)


def _unchanged(tag: str) -> HttpResponse:
    answer = HttpResponse(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": tag})
    del answer.headers["Content-Type"]  # as REST framework has it where there is no content
    return answer


def tagged(request: Request, obj: Any, data: Any, facts: Facts | None = None) -> Response:
    """The answer with its ETag, or 304 when the caller has this very answer already.

    The tag is the object's id and a fingerprint of all that this reader sees: it changes when
    the answer does, and only then. The version is in it as far as the reader is shown it, or the
    time of the last change: else a tag would tell everybody that the Secretariat did something
    for itself, and refuse a write though nothing that the writer knows has changed. It is the
    same where `fields` asks for a part: whoever read a part may act on it. With the `facts` that
    all of it follows from, the tag is known the next time before the answer is written.
    """
    tag = f'"{obj.pk}.{hashlib.sha256(written(data)).hexdigest()[:24]}"'
    if facts is not None:
        keep(facts, tag)
    if request.method not in SAFE_METHODS:
        return Response(data, headers={"ETag": tag})
    if has_it(request, tag):
        return Response(status=304, headers={"ETag": tag})
    names = chosen_fields(request) or data
    return Response({name: data[name] for name in data if name in names}, headers={"ETag": tag})


def offered(request: Request, obj: Any, serializer: Any) -> list[dict[str, Any]]:
    """What the caller may do now with the object that this serializer shows at its `url`."""
    shown = rows_of(serializer, ["url"]).of_object(obj, {"request": request})
    return offers(allowed_actions(obj, request.user), obj, shown["url"])


class Resource:
    """What the views of one kind of object share, whether it is read there or acted on: the rows
    that the caller may see (`get_queryset`) and how the API shows one of them."""

    # With `url`, and as `given` fields `allowed_actions` and all that `beside` gives.
    detail_serializer_class: Any = None

    def represent(self, obj: Any) -> Response:
        """The object as its detail address gives it to this caller, before and after an action."""
        view: Any = self
        serializer = self.detail_serializer_class
        context = {
            "request": view.request,
            "allowed_actions": offered(view.request, obj, serializer),
            **self.beside(obj),
        }
        return tagged(view.request, obj, rows_of(serializer).of_object(obj, context))

    def beside(self, obj: Any) -> dict[str, Any]:
        """By name, what the detail shows that no column of the row gives."""
        return {}


class DetailById(Resource):
    """A viewset that shows one object at its id."""

    lookup_value_regex = "[0-9]{1,18}"  # every database counts as far as that

    def retrieve(self, request: Request, pk: str) -> Response:
        view: Any = self
        return self.represent(get_object_or_404(view.get_queryset(), pk=int(pk)))


class ActionView(Resource, KnownParameters, GenericAPIView[Any]):
    """One action on one object; a subclass names the table, and what `Resource` asks for.

    Judged in this order: may the caller see the object (404), is this the repetition of a call
    that was done (then its answer, or 422), may they do this (403), do it now (409), have they
    read it (428) as it is (412), with these words (400).
    """

    table: ClassVar[Table]
    action_name: str = ""
    # Actions that only write beside the object: what is shown of it stays as it was.
    answered_as_before: ClassVar[frozenset[str]] = frozenset()
    # Actions that make something with an address of its own: 201 with its Location, or 200 when
    # it was there before. The answer is the object all the same.
    makes: ClassVar[frozenset[str]] = frozenset()
    detail = True  # about one object: no filters, no pages
    pagination_class = None

    @property
    def transition(self) -> Transition:
        return self.table.by_action[self.action_name]

    def get_parsers(self) -> list[Any]:
        """JSON; multipart where a file is among the inputs."""
        has_file = any(one.kind == Kind.FILE for one in self.transition.inputs)
        parsers: Any = [MultiPartParser] if has_file else api_settings.DEFAULT_PARSER_CLASSES
        return [parser() for parser in parsers]

    def get_serializer_class(self) -> Any:
        noun = self.table.model.__name__.removeprefix("Support")
        verb = "".join(word.capitalize() for word in self.action_name.split("_"))
        return action_serializer(self.transition, f"{noun}{verb}")

    def post(self, request: Request, **kwargs: Any) -> Response:
        obj = self.get_object()
        return once(request, lambda: self._act(request, obj))

    def _act(self, request: Request, obj: Any) -> Response:
        version = obj.version
        require(self.action_name, obj, request.user)
        before = judge_if_match(request, lambda: self.represent(obj))
        body = self.get_serializer_class()(data=request.data, context={"object": obj})
        body.is_valid(raise_exception=True)
        try:
            event = perform(
                self.action_name,
                obj,
                by=request.user,
                data=body.validated_data,
                version=version,
                read_again=False,
            )
        except StaleVersion as overtaken:
            raise StaleVersion(self.represent(self.as_it_is(obj))["ETag"]) from overtaken
        as_before = before is not None and self.action_name in self.answered_as_before
        answer = before if before and as_before else self.represent(self.as_it_is(obj))
        if self.action_name in self.makes:
            answer["Location"] = self.made_by(event, obj)
            answer.status_code = HTTPStatus.OK if event.was_there else HTTPStatus.CREATED
        return answer

    def made_by(self, event: Event, obj: Any) -> str:
        """The address of what an action that `makes` something made beside the object."""
        raise NotImplementedError

    def as_it_is(self, obj: Any) -> Any:
        """Read again with all that belongs to it, in one query; what the action took out of the
        caller's sight is told once more, as it is now."""
        found = self.get_queryset().filter(pk=obj.pk).first()
        if found is None:
            obj.refresh_from_db()
        return found or obj


def action_paths(view: type[ActionView], prefix: str, name: str) -> URLResolver:
    """`<prefix>/actions/<action>/` for every transition of the view's table."""
    each: list[URLPattern] = [
        path(
            f"{transition.action}/",
            view.as_view(action_name=transition.action),
            name=f"{name}-{transition.action.replace('_', '-')}",
        )
        for transition in view.table.transitions
    ]
    return path(f"{prefix}/actions/", include(each))
