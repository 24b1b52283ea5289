"""What the public record holds for the matrix of routes: a draft of every kind, with a mark in its
title and in its note for editors, a network with a focal point, an import that waits."""

from typing import Any

from record.models import NetworkContact
from tests import make

DRAFT = "DRAFT-OF-THE-RECORD-22"
NOTE = "NOTE-FOR-EDITORS-23"
CONTACT = "FOCAL-POINT-OF-A-NETWORK-24"

_DESK = {"lead", "officer", "auditor"}
MAY_READ = {
    DRAFT: _DESK,
    NOTE: _DESK,
    # Agencies, and whoever holds a mandate of a member.
    CONTACT: {"focal point", "INTERPOL", "WCO", *_DESK},
}
SLUG, NETWORK = "hidden", "of-kenya"


def of_the_record() -> None:
    """A draft of each kind, and one that everybody reads but for its note."""
    kept = {"slug": SLUG, "editors_note": NOTE}
    for maker in (make.activity, make.operation, make.recognition, make.document, make.news_item):
        maker("draft", title_en=DRAFT, **kept)
        maker(title_en="Open to all", editors_note=NOTE)
    make.global_meeting("draft", place=DRAFT, **kept)
    make.global_meeting(editors_note=NOTE)
    network = make.network(make.party("KEN"), slug=NETWORK)
    NetworkContact.objects.create(network=network, office=CONTACT, email="office@example.org")
    make.activity_import(by=make.the_officer())


def values_for(route: str) -> dict[str, Any]:
    """Parts of the addresses of the record; of other routes none."""
    values: dict[str, Any] = {
        "slug": NETWORK if "networks/<" in route else SLUG,
        "sheet": "world",
        "language": "en",
        "sha256": "0" * 64,
    }
    if route.startswith("partners/<"):
        values["code"] = "interpol"
    if route.startswith("admin/record/"):
        values["action"] = "revise"  # open to no draft: who may is asked, nothing is changed
    return values
