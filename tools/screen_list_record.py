"""Which pages of the public record, of agencies and of the search `make screens` takes pictures of.

Needs a loaded Django and the demo data.
"""

from typing import Any

from django.urls import reverse

from partners.models import Agency
from record.activities_page import SHEETS
from record.models import Activity, NewsItem
from tools.screens import Screen

OFFICER, AUDITOR, BANGLADESH = "officer-a", "auditor", "focal-point.bangladesh"
INTERPOL = "officer.interpol"
CONFERENCE = "/news/first-iccwc-global-conference-on-illegal-wildlife-trade-2024/"
SC66_INF_9 = "/documents/sc66-inf-9-international-consortium-on-combating-wildlife-crime/"


def screens() -> list[Screen]:
    return [
        *_bodies(),
        *_facts(),
        *_activities(),
        *_networks(),
        *_news(),
        *_searching(),
        *_at_the_desk(),
    ]


def _bodies() -> list[Screen]:
    codes = Agency.objects.values_list("code", flat=True)
    return [
        Screen("about", "", "/about/"),
        Screen("partners", "", "/partners/"),
        *(Screen(f"agency-{code.lower()}", "", f"/partners/{code.lower()}/") for code in codes),
        Screen("agency-unknown", "", "/partners/nobody/", status=404),
        Screen("offices", "", "/partners/network/"),
    ]


def _facts() -> list[Screen]:
    draft = "/recognition/tackling-illicit-trafficking-in-wildlife-2023/"
    return [
        Screen("recognition", "", "/recognition/"),
        Screen(
            "recognition-one",
            "",
            "/recognition/a-69-l-80-tackling-illicit-trafficking-in-wildlife/",
        ),
        Screen("recognition-preview", OFFICER, draft),
        Screen("recognition-hidden", "", draft, status=404),
        Screen("operations", "", "/operations/"),
        Screen("operation-one", "", "/operations/cobra-iii/"),
        Screen("library", "", "/documents/"),
        Screen("document-of-library", "", SC66_INF_9),
    ]


def _activities() -> list[Screen]:
    answers = reverse("record:activity", args=["demo-answers-a-request"])
    return [
        Screen("activities", "", "/activities/"),
        Screen("activities-narrowed", "", "/activities/?kind=capacity&region=africa"),
        Screen("activities-none", "", "/activities/?kind=analysis&party=KEN"),
        Screen("activities-refused", "", "/activities/?region=nowhere", status=400),
        *(Screen(f"activities-map-{name}", "", f"/activities/map/{name}/") for name in SHEETS),
        Screen("activity-of-a-place", "", "/activities/demo-container-training/"),
        Screen("activity-for-all", "", "/activities/demo-guide/"),
        Screen("activity-from-a-request", OFFICER, answers),
        Screen("activity-of-the-country", BANGLADESH, answers),
        Screen("activity-of-wist", "", "/activities/wist-sri-lanka-2013/"),
        Screen("activity-draft", AUDITOR, "/activities/demo-activity-draft/"),
    ]


def _networks() -> list[Screen]:
    return [
        Screen("networks", "", "/networks/"),
        Screen("network-one", "", "/networks/sawen/"),
        Screen("network-with-contacts", INTERPOL, "/networks/sawen/"),
        Screen("network-assessed", "", "/networks/hawen/"),
        Screen("network-meeting", "", "/networks/meetings/fourth/"),
    ]


def _news() -> list[Screen]:
    return [
        Screen("news", "", "/news/"),
        Screen("news-of-a-topic", "", "/news/?topic=training"),
        Screen("news-with-picture", "", "/news/demo-course-for-customs-officers/"),
        Screen("news-event", "", "/news/demo-regional-workshop/"),
        Screen("news-in-english-only", "", "/news/demo-only-in-english/"),
        Screen("news-conference", "", CONFERENCE),
        Screen("news-draft", OFFICER, "/news/demo-draft/"),
        Screen("news-to-come", OFFICER, "/news/demo-to-be-published/"),
        Screen("news-withdrawn", AUDITOR, "/news/demo-withdrawn/"),
    ]


def _searching() -> list[Screen]:
    return [
        Screen("search", "", "/search/"),
        Screen("search-found", "", "/search/?q=cote+divoire"),
        Screen("search-many", "", "/search/?q=training"),
        Screen("search-nothing", "", "/search/?q=nothing+of+the+kind"),
        Screen("search-refused", "", "/search/?q=%3F%3F%3F", status=400),
        Screen("search-inside", OFFICER, "/search/?q=kenya"),
    ]


def _at_the_desk() -> list[Screen]:
    """Beside the lists and forms of each kind (tools/screen_list_desk.py): steps of a life."""
    draft = NewsItem.objects.get(slug="demo-draft")
    shown = Activity.objects.get(slug="demo-guide")
    return [
        Screen("record-publish", OFFICER, _desk(draft, "act", "publish")),
        Screen("record-withdraw", OFFICER, _desk(shown, "act", "withdraw")),
        Screen("record-draft", OFFICER, _desk(draft, "change")),
        Screen("record-as-auditor", AUDITOR, _desk(shown, "change")),
        Screen("record-history", OFFICER, _desk(shown, "history")),
    ]


def _desk(row: Any, page: str, *more: str) -> str:
    name = f"admin:record_{row._meta.model_name}_{page}"
    return reverse(name, args=[row.pk, *more])
