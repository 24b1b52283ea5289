"""The pages that are there whatever is recorded, found by their words in the three languages."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from iccwc_portal.search.found import Result, Text
from iccwc_portal.search.listed import Entry

# Address, title, and what one comes to read there.
_PAGES: tuple[tuple[str, Any, Any], ...] = (
    ("home", _("Support for countries against wildlife crime"),
     _("What ICCWC is, how to ask for support, kinds of support, where things stand.")),
    ("about", _("About ICCWC"),
     _("Mission, founding, governance, Vision 2030, addresses of the consortium.")),
    ("contact", _("Contact the CITES Secretariat"),
     _("Addresses in Geneva, telephone, fax; what happens to a request; channels for operational information: I-24/7, CENcomm, the financial intelligence unit.")),  # noqa: E501
    ("partners", _("Partners"),
     _("The five agencies of the consortium: mandate, services, members, offices.")),
    ("toolkit:table", _("Toolkit tracker"),
     _("The eight steps of the Wildlife and Forest Crime Analytic Toolkit in each country: table and map, as of any date.")),  # noqa: E501
    ("toolkit:totals", _("Totals over time"),
     _("How many countries asked for the Toolkit and how far they are, by date.")),
    ("toolkit:changes", _("What changed on the tracker"), _("Between two dates.")),
    ("record:activities", _("Activities"),
     _("The support that ICCWC has given, gives and plans, by region and country, with maps.")),
    ("record:operations", _("Operations"),
     _("COBRA, Thunder and other operations: dates, countries, seizures, arrests.")),
    ("record:networks", _("Enforcement networks"),
     _("Wildlife Enforcement Networks (WEN), their members, and their global meetings.")),
    ("record:recognition", _("Recognition"),
     _("Resolutions, declarations and statements that speak of ICCWC.")),
    ("record:news", _("News and events"), _("What is new, and which meetings come.")),
    ("record:library", _("Document library"),
     _("Founding instruments, strategies, reports and tools, in several languages.")),
    ("record:offices", _("Network of offices"),
     _("Seats, regional offices and hubs of the agencies: map and table.")),
    ("api:docs", _("API for partners"), _("How the systems of agencies read and write here.")),
)  # fmt: skip


def pages(actor: Any) -> list[Entry]:
    titles, texts = _words(0), _words(1)
    return [
        Entry(_result(name, title, text), titles[name], texts[name]) for name, title, text in _PAGES
    ]


def _result(name: str, title: Any, text: Any) -> Result:
    return Result(reverse(name), Text(str(title)), (Text(str(text)),))


@cache
def _words(which: int) -> dict[str, str]:
    """The titles, or what one reads there, in all languages, by page."""
    return {page[0]: " ".join(_in_all(page[1 + which])) for page in _PAGES}


def _in_all(words: Any) -> Iterator[str]:
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            yield str(words)
