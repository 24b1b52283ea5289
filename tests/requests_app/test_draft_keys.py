"""What a draft is called before it has a reference: a key that the portal has made."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from requests_app.models import SupportRequest
from tests import make
from tests.reading_pages import signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "sent",
    [
        "new",
        "ICCWC-2026-001",
        "../x",
        "DRAFT-aaaaaaaa",
        "DRAFT-ABCDEFGH\n",
        "\0DRAFT-ABCDEFG",
        "x" * 99,
    ],
)
@pytest.mark.parametrize("door", ["copy", "begin"])
def test_a_key_that_is_none_is_replaced(door: str, sent: str) -> None:
    country = make.focal_point()
    case = make.request_in(by=country)
    where = (
        reverse("requests:copy", args=[case.handle]) if door == "copy" else reverse("requests:new")
    )
    client = signed_in(country)
    answer = client.post(where, {"draft_key": sent, "support": case.support.key})
    made = SupportRequest.objects.latest("pk")
    assert made != case
    assert re.fullmatch("DRAFT-[2-9A-HJKMNP-TV-Z]{8}", made.draft_key)
    assert made.draft_key in answer.headers["Location"]
    assert client.get(answer.headers["Location"]).status_code == 200


def test_no_key_can_be_taken_for_a_reference_or_an_address() -> None:
    draft = make.draft()
    for key in ("ICCWC-2026-001", "new", "DRAFT-", "DRAFT-ABCDEFGHJ"[:13]):
        with pytest.raises(IntegrityError), transaction.atomic():
            SupportRequest.objects.filter(pk=draft.pk).update(draft_key=key)
