"""What the OpenAPI description says beyond what serializers tell: keys, scopes, refusals."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS

from iccwc_portal.api_document import PEOPLE, can_be_unchanged, codes_at, refusal_reference
from iccwc_portal.api_headers import (
    ALWAYS,
    PARAMETERS,
    header_references,
    parameter_reference,
)
from iccwc_portal.api_problems import PROBLEMS
from workflow.inputs import Kind
from workflow.transitions import Transition


class ApiKeyScheme(OpenApiAuthenticationExtension):
    target_class = "partners.api_auth.ApiKeyAuthentication"
    name = "apiKey"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Api-Key` and the key, with a blank between: `Api-Key iccwc_….…`",
        }


class ProblemSerializer(serializers.Serializer[Any]):
    """Every refusal (RFC 9457)."""

    type = serializers.URLField(help_text="where the code is explained")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="a sentence for people")
    code = serializers.ChoiceField(choices=sorted(PROBLEMS), help_text="stays the same")
    errors = serializers.DictField(  # type: ignore[assignment]  # also a Serializer's attribute
        child=serializers.ListField(child=serializers.CharField()),
        required=False,
        help_text="sentences by field or parameter",
    )
    allowed_actions = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="with code not_allowed_now"
    )


class PortalSchema(AutoSchema):
    """Adds who may call (everybody, or a key with which scope) and how each call can be refused."""

    def get_auth(self) -> list[dict[str, Any]]:
        auth: list[dict[str, Any]] = super().get_auth()
        if self._is_for_people_alone():
            auth = [one for one in auth if ApiKeyScheme.name not in one]
        return [*auth, {}] if self._is_public() else auth

    def get_tags(self) -> list[str]:
        return [PEOPLE] if self._is_for_people_alone() else super().get_tags()

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular has it
        transition = getattr(self.view, "transition", None)
        said = _about(transition) if transition else super().get_description() or ""
        scope = getattr(self.view, "scopes", {}).get(self.method)
        if not scope or self._is_public() or self._is_for_people_alone():
            return said
        return f"{said}\n\nScope of the key: `{scope}`.".strip()

    def get_response_serializers(self) -> Any:
        """Of one object the whole is shown, to whoever reads it and to whoever acts on it."""
        view: Any = self.view
        whole = getattr(view, "detail_serializer_class", None)
        return whole if whole and view.detail else super().get_response_serializers()

    def get_summary(self) -> str | None:
        transition = getattr(self.view, "transition", None)
        return str(transition.label) if transition else super().get_summary()

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        self.resolve_serializer(ProblemSerializer, "response")  # `complete` names it
        writes = self._writes()
        for status in self._refusals():
            if codes_at(status, writes=writes):
                refused = refusal_reference(status, writes=writes)
                operation["responses"][str(status)] = refused
        known = {one.get("name") for one in operation.get("parameters", [])}
        common = [name for name in self._common() if PARAMETERS[name]["name"] not in known]
        operation["parameters"] = [
            *operation.get("parameters", []),
            *(parameter_reference(name) for name in common),
        ]
        self._describe_answers(operation["responses"])
        view: Any = self.view
        if getattr(view, "is_tagged", False) and view.detail:
            can_be_unchanged(operation)
        operation["responses"] = dict(sorted(operation["responses"].items()))
        return operation

    def _is_public(self) -> bool:
        return getattr(self.view, "public", False) and self.method in SAFE_METHODS

    def _is_for_people_alone(self) -> bool:
        """An action of countries, the Secretariat, or a second pair of eyes."""
        transition = getattr(self.view, "transition", None)
        return transition is not None and not transition.who.keys

    def _writes(self) -> bool:
        return self.method not in SAFE_METHODS

    def _common(self) -> list[str]:
        """The headers that a call may or must carry, and `fields` where a part can be had."""
        found = ["AcceptLanguage"]
        view: Any = self.view
        parameters = view.known_parameters(not self._writes()).names
        found += ["Fields"] if "fields" in parameters else []
        if self._writes():
            found += ["IfMatch"] if self._needs_if_match() else []
            found += ["IdempotencyKey"] if self.method == "POST" else []
        return found

    def _needs_if_match(self) -> bool:
        return getattr(self.view, "transition", None) is not None

    def _describe_answers(self, responses: dict[str, Any]) -> None:
        if getattr(self.view, "action_name", "") in getattr(self.view, "makes", ()):
            responses["201"] = {**responses["200"]}
            if not self._takes_a_file():  # only a file can be there already
                del responses["200"]
        names = list(ALWAYS)
        names += ["ETag"] if self._needs_if_match() else []
        names += ["Idempotent-Replayed"] if self.method == "POST" else []
        names += ["Location"] if "201" in responses else []
        for status, response in responses.items():
            if status.startswith("2"):
                response["headers"] = header_references(*names) | response.get("headers", {})
                response["description"] = response.get("description") or (
                    "Made." if status == "201" else "Done."
                )

    def _takes_a_file(self) -> bool:
        view: Any = self.view
        return any(one.kind == Kind.FILE for one in view.transition.inputs)

    def _refusals(self) -> list[int]:
        found = [400, 401, 403, 406, 429]
        found += [404] if "{" in self.path else []
        if self._writes():
            found += [409, 413, 422]
            found += [412, 428] if self._needs_if_match() else []
        return sorted(found)


def _about(transition: Transition) -> str:
    """From where to where, and who may; the label is the operation's summary."""
    targets = transition.targets or {transition.target or ""}
    leads = ", ".join(f"`{state}`" for state in sorted(map(str, targets)) if state)
    from_states = ", ".join(f"`{state}`" for state in sorted(transition.sources))
    ends = f"It is then {leads}." if leads else "Its state stays."
    warning = f" {transition.warning}" if transition.warning else ""
    return f"Possible in {from_states}. {ends} Done by: {transition.who.label}.{warning}"
