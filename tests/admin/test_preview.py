"""What an action would send can be read before: it is exactly what is then sent."""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse

from history.models import Event
from outbox.models import Message
from requests_app.models import Note, Referral, RequestState, SupportRequest
from tests import make

pytestmark = pytest.mark.django_db


def page_of(case: SupportRequest, action: str) -> str:
    return reverse("admin:requests_app_supportrequest_act", args=[case.pk, action])


def everything() -> list[Any]:
    """All rows that an action could touch."""
    models = (SupportRequest, Referral, Event, Message, Note)
    return [list(model.objects.order_by("pk").values()) for model in models]


def as_mail(message: Message) -> tuple[str, ...]:
    return (message.address, message.language, message.subject, message.text)


REFER = {"agencies": ["INTERPOL", "WCO"], "note": "Please say whether you can help."}


@pytest.fixture
def case() -> SupportRequest:
    """Kenya's focal point reads French; INTERPOL's officer English, WCO's Spanish."""
    make.focal_point(language="fr")
    make.agency_officer(make.agency("INTERPOL"))
    make.agency_officer(make.agency("WCO"), language="es")
    return make.request_in(RequestState.IN_REVIEW)


def refer(browser: Client, case: SupportRequest, **more: Any) -> Any:
    due = make.in_a_month().isoformat()
    data = {"version": case.version, "answer_due_on": due, **REFER, **more}
    return browser.post(page_of(case, "refer"), data)


def test_a_preview_leaves_no_trace_and_is_what_is_then_sent(
    officer: Client, case: SupportRequest
) -> None:
    before = everything()
    page = refer(officer, case, preview="1")
    assert (page.status_code, everything()) == (200, before)
    previewed = [as_mail(one) for one in page.context["previewed"]]
    assert sorted(one[1] for one in previewed) == ["en", "es", "fr"]
    assert page.context["form"]["note"].value() == REFER["note"]

    last = before[3][-1]["id"]
    assert refer(officer, case).status_code == 302
    sent = list(Message.objects.filter(pk__gt=last).order_by("pk"))
    assert [as_mail(one) for one in sent] == previewed


def test_a_changed_text_is_seen_changed(officer: Client, case: SupportRequest) -> None:
    refer(officer, case, preview="1")
    page = refer(officer, case, preview="1", note="Please lead.")
    texts = [one.text for one in page.context["previewed"] if one.language != "fr"]
    assert [("Please lead." in text, REFER["note"] in text) for text in texts] == [
        (True, False)
    ] * 2


def test_what_is_missing_is_asked_for_before_there_is_anything_to_see(
    officer: Client, case: SupportRequest
) -> None:
    before = everything()
    page = refer(officer, case, preview="1", note=" ")
    assert (set(page.context["form"].errors), page.context["previewed"]) == ({"note"}, None)
    assert everything() == before


def test_an_action_that_tells_nobody_has_nothing_to_see(
    officer: Client, case: SupportRequest
) -> None:
    page = officer.get(page_of(case, "release"))
    assert 'name="preview"' not in page.content.decode()
    page = officer.post(page_of(case, "release"), {"version": case.version, "preview": "1"})
    assert page.context["previewed"] == []


def test_who_may_not_act_sees_no_preview(auditor: Client, case: SupportRequest) -> None:
    before = everything()
    page = refer(auditor, case, preview="1")
    assert (page.status_code, page.context["previewed"]) == (403, None)
    assert everything() == before


def test_a_file_is_never_stored_to_be_looked_at(browse: Any) -> None:
    country = make.focal_point()
    case = make.draft(country, support_key="wist", letter=False)
    make.submit(case, by=country)
    stored = default_storage.listdir("")
    data = {"version": case.version, "preview": "1", "letter": make.pdf()}
    address = reverse("requests:action", args=[case.handle, "send_letter"])
    assert browse(country).post(address, data).status_code == 302  # the portal has no preview
    assert case.attachments.count() == 1
    lead = browse(make.the_lead())
    assert lead.post(page_of(case, "send_letter"), data).status_code == 403
    assert (case.attachments.count(), stored is not None) == (1, True)


def test_done_is_said_with_how_many_messages_are_on_their_way(
    officer: Client, case: SupportRequest
) -> None:
    assert refer(officer, case).status_code == 302
    back = officer.get(reverse("admin:requests_app_supportrequest_change", args=[case.pk]))
    assert [str(one) for one in back.context["messages"]] == [
        "Referred to agencies. 3 messages are on their way."
    ]


def test_with_the_mail_server_down_the_action_stands_and_the_page_says_that_mail_waits(
    officer: Client, case: SupportRequest
) -> None:
    error = "ConnectionRefusedError: [Errno 111] Connection refused"
    Message.objects.update(state="failed", last_error=error)
    assert refer(officer, case).status_code == 302
    case.refresh_from_db()
    assert case.state == RequestState.REFERRED
    back = officer.get(reverse("admin:requests_app_supportrequest_change", args=[case.pk]))
    (said,) = [str(one) for one in back.context["messages"]]
    assert said.startswith("Referred to agencies. 3 messages are on their way. The mail server")
    assert [one.state for one in back.context["sent"].rows[:4]] == ["due", "due", "due", "failed"]
