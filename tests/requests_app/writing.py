"""Writing a request as a browser does: it sends what the page shows, but for what is typed."""

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from partners.kept_text import WRITER
from requests_app.models import SupportRequest

SCRIPT = {"HX-Request": "true"}


def address(draft: SupportRequest, page: str) -> str:
    return reverse("requests:step", args=[draft.handle, page])


def fields_of(response: HttpResponse) -> dict[str, Any]:
    """What a browser would send of the form of a page if nothing were typed."""
    form = response.context["form"]  # type: ignore[attr-defined]
    shown = {field.html_name: field.value() for field in form} | mark_of(response)
    context: Any = response.context  # type: ignore[attr-defined]
    if "saves_by_itself" in context:  # a step
        shown["differs"] = [clash.key for clash in context["conflicts"]]
        shown |= {row["own_name"]: row["own"] or None for row in context["fields"]}
    return {
        name: value
        for name, value in shown.items()
        if value not in (None, []) and value is not False
    }


def mark_of(response: HttpResponse) -> dict[str, str]:
    """The hidden field of a page that says to whom it was shown."""
    found = re.search(f'name="({WRITER})" value="([^"]+)"', response.content.decode())
    return {found[1]: found[2]} if found else {}


class Sheet:
    """A page of the form that somebody has opened, and keeps open."""

    def __init__(self, client: Client, draft: SupportRequest, page: str, query: str = "") -> None:
        self.client, self.url = client, address(draft, page) + query
        self.response: Any = client.get(self.url)
        assert self.response.status_code == 200
        self.fields = fields_of(self.response)

    def send(self, button: str = "onwards", **typed: Any) -> Any:
        """Press a button. A page that comes back is the one that is open from then on."""
        self.fields |= typed
        self.response = self.client.post(self.url, {**self.fields, **_pressed(button)})
        if self.response.status_code in {200, 409} and "form" in (self.response.context or {}):
            self.fields = fields_of(self.response)
        return self.response

    def save_by_itself(self, button: str = "", **typed: Any) -> Any:
        """As the script does while somebody types; its answer renews the marks."""
        self.fields |= typed
        self.fields["turn"] = int(self.fields.get("turn") or 0) + 1
        sent = {**self.fields, **(_pressed(button) if button else {})}
        return self.client.post(self.url, sent, headers=SCRIPT)


def _pressed(button: str) -> dict[str, str]:
    name, _equals, value = button.partition("=")
    return {name: value or "1"}


def write(client: Client, draft: SupportRequest, page: str, **typed: Any) -> Any:
    """Open a step, type and press "Save and continue"."""
    return Sheet(client, draft, page).send(**typed)
