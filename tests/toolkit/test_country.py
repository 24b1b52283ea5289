"""My country: one page for a Party's people, and for nobody else but the Secretariat."""

import pytest
from django.test import Client
from django.urls import reverse

from partners.models import Mandate
from tests import make
from tests.reading_pages import page, signed_in, words

pytestmark = pytest.mark.django_db


def address(code: str = "ken") -> str:
    return reverse("country", args=[code])


def test_only_people_of_the_party_and_the_secretariat_find_the_page():
    kenya, interpol = make.party("KEN"), make.agency("INTERPOL")
    make.request_in("referred", of=kenya)
    make.implementation(kenya, interpol)
    former = make.person("Former")
    make.mandate(former, "focal_point", kenya, from_on="2020-01-01", until_on="2021-01-01")
    people = {
        "focal point": make.focal_point(kenya),
        "contributor": make.contributor(kenya),
        "viewer": make.party_viewer(kenya),
        "former": former,
        "other country": make.focal_point(make.party("VNM")),
        "lead agency": make.agency_officer(interpol),
        "officer": make.the_officer(),
        "auditor": make.auditor(),
        "stranger": make.person(),
    }
    found = {who for who, one in people.items() if signed_in(one).get(address()).status_code == 200}
    assert found == {"focal point", "contributor", "viewer", "officer", "auditor"}
    for who in set(people) - found:
        assert signed_in(people[who]).get(address()).status_code == 404
    assert signed_in(people["officer"]).get(address("zzz")).status_code == 404
    assert Client().get(address()).status_code == 302


def test_the_page_tells_everything_of_one_party_and_nothing_of_another():
    kenya, vietnam = make.party("KEN"), make.party("VNM")
    country = make.focal_point(kenya)
    other = make.focal_point(vietnam)
    mine = make.request_in("submitted", by=country)
    make.conversation(mine)
    theirs = make.request_in("submitted", of=vietnam, by=other)
    make.recommendation(make.implementation(kenya), text="Ours to do.")
    make.recommendation(make.implementation(vietnam), text="Theirs to do.")
    contributor = make.contributor(kenya)
    Mandate.objects.filter(user=contributor).update(office="Customs")
    read = signed_in(country).get(address())
    said = page(read)
    for expected in (
        mine.reference, "A question waits for your answer", "1 unread message", "Ours to do.",
        "request received", contributor.name, "Customs", "Ask for support",
    ):  # fmt: skip
        assert expected in said
    for hidden in (theirs.reference, "Theirs to do.", other.name):
        assert hidden not in said


def test_what_needs_the_country_stands_first():
    country = make.focal_point()
    make.request_in("submitted", by=country)
    asked = make.request_in("in_review", by=country)
    make.conversation(asked)
    answered = make.request_in("in_review", by=country)
    make.conversation(answered, "open")
    returned = make.request_in("returned", by=country)
    make.request_in("declined", by=country)
    draft = make.draft(country)
    rows = signed_in(country).get(address()).context["requests"]
    assert [row.support_request for row in rows if row.needs_you] == [draft, returned, asked]
    assert [row.needs_you for row in rows] == [True] * 3 + [False] * 3


def test_settled_recommendations_are_folded_and_the_nearest_date_comes_first():
    cycle = make.implementation()
    texts = {
        state: make.recommendation(cycle, state, text=f"In state {state}.")
        for state in ("proposed", "under_way", "verified", "not_accepted")
    }
    dated = make.recommendation(cycle, "accepted", text="Dated.", due_on=make.in_a_month())
    read = signed_in(make.focal_point()).get(address())
    tasks = [one.recommendation for one in read.context["tasks"]]
    assert tasks == [dated, texts["proposed"], texts["under_way"]]
    folded = words(read.content.decode().partition("<details")[2].rpartition("</details>")[0])
    assert "In state verified." in folded
    assert "In state not_accepted." in folded


@pytest.mark.parametrize("role", ["contributor", "viewer"])
def test_a_viewer_reads_and_a_contributor_asks(role):
    person = make.contributor() if role == "contributor" else make.party_viewer()
    make.recommendation(make.implementation())
    read = signed_in(person).get(address())
    assert read.context["may_begin"] == (role == "contributor")
    assert [one.actions for one in read.context["tasks"]] == [[]]


def test_a_deputy_is_shown_with_the_one_who_is_absent():
    absent, deputy = make.focal_point(), make.person("Deputy focal point")
    make.mandate(
        deputy, "focal_point", make.party(), until_on=make.in_a_month(),
        stands_in_for=Mandate.objects.get(user=absent),
    )  # fmt: skip
    assert f"Focal point, deputy of {absent.name}" in page(signed_in(absent).get(address()))


def test_sixty_rows_cost_no_more_queries_than_ten(django_assert_max_num_queries):
    country = make.focal_point()
    client = signed_in(country)
    cycle = make.implementation()
    counts = []
    for rows in (10, 60):
        while cycle.recommendations.count() < rows:
            make.recommendation(cycle, "accepted")
            make.conversation(make.request_in("submitted", by=country))
        client.get(address())
        with django_assert_max_num_queries(14) as asked:
            read = client.get(address())
        assert len(read.context["tasks"]) == rows
        assert len(read.context["requests"]) == 10
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_after_signing_in_everybody_begins_in_their_own_room():
    both = make.focal_point(make.party("KEN"))
    make.mandate(both, "viewer", make.party("VNM"))
    ways = {
        "my_country": make.focal_point(),
        "inbox:list": make.agency_officer(),
        "admin:index": make.the_officer(),
        "account": make.person(),
    }
    for name, person in ways.items():
        answer = signed_in(person).get(reverse("start"))
        assert answer.headers["Location"] == reverse(name)
    landed = page(signed_in(make.person()).get(reverse("start"), follow=True))
    assert "You hold no mandate at present" in landed
    assert "If this is a mistake, write to the CITES Secretariat." in landed
    mine = signed_in(make.focal_point()).get(reverse("my_country"))
    assert mine.headers["Location"] == address()
    chosen = page(signed_in(both).get(reverse("my_country")))
    assert "Kenya" in chosen
    assert "Viet Nam" in chosen
    assert signed_in(make.person()).get(reverse("my_country")).status_code == 404
