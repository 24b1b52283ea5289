"""The API's JSON, written by orjson."""

from typing import Any

import orjson
from rest_framework.renderers import JSONRenderer

_as_always = JSONRenderer()


def written(data: Any) -> bytes:
    """As REST framework writes it: dates and times in ISO 8601, "Z" for UTC, exact numbers as text.

    What orjson does not take (a number beyond 64 bits, a key that is no text) is written by REST
    framework itself.
    """
    try:
        return orjson.dumps(data, _as_always.encoder_class().default, orjson.OPT_UTC_Z)
    except TypeError:
        return bytes(_as_always.render(data))


class FastJSONRenderer(JSONRenderer):
    def render(self, data: Any, media_type: Any = None, renderer_context: Any = None) -> bytes:
        return b"" if data is None else written(data)
