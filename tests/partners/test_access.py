"""Standing follows from mandates in force, and from nothing else."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from partners.access import fresh, standing
from partners.models import ApiKey, Mandate, Party, PartyAlias
from partners.recipients import people, secretariat_desk
from tests import make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("begins", "ends", "counts"),
    [(0, None, True), (0, 0, True), (-9, -1, False), (1, None, False)],
)
def test_a_mandate_counts_from_its_first_to_its_last_day(begins, ends, counts) -> None:
    user, kenya, today = make.person(), make.party(), timezone.now().date()
    until = None if ends is None else today + timedelta(days=ends)
    make.mandate(user, "focal_point", kenya, from_on=today + timedelta(days=begins), until_on=until)
    assert (kenya.pk in standing(user).all_parties) is counts
    assert people(roles=["focal_point"], party_id=kenya.pk) == ([user] if counts else [])


def test_somebody_barred_from_signing_in_has_no_standing_and_gets_no_mail() -> None:
    officer = make.officer()
    officer.is_active = False
    officer.save()
    assert not standing(fresh(officer)).sees_all
    assert secretariat_desk() == []


def test_the_desk_is_leads_and_officers_but_not_auditors_nor_agencies() -> None:
    lead, officer = make.lead(), make.officer()
    make.auditor()
    make.agency_officer()
    assert secretariat_desk() == [lead, officer]


@pytest.mark.parametrize(
    ("role", "body"),
    [("officer", "party"), ("lead", "party"), ("focal_point", "agency"), ("contributor", "agency")],
)
def test_a_role_that_does_not_fit_the_body_is_refused_by_the_database(role, body) -> None:
    of = make.party() if body == "party" else make.agency()
    with pytest.raises(IntegrityError), transaction.atomic():
        make.mandate(make.person(), role, of)


def test_a_lead_exists_in_the_secretariat_only() -> None:
    mandate = Mandate(user=make.person(), role="lead", agency=make.agency("WCO"))
    with pytest.raises(ValidationError, match="does not exist for this agency"):
        mandate.full_clean()


def test_nobody_grants_a_mandate_to_themselves() -> None:
    lead = make.lead()
    with pytest.raises(IntegrityError), transaction.atomic():
        make.mandate(lead, "officer", make.secretariat(), granted_by=lead)


def test_a_key_opens_only_with_its_whole_token_and_only_while_it_is_valid() -> None:
    key, token = make.api_key()
    assert ApiKey.objects.for_token(token) == key
    assert ApiKey.objects.for_token(token[:-1]) is None
    assert ApiKey.objects.for_token(key.prefix) is None
    assert ApiKey.objects.for_token("") is None
    assert token.split(".")[1] not in str(ApiKey.objects.values().get())
    ApiKey.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert ApiKey.objects.for_token(token) is None
    ApiKey.objects.update(expires_at=timezone.now() + timedelta(days=1), revoked_at=timezone.now())
    assert ApiKey.objects.for_token(token) is None


def test_a_party_is_found_by_any_known_spelling() -> None:
    viet_nam = make.party("VNM")
    alias = PartyAlias(party=viet_nam, written="Vietnam")
    alias.full_clean()
    alias.save()
    for spelling in ("Vietnam", "  vietnam ", "VIETNAM"):
        assert Party.objects.called(spelling) == viet_nam
    assert Party.objects.called("Atlantis") is None


def test_an_ordinary_person_may_not_open_the_desk() -> None:
    assert not make.focal_point().is_staff
    assert not make.agency_officer().is_staff
    assert make.auditor().is_staff
    assert not make.auditor().has_perm("partners.change_party")
    assert make.officer().has_perm("partners.change_party")
    assert not make.officer().has_perm("partners.add_mandate")
    assert make.lead().has_perm("partners.add_mandate")
    assert not make.lead().has_perm("requests_app.change_supportrequest")
