"""Texts of the catalogue: kept in three languages, filled in for the case, edited before they are
sent."""

from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from outbox.models import Message
from requests_app.models import Reason, RequestState, SupportRequest, Use
from requests_app.timeline import about_request
from tests import make
from tests.reading_pages import page, signed_in
from workflow.executor import perform

pytestmark = pytest.mark.django_db


@pytest.fixture
def reply() -> Reason:
    return Reason.objects.create(
        key="received",
        use=Use.REPLY,
        name_en="Being looked at",
        name_fr="Examen en cours",
        name_es="En examen",
        text_en="We look at {reference} of {party}: {support}. {unknown}",
        text_fr="Nous examinons {reference} ({party}, {support}).",
    )


def act(case: Any, action: str) -> str:
    return reverse("admin:requests_app_supportrequest_act", args=[case.pk, action])


def test_a_chosen_text_is_filled_in_and_everything_else_stays_as_it_was_typed(
    officer: Client, reply: Reason
) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    typed = {"subject": "Ports", "standard": reply.key, "text": "", "fill": "text"}
    page = officer.post(act(case, "ask"), {"version": case.version, **typed})
    form = page.context["form"]
    assert (page.status_code, dict(form.errors)) == (200, {})
    assert form["text"].value() == (
        f"We look at {case.reference} of Kenya: Basic training. {{unknown}}"
    )
    assert (form["subject"].value(), form["standard"].value()) == ("Ports", reply.key)
    case.refresh_from_db()
    assert not case.threads.exists()


def test_the_text_is_in_the_language_of_the_request_and_else_in_english(
    browse: Any, reply: Reason
) -> None:
    spanish_reader = browse(make.lead("es"))
    for language, begins in (("fr", "Nous examinons ICCWC"), ("es", "We look at ICCWC")):
        case = make.request_in(RequestState.IN_REVIEW)
        SupportRequest.objects.filter(pk=case.pk).update(language=language)
        data = {"version": case.version, "standard": reply.key, "fill": "advice"}
        page = spanish_reader.post(act(case, "advise"), data)
        assert page.context["form"]["advice"].value().startswith(begins)


def test_what_is_sent_is_what_then_stands_in_the_box(officer: Client, reply: Reason) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    data = {"version": case.version, "standard": reply.key, "advice": "My own words."}
    assert officer.post(act(case, "advise"), data).status_code == 302
    mail = Message.objects.filter(event__kind="requests.advise").latest("pk").text
    assert ("My own words." in mail, "We look at" in mail, reply.name in mail) == (
        True, False, False
    )  # fmt: skip


@pytest.mark.parametrize("chosen", ["", "nonsense", "outside_mandate"])
def test_without_a_choice_nothing_is_replaced(officer: Client, reply: Reason, chosen: str) -> None:
    make.reason()  # is for declining
    case = make.request_in(RequestState.IN_REVIEW)
    data = {"version": case.version, "standard": chosen, "advice": "Mine.", "fill": "advice"}
    form = officer.post(act(case, "advise"), data).context["form"]
    assert form.errors == {"standard": ["Choose a text first."]}
    assert form["advice"].value() == "Mine."


@pytest.mark.parametrize("box", ["nonsense", "version", "standard", ""])
def test_a_button_that_is_none_of_ours_fills_nothing(
    officer: Client, reply: Reason, box: str
) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    data = {"version": case.version, "standard": reply.key, "advice": "Mine.", "fill": box}
    page = officer.post(act(case, "advise"), data)
    assert (page.status_code, page.context["form"]["advice"].value()) == (200, "Mine.")
    assert not Message.objects.filter(event__kind="requests.advise").exists()


def test_who_may_not_act_is_shown_no_text(auditor: Client, reply: Reason) -> None:
    case = make.request_in(RequestState.IN_REVIEW)
    data = {"version": case.version, "standard": reply.key, "fill": "advice"}
    page = auditor.post(act(case, "advise"), data)
    assert page.status_code == 403
    assert "We look at" not in page.content.decode()


# ── keeping the catalogue ────────────────────────────────────────────────────────────────────


def entry(**changed: str) -> dict[str, str]:
    names = {f"name_{language}": "Name" for language in ("en", "fr", "es")}
    return {"key": "new", "use": "reply", "position": "1", "is_offered": "on", **names, **changed}


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("Dear {name}", "{name}"),
        ("{reference", "{reference"),
        ("Set { of things", "{ of things"),
        ("a } b", "}"),
        ("{{party}}", "{}"),
        ("{party.name}", "{party.name}"),
    ],
)
def test_what_cannot_be_filled_in_is_refused_when_it_is_written(
    officer: Client, text: str, part: str
) -> None:
    add = reverse("admin:requests_app_reason_add")
    page = officer.post(add, entry(text_fr=text))
    assert page.context["adminform"].form.errors == {
        "text_fr": [
            f"“{part}” cannot be filled in. Use {{reference}}, {{party}}, {{support}}, "
            "with both braces."
        ]
    }
    assert officer.post(add, entry(text_fr="{party}: {reference}")).status_code == 302


def test_the_list_is_narrowed_by_use_and_auditors_change_nothing(
    officer: Client, auditor: Client, reply: Reason
) -> None:
    make.reason()
    listed = officer.get(reverse("admin:requests_app_reason_changelist"), {"use__exact": "reply"})
    assert [one.key for one in listed.context["cl"].result_list] == ["received"]
    change = reverse("admin:requests_app_reason_change", args=[reply.pk])
    assert auditor.get(change).status_code == 200
    assert auditor.post(change, entry(text_en="Mine.")).status_code == 403


def test_every_text_of_the_reference_data_is_whole_in_three_languages(officer: Client) -> None:
    call_command("load_reference")
    case = make.request_in(RequestState.IN_REVIEW)
    rows = list(Reason.objects.all())
    assert {one.use for one in rows} == set(Use.values)
    for language in ("en", "fr", "es"):
        SupportRequest.objects.filter(pk=case.pk).update(language=language)
        case.refresh_from_db()
        texts = {one.key: one.text_for(case) for one in rows}
        assert [key for key, text in texts.items() if not text or "{" in text] == []
        assert all(getattr(one, f"text_{language}") for one in rows)


def test_a_country_reads_the_reason_it_is_given_and_not_which_reply_a_text_began_with(
    reply: Reason,
) -> None:
    focal, officer = make.focal_point(), make.the_officer()
    names = {f"name_{code}": "The letter is not signed" for code in ("en", "fr", "es")}
    reason = Reason.objects.create(key="unsigned", use=Use.RETURN, **names)
    case = make.request_in(RequestState.IN_REVIEW, by=focal)
    perform("advise", case, by=officer, data={"advice": "Please wait.", "standard": reply})
    perform("return", case, by=officer, data={"to_correct": "Sign it.", "standard": reason})
    read = page(signed_in(focal).get(case.get_absolute_url()))
    assert "The letter is not signed" in read
    assert "Please wait." in read
    assert "Being looked at" not in read
    said = {event.kind: event.changes for event in about_request(case, focal)}
    assert said["requests.return"]["standard"] == "unsigned"
    assert "standard" not in said["requests.advise"]
