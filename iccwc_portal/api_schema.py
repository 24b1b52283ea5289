"""What the OpenAPI description says beyond what serializers tell: keys, scopes, refusals."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers
from rest_framework.permissions import SAFE_METHODS

from iccwc_portal.api_problems import MEDIA_TYPE, PROBLEMS


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
        return [*auth, {}] if self._is_public() else auth

    def get_description(self) -> str:  # type: ignore[override]  # as drf-spectacular has it
        said = super().get_description() or ""
        scope = getattr(self.view, "scopes", {}).get(self.method)
        if not scope or self._is_public():
            return said
        return f"{said}\n\nScope of the key: `{scope}`.".strip()

    def get_summary(self) -> str | None:
        transition = getattr(self.view, "transition", None)
        return str(transition.label) if transition else super().get_summary()

    def get_operation(self, *args: Any, **kwargs: Any) -> dict[str, Any] | None:
        operation: dict[str, Any] | None = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        problem = self.resolve_serializer(ProblemSerializer, "response").ref
        for status in self._refusals():
            codes = sorted(code for code, (at, _title) in PROBLEMS.items() if at == status)
            operation["responses"].setdefault(
                str(status),
                {
                    "description": ", ".join(codes),
                    "content": {MEDIA_TYPE: {"schema": problem}},
                },
            )
        return operation

    def _is_public(self) -> bool:
        return getattr(self.view, "public", False) and self.method in SAFE_METHODS

    def _refusals(self) -> list[int]:
        writes = self.method not in SAFE_METHODS
        found = [400, 401, 429]
        found += [] if self._is_public() else [403]
        found += [404] if "{" in self.path else []
        return sorted([*found, 409, 412, 413] if writes else found)
