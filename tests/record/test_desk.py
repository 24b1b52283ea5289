"""Keeping the record on the desk: who edits, what is refused, what stays in the history."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from history.models import Event
from history.verify import first_break
from partners.models import PartyAlias
from record.models import Activity, GlobalMeeting, Operation
from tests import make
from tests.reading_pages import page, signed_in
from tests.record.at_desk import faults, opened, page_of, sent, sent_with

pytestmark = pytest.mark.django_db

KINDS = (
    make.activity,
    make.document,
    make.global_meeting,
    make.operation,
    make.recognition,
)


@pytest.fixture
def officer() -> Client:
    return signed_in(make.the_officer())


def new(browser: Client, model: type[Any], **said: Any) -> Any:
    """The answer to a form for a new record, as it is offered but for what is said."""
    address = page_of(model, "add")
    return browser.post(address, sent_with(browser.get(address)) | said)


def messages_of(answer: Any) -> list[str]:
    return [str(one) for one in answer.context["messages"]]


# ── who ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("maker", KINDS)
def test_officers_and_leads_edit_auditors_read_and_nobody_else_gets_in(maker: Any) -> None:
    draft = maker("draft", editors_note="SECRET note")
    people = {
        "lead": make.lead(), "officer": make.officer(), "auditor": make.auditor(),
        "focal point": make.focal_point(), "agency": make.agency_officer(),
    }  # fmt: skip
    seen = {}
    for name, person in people.items():
        browser = signed_in(person)
        answers = [browser.get(page_of(draft, where)) for where in ("changelist", "change", "add")]
        written = browser.post(page_of(draft), {"editors_note": "Mine."})
        acted = browser.post(action(draft, "publish"), {"version": draft.version})
        seen[name] = [one.status_code for one in (*answers, written, acted)]
        if name in {"focal point", "agency"}:
            assert not any("SECRET" in one.content.decode() for one in answers)
        draft.refresh_from_db()
        if name in {"lead", "officer"}:
            assert draft.state == "published"
            draft = maker("draft", editors_note="SECRET note")
    assert seen == {
        "lead": [200, 200, 200, 200, 302],
        "officer": [200, 200, 200, 200, 302],
        "auditor": [200, 200, 403, 403, 403],
        "focal point": [302] * 5,
        "agency": [302] * 5,
    }
    assert (draft.state, draft.editors_note) == ("draft", "SECRET note")


def action(row: Any, name: str) -> str:
    where = f"admin:{row._meta.app_label}_{row._meta.model_name}_act"
    return reverse(where, args=[row.pk, name])


@pytest.mark.parametrize("maker", KINDS)
def test_a_draft_goes_its_way_by_the_buttons_above_its_form(maker: Any, officer: Client) -> None:
    draft = maker("draft")
    buttons = []
    for name, said in (("publish", {}), ("withdraw", {"reason": "Wrong."}), ("revise", {})):
        shown = officer.get(page_of(draft))
        buttons.append([str(words) for _url, words in shown.context["desk_links"]])
        draft.refresh_from_db()
        answer = officer.post(action(draft, name), {"version": draft.version, **said})
        assert (answer.status_code, answer["Location"]) == (302, page_of(draft))
    assert buttons == [
        ["Preview", "Publish"],
        ["Read it on the portal", "Withdraw"],
        ["Preview", "Make it a draft again"],
    ]


def test_a_moment_typed_badly_comes_back_with_its_sentence(officer: Client) -> None:
    draft = make.activity("draft")
    answer = officer.post(action(draft, "publish"), {"version": 0, "publish_at": "next Monday"})
    assert answer.status_code == 200
    assert "Give a day and a time such as 2026-12-01 09:00." in page(answer)
    assert answer.context["form"]["publish_at"].value() == "next Monday"


def test_an_action_that_there_is_not_has_no_page(officer: Client) -> None:
    assert officer.get(action(make.activity(), "explode")).status_code == 404


# ── preview ──────────────────────────────────────────────────────────────────────────────────


def test_a_preview_is_the_page_itself_for_the_secretariat_alone() -> None:
    later = "2037-12-01 09:00"
    rows = {"draft": make.activity("draft"), "waiting": make.activity(publish_at=later)}
    readers = {
        "auditor": signed_in(make.auditor()), "public": Client(),
        "focal point": signed_in(make.focal_point()), "agency": signed_in(make.agency_officer()),
    }  # fmt: skip
    statuses = {
        name: [browser.get(f"/activities/{row.slug}/").status_code for row in rows.values()]
        for name, browser in readers.items()
    }
    assert statuses == {
        "auditor": [200, 200], "public": [404, 404],
        "focal point": [404, 404], "agency": [404, 404],
    }  # fmt: skip
    said = [page(readers["auditor"].get(f"/activities/{row.slug}/")) for row in rows.values()]
    assert "Preview: only the Secretariat can read this page." in said[0]
    assert "Preview: this page will be public from 1 December 2037, 09:00 (Geneva)." in said[1]


# ── what is typed ────────────────────────────────────────────────────────────────────────────


def test_an_address_is_made_of_the_title_and_is_nobody_elses(officer: Client) -> None:
    said = {"kind": "capacity", "title_en": "Ateliers à Nouméa: côte & forêt"}
    for _twice in range(2):
        assert new(officer, Activity, **said).status_code == 302
    nameless = new(officer, Activity, **said | {"title_en": "…"})
    assert nameless.status_code == 302
    slugs = list(Activity.objects.order_by("pk").values_list("slug", flat=True))
    assert slugs == ["ateliers-a-noumea-cote-foret", "ateliers-a-noumea-cote-foret-2", "activity"]


def test_markup_in_a_title_is_no_part_of_its_address(officer: Client) -> None:
    assert new(officer, Activity, kind="capacity", title_en="Rev <b>title</b>").status_code == 302
    assert Activity.objects.get().slug == "rev-title"


@pytest.mark.parametrize("maker", [*KINDS, make.news_item])
def test_who_publishes_reads_whether_it_is_public_now_or_from_when(
    officer: Client, maker: Any
) -> None:
    now, later = maker("draft"), maker("draft")
    to_come = {"version": later.version, "publish_at": "2037-12-01 09:00"}
    said = [
        messages_of(officer.post(action(row, "publish"), data, follow=True))
        for row, data in ((now, {"version": now.version}), (later, to_come))
    ]
    later.refresh_from_db()
    sooner = {"version": later.version, "publish_at": "2036-12-01 09:00"}
    said.append(messages_of(officer.post(action(later, "reschedule"), sooner, follow=True)))
    assert said == [
        ["Published."],
        ["Will be public from 1 December 2037, 09:00 (Geneva)."],
        ["Will be public from 1 December 2036, 09:00 (Geneva)."],
    ]


def test_a_meeting_is_addressed_by_its_number_and_place(officer: Client) -> None:
    assert new(officer, GlobalMeeting, number="5", place="Samarkand").status_code == 302
    assert GlobalMeeting.objects.get().slug == "5-samarkand"


def test_an_address_that_is_taken_is_refused_and_nothing_typed_is_lost(officer: Client) -> None:
    make.activity(slug="training")
    answer = new(officer, Activity, kind="capacity", title_en="Training", slug="training")
    assert faults(answer) == {"slug": ["Activity with this Address already exists."]}
    assert sent_with(answer)["title_en"] == "Training"


def test_what_others_link_to_keeps_its_address(officer: Client) -> None:
    public, draft = make.activity(slug="here"), make.activity("draft", slug="there")
    for row in (public, draft):
        assert sent(officer, row, opened(officer, row) | {"slug": "elsewhere"}).status_code == 302
    slugs = set(Activity.objects.values_list("slug", flat=True))
    assert slugs == {"here", "elsewhere"}


def test_a_published_record_keeps_its_source_and_a_draft_need_not(officer: Client) -> None:
    public, draft = make.recognition(), make.recognition("draft")
    assert sent(officer, draft, opened(officer, draft) | {"source": ""}).status_code == 302
    answer = sent(officer, public, opened(officer, public) | {"source": " ", "place": "Doha"})
    assert faults(answer) == {
        "source": ["Name the source: nothing is shown to the public without one."]
    }
    assert sent_with(answer)["place"] == "Doha"
    public.refresh_from_db()
    assert (public.source, public.place) == ("CITES SC66 Inf. 9", "")


@pytest.mark.parametrize(
    ("said", "sentences"),
    [
        ({"starts_on": "2017-03-01", "ends_on": "2016-05-01"}, ["This lies before the beginning."]),
        ({"starts_on": "soon"}, None),
        ({"starts_on": "2016-12-31", "precision": "year", "ends_on": "2016-05-01"}, []),
    ],
)
def test_an_end_before_the_beginning_is_named(officer: Client, said: Any, sentences: Any) -> None:
    draft = make.operation("draft", starts_on=None, ends_on=None)
    answer = sent(officer, draft, opened(officer, draft) | said)
    if sentences == []:
        assert answer.status_code == 302
        return
    found = faults(answer)
    assert found["ends_on"] == sentences if sentences else list(found) == ["starts_on"]


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ({"party": "vietnam"}, "Viet Nam"),
        ({"party": "KEN", "name": "Mombasa"}, "Mombasa, Kenya"),
        ({"name": "Hong Kong SAR"}, "Hong Kong SAR"),
        ({"party": "Kenia"}, ["No Party is called “Kenia”. Is one of these meant: Kenya?"]),
        ({"party": "Atlantis"}, ["No Party is called “Atlantis”. Choose one from the list."]),
        ({"latitude": "1.5"}, ["Name a Party or a place."]),
        ({"party": "KEN", "latitude": "1.5"}, ["Give both latitude and longitude, or neither."]),
        (
            {"party": "KEN", "latitude": "95", "longitude": "12"},
            ["Ensure this value is less than or equal to 90."],
        ),
    ],
)
def test_a_place_is_a_party_in_any_spelling_or_named(
    officer: Client, place: dict[str, str], found: Any
) -> None:
    draft = make.activity("draft")
    for code in ("KEN", "VNM"):
        make.party(code)
    PartyAlias.objects.create(party=make.party("VNM"), written="Vietnam", spelling="vietnam")
    typed = {f"places-0-{name}": value for name, value in place.items()}
    answer = sent(officer, draft, opened(officer, draft) | typed)
    if isinstance(found, str):
        assert (answer.status_code, str(draft.places.get())) == (302, found)
        return
    assert [sentence for said in faults(answer).values() for sentence in said][
        : len(found)
    ] == found
    assert {name: sent_with(answer)[name] for name in typed} == typed
    assert not draft.places.exists()


# ── languages ────────────────────────────────────────────────────────────────────────────────


def test_what_is_not_translated_is_marked_at_its_field_and_in_the_list(officer: Client) -> None:
    half = make.recognition(title_fr="Lutte", body_fr="Assemblée générale", body_es="Asamblea")
    make.recognition(
        title_fr="Lutte", title_es="Lucha", body_fr="Assemblée générale", body_es="Asamblea"
    )
    html = officer.get(page_of(half)).content.decode()
    assert html.count("Not translated: readers get the English text.") == 1
    assert 'lang="es"' in html
    listed = officer.get(page_of(half, "changelist"))
    assert listed.content.decode().count('<span class="untranslated">Spanish</span>') == 1


@pytest.mark.parametrize(("language", "found"), [("fr", 0), ("es", 1), ("de", 2)])
def test_a_list_shows_what_is_not_translated_into_one_language(
    officer: Client, language: str, found: int
) -> None:
    half = make.recognition(title_fr="Lutte", body_fr="Assemblée générale", body_es="Asamblea")
    make.recognition(
        title_fr="Lutte", title_es="Lucha", body_fr="Assemblée générale", body_es="Asamblea"
    )
    listed = officer.get(page_of(half, "changelist"), {"untranslated": language})
    assert len(listed.context["cl"].result_list) == found


# ── history ──────────────────────────────────────────────────────────────────────────────────


def test_the_history_tells_who_changed_which_field_and_which_row(officer: Client) -> None:
    operation = make.operation(title_en="Operation COBRA")
    figure = {
        "measure": "arrests", "number": "139", "effective_on": "2015-06-18", "source": "Release",
    }  # fmt: skip
    typed = {f"figures-0-{name}": value for name, value in figure.items()}
    assert sent(officer, operation, opened(officer, operation) | typed).status_code == 302
    removed = {"title_en": "Operation COBRA III", "figures-0-DELETE": "on"}
    assert sent(officer, operation, opened(officer, operation) | removed).status_code == 302
    events = list(Event.objects.about(operation).order_by("pk"))
    line = "arrests · 139 · Release"
    assert [event.kind for event in events] == [
        "operations.publish", "desk.changed", "desk.changed",
    ]  # fmt: skip
    (before, after) = events[1].changes["operationfigure"]
    assert (before, len(after), set(line.split(" · ")) <= set(after[0].split(" · "))) == (
        [],
        1,
        True,
    )
    assert events[2].changes == {
        "title_en": ["Operation COBRA", "Operation COBRA III"],
        "operationfigure": [after, []],
    }
    said = page(officer.get(page_of(operation, "history")))
    assert "Operation COBRA III" in said
    assert "Officer, CITES" in said
    assert not Operation.objects.get().figures.exists()
    assert first_break() is None


def test_a_form_sent_without_a_change_leaves_no_trace(officer: Client) -> None:
    for maker in KINDS:
        row = maker("draft")
        assert sent(officer, row, opened(officer, row)).status_code == 302
        assert not Event.objects.about(row).exists()
