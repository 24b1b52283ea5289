"""One size of bench.api: a process that fills its database, knows its rows and counts queries.

The process that takes the times never loads the portal, so that it stays light."""

import os
from multiprocessing.connection import Connection
from typing import Any

LARGE_TABLES = ("history_event", "requests_app_supportrequest", "requests_app_referral")


def serve(environ: dict[str, str], size: int, pipe: Connection) -> None:
    """Fills the database, tells what is in it, then counts queries of calls until told to end."""
    os.environ |= environ
    import django  # noqa: PLC0415 - after the settings are named

    django.setup()
    pipe.send(_filled(size))
    while asked := pipe.recv():
        pipe.send(_counted(*asked))


def _filled(size: int) -> dict[str, Any]:
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    with open(os.devnull, "w") as nowhere:
        call_command("migrate", verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("load_reference", stdout=nowhere)
        from bench import api_data  # noqa: PLC0415 - models need the settings

        token = api_data.fill(size)
        if size <= 1_000:
            call_command("verify_history", stdout=nowhere)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE bench_row (id bigserial PRIMARY KEY, text text, made_at timestamptz)"
        )
    return {"token": token, **_known()}


def _known() -> dict[str, Any]:
    from django.db import connection  # noqa: PLC0415

    from history import kinds  # noqa: PLC0415
    from history.models import Event  # noqa: PLC0415
    from partners.models import Agency  # noqa: PLC0415
    from requests_app.models import Referral, RequestState, SupportRequest  # noqa: PLC0415
    from requests_app.workflow import REFERRALS  # noqa: PLC0415

    agency = Agency.objects.get(code="INTERPOL")
    open_ones = Referral.objects.filter(agency=agency, state="sent")
    events = Event.objects.filter(subject_type__startswith="requests_app").order_by("pk")
    ask = REFERRALS.by_action.get("ask")
    labels = {
        kind: str(kinds.label(kind))
        for kind in events.values_list("kind", flat=True).distinct().order_by("kind")
    }
    return {
        "agency": agency.pk,
        "referrals": list(open_ones.order_by("pk").values_list("pk", flat=True)),
        "reference": SupportRequest.objects.filter(
            state=RequestState.REFERRED, referrals__in=open_ones
        )
        .order_by("pk")[SupportRequest.objects.count() // 5]
        .reference,
        "first_event": events.values_list("pk", flat=True)[0] - 1,
        "last_event": events.reverse().values_list("pk", flat=True)[0],
        "labels": labels,
        "offset": SupportRequest.objects.order_by("pk")[0].pk - 1,
        "ask": [one.name for one in ask.inputs if one.required] if ask else None,
        "sizes": {name: _size_of(connection, name) for name in LARGE_TABLES},
    }


def _size_of(connection: Any, table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size(%s)", [table])
        return int(cursor.fetchone()[0])


def _counted(method: str, path: str, headers: dict[str, str], body: str) -> dict[str, int]:
    """Queries and messages of one call, made in this process: they are those of the server, which
    has read by this key before."""
    from django.db import connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from outbox.models import Message  # noqa: PLC0415

    statements: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        statements.append(sql)
        return execute(sql, *rest)

    client, before = Client(headers=headers), Message.objects.count()
    if method == "GET":
        client.get(path)
    with connection.execute_wrapper(count):
        answer = client.generic(method, path, body, content_type="application/json")
    if os.environ.get("BENCH_SHOW"):
        print(path, answer.status_code, *statements, sep="\n  ")
    return {
        "status": answer.status_code,
        "queries": len(statements),
        "messages": Message.objects.count() - before,
    }
