"""What the answers of the API come as."""

from typing import Any

from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request

from iccwc_portal.api_downloads import CsvDownload, XlsxDownload
from iccwc_portal.api_geojson import GeoJsonDownload
from workflow.parameters import InvalidParameter, not_known

_JSON_WILL_DO = {"*/*", JSONRenderer.media_type}


class WithDownloads(DefaultContentNegotiation):
    """JSON everywhere; a list whose view `downloads` can be had as a file too, and one whose view
    gives `features` as a map."""

    def select_renderer(
        self, request: Any, renderers: Any, format_suffix: str | None = None
    ) -> Any:
        view = request.parser_context["view"]
        if getattr(view, "downloads", False) and getattr(view, "action", "") == "list":
            maps = [GeoJsonDownload()] if hasattr(view, "features") else []
            renderers = [*renderers, CsvDownload(), XlsxDownload(), *maps]
            if "format" in request.query_params:
                found = _by_format(request, renderers)
                return found, found.media_type
        first, said = renderers[0], request.META.get("HTTP_ACCEPT", "*/*")
        if said in _JSON_WILL_DO and first.media_type == JSONRenderer.media_type:
            return first, first.media_type  # what every choice among them would come to
        return super().select_renderer(request, renderers, format_suffix)


def _by_format(request: Request, renderers: list[BaseRenderer]) -> BaseRenderer:
    known = {str(one.format): one for one in renderers}
    asked = request.query_params["format"]
    if asked not in known:
        raise InvalidParameter({"format": [not_known(asked, sorted(known))]})
    return known[asked]
