"""Support given: the list, its filters, one activity, and who learns where it came from."""

from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from record.models import Activity, ActivityPlace
from tests import make
from tests.reading_pages import page, signed_in, table_rows
from tests.record.seeing import titles_in

pytestmark = pytest.mark.django_db

NEXT_YEAR = f"{timezone.now().year + 1}-12-01 09:00"


def asked(client: Client | None = None, **query: str) -> Any:
    return (client or Client()).get("/activities/", query)


def test_the_list_names_what_is_published_and_nothing_else() -> None:
    kenya = make.party("KEN")
    shown = make.activity(at=kenya, starts_on=date(2016, 12, 31), precision="year")
    shown.agencies.add(make.agency("INTERPOL"))
    make.activity("draft", at=kenya, title_en="Not yet said")
    make.activity("withdrawn", at=kenya, title_en="No longer said")
    make.activity(at=kenya, title_en="Said next year", publish_at=NEXT_YEAR)

    answers = {name: asked(client) for name, client in _readers().items()}

    row = [
        shown.title, "Kenya", "Law enforcement support and capacity building", "not stated",
        "2016", "INTERPOL",
    ]  # fmt: skip
    assert {name: table_rows(one, "list") for name, one in answers.items()} == {
        name: [row] for name in answers
    }
    for one in answers.values():
        assert not {"Not yet said", "No longer said", "Said next year"} & set(titles_in(one))


def _readers() -> dict[str, Client]:
    return {
        "public": Client(),
        "country": signed_in(make.focal_point()),
        "agency": signed_in(make.agency_officer()),
        "Secretariat": signed_in(make.officer()),
    }


def test_each_filter_finds_its_own_and_an_unknown_value_is_said_at_its_field() -> None:
    call_command("load_reference", verbosity=0)
    Activity.objects.all().delete()
    interpol = make.agency("INTERPOL")
    found = {
        "kind": make.activity(kind="analysis"),
        "stage": make.activity(stage="planned"),
        "region": make.activity(at=make.party("PER")),
        "party": make.activity(at=make.party("KEN")),
        "agency": make.activity(),
    }
    found["agency"].agencies.add(interpol)
    values = {
        "kind": "analysis", "stage": "planned", "party": "KEN", "agency": "INTERPOL",
        "region": "central-and-south-america-and-the-caribbean",
    }  # fmt: skip

    said = {name: titles_in(asked(**{name: value})) for name, value in values.items()}

    assert said == {name: [one.title] for name, one in found.items()}
    assert len(titles_in(asked())) == len(found)
    for name in (*values, "support"):
        refused = asked(**{name: "nonsense"})
        assert refused.status_code == 400
        assert "There is a problem" in page(refused)


def test_an_activity_in_two_countries_stands_once_in_the_list_and_counts_in_both() -> None:
    both = make.activity(at=make.party("KEN"), stage="ongoing")
    ActivityPlace.objects.create(activity=both, party=make.party("VNM"))
    ActivityPlace.objects.create(activity=both, party=make.party("KEN"), name="Mombasa")

    answer = asked(region="africa")

    assert titles_in(answer) == [both.title]
    numbers = {row[0]: row[2:] for row in table_rows(answer, "by-country")}
    assert numbers == {"Kenya": ["0", "1", "0", "1", "1"], "Viet Nam": ["0", "1", "0", "1", "1"]}
    assert [row[0] for row in table_rows(asked(party="KEN"), "by-country")] == ["Kenya"]


def test_the_deployments_of_incident_teams_are_found_with_their_years() -> None:
    call_command("load_reference", verbosity=0)

    answer = asked(support="wist")

    rows = [(row[1], row[3], row[4]) for row in table_rows(answer, "list")]
    assert sorted(rows) == [
        ("Madagascar", "completed", "2015"),
        ("Sri Lanka", "completed", "2013"),
        ("Togo", "completed", "2014"),
        ("United Arab Emirates", "completed", "2015"),
    ]
    assert "A Wildlife Incident Support Team helps a country that asks for it" in page(answer)


def test_a_long_list_is_read_page_by_page_without_loss() -> None:
    made = [make.activity(starts_on=date(2000 + n % 7, 12, 31)).title for n in range(33)]
    made.append(make.activity(starts_on=None).title)

    first = asked()
    second = asked(before=first.context["older"])

    assert (len(titles_in(first)), len(titles_in(second))) == (30, 4)
    assert sorted(titles_in(first) + titles_in(second)) == sorted(made)
    assert second.context["older"] is None


@pytest.mark.parametrize("query", [{}, {"region": "africa"}])
def test_the_list_asks_as_many_questions_for_one_activity_as_for_many(
    django_assert_max_num_queries: Any, query: dict[str, str]
) -> None:
    counts = []
    for many in (1, 12):
        for _one in range(many):
            activity = make.activity(at=make.party("KEN"))
            activity.agencies.add(make.agency("INTERPOL"))
            ActivityPlace.objects.create(activity=activity, party=make.party("VNM"))
        with django_assert_max_num_queries(14) as found:
            asked(**query)
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_a_draft_answers_a_stranger_as_an_address_that_never_was() -> None:
    draft = make.activity("draft")
    address = f"/activities/{draft.slug}/"

    statuses = {name: client.get(address).status_code for name, client in _readers().items()}

    assert statuses == {"public": 404, "country": 404, "agency": 404, "Secretariat": 200}
    preview = signed_in(make.officer()).get(address)
    assert "Preview: only the Secretariat can read this page." in page(preview)


def test_where_an_activity_came_from_is_told_to_those_who_read_that_and_to_nobody_else() -> None:
    kenya = make.party("KEN")
    case = make.request_in("referred", of=kenya, agencies=("INTERPOL",))
    cycle = make.implementation(kenya)
    advice = make.recommendation(cycle, text="Train the prosecutors.")
    activity = make.activity(at=kenya, support_request=case, recommendation=advice)
    readers = _readers() | {
        "country": signed_in(make.focal_point(kenya)),
        "other country": signed_in(make.focal_point(make.party("VNM"))),
        "other agency": signed_in(make.agency_officer(make.agency("WCO"))),
        "auditor": signed_in(make.auditor()),
    }

    told = {}
    for name, client in readers.items():
        text = page(client.get(f"/activities/{activity.slug}/"))
        told[name] = (str(case.reference) in text, "Train the prosecutors." in text)
        listed = page(asked(client))
        assert str(case.reference) not in listed
        assert "Train the prosecutors." not in listed

    nothing = (False, False)
    assert told == {
        "public": nothing,
        "country": (True, True),
        "other country": nothing,
        "agency": (True, False),  # it holds a referral of the request
        "other agency": nothing,
        "Secretariat": (True, True),
        "auditor": (True, True),
    }


def test_a_title_that_is_english_only_is_marked_so_for_french_readers() -> None:
    english = make.activity(title_en="Training of officers")
    make.activity(title_en="Second training", title_fr="Deuxième formation")

    shown = Client(headers={"accept-language": "fr"}).get("/activities/").content.decode()

    assert f'<a href="/activities/{english.slug}/" lang="en">Training of officers</a>' in shown
    assert 'lang="fr">Deuxième formation</a>' in shown
