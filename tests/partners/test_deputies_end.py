"""A deputy stands in for a mandate that is in force, and for no longer."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from history.models import Event
from outbox.models import Message
from partners import granting
from partners.models import Invitation, Mandate, Role, User
from tests import make
from tests.partners.test_invitations import ACCOUNT
from tests.portal.test_addresses import change
from tests.reading_pages import page, signed_in

pytestmark = pytest.mark.django_db


def deputys_invitation(of: User) -> Invitation:
    return make.invitation(
        of,
        email="deputy@example.org",
        role=Role.FOCAL_POINT,
        stands_in_for=of.mandates.get(role=Role.FOCAL_POINT, ended_at=None),
        until_on=make.in_a_month(),
    )


def focal_points() -> list[str]:
    held = Mandate.objects.in_force().filter(role=Role.FOCAL_POINT, party=make.party())
    return sorted(held.values_list("user__email", flat=True))


def test_the_end_of_a_mandate_withdraws_invitations_of_deputies_for_it_and_no_others(
    client: Any,
) -> None:
    focal_point, colleague = make.focal_point(), make.focal_point()
    ends = deputys_invitation(focal_point)
    link = make.link_to("deputy@example.org")
    stays = [make.invitation(focal_point), deputys_invitation_of_another(colleague)]
    lead = make.the_lead()
    Message.objects.all().delete()

    granting.end_mandate(focal_point.mandates.get(), by=lead)

    ends.refresh_from_db()
    assert ends.state == "withdrawn"
    withdrawn = Event.objects.about(ends).latest("pk")
    assert (withdrawn.kind, withdrawn.actor_id) == ("invitations.withdraw", lead.pk)
    assert [Invitation.objects.get(pk=one.pk).state for one in stays] == ["sent", "sent"]
    assert not Message.objects.filter(address="deputy@example.org").exists()
    assert "This invitation was withdrawn" in page(client.post(link, ACCOUNT))
    assert focal_points() == [colleague.email]


def deputys_invitation_of_another(colleague: User) -> Invitation:
    return make.invitation(
        colleague,
        email="other.deputy@example.org",
        role=Role.FOCAL_POINT,
        stands_in_for=colleague.mandates.get(),
        until_on=make.in_a_month(),
    )


def test_nobody_becomes_the_deputy_of_a_mandate_that_ran_out(client: Any) -> None:
    focal_point = make.focal_point()
    own = focal_point.mandates.get()
    deputys_invitation(focal_point)
    yesterday = timezone.now().date() - timedelta(days=1)
    Mandate.objects.filter(pk=own.pk).update(from_on=yesterday, until_on=yesterday)
    make.mandate(focal_point, Role.FOCAL_POINT, make.party())

    answer = client.post(make.link_to("deputy@example.org"), ACCOUNT)

    assert answer.status_code == 409
    assert f"{focal_point.name} is not a focal point at present" in page(answer)
    assert focal_points() == [focal_point.email]
    assert not User.objects.filter(email="deputy@example.org").exists()


def test_a_last_day_that_has_passed_ends_a_deputy_named_today() -> None:
    focal_point = make.focal_point()
    own, deputy = focal_point.mandates.get(), make.deputy(focal_point)
    yesterday = timezone.now().date() - timedelta(days=1)
    Mandate.objects.filter(pk=own.pk).update(from_on=yesterday)
    invited = deputys_invitation(focal_point)

    granting.change_end(own, yesterday, by=make.the_lead())

    assert focal_points() == []
    assert Event.objects.about(deputy.mandates.get()).latest("pk").kind == "partners.mandate_ended"
    invited.refresh_from_db()
    assert invited.state == "withdrawn"


def test_closing_an_account_ends_its_deputies_and_withdraws_their_invitations() -> None:
    focal_point, colleague = make.focal_point(), make.focal_point()
    deputy, others = make.deputy(focal_point), make.deputy(colleague)
    invited = deputys_invitation(focal_point)

    change(focal_point, is_active="")

    assert focal_points() == sorted([colleague.email, others.email])
    ended = deputy.mandates.get()
    assert ended.ended_at is not None
    assert Event.objects.about(ended).latest("pk").kind == "partners.mandate_ended"
    invited.refresh_from_db()
    assert invited.state == "withdrawn"

    change(focal_point, is_active="on")
    assert focal_points() == sorted([colleague.email, others.email, focal_point.email])


def test_a_deputy_goes_on_while_the_mandate_rests() -> None:
    focal_point = make.focal_point()
    deputy = make.deputy(focal_point)
    yesterday = timezone.now().date() - timedelta(days=1)
    focal_point.mandates.update(confirm_by=yesterday)

    assert focal_points() == [deputy.email]
    assert signed_in(deputy).get("/country/ken/people/").status_code == 200


def test_handing_over_withdraws_what_the_old_focal_point_offered() -> None:
    leaving, next_one = make.focal_point(), make.person()
    invited = deputys_invitation(leaving)
    address = f"/admin/partners/mandate/{leaving.mandates.get().pk}/hand-over/"

    signed_in(make.the_lead()).post(address, {"email": next_one.email, "language": "en"})

    invited.refresh_from_db()
    assert invited.state == "withdrawn"
    assert focal_points() == [next_one.email]
