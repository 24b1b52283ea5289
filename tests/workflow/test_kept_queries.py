"""A query that is kept answers as one that is written anew; one that cannot be kept is refused."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model, QuerySet
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from history.models import Event
from partners.models import ApiKey, Party
from requests_app.models import SupportRequest
from tests import make
from workflow.asked_together import AskedTogether
from workflow.kept_queries import CannotBeKept, KeptQuery

pytestmark = pytest.mark.django_db


def test_each_call_gets_the_rows_of_its_own_values() -> None:
    make.party(), make.party("VNM"), make.party("PER")
    kept = KeptQuery(
        lambda codes, name: (
            Party.objects.filter(code__in=codes).exclude(name_en=name).values_list("code")
        )
    )
    asked = [(["KEN", "VNM"], "Peru"), (["PER", "KEN"], "Kenya"), (["KEN", "KEN"], "Kenya")]
    with CaptureQueriesContext(connection) as captured:
        found = [sorted(kept.rows(codes=codes, name=name)) for codes, name in asked]
    assert found == [[("KEN",), ("VNM",)], [("PER",)], []]
    assert len(captured) == len(asked)


def test_a_list_of_another_length_is_another_query() -> None:
    make.party(), make.party("VNM")
    kept = KeptQuery(lambda codes: Party.objects.filter(code__in=codes).values_list("code"))
    found = [len(kept.rows(codes=codes)) for codes in (["KEN"], ["KEN", "VNM"], ["PER"])]
    assert found == [1, 2, 0]


def test_objects_come_with_what_is_related_and_annotated() -> None:
    case = make.request_in("submitted")
    kept = KeptQuery(lambda pk: SupportRequest.objects.with_names().filter(pk=pk))
    (found,) = kept.objects(pk=case.pk)
    with CaptureQueriesContext(connection) as captured:
        read = (found.party.name, found.support.key, found.lead_agency, found.answers)
    assert read == (case.party.name, case.support.key, None, case.answers)
    assert (found, len(captured)) == (case, 0)


def test_moments_are_values_like_others() -> None:
    case = make.request_in("submitted")
    kept = KeptQuery(
        lambda since: SupportRequest.objects.filter(updated_at__gte=since).values_list("pk")
    )
    hour = timedelta(hours=1)
    asked = (timezone.now() - hour, timezone.now() + hour)
    assert [kept.rows(since=since) for since in asked] == [[(case.pk,)], []]


def test_a_query_that_looks_at_the_clock_by_itself_is_refused() -> None:
    kept = KeptQuery(lambda pk: SupportRequest.objects.filter(pk=pk, updated_at__lt=timezone.now()))
    with pytest.raises(CannotBeKept):
        kept.objects(pk=1)


def test_a_value_that_the_query_does_not_use_is_refused() -> None:
    kept = KeptQuery(lambda pk, code: Party.objects.filter(pk=pk).values_list("code"))
    with pytest.raises(CannotBeKept):
        kept.rows(pk=1, code="KEN")


def test_what_is_asked_together_is_found_as_by_each_alone_in_its_own_order() -> None:
    make.party(), make.party("VNM"), make.party("PER")
    cases = [make.request_in("submitted"), make.request_in("submitted")]
    parties = Party.objects.values_list("code", "name_en", "m49")
    queries = [
        KeptQuery(
            lambda code: (
                SupportRequest.objects.with_names().filter(party__code=code).order_by("pk")
            ),
            is_planned_once=True,
        ),
        KeptQuery(lambda code: parties.exclude(code=code).order_by("-code"), is_planned_once=True),
        KeptQuery(lambda code: parties.filter(code=code), is_planned_once=True),
    ]
    together, codes = AskedTogether(*queries), ["KEN", "PER", "100 % ’", "KEN"]
    with CaptureQueriesContext(connection) as captured:
        found = [together.find(code=code) for code in codes]
    assert len(captured) == len(codes) * (1 if connection.vendor == "postgresql" else 3)
    assert [one.objects() for one in (each[0] for each in found)] == [cases, [], [], cases]
    for code, (_objects, *rows) in zip(codes, found, strict=True):
        assert [one.rows() for one in rows] == [one.rows(code=code) for one in queries[1:]]
    assert [len(others.rows()) for _objects, others, _one in found] == [2, 2, 3, 2]


def test_what_is_asked_together_in_the_order_of_ids_is_the_part_that_was_asked_for() -> None:
    ids = [make.party(code).pk for code in ("VNM", "KEN", "PER")]
    parties = Party.objects.exclude(code="none").values_list("pk", "code")
    by_id, first = parties.order_by("pk"), parties.order_by("pk")[:2]
    queries = [
        KeptQuery(lambda code, some=some: some.exclude(code=code), is_planned_once=True)
        for some in (by_id, parties.order_by())
    ]
    two = KeptQuery(
        lambda code: parties.exclude(code=code).order_by("-pk")[:2], is_planned_once=True
    )
    least = KeptQuery(
        lambda code: parties.exclude(code=code).order_by("pk")[:2], is_planned_once=True
    )
    found = [one.rows() for one in AskedTogether(*queries, two, least).find(code="USA")]
    assert [row[0] for row in found[0]] == sorted(ids)
    assert sorted(found[1]) == found[0]
    assert [row[0] for row in found[2]] == sorted(ids)[:0:-1]
    assert found[3] == list(first)


def test_of_what_is_asked_together_each_takes_the_values_it_names() -> None:
    make.party("KEN"), make.party("VNM")
    parties = Party.objects.order_by("pk").values_list("code")
    queries = [
        KeptQuery(lambda code: parties.filter(code=code), is_planned_once=True),
        KeptQuery(lambda other: parties.filter(code=other), is_planned_once=True),
    ]
    together = AskedTogether(*queries, names=[["code"], ["other"]])
    found = together.find(code="KEN", other="VNM")
    assert [one.rows() for one in found] == [[("KEN",)], [("VNM",)]]


def test_what_is_asked_together_keeps_its_types_though_columns_are_shared() -> None:
    key, _token = make.api_key()
    ApiKey.objects.filter(pk=key.pk).update(
        networks=["192.0.2.0/24"], last_used_from="192.0.2.7", last_used_at=timezone.now()
    )
    rows = [key, key.agency, make.referral(), make.activity(), Event.objects.latest("pk")]
    kinds = [type(row) for row in rows]
    queries = [_all_of(kind) for kind in kinds]
    names = [[kind.__name__] for kind in kinds]
    asked = {kind.__name__: row.pk for kind, row in zip(kinds, rows, strict=True)}

    found = AskedTogether(*queries, names=names).find(**asked)

    alone = [
        list(kind._base_manager.filter(pk=row.pk).values())
        for kind, row in zip(kinds, rows, strict=True)
    ]
    assert [[_vars_of(one) for one in part.objects()] for part in found] == alone
    assert {type(value) for (row,) in alone for value in row.values()} >= {
        int, str, bool, list, dict, date, datetime, type(None),
    }  # fmt: skip


def _all_of(kind: type[Model]) -> KeptQuery:
    def build(**pk: int) -> QuerySet[Model]:
        return kind._base_manager.filter(pk=pk[kind.__name__])

    return KeptQuery(build, is_planned_once=True)


def _vars_of(row: Model) -> dict[str, Any]:
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
