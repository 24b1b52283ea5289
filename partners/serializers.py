"""Parties and agencies as other resources of the API name them."""

from typing import Any

from rest_framework import serializers


class PartyName(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="ISO 3166-1 alpha-3; EU for the European Union")
    name = serializers.CharField(help_text="in the reader's language")


class AgencyName(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField(help_text="in the reader's language")
