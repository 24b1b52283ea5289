"""Links are looked at each night: what is dead is marked for editors, and words for readers."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from iccwc_portal.celery import app
from outbox.models import Heartbeat
from record import link_visits
from record.models import CheckedLink, DocumentVersion
from record.tasks import look_at_links
from tests import make
from tests.reading_pages import signed_in
from tests.record.hosts import Host, a_host

pytestmark = pytest.mark.django_db


@pytest.fixture
def host(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    settings.DEMO = True  # loopback may be called
    monkeypatch.setattr(link_visits, "PAUSE", 0.01)
    with a_host() as made:
        yield made


def nights(count: int) -> None:
    for _night in range(count):
        look_at_links()
        CheckedLink.objects.update(checked_at=timezone.now() - timedelta(days=1))


def known() -> dict[str, tuple[str, int, bool]]:
    """By path: what was found, nights in vain, and whether it counts as dead."""
    return {
        link.url.split("/", 3)[3]: (link.answer, link.failures, link.dead_since is not None)
        for link in CheckedLink.objects.all()
    }


def test_every_address_of_a_record_is_looked_at_wherever_it_stands(host: Host) -> None:
    host.answers = {f"/{name}": 200 for name in ("a", "b", "c", "d", "e", "f")}
    make.recognition(url=f"{host.url}/a", source_url=f"{host.url}/b")
    make.activity(link=f"{host.url}/c", source_url="")
    made = make.document(source_url="")
    DocumentVersion.objects.create(document=made, language="en", url=f"{host.url}/d")
    make.news_item(source_url="", text_fr=f"[ici]({host.url}/e) <{host.url}/f> [non](/ici/)")
    make.operation(source_url="")

    assert look_at_links() == 6

    assert known() == dict.fromkeys("abcdef", ("status 200", 0, False))
    assert sorted(host.asked) == [f"HEAD /{name}" for name in "abcdef"]
    assert Heartbeat.objects.filter(name="links").exists()
    entry = app.conf.beat_schedule["links"]
    assert entry["task"] == look_at_links.name


def test_a_link_is_in_doubt_from_the_first_night_and_dead_after_three(host: Host) -> None:
    activity = make.activity(link=f"{host.url}/gone", source_url="")
    address = f"/activities/{activity.slug}/"

    nights(1)
    assert known() == {"gone": ("status 404", 1, False)}
    assert f"{host.url}/gone" in Client().get(address).content.decode()

    nights(2)
    assert known() == {"gone": ("status 404", 3, True)}
    assert f"{host.url}/gone" not in Client().get(address).content.decode()

    host.answers = {"/gone": 200}
    nights(1)
    assert known() == {"gone": ("status 200", 0, False)}
    assert f"{host.url}/gone" in Client().get(address).content.decode()


def test_one_night_counts_once_however_often_the_clock_strikes(host: Host) -> None:
    make.activity(link=f"{host.url}/gone", source_url="")

    assert [look_at_links(), look_at_links(), look_at_links()] == [1, 0, 0]

    assert known() == {"gone": ("status 404", 1, False)}


@pytest.mark.parametrize(
    ("answers", "found"),
    [
        ({"HEAD /x": 404, "GET /x": 200}, ("status 200", 0, False)),
        ({"HEAD /x": 405, "GET /x": 200}, ("status 200", 0, False)),
        ({"/x": 403}, ("status 403", 0, False)),
        ({"/x": 429}, ("status 429", 0, False)),
        ({"/x": 410}, ("status 410", 1, False)),
        ({"/x": 503}, ("status 503", 1, False)),
        ({"/x": (301, "/y"), "/y": 200}, ("status 200", 0, False)),
        ({"/x": (301, "/y"), "/y": 404}, ("status 404", 1, False)),
        ({"/x": (302, "/x")}, ("status 302", 1, False)),
        ({"/x": (302, "file:///etc/passwd")}, ("status 302", 1, False)),
        ({"/x": (302, "http://127.0.0.1:1/")}, ("unreachable", 1, False)),
    ],
)
def test_what_an_answer_means(host: Host, answers: Any, found: tuple[str, int, bool]) -> None:
    host.answers = answers
    make.activity(link=f"{host.url}/x", source_url="")
    look_at_links()
    assert known() == {"x": found}


def test_a_host_that_says_nothing_holds_nobody_up(
    host: Host, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(link_visits, "DEADLINE", 0.3)
    host.answers = {"/a": "hangs", "/b": 200}
    make.recognition(url=f"{host.url}/a", source_url=f"{host.url}/b")

    look_at_links()

    assert known() == {"a": ("timeout", 1, False), "b": ("status 200", 0, False)}


def test_no_link_leads_the_portal_into_its_own_network(host: Host, settings: Any) -> None:
    settings.DEMO = False
    make.activity(link=f"{host.url}/inside", source_url="http://[::1]/metadata")

    look_at_links()

    assert known() == {
        "inside": ("address 127.0.0.1", 1, False),
        "metadata": ("address ::1", 1, False),
    }
    assert host.asked == []


def test_an_address_that_no_record_holds_any_more_is_forgotten(host: Host) -> None:
    activity = make.activity(link=f"{host.url}/old", source_url="")
    nights(3)
    activity.link = f"{host.url}/new"
    activity.save(update_fields=["link"])

    look_at_links()

    assert list(known()) == ["new"]


def test_the_desk_lists_dead_links_with_the_records_that_hold_them(
    host: Host, django_assert_max_num_queries: Any
) -> None:
    host.answers = {"/there": 200}
    gone = f"{host.url}/gone?a=1&b=2"
    document = make.document("draft", source_url="", title_en="A report")
    DocumentVersion.objects.create(document=document, language="en", url=gone)
    news = make.news_item(source_url="", text_en=f"[x]({gone})", title_en="Some news")
    make.activity(link=f"{host.url}/there", source_url="", title_en="A training")
    nights(3)
    desk = signed_in(make.the_officer())

    with django_assert_max_num_queries(12):
        page = desk.get("/admin/record/checkedlink/?standing=dead").content.decode()

    assert "The host answered 404." in page
    assert f'href="/admin/record/document/{document.pk}/change/">document: A report</a>' in page
    assert f'href="/admin/record/newsitem/{news.pk}/change/">news item: Some news</a>' in page
    assert "A training" not in page
    counted = '?standing=dead"><span class="desk-piles__count">1</span> <span>Links that are dead<'
    assert counted in desk.get("/admin/").content.decode()
    everything = desk.get("/admin/record/checkedlink/").content.decode()
    assert "A training" in everything
    one = CheckedLink.objects.get(url=gone)
    assert "A report" in desk.get(f"/admin/record/checkedlink/{one.pk}/change/").content.decode()
    assert signed_in(make.focal_point()).get("/admin/record/checkedlink/").status_code != 200
    assert signed_in(make.auditor()).get("/admin/record/checkedlink/").status_code == 200


def test_the_list_of_links_costs_the_same_for_one_and_for_fifty() -> None:
    desk = signed_in(make.the_officer())
    costs = []
    for count in (1, 49):
        for number in range(count):
            made = make.activity(link=f"https://example.org/{count}/{number}", source_url="")
            CheckedLink.objects.create(url=made.link, failures=1)
        with CaptureQueriesContext(connection) as cost:
            desk.get("/admin/record/checkedlink/")
        costs.append(len(cost))
    assert costs[0] == costs[1] <= 12


def test_where_no_host_at_all_is_reached_no_link_is_in_doubt(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.DEMO = True  # loopback may be called, where nobody listens at port 9
    monkeypatch.setattr(link_visits, "PAUSE", 0.01)
    make.recognition(url="http://127.0.0.1:9/", source_url="http://127.0.0.2:9/")
    activity = make.activity(link="http://127.0.0.3:9/", source_url="")
    nights(4)
    assert not CheckedLink.objects.exclude(failures=0, dead_since=None, answer="").exists()
    activity.link = ""  # of two hosts both may be away
    activity.save(update_fields=["link"])
    nights(4)
    assert CheckedLink.objects.exclude(dead_since=None).count() == 2


def test_what_is_dead_is_words_on_every_page_that_would_lead_there() -> None:
    """Of each column that is looked at; texts of news and versions of documents have tests of
    their own."""
    network = make.network(make.party("KEN"))
    said = {"effective_on": "2022-12-31", "source": "A report"}
    urls = [f"https://example.org/{letter}" for letter in "abcdefgh"]
    network.assessments.create(**said, source_url=urls[0])
    operation = make.operation(source_url=urls[1])
    operation.figures.create(measure="arrests", number=1, **said, source_url=urls[2])
    rows = [
        network,
        operation,
        make.recognition(source_url=urls[3], url=urls[4]),
        make.activity(source_url=urls[5], link=urls[6]),
        make.global_meeting(source_url=urls[7]),
    ]
    kinds = ("networks", "operations", "recognition", "activities", "networks/meetings")
    pages = [f"/{kind}/{row.slug}/" for kind, row in zip(kinds, rows, strict=True)]
    pages += ["/networks/", "/operations/", "/recognition/", "/activities/"]

    def shown() -> set[str]:
        html = "".join(Client().get(one).content.decode() for one in pages)
        return {url for url in urls if f'"{url}"' in html}

    assert shown() == set(urls)
    CheckedLink.objects.bulk_create(
        CheckedLink(url=url, dead_since=timezone.now(), failures=3) for url in urls
    )
    assert shown() == set()
