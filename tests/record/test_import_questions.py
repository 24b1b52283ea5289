"""What a list leaves open is asked, with names that are near; answers make rows good."""

import pytest
from django.test import Client

from history.models import Event
from partners.models import PartyAlias
from record.importing.answering import answer
from record.models import Activity, ActivityImport
from record.tasks import carry_on_imports
from tests import make
from tests.reading_pages import signed_in, words
from tests.record.importing_world import act, give, page_of, parties, send_list, send_rows, verdicts
from workflow.errors import InvalidInput

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _parties() -> None:
    parties()


@pytest.fixture
def officer() -> Client:
    return signed_in(make.the_officer())


def open_questions(browser: Client, batch: ActivityImport) -> dict[str, list[str]]:
    """The keys of the questions on the page, each with what may be answered."""
    asked = browser.get(page_of(batch)).context["questions"]
    return {one.question.key: [value for value, _words in one.choices] for one in asked}


def test_what_is_not_known_is_asked_with_names_that_are_near(officer):
    batch = send_list(officer, "questions.csv")

    asked = open_questions(officer, batch)

    assert asked == {
        "place:burkino faso": ["parties:BFA", "party", "within", "name", "out"],
        "place:kenya and uganda": ["parties:KEN+UGA", "party", "within", "name", "out"],
        "position:KEN>UGA": ["none", "keep", "out"],
        "kind:conference": ["analysis", "capacity", "cross_cutting", "out"],
        "kind:": ["analysis", "capacity", "cross_cutting", "out"],
        "star": ["planned", "ongoing", "nothing", "out"],
    }
    assert {one[1] for one in verdicts(batch)} == {"asked"}


def test_answers_make_the_rows_good_that_waited_for_them(officer):
    batch = send_list(officer, "questions.csv")

    give(officer, batch, "place:burkino faso", "parties:BFA")
    give(officer, batch, "place:kenya and uganda", "parties:KEN+UGA")
    give(officer, batch, "position:KEN>UGA", "none")
    give(officer, batch, "kind:conference", "capacity")
    give(officer, batch, "star", "planned")
    give(officer, batch, "kind:", "out")

    assert verdicts(batch) == [
        ("2", "good", ["answered"]),
        ("3", "good", ["answered"]),
        ("4", "good", ["answered"]),
        ("5", "good", ["position_none"]),
        ("6", "good", ["kind_answered"]),
        ("7", "good", ["star_answered"]),
        ("8", "refused", ["left_out"]),
    ]
    said = {row.number: row.understood for row in batch.rows.all()}
    assert [one["party"] for one in said[4]["places"]] == ["KEN", "UGA"]
    assert (said[5]["at"], said[6]["kind"], said[7]["stage"]) == (None, "capacity", "planned")
    assert PartyAlias.objects.filter(spelling="burkino faso").count() == 0
    answered = Event.objects.about(batch).filter(kind="activity_imports.answer")
    assert answered[0].changes == {"place:burkino faso": [None, "parties:BFA"]}


def test_a_spelling_is_kept_for_everybody_by_the_editors_tick_alone(officer):
    batch = send_list(officer, "questions.csv")

    give(officer, batch, "place:burkino faso", "parties:BFA", keep="1")

    alias = PartyAlias.objects.get(spelling="burkino faso")
    assert (alias.party.code, alias.written) == ("BFA", "Burkino Faso")
    assert [one.kind for one in Event.objects.about(alias)] == ["desk.added"]
    again = send_rows(officer, "BURKINO FASO,Another (2015),analysis")
    assert verdicts(again) == [("2", "good", [])]


def test_a_spelling_that_somebody_gave_to_another_party_meanwhile_is_said_and_nothing_is_kept(
    officer,
):
    batch = send_list(officer, "questions.csv")
    theirs = make.party("KEN")
    PartyAlias.objects.create(party=theirs, written="Burkino faso", spelling="burkino faso")

    said = give(officer, batch, "place:burkino faso", "parties:BFA", keep="1")

    sentence = f"“Burkino Faso” is known already as a spelling of {theirs.name}."
    assert (said.status_code, sentence in words(said.content.decode())) == (400, True)
    assert PartyAlias.objects.get(spelling="burkino faso").party == theirs
    assert verdicts(batch)[0][1] == "asked"
    batch.refresh_from_db()
    assert batch.answers == {}


def test_a_party_may_be_named_in_any_spelling_and_a_place_keeps_its_own_name(officer):
    batch = send_rows(
        officer, "Zanzibar,Course (2015),analysis", "Lake Victoria,Patrol (2015),analysis"
    )

    give(officer, batch, "place:zanzibar", "within", party="ivory coast")
    give(officer, batch, "place:lake victoria", "name")

    rows = batch.rows.order_by("number")
    assert [row.understood["places"] for row in rows] == [
        [{"party": "CIV", "name": "Zanzibar"}],
        [{"party": "", "name": "Lake Victoria"}],
    ]


def test_a_new_answer_may_show_that_an_activity_stands_there_twice(officer):
    batch = send_rows(
        officer, "Burkina Faso,Course (2015),analysis", "Burkino Faso,Course (2015),analysis"
    )

    give(officer, batch, "place:burkino faso", "parties:BFA")

    assert verdicts(batch) == [("2", "good", []), ("3", "known", ["same_in_file"])]


@pytest.mark.parametrize(
    ("answer", "typed", "sentence"),
    [
        ("", "", "Choose one of the answers."),
        ("party", "", "Name the Party, in any spelling or by its code."),
        ("party", "Atlantis", "“Atlantis” is no Party to CITES that the portal knows."),
        ("within", "Hong Kong", "“Hong Kong” is no Party to CITES that the portal knows."),
        ("parties:XXX", "", "Choose one of the answers."),
        ("planned", "", "Choose one of the answers."),
    ],
)
def test_an_answer_that_does_not_do_says_so_and_keeps_what_was_typed(
    officer, answer, typed, sentence
):
    batch = send_list(officer, "questions.csv")

    said = give(officer, batch, "place:burkino faso", answer, party=typed)

    assert said.status_code == 400
    assert sentence in words(said.content.decode())
    (asked,) = [one for one in said.context["questions"] if one.error]
    assert (asked.question.key, asked.typed) == ("place:burkino faso", typed)
    assert verdicts(batch)[0][1] == "asked"


def test_a_question_that_was_answered_meanwhile_is_not_answered_again(officer):
    batch = send_list(officer, "questions.csv")
    give(officer, batch, "kind:conference", "capacity")

    late = give(officer, batch, "kind:conference", "analysis")

    assert late.status_code == 400
    batch.refresh_from_db()
    assert batch.answers["kind:conference"] == "capacity"


def test_an_import_that_was_dropped_meanwhile_takes_no_answer(officer):
    batch = send_list(officer, "questions.csv")
    seen = ActivityImport.objects.get(pk=batch.pk)
    act(officer, batch, "drop")

    with pytest.raises(InvalidInput) as refused:
        answer(seen, "kind:conference", "capacity", by=make.the_officer())

    assert refused.value.in_one.endswith("This question is no longer open.")
    batch.refresh_from_db()
    assert (batch.state, batch.answers) == ("dropped", {})


def test_rows_answered_after_the_first_yes_wait_for_another(officer):
    batch = send_rows(officer, "Kenya,A (2015),analysis", "Kenya,B (2015),Conference")
    act(officer, batch, "take")
    give(officer, batch, "kind:conference", "analysis")
    carry_on_imports()

    assert [one.title_en for one in Activity.objects.all()] == ["A"]
    act(officer, batch, "take")
    assert sorted(one.title_en for one in Activity.objects.all()) == ["A", "B"]
