"""Lists that are read by columns show what their serializers declare, and less when asked for."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import RequestFactory
from django.utils import timezone, translation
from rest_framework.utils.encoders import JSONEncoder

from partners.api import PartySerializer
from partners.models import Party
from requests_app.api_conversations import (
    ConversationDetail,
    ConversationSerializer,
    PostSerializer,
)
from requests_app.models import DeliveryReport, Post, Referral, Support, SupportRequest, Thread
from requests_app.serializers import (
    AttachmentSerializer,
    DeliveryReportSerializer,
    ReferralDetail,
    ReferralPart,
    ReferralSerializer,
    RequestDetail,
    RequestSerializer,
    SupportSerializer,
)
from tests import make
from tests.api.conftest import Caller, signed_in, with_key
from toolkit.api_documents import ObservationSerializer, TotalSerializer
from toolkit.models import Observation, PublishedTotal
from webhooks.models import Delivery, Webhook
from webhooks.serializers import DeliverySerializer, WebhookSerializer
from workflow.rows import rows_of

pytestmark = pytest.mark.django_db

DIRECT = [
    (RequestSerializer, SupportRequest),
    (ReferralSerializer, Referral),
    (PartySerializer, Party),
    (SupportSerializer, Support),
    (ObservationSerializer, Observation),
    (TotalSerializer, PublishedTotal),
    (ReferralPart, Referral),
    (DeliveryReportSerializer, DeliveryReport),
    (ConversationSerializer, Thread),
    (PostSerializer, Post),
    (WebhookSerializer, Webhook),
    (DeliverySerializer, Delivery),
]
# With what a view gives in their context.
GIVEN = [RequestDetail, ReferralDetail, AttachmentSerializer, ConversationDetail]


@pytest.mark.parametrize("serializer", GIVEN)
def test_details_are_written_from_columns_too(serializer: Any) -> None:
    assert rows_of(serializer).is_direct


@pytest.mark.parametrize(("serializer", "model"), DIRECT)
@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("zone", ["UTC", "Africa/Nairobi"])
def test_columns_show_what_objects_would(
    world: SimpleNamespace, serializer: Any, model: Any, language: str, zone: str
) -> None:
    make.webhook(world.interpol), make.conversation(world.asked_interpol)
    Party.objects.update(name_es="")
    Support.objects.filter(name_fr=world.draft.support.name_fr).update(name_fr="")
    request: Any = RequestFactory().get("/api/v1/")
    request.user = make.agency_officer(world.interpol)
    context = {"request": request}
    with translation.override(language), timezone.override(zone):
        rows = rows_of(serializer)
        assert rows.is_direct
        by_columns = list(rows.read(model.objects.order_by("pk"), context))
        objects = serializer(model.objects.order_by("pk"), many=True, context=context).data
        read = [json.loads(json.dumps(one, cls=JSONEncoder)) for one in (by_columns, objects)]
        assert read[0] == read[1]
        assert all(list(row) == list(rows.names) for row in by_columns)


@pytest.mark.parametrize(
    ("address", "fields"),
    [
        ("requests/", ["reference", "party"]),
        ("requests/", ["state", "lead_agency", "url"]),
        ("referrals/", ["request", "note"]),
        ("parties/", ["code"]),
        ("agencies/", ["figures", "code"]),
        ("supports/", ["name"]),
        ("toolkit/observations/", ["id", "party"]),
        ("toolkit/assessments/", ["id", "state"]),
        ("toolkit/recommendations/", ["id", "supporting"]),
        ("toolkit/implementations/", ["id", "steps"]),
        ("toolkit/changes/", ["party", "began"]),
    ],
)
def test_fields_gives_those_and_as_they_would_be_without(
    world: SimpleNamespace, address: str, fields: list[str]
) -> None:
    caller = signed_in(world.officer)
    whole = caller.get(address).json()["results"]
    part = caller.get(f"{address}?fields={','.join(fields)}").json()["results"]
    assert part == [{name: row[name] for name in fields} for row in whole]


def test_a_field_that_there_is_not_is_refused_with_those_that_there_are(
    world: SimpleNamespace,
) -> None:
    caller = with_key(make.api_key(world.interpol)[1])
    known = ", ".join(rows_of(PartySerializer).names)
    for address in ("parties/", "parties/KEN/"):
        for asked, named in [
            ("code,answers", "answers"),
            ("code,", ""),
            ("__class__", "__class__"),
        ]:
            answer = caller.get(f"{address}?fields={asked}")
            assert answer.status_code == 400
            assert answer.json()["errors"] == {
                "fields": [f"There is no field “{named}” here. Known are: {known}."]
            }


def test_fields_opens_nothing_that_the_row_does_not_show(world: SimpleNamespace) -> None:
    """The Party does not read the words between agency and Secretariat, asked for one by one."""
    caller = signed_in(world.focal_point)
    assert caller.rows("referrals/?fields=note", "note") == [None]
    for hidden in ("answers", "assignee", "created_by", "search_text"):
        assert caller.get(f"requests/?fields={hidden}").status_code == 400


def test_one_row_can_be_had_in_part() -> None:
    make.party(), make.agency("INTERPOL")
    assert Caller().get("parties/KEN/?fields=code,name").json() == {"code": "KEN", "name": "Kenya"}
    assert list(Caller().get("agencies/INTERPOL/?fields=offices").json()) == ["offices"]
