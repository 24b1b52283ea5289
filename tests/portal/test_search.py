"""One box: any spelling, three languages, titles first, a sentence for what cannot be searched."""

from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from iccwc_portal.search import records
from iccwc_portal.search import views as search_views
from partners.models import Party
from partners.rates import Rate
from record.models import Activity, NewsItem, Publication
from requests_app.models import SupportRequest
from tests import make
from tests.portal.searching import MARK, ask, world
from tests.reading_pages import signed_in
from workflow.guard import may_write

pytestmark = pytest.mark.django_db


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """What every installation knows: Parties in all their spellings, and the public record."""
    monkeypatch.setattr(search_views, "RATE", Rate(100_000, 60))
    call_command("load_reference", stdout=StringIO())


def parties(words: str) -> list[str]:
    codes = [one.split("/")[2] for one in ask(Client(), words).get("parties", [])]
    return [Party.objects.get(code=code.upper()).name_en for code in codes]


SPELLINGS = {
    "vietnam": "Viet Nam",
    "Viet Nam": "Viet Nam",
    "VIÊT-NAM": "Viet Nam",
    "VNM": "Viet Nam",
    "ivory coast": "Côte d'Ivoire",
    "cote divoire": "Côte d'Ivoire",
    "Côte d’Ivoire": "Côte d'Ivoire",
    "COTE D IVOIRE": "Côte d'Ivoire",
    "laos": "Lao People's Democratic Republic",
    "DRC": "Democratic Republic of the Congo",
    "drc": "Democratic Republic of the Congo",
    "Reino Unido": "United Kingdom of Great Britain and Northern Ireland",
    "Madagascar": "Madagascar",
    "tanz": "United Republic of Tanzania",
    "papuanewguinea": "Papua New Guinea",
}


def test_a_country_is_found_by_whatever_people_call_it(known: None) -> None:
    assert {typed: parties(typed)[0] for typed in SPELLINGS} == SPELLINGS


def test_another_country_of_a_like_name_is_not_meant(known: None) -> None:
    assert parties("papua new guinea training") == ["Papua New Guinea"]
    assert parties("niger training") == ["Niger"]


def test_small_words_that_happen_to_be_codes_mean_no_country(known: None) -> None:
    for words in ("trade and training", "formation sur les ports", "can per are"):
        assert parties(words) == []


def test_a_code_in_capitals_means_its_country_among_other_words(known: None) -> None:
    assert parties("training COD") == ["Democratic Republic of the Congo"]


def test_a_row_that_calls_a_country_otherwise_is_found(known: None) -> None:
    make.news_item(slug="named", lead_en="Officers of the Lao People's Democratic Republic met.")
    make.news_item(slug="nicknamed", text_fr="Une formation au Laos.")
    make.activity(slug="placed", at=Party.objects.get(code="LAO"))
    make.activity(slug="elsewhere", at=Party.objects.get(code="VNM"))

    for typed in ("laos", "Lao PDR", "Lao People’s Democratic Republic", "LAO"):
        found = ask(Client(), typed)
        assert sorted(found["news"]) == ["/news/named/", "/news/nicknamed/"]
        assert found["activities"] == ["/activities/placed/"]


def test_a_country_and_a_word_narrow_each_other(known: None) -> None:
    laos = Party.objects.get(code="LAO")
    make.activity(slug="both", title_en="Training for customs", at=laos)
    make.activity(slug="country-alone", title_en="A workshop", at=laos)
    make.activity(slug="word-alone", title_en="Training for customs")

    assert ask(Client(), "customs laos")["activities"] == ["/activities/both/"]


def test_an_activity_in_two_places_of_a_country_is_found_once(known: None) -> None:
    laos = Party.objects.get(code="LAO")
    one = make.activity(slug="twice", at=laos)
    one.places.create(party=laos, name="Vientiane")

    assert ask(Client(), "laos")["activities"] == ["/activities/twice/"]


@pytest.mark.parametrize(
    ("written", "typed"),
    [
        ("An organisation of customs", "organization"),
        ("Training of elephants", "elephant"),
        ("An elephant", "elephants"),
        ("The agency", "agencies"),
        ("Éléphants saisis", "elephants saisis"),
        ("Mise en œuvre", "mise en oeuvre"),
        ("Lucha contra la caza furtiva en África", "africa CAZA"),
        ("TRAFFICKING", "traffick"),
        ("Resolution A/RES/69/314", "69/314"),
    ],
)
def test_accents_case_plurals_and_spellings_are_forgiven(written: str, typed: str) -> None:
    make.document(slug="there", title_en="Title", note_fr=written)
    make.document(slug="other", title_en="Another matter")

    assert ask(Client(), typed)["documents"] == ["/documents/there/"]


def test_titles_come_before_texts_and_then_the_newest() -> None:
    make.news_item(slug="text", text_en="About rosewood.", dated_on="2026-05-05")
    make.news_item(slug="old-title", title_en="Rosewood", dated_on="2020-05-05")
    make.news_item(slug="new-title", title_fr="Rosewood saisi", dated_on="2024-05-05")

    assert ask(Client(), "rosewood")["news"] == [
        "/news/new-title/", "/news/old-title/", "/news/text/",
    ]  # fmt: skip


def test_agencies_offices_networks_kinds_of_support_and_pages_are_found(known: None) -> None:
    found = ask(Client(), "UNODC")
    assert found["agencies"][0] == "/partners/unodc/"
    assert "/partners/interpol/" in ask(Client(), "Nairobi")["offices"]
    assert ask(Client(), "lusaka agreement")["networks"]
    assert ask(Client(), "WIST")["supports"] == ["/"]
    assert ask(Client(), "fax geneva")["pages"] == ["/contact/"]
    assert ask(Client(), "kenya")["networks"]  # as a member


@pytest.mark.parametrize("language", ["fr", "es"])
def test_pages_are_found_by_english_words_whatever_the_language_of_the_reader(
    language: str,
) -> None:
    client = Client(headers={"accept-language": language})
    assert "/contact/" in ask(client, "contact")["pages"]


def test_what_was_found_is_marked_and_what_somebody_wrote_is_never_markup() -> None:
    make.news_item(
        title_en="<b>Ivory</b> & horn", text_en='<script>alert("ivory")</script> About ivory.'
    )
    page = Client().get("/search/", {"q": '"ivory" <'}).content.decode()

    assert "&lt;b&gt;<mark>Ivory</mark>&lt;/b&gt; &amp; horn" in page
    assert "<b>" not in page
    assert "alert(" not in page
    assert 'value="&quot;ivory&quot; &lt;"' in page


def test_the_words_around_the_hit_are_shown_in_the_language_that_has_it() -> None:
    text = f"{'Avant. ' * 60} Les douanes ont saisi de l’ivoire. {'Après. ' * 60}"
    make.news_item(title_en="News", text_en="Nothing of it.", text_fr=text)

    page = Client().get("/search/", {"q": "ivoire"})

    ((_group, (one,)),) = page.context["groups"]
    assert one.snippet_language == "fr"
    assert "de l’<mark>ivoire</mark>. Après." in one.snippet
    assert one.snippet.startswith("… ")
    assert one.snippet.endswith(" …")
    assert len(one.snippet) < 300


def test_a_title_in_english_says_so_to_a_french_reader() -> None:
    make.document(title_en="Rosewood report")
    page = Client(headers={"accept-language": "fr"}).get("/search/", {"q": "rosewood"})
    assert 'lang="en"><mark>Rosewood</mark> report</a>' in page.content.decode()


def test_dates_are_shown_as_exact_as_they_are_known() -> None:
    make.activity(title_en="Rosewood", starts_on="2016-12-31", precision="year")
    page = Client().get("/search/", {"q": "rosewood"})
    ((_group, (one,)),) = page.context["groups"]
    assert one.when == "2016"


# ── Pages of one kind ────────────────────────────────────────────────────────────────────────


def test_more_of_a_kind_comes_page_by_page_each_row_once() -> None:
    many("activities", 45)

    first = Client().get("/search/", {"q": MARK})
    ((group, shown),) = first.context["groups"]
    assert (group.found.total, len(shown)) == (45, 4)
    assert f"?q={MARK}&amp;kind=activities" in first.content.decode()

    pages = [
        ask(Client(), MARK, kind="activities", page=str(number))["activities"]
        for number in (1, 2, 3)
    ]
    assert [len(one) for one in pages] == [20, 20, 5]
    assert len({address for one in pages for address in one}) == 45


def test_what_a_common_word_finds_is_counted_up_to_a_limit_and_said_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(records, "MOST", 25)
    many("activities", 25)
    many("news", 3)
    counted = Client().get("/search/", {"q": MARK})
    assert "28 results" in counted.content.decode()
    assert "Activities: all 25" in counted.content.decode()

    many("activities", 1)

    page = Client().get("/search/", {"q": MARK})
    found = {one.key: (one.found.total, len(some)) for one, some in page.context["groups"]}
    assert found == {"activities": (25, 4), "news": (3, 3)}
    for said in ("More than 28 results", "(more than 25)", "Activities: the first 500"):
        assert said in page.content.decode()
    second = Client().get("/search/", {"q": MARK, "kind": "activities", "page": "2"})
    assert len(second.context["groups"][0][1]) == 6
    assert "More than 25 results" in second.content.decode()


def test_behind_the_last_page_there_is_nothing_and_a_way_back() -> None:
    many("activities", 3)
    page = Client().get("/search/", {"q": MARK, "kind": "activities", "page": "9"})
    assert page.status_code == 200
    assert 'rel="prev"' in page.content.decode()
    assert 'rel="next"' not in page.content.decode()


# ── What cannot be searched ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"q": "x" * 2000}, "Shorten it to 200 characters: 2000 are too many."),
        ({"q": " ".join(["ports"] * 30)}, "at most 12 words at a time: these are 30."),
        ({"q": "?!… – /"}, "Type at least two letters or numbers."),
        ({"q": "a"}, "Type at least two letters or numbers."),
        ({"q": "ivory", "kind": "people"}, "There is no such kind of results."),
        ({"q": "ivory", "kind": "news", "page": "0"}, "Pages of results go from 1 to 25."),
        ({"q": "ivory", "kind": "news", "page": "x"}, "Pages of results go from 1 to 25."),
        ({"q": "ivory", "kind": "news", "page": "9" * 5000}, "Pages of results go from 1 to 25."),
        ({"q": "ivory", "kind": "news", "page": "0001999"}, "Pages of results go from 1 to 25."),
        (
            {"q": "ivory", "kind": "news", "page": "0001" + "9" * 30},
            "Pages of results go from 1 to 25.",
        ),
        ({"q": "ivory", "page": "٣"}, "Pages of results go from 1 to 25."),
    ],
)
def test_what_cannot_be_searched_gets_a_sentence_and_stays_in_the_box(
    asked: dict[str, str], sentence: str
) -> None:
    page = Client().get("/search/", asked)

    assert page.status_code == 400
    assert sentence in page.content.decode()
    assert f'value="{asked["q"]}"' in page.content.decode()


def test_a_word_that_is_said_twelve_times_is_looked_for_once() -> None:
    def asked(q: str) -> list[int]:
        with CaptureQueriesContext(connection) as queries:
            Client().get("/search/", {"q": q})
        return [one["sql"].count("LIKE") for one in queries.captured_queries]

    assert asked(" ".join(["ports"] * 12)) == asked("ports") != [0]


@pytest.mark.parametrize("q", ["%00", "a%00b", "\0"])
def test_an_address_with_a_null_character_is_refused_in_words(q: str) -> None:
    page = Client().get(f"/search/?q={q}")
    assert page.status_code == 400
    assert "<h1>" in page.content.decode()


@pytest.mark.parametrize(
    "q", ["'; drop table", "100%", "qz_zq", "%' or 1=1", "\\", "qz\\zq", "🐘🐘"]
)
def test_signs_that_mean_something_to_a_database_mean_nothing_here(q: str) -> None:
    make.document(title_en="Report")
    page = Client().get("/search/", {"q": q})
    assert page.status_code in {200, 400}
    assert not page.context.get("total")


def test_without_words_there_is_the_box_alone() -> None:
    page = Client().get("/search/")
    assert page.status_code == 200
    assert 'role="search"' in page.content.decode()
    assert "result" not in page.content.decode().partition("<main")[2].replace("search", "")


def test_pages_of_results_are_kept_from_search_engines_and_caches() -> None:
    page = Client().get("/search/", {"q": "ivory"})
    assert page["X-Robots-Tag"] == "noindex"
    assert "no-store" in page["Cache-Control"]


def test_the_box_stands_on_every_page_and_once_on_its_own() -> None:
    assert Client().get("/contact/").content.decode().count('role="search"') == 1
    assert Client().get("/search/").content.decode().count('role="search"') == 1


def test_searching_changes_nothing_and_answers_no_post() -> None:
    assert Client().post("/search/", {"q": "ivory"}).status_code == 405


def test_who_searches_too_often_is_told_to_wait_and_keeps_the_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(search_views, "RATE", Rate(2, 60))
    answers = [Client().get("/search/", {"q": "ivory"}) for _each in range(3)]

    assert [one.status_code for one in answers] == [200, 200, 429]
    assert "More than 2 searches in a minute." in answers[2].content.decode()
    assert 'value="ivory"' in answers[2].content.decode()
    assert 1 <= int(answers[2]["Retry-After"]) <= 60
    other = Client(REMOTE_ADDR="192.0.2.7")
    assert other.get("/search/", {"q": "ivory"}).status_code == 200


# ── Queries ──────────────────────────────────────────────────────────────────────────────────


def many(kind: str, number: int) -> None:
    """Published rows in numbers, as an import writes them."""
    model: Any = {"activities": Activity, "news": NewsItem}[kind]
    said: dict[str, Any] = {
        "activities": {"kind": "capacity", "source": "A list"},
        "news": {"dated_on": "2026-01-01", "lead_en": "About it."},
    }[kind]
    start = model.objects.count()
    rows = [
        model(slug=f"{kind}-{start + one}", title_en=f"{MARK} {start + one}", **said)
        for one in range(number)
    ]
    model.objects.bulk_create(rows)
    with may_write("state", "version"):
        for row in rows:
            row.state, row.publish_at = Publication.PUBLISHED, timezone.now()
            row.save(update_fields=["state", "publish_at"])


def queries(client: Client, q: str = MARK) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get("/search/", {"q": q}).status_code == 200
    return len(captured)


def test_a_search_costs_as_many_queries_at_1_10_and_100_rows() -> None:
    """12 at most for everybody, 18 for those who have signed in."""
    readers = world().readers
    some = ("nobody", "focal point of Kenya", "officer of INTERPOL", "officer", "lead")
    spent: dict[str, list[int]] = {who: [] for who in some}
    for more in (1, 9, 90):
        many("activities", more)
        many("news", more)
        copies_of_requests(more)
        for who in some:
            spent[who].append(queries(readers[who]))
    for who, found in spent.items():
        assert len(set(found)) == 1, (who, found)
        assert found[0] <= (12 if who == "nobody" else 18), (who, found)


def test_a_country_costs_its_names_alone_more_than_a_word_does() -> None:
    readers = world().readers
    for who in ("nobody", "focal point of Kenya", "officer of INTERPOL", "officer", "lead"):
        spent = queries(readers[who], "vietnam")
        assert spent <= (12 if who == "nobody" else 18), (who, spent)


def copies_of_requests(number: int) -> None:
    pattern = SupportRequest.objects.filter(party__code="KEN").order_by("pk").first()
    assert pattern is not None
    start = SupportRequest.objects.count()
    SupportRequest.objects.bulk_create(
        SupportRequest(
            party=pattern.party, support=pattern.support, created_by=pattern.created_by,
            reference=f"ICCWC-1990-{start + one:04}", submitted_at=pattern.submitted_at,
            search_text=pattern.search_text,
        )
        for one in range(number)
    )  # fmt: skip


def test_a_focal_point_finds_a_request_by_its_reference_and_by_its_words() -> None:
    case = make.request_in(of=make.party("KEN"), situation="Pangolins in timber.")
    reader = signed_in(make.focal_point(make.party("KEN")))

    reference = str(case.reference)
    for words in ("pangolin", reference.lower(), reference[-4:], "timber pangolins"):
        assert ask(reader, words)["requests"] == [case.get_absolute_url()], words
    assert "requests" not in ask(Client(), "pangolin")
