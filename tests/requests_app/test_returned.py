"""A returned request: the country is led to what the Secretariat remarked on."""

from typing import Any

import pytest
from django.urls import reverse

from requests_app import drafts
from requests_app.models import SupportRequest
from tests import make
from tests.reading_pages import page, signed_in
from tests.requests_app.writing import address, write
from workflow.executor import perform

pytestmark = pytest.mark.django_db

MARK = "the Secretariat asks you to look here"
UNCHANGED = "You have not changed anything since it was returned."


@pytest.fixture
def case() -> SupportRequest:
    """Returned with remarks on two questions, of steps that are far apart."""
    made = make.request_in("in_review")
    remarks = {"objective": "How many officers?", "contact_office": "Which department?"}
    perform(
        "return", made, by=make.the_officer(),
        data={"to_correct": "See below.", "remarks": remarks},
    )  # fmt: skip
    return made


@pytest.fixture
def client(case: SupportRequest) -> Any:
    return signed_in(case.created_by)


def overview(client: Any, case: SupportRequest) -> Any:
    return client.get(reverse("requests:edit", args=[case.handle]))


def test_steps_with_a_remark_are_marked_and_the_main_button_leads_to_the_first(
    case: SupportRequest, client: Any
) -> None:
    shown = overview(client, case)
    text = page(shown)
    assert shown.context["corrects"] == address(case, "help") + "#id_objective"
    assert f'href="{shown.context["corrects"]}">Correct the answers' in shown.content.decode()
    assert f"Help wanted {MARK} · Focal point, Kenya" in text
    assert f"Contact {MARK} · Focal point, Kenya" in text
    assert "4 of 6 steps are complete" in text
    assert text.count(MARK) == 2

    write(client, case, "help", objective="Forty officers profile containers.")
    assert overview(client, case).context["corrects"] == (
        address(case, "contact") + "#id_contact_office"
    )
    write(client, case, "contact", contact_office="Department of permits")
    shown = overview(client, case)
    assert shown.context["corrects"] == ""
    assert f"Help wanted {MARK} · complete" in page(shown)


def test_the_remarks_on_the_page_of_the_request_lead_to_their_fields(
    case: SupportRequest, client: Any
) -> None:
    where = case.get_absolute_url()
    url = f"{address(case, 'help')}?then=check#id_objective"
    field = f'<a href="{url}">What should be different afterwards?</a>'
    shown = {
        who: field in signed_in(person).get(where).content.decode()
        for who, person in {
            "focal point": case.created_by,
            "contributor": make.contributor(),
            "viewer": make.party_viewer(),
            "officer": make.the_officer(),
        }.items()
    }
    assert shown == {"focal point": True, "contributor": True, "viewer": False, "officer": False}
    assert "How many officers?" in page(signed_in(make.party_viewer()).get(where))


def test_a_remark_on_what_is_not_asked_any_more_has_no_link(
    case: SupportRequest, client: Any
) -> None:
    information = make.support("information", asks="information")
    drafts.write(case, by=case.created_by, answers={"support": information.key})
    html = client.get(case.get_absolute_url()).content.decode()
    assert "<dt>What should be different afterwards?</dt>" in html
    assert "#id_contact_office" in html


def test_the_check_says_when_nothing_was_changed_and_submits_all_the_same(
    case: SupportRequest, client: Any
) -> None:
    def says_so() -> bool:
        return UNCHANGED in page(client.get(address(case, "check")))

    said = [says_so()]
    write(client, case, "help", asked="Something else.")
    said.append(says_so())
    write(client, case, "help", asked=make.ANSWERS["asked"])
    said.append(says_so())
    file = drafts.attach(case, make.pdf("plan.pdf"), "other", by=case.created_by)
    said.append(says_so())
    drafts.detach(file, by=case.created_by)
    assert said == [True, False, True, False]

    make.submit(SupportRequest.objects.get(pk=case.pk), by=case.created_by)
    assert SupportRequest.objects.get(pk=case.pk).versions.count() == 2


def test_documents_without_a_file_are_not_called_complete() -> None:
    client, case = signed_in(make.focal_point()), make.draft(support_key="wist", letter=False)
    shown = overview(client, case)
    text = page(shown)
    assert "Documents nothing attached; the letter can follow" in text
    assert "5 of 6 steps are complete" in text
    assert (shown.context["goes_on"], "ready to be submitted" in text) == ("", True)

    drafts.attach(case, make.pdf(), "letter", by=case.created_by)
    assert "6 of 6 steps are complete" in page(overview(client, case))
