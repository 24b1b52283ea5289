"""What the public record holds back: drafts, what is to come, what was withdrawn; words for
editors, the request that an activity answers, focal points, findings, lists that wait for a yes."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from partners.models import Party
from record.models import ActivityImport, Topic
from tests import make

DRAFT, TO_COME, WITHDRAWN = "RECORD-DRAFT-70", "RECORD-TO-COME-71", "RECORD-WITHDRAWN-72"
FOR_EDITORS, FOCAL_POINT, FINDING = "NOTE-FOR-EDITORS-73", "FOCAL-POINT-74", "FINDING-75"
IMPORTED = "ROW-OF-AN-IMPORT-76"
MARKS = (DRAFT, TO_COME, WITHDRAWN, FOR_EDITORS, FOCAL_POINT, FINDING, IMPORTED)

# Kind of the API → what makes one, and the column for the words to look for.
KINDS: dict[str, tuple[Callable[..., Any], str]] = {
    "recognition": (make.recognition, "title_en"),
    "operations": (make.operation, "title_en"),
    "activities": (make.activity, "title_en"),
    "network-meetings": (make.global_meeting, "place"),
    "news": (make.news_item, "title_en"),
    "documents": (make.document, "title_en"),
}
HIDDEN: dict[str, dict[str, str]] = {
    DRAFT: {"state": "draft"},
    TO_COME: {"publish_at": f"{timezone.localdate() + timedelta(days=30)} 09:00"},
    WITHDRAWN: {"state": "withdrawn"},
}


def published(world: SimpleNamespace) -> dict[str, Any]:
    """By kind one record that everybody reads; a network; an activity that answers a request."""
    Topic.objects.create(key="ivory", name_en="Ivory", name_fr="Ivoire", name_es="Marfil")
    found = {
        kind: maker(slug=f"public-{kind}", editors_note=FOR_EDITORS)
        for kind, (maker, _column) in KINDS.items()
    }
    _belonging(found, make.party("KEN"))
    network = make.network(make.party("KEN"), slug="public-network")
    network.contacts.create(office=FOCAL_POINT, email="focal.point@example.org")
    network.assessments.create(
        effective_on=timezone.now().date(), source="A report", membership=FINDING
    )
    return {**found, "networks": network}


def _belonging(found: dict[str, Any], party: Party) -> None:
    """What hangs on records, so that no filter or field is without a row."""
    topic = Topic.objects.get()
    found["activities"].places.create(party=party, latitude="-1.3", longitude="36.8")
    found["activities"].agencies.add(make.agency("INTERPOL"))
    found["operations"].figures.create(
        measure="arrests", number=3, effective_on="2015-06-01", source="A report"
    )
    found["documents"].versions.create(language="en", url="https://example.org/en.pdf")
    for kind in ("news", "documents"):
        found[kind].topics.add(topic)
    found["news"].parties.add(party)


def keep_back(world: SimpleNamespace) -> list[tuple[str, str]]:
    """Of each kind a draft, one to come and one that was withdrawn, each with all that belongs to
    it; the editors' own words and links; a list of activities that waits for a yes. Returns kind
    and address of what is held back."""
    hidden = []
    for mark, said in HIDDEN.items():
        made = {
            kind: maker(**said, slug=f"{mark.lower()}-{kind}", **{column: mark})
            for kind, (maker, column) in KINDS.items()
        }
        _belonging(made, make.party("PER"))
        hidden += [(kind, one.slug) for kind, one in made.items()]
    about = {"support_request": world.hidden, "editors_note": f"{FOR_EDITORS} and more"}
    activity = world.record["activities"]
    type(activity).objects.filter(pk=activity.pk).update(**about)
    _wait_for_a_yes(world)
    return hidden


def _wait_for_a_yes(world: SimpleNamespace) -> None:
    waiting = ActivityImport.objects.create(
        name=f"{IMPORTED}.csv", sha256="0" * 64, encoding="utf-8", made_by=world.officer
    )
    waiting.rows.create(number=1, said={"title": IMPORTED}, verdict="good")
