"""Assessments of a Party: made by its people, confidential, frozen on submission."""

import io
from copy import copy
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core import serializers
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from history.models import Event
from outbox.models import Message
from tests import make
from tests.reading_pages import errors_at, page, signed_in, table_rows, timeline
from tests.toolkit import instruments
from toolkit import assessing
from toolkit.framework.score_import import COLUMNS
from toolkit.framework.template import workbook
from toolkit.models import Assessment, Score
from toolkit.timeline import events_visible_to
from workflow.executor import allowed_actions, perform
from workflow.guard import StateIsProtected

pytestmark = pytest.mark.django_db
SECRET, CONTACT = "REMARK-OF-KENYA-5", "CONTACT-OF-KENYA-3"


def at(one: Assessment, name: str = "country_assessment", *more: Any) -> str:
    return reverse(name, args=[one.party.code.lower(), one.pk, *more])


def of_kenya(name: str) -> str:
    return reverse(name, args=["ken"])


def head(**said: str) -> dict[str, str]:
    return {
        "instrument": "indicator_framework",
        "edition": "exercise",
        "held_on": "2024-05-20",
        "precision": "month",
        "national_bodies": "Customs",
        "contact_person": "Head of unit",
        "contact_details": "unit@example.org",
        "lead_agency": "UNODC",
        "implementation": "",
        "version": "0",
        **said,
    }


# ── writing one ──────────────────────────────────────────────────────────────────────────────


def test_a_contributor_begins_one_answers_it_in_sittings_and_the_focal_point_submits_it():
    edition = instruments.edition()
    make.agency("UNODC"), make.the_officer()
    writer, focal = signed_in(make.contributor()), signed_in(make.focal_point())
    answer = writer.post(of_kenya("country_assessment_begin"), head())
    one = Assessment.objects.get()
    assert answer["Location"] == at(one)
    assert (one.edition, one.held_on, one.precision) == (edition, date(2024, 5, 31), "month")
    assert (one.state, one.lead_agency.code, one.contact_person) == (
        "draft",
        "UNODC",
        "Head of unit",
    )

    first = at(one, "country_assessment_scores", 1)  # EA 1, 9, 25, 33, 41, 49; PA 17
    sent = {"score_1": "3", "words_1": "Since 2022.", "score_17": "0", "score_9": ""}
    assert writer.post(first, sent)["Location"] == at(one, "country_assessment_scores", 2)
    assert writer.post(first, {**sent, "score_9": "1", "leave": "1"})["Location"] == at(one)
    stored = {n: (s.value, s.words) for n, s in assessing.answers_of(one).items()}
    assert stored == {1: (3, "Since 2022."), 9: (1, ""), 17: (0, "")}
    assert "3 of 50 answered" in page(writer.get(at(one)))
    assert "3: Exercise answer 3" in page(writer.get(at(one)))

    submit = at(one, "country_assessment_action", "submit")
    one.refresh_from_db()
    assert writer.post(submit, {"version": one.version}).status_code == 403
    refused = focal.post(submit, {"version": one.version, "not_assessed": ""})
    assert "47 indicators have no answer: 2, 3, 4, 5" in " ".join(
        errors_at(refused)["not_assessed"]
    )
    done = focal.post(submit, {"version": one.version, "not_assessed": "A first sitting."})
    assert done.status_code == 302
    one.refresh_from_db()
    assert one.state == "submitted"
    said = Event.objects.about(one).last().changes
    assert said["scores"] == {
        "1": {"value": 3, "words": "Since 2022."},
        "9": {"value": 1, "words": ""},
        "17": {"value": 0, "words": ""},
    }
    assert (said["edition"], said["not_assessed"]) == ("exercise", "A first sitting.")
    assert "Head of unit" not in str(said)
    assert timeline(focal.get(at(one))) == [
        "Submitted", "Indicators answered", "Indicators answered", "Assessment begun",
    ]  # fmt: skip


def test_a_head_with_faults_comes_back_with_all_that_was_typed():
    instruments.edition()
    make.agency("UNODC")
    focal = signed_in(make.focal_point())
    for wrong, field, sentence in (
        ({"held_on": "2099-01-01"}, "held_on", "Give a date between"),
        ({"held_on": "20/05/2024"}, "held_on", "Give the date as year-month-day"),
        ({"edition": ""}, "edition", "Choose the edition of the Indicator Framework"),
        ({"instrument": "toolkit"}, "edition", "The Toolkit alone has no edition"),
        ({"national_bodies": "x" * 501}, "national_bodies", "Use at most 500 characters"),
    ):
        answer = focal.post(of_kenya("country_assessment_begin"), head(**wrong))
        assert answer.status_code == 200
        assert sentence in " ".join(errors_at(answer)[field])
        assert "unit@example.org" in answer.content.decode()
    assert not Assessment.objects.exists()


def test_the_edition_stays_once_indicators_are_answered():
    one = instruments.draft()
    instruments.edition("second")
    instruments.answer(one, {1: (2, "")})
    focal = signed_in(make.focal_point())
    one.refresh_from_db()
    edit = at(one, "country_assessment_action", "edit")
    answer = focal.post(edit, head(edition="second", lead_agency="", version=str(one.version)))
    assert "Indicators have been answered" in " ".join(errors_at(answer)["edition"])


def test_an_answer_that_is_none_of_the_indicators_kind_is_refused_and_the_rest_is_kept():
    one = instruments.draft()
    focal = signed_in(make.focal_point())
    answer = focal.post(
        at(one, "country_assessment_scores", 1),
        {"score_1": "3", "score_17": "2", "words_1": "Kept.", "words_9": "y" * 2001},
    )
    assert answer.status_code == 200
    assert errors_at(answer)["score_17"] == ["Choose one of the answers."]
    assert "at most 2000 characters" in " ".join(errors_at(answer)["words_9"])
    assert "Kept." in answer.content.decode()
    assert not Score.objects.exists()


def test_answers_of_a_colleague_are_not_overwritten_unseen():
    one = instruments.draft()
    focal, where = signed_in(make.focal_point()), at(one, "country_assessment_scores", 1)
    seen = focal.get(where).context["seen"]
    instruments.answer(one, {1: (1, "A colleague wrote this.")})
    late = {"score_1": "3", "words_1": "Mine.", "seen": seen}
    answer = focal.post(where, late)
    assert answer.status_code == 409
    assert "A colleague wrote this." in page(answer)
    assert "Mine." in answer.content.decode()
    assert assessing.answers_of(one)[1].value == 1
    again = focal.post(where, {**late, "seen": answer.context["seen"]})
    assert again.status_code == 302
    assert (assessing.answers_of(one)[1].value, assessing.answers_of(one)[1].words) == (3, "Mine.")


def test_another_outcome_of_a_colleague_is_no_conflict():
    one = instruments.draft()
    focal, where = signed_in(make.focal_point()), at(one, "country_assessment_scores", 1)
    seen = focal.get(where).context["seen"]
    instruments.answer(one, {2: (1, "")})
    assert focal.post(where, {"score_1": "3", "seen": seen}).status_code == 302
    assert set(assessing.answers_of(one)) == {1, 2}


def test_what_was_typed_for_an_assessment_that_was_submitted_meanwhile_is_shown():
    one = instruments.submitted()
    focal = signed_in(make.focal_point())
    before = table_of_scores()
    where = at(one, "country_assessment_scores", 1)
    answer = focal.post(where, {"score_1": "0", "words_1": "Too late."})
    assert answer.status_code == 409
    assert "Too late." in page(answer)
    assert table_of_scores() == before
    assert focal.get(where).status_code == 409


def test_without_the_official_titles_the_page_says_so_and_the_toolkit_alone_can_be_entered():
    focal = signed_in(make.focal_point())
    assert "official titles have to be loaded" in page(
        focal.get(of_kenya("country_assessment_begin"))
    )
    sent = head(instrument="toolkit", edition="", lead_agency="")
    assert focal.post(of_kenya("country_assessment_begin"), sent).status_code == 302
    one = Assessment.objects.get()
    assert [action.action for action in allowed_actions(one, make.the_officer())] == []
    submit = at(one, "country_assessment_action", "submit")
    assert focal.post(submit, {"version": one.version}).status_code == 302


# ── from a workbook ──────────────────────────────────────────────────────────────────────────


def filled_in(one: Assessment, **cells: dict[str, Any]) -> SimpleUploadedFile:
    """The template of the assessment as its country downloads it, with some cells filled in."""
    rows = []
    for number in range(1, 51):
        row = {"number": number, "title": f"Exercise indicator {number}"}
        rows.append(row | cells.get(f"i{number}", {}))
    return SimpleUploadedFile("answers.xlsx", workbook(COLUMNS, rows, "Answers, edition exercise"))


def test_answers_come_from_a_workbook_looked_through_first_all_of_them_or_none():
    one = instruments.draft()
    instruments.answer(one, {2: (3, "Stays unless the file says otherwise.")})
    focal, where = signed_in(make.focal_point()), at(one, "country_assessment_import")
    wrong = filled_in(one, i1={"score": "4"}, i3={"score": "2"}, i50={"score": "1"})
    answer = focal.post(where, {"file": wrong})
    assert answer.status_code == 400
    assert [row[:2] + row[3:] for row in table_rows(answer, "import-problems")] == [
        ["3", "Score", "Write 0, 1, 2 or 3; of a document: present or absent."],
        ["5", "Score", "A PA indicator is present or absent."],
        ["52", "Score", "A DA indicator has no score: write the data under “Remark or data”."],
    ]
    right = filled_in(
        one, i1={"score": "2", "words": "=1+1"}, i3={"score": "present"}, i50={"words": "Forty."}
    )
    looked = focal.get(focal.post(where, {"file": right})["Location"])
    assert set(assessing.answers_of(one)) == {2}
    done = focal.post(where, {"confirm": looked.context["kept"].pk})
    assert done["Location"] == at(one)
    stored = {n: (s.value, s.words) for n, s in assessing.answers_of(one).items()}
    assert stored == {1: (2, "=1+1"), 3: (1, ""), 50: (None, "Forty.")}


def test_a_file_replaces_nothing_that_a_colleague_stored_since_it_was_read():
    one, colleague = instruments.draft(), make.contributor()
    focal, where = signed_in(make.focal_point()), at(one, "country_assessment_import")
    read = focal.post(where, {"file": filled_in(one, i1={"score": "2"})})["Location"]
    looked = focal.get(read)
    scores = {"1": {"mark": "3", "text": "Mine."}}
    perform("score", one, by=colleague, data={"scores": scores})
    answer = focal.post(where, {"confirm": looked.context["kept"].pk})
    assert answer.status_code == 409
    assert "A colleague has changed this assessment" in page(answer)
    assert assessing.answers_of(one)[1].value == 3


def test_the_workbook_holds_what_is_answered_and_one_of_another_edition_is_refused():
    one, other = instruments.draft(), instruments.draft(of_edition=instruments.edition("second"))
    instruments.answer(one, {1: (2, "Kept.")})
    focal = signed_in(make.focal_point())
    content = focal.get(at(one, "country_assessment_workbook")).content
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    assert [cell.value for cell in sheet[3]] == [1, "Exercise indicator 1", "EA", 2, "Kept."]
    sent = {"file": SimpleUploadedFile("answers.xlsx", content)}
    answer = focal.post(at(other, "country_assessment_import"), sent)
    assert answer.status_code == 400
    assert "edition “Answers, edition exercise”" in page(answer)
    submitted = instruments.submitted()
    for name in ("country_assessment_import", "country_assessment_workbook"):
        assert focal.get(at(submitted, name)).status_code == 404
        assert signed_in(make.party_viewer()).get(at(one, name)).status_code == 404
        assert signed_in(make.the_officer()).get(at(one, name)).status_code == 404


# ── frozen ───────────────────────────────────────────────────────────────────────────────────


def table_of_scores() -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM toolkit_score ORDER BY id")
        return cursor.fetchall()


def ways_to_change(score: Score, other: Assessment) -> dict[str, Any]:
    def changed(**values: Any) -> Score:
        another = copy(score)
        for name, value in values.items():
            setattr(another, name, value)
        return another

    def from_a_fixture() -> None:
        written = serializers.serialize("json", [changed(value=0)])
        for one in serializers.deserialize("json", written):
            one.save()

    new = {"assessment": other, "indicator": score.indicator, "value": 3, "words": ""}
    mine = Score.objects.filter(pk=score.pk)
    upsert = {"update_conflicts": True, "update_fields": ["value"], "unique_fields": ["id"]}
    return {
        "save": lambda: changed(value=0).save(),
        "save one field": lambda: changed(words="x").save(update_fields=["words"]),
        "save under another assessment": (
            lambda: changed(assessment=other).save(update_fields=["assessment"])
        ),
        "update": lambda: mine.update(value=0),
        "update of the base manager": lambda: Score._base_manager.filter().update(words="x"),
        "move": lambda: Score._base_manager.filter(pk=score.pk).update(assessment=other),
        "bulk_update": lambda: Score.objects.bulk_update([changed(value=0)], ["value"]),
        "upsert": lambda: Score.objects.bulk_create([changed(value=0)], **upsert),
        "a fixture": from_a_fixture,
        "create": lambda: Score.objects.create(**new),
        "bulk_create": lambda: Score.objects.bulk_create([Score(**new)]),
        "delete": lambda: copy(score).delete(),
        "delete of a queryset": lambda: mine.delete(),
    }


def test_nothing_changes_scores_but_the_workflow():
    one, other = instruments.submitted(), instruments.draft(of=make.party("VNM"))
    before = table_of_scores()
    assert len(before) == 50
    for name, way in ways_to_change(one.scores.first(), other).items():
        with pytest.raises(StateIsProtected), transaction.atomic():
            way()
        assert table_of_scores() == before, name


def test_after_submission_no_action_is_left_but_whether_its_date_is_public():
    one, focal, officer = instruments.submitted(), make.focal_point(), make.the_officer()
    assert [each.action for each in allowed_actions(one, focal)] == ["disclose"]
    assert allowed_actions(one, officer) == []
    for action in ("edit", "discard", "submit"):
        where = at(one, "country_assessment_action", action)
        assert signed_in(focal).post(where, {"version": one.version}).status_code == 409


def test_a_discarded_draft_stays_for_its_country_and_is_not_taken_up_again():
    one, focal = instruments.draft(), make.focal_point()
    perform("discard", one, by=focal)
    assert allowed_actions(one, focal) == []
    assert signed_in(focal).get(at(one)).status_code == 200
    assert signed_in(make.the_lead()).get(at(one)).status_code == 404


# ── who may do what, and read what ───────────────────────────────────────────────────────────


def everybody() -> dict[str, Any]:
    interpol, wco = make.agency("INTERPOL"), make.agency("WCO")
    focal = make.focal_point()
    return {
        "focal point": focal,
        "deputy": make.deputy(focal),
        "contributor": make.contributor(),
        "viewer": make.party_viewer(),
        "other country": make.focal_point(make.party("VNM")),
        "lead agency": make.agency_officer(interpol),
        "viewer of the lead agency": make.agency_viewer(interpol),
        "other agency": make.agency_officer(wco),
        "officer": make.the_officer(),
        "lead": make.the_lead(),
        "auditor": make.auditor(),
        "key of the lead agency": make.api_key(interpol)[0],
        "stranger": make.person(),
    }


COUNTRY = {"focal point", "deputy", "contributor", "viewer"}
INSIDE_LATER = {
    "lead agency", "viewer of the lead agency", "officer", "lead", "auditor",
    "key of the lead agency",
}  # fmt: skip


def test_the_matrix_of_actions():
    people = everybody()
    lead = make.agency("INTERPOL")
    of_state = {
        "draft": instruments.draft(lead_agency=lead),
        "submitted": instruments.submitted(lead_agency=lead),
        "public": instruments.submitted(lead_agency=lead),
        "discarded": instruments.draft(lead_agency=lead),
    }
    perform("disclose", of_state["public"], by=people["focal point"])
    perform("discard", of_state["discarded"], by=people["focal point"])
    found = {
        (name, state): [each.action for each in allowed_actions(one, actor)]
        for name, actor in people.items()
        for state, one in of_state.items()
    }
    expected: dict[tuple[str, str], list[str]] = dict.fromkeys(found, [])
    for name in ("focal point", "deputy"):
        expected[name, "draft"] = ["score", "edit", "submit", "discard"]
        expected[name, "submitted"] = ["disclose"]
        expected[name, "public"] = ["undisclose"]
    expected["contributor", "draft"] = ["score", "edit", "discard"]
    assert found == expected


def readers(one: Assessment, people: dict[str, Any]) -> set[str]:
    return {
        name
        for name, actor in people.items()
        if Assessment.objects.inside(actor).filter(pk=one.pk).exists()
    }


def test_a_draft_is_its_countrys_own_and_a_submitted_one_the_secretariats_and_lead_agencys_too():
    people = everybody()
    interpol = make.agency("INTERPOL")
    draft = instruments.draft(lead_agency=interpol, contact_person=CONTACT)
    instruments.answer(draft, {1: (3, SECRET)})
    sent = instruments.submitted(lead_agency=interpol, contact_person=CONTACT, on=date(2025, 6, 1))
    assert readers(draft, people) == COUNTRY
    assert readers(sent, people) == COUNTRY | INSIDE_LATER
    persons = {name: who for name, who in people.items() if name != "key of the lead agency"}
    for name, who in persons.items():
        browser = signed_in(who)
        for one, inside in ((draft, COUNTRY), (sent, COUNTRY | INSIDE_LATER)):
            pages = [
                at(one), at(one, "country_assessment_action", "submit"),
                at(one, "country_assessment_scores", 1),
            ]  # fmt: skip
            for where in pages:
                answer = browser.get(where)
                assert (answer.status_code == 404) == (name not in inside), (name, where)
                if name not in inside:
                    assert CONTACT not in answer.content.decode()
                    assert SECRET not in answer.content.decode()
        listed = browser.get(of_kenya("country_assessments"))
        seen = COUNTRY | INSIDE_LATER
        assert listed.status_code == (200 if name in seen else 404), name
        if name in INSIDE_LATER:
            assert [row[0] for row in table_rows(listed, "assessments")] == ["1 June 2025"]


def test_nobody_who_has_not_signed_in_sees_any_of_these_pages():
    one = instruments.submitted()
    perform("disclose", one, by=make.focal_point())
    for where in (
        at(one), of_kenya("country_assessments"), of_kenya("country_assessment_begin"),
        of_kenya("country_assessments_compare"), at(one, "country_assessment_scores", 1),
    ):  # fmt: skip
        answer = Client().get(where)
        assert answer.status_code == 302
        assert "/account/login/" in answer["Location"]


def test_the_feed_holds_assessments_for_those_inside_alone_also_where_the_date_is_public():
    people = everybody()
    interpol = make.agency("INTERPOL")
    draft = instruments.draft(lead_agency=interpol)
    sent = instruments.submitted(lead_agency=interpol)
    perform("disclose", sent, by=people["focal point"])

    def subjects(actor: Any) -> set[int]:
        of_it = events_visible_to(actor).filter(subject_type="toolkit.assessment")
        return set(of_it.values_list("subject_id", flat=True))

    expected = {name: set() for name in people} | {"nobody": set()}
    expected |= {name: {draft.pk, sent.pk} for name in COUNTRY}
    expected |= {name: {sent.pk} for name in INSIDE_LATER}
    assert {name: subjects(who) for name, who in {**people, "nobody": None}.items()} == expected


def test_the_desk_reads_no_event_of_a_draft():
    draft, sent = instruments.draft(), instruments.submitted()
    desk = signed_in(make.the_lead())
    shown = desk.get(reverse("admin:history_event_changelist")).context["cl"].result_list
    about = {one.subject_id for one in shown if one.subject_type == "toolkit.assessment"}
    assert about == {sent.pk}
    assert draft.pk not in about
    event = Event.objects.about(draft).first()
    answer = desk.get(reverse("admin:history_event_change", args=[event.pk]))
    assert answer.status_code == 302


# ── the bare fact ────────────────────────────────────────────────────────────────────────────


def test_disclosing_shows_date_instrument_and_lead_and_nothing_more_and_can_be_taken_back():
    focal, officer = make.focal_point(), make.the_officer()
    unodc = make.agency("UNODC")
    one = instruments.submitted(
        instrument="toolkit+indicator_framework", lead_agency=unodc, precision="month"
    )
    instruments.submitted(on=date(2023, 1, 1))
    party = make.party()
    assert assessing.public_of(party, None) == []
    assert assessing.disclosed_count() == 0
    perform("disclose", one, by=focal)
    (shown,) = assessing.public_of(party, None)
    assert (shown.when, shown.instrument, shown.is_joint, shown.lead_agency, shown.url) == (
        "May 2024", "Toolkit and Indicator Framework", True, unodc, "",
    )  # fmt: skip
    assert assessing.public_of(party, officer)[0].url == at(one)
    assert assessing.disclosed_count() == 1
    mail = Message.objects.filter(recipient=f"user:{officer.pk}").latest("pk")
    assert "has made public that it carried out" in mail.text
    assert "contact@example.org" not in mail.text
    one.refresh_from_db()
    where = at(one, "country_assessment_action", "undisclose")
    assert signed_in(focal).post(where, {"version": one.version, "note": ""}).status_code == 302
    assert assessing.public_of(party, None) == []


def test_submitting_tells_the_desk_and_the_lead_agency_and_no_mail_holds_an_answer():
    officer, unodc = make.the_officer(), make.agency_officer(make.agency("UNODC"))
    make.agency_officer(make.agency("WCO"))
    one = instruments.draft(lead_agency=make.agency("UNODC"), contact_person=CONTACT)
    instruments.answer(one, {**instruments.full(), 1: (3, SECRET)})
    perform("submit", one, by=make.focal_point(), data={"not_assessed": ""})
    mails = Message.objects.filter(subject__startswith="Assessment, Kenya")
    assert {mail.recipient for mail in mails} == {f"user:{officer.pk}", f"user:{unodc.pk}"}
    for mail in mails:
        assert at(one) in mail.text
        assert SECRET not in mail.text
        assert CONTACT not in mail.text


# ── queries ──────────────────────────────────────────────────────────────────────────────────


def test_the_lists_and_the_page_cost_the_same_however_many_there_are():
    focal = signed_in(make.focal_point())
    one = instruments.submitted()

    def counted(where: str) -> int:
        focal.get(where)
        with CaptureQueriesContext(connection) as captured:
            assert focal.get(where).status_code == 200
        return len(captured)

    pages = [of_kenya("country_assessments"), at(one), of_kenya("country_assessments_compare")]
    few = [counted(where) for where in pages]
    for year in range(2010, 2022):
        instruments.draft(on=date(year, 1, 1))
    assert [counted(where) for where in pages] == few
    assert max(few) <= 14
