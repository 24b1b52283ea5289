"""Requests by the hundred thousand for bench.api, made by the database itself in seconds.

One row of each kind is made through the ORM and copied by SQL. Each request has a submitted
version, two files, three referrals and twenty events in chains that `verify_history` finds whole:
eight of its own, four of each referral. Of ten requests six are with the agencies, two are
completed, one is accepted and one under way. The agency whose key calls sees three of four.
Beside them stands the tracker of bench.tracker_data: 200 Parties with three cycles each.
"""

import json

from django.db import connection, models
from django.utils import timezone

from bench import tracker_data
from history.models import Event
from partners.models import Agency, ApiKey, Mandate, Party, Role, Scope, User
from requests_app.models import (
    Attachment,
    Openness,
    Referral,
    RequestVersion,
    Support,
    SupportRequest,
)

OFFICERS = 2  # at the desk; with a focal point three are told of what an agency asks
REQUEST, REFERRAL = "requests_app.supportrequest", "requests_app.referral"
_STATE = (
    "CASE WHEN n % 10 < 6 THEN 'referred' WHEN n % 10 < 8 THEN 'completed' "
    "WHEN n % 10 = 8 THEN 'accepted' ELSE 'under_way' END"
)
_STATE_OF_REFERRAL = (
    "CASE r.state WHEN 'referred' THEN 'sent' WHEN 'completed' THEN 'delivered' "
    "WHEN 'accepted' THEN 'accepted' ELSE 'delivering' END"
)
_ANSWER = "Officers at three ports need to tell protected timber from other timber. " * 8
_OWN = ("submit", "take_up", "assess", "refer", "advise", "accept", "start", "complete")
_OF_A_REFERRAL = ("remind", "accept", "start", "deliver")
EVENTS = len(_OWN) + 3 * len(_OF_A_REFERRAL)


def fill(number: int) -> str:
    """Fills an empty database that has its reference data; gives the token of the agency's key."""
    token = _key()
    author = _people()
    tracker_data.fill()
    first = _request(author)
    _copies_of_the_request(first, number)
    _beside(first, author)
    _referrals()
    _events()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return token


def _key() -> str:
    key = ApiKey(agency=Agency.objects.get(code="INTERPOL"), label="Bench", scopes=Scope.values)
    token = key.set_new_secret()
    key.save()
    return token


def _people() -> User:
    desk = Agency.objects.get(is_coordinator=True)
    for place in range(OFFICERS):
        officer = User.objects.create_user(f"desk{place}@example.org", name=f"Officer {place}")
        Mandate.objects.create(user=officer, role=Role.OFFICER, agency=desk)
    author = User.objects.create_user("country@example.org", name="Focal point")
    for party in Party.objects.all():
        Mandate.objects.create(user=author, role=Role.FOCAL_POINT, party=party)
    return author


# ── requests and what belongs to each ────────────────────────────────────────────────────────


def _request(author: User) -> SupportRequest:
    return SupportRequest.objects.create(
        party=Party.objects.get(code="KEN"),
        support=Support.objects.order_by("pk")[0],
        created_by=author,
        submitted_at=timezone.now(),
        documents=Openness.OPEN,
        answers={"situation": _ANSWER, "support": "basic_training"},
        search_text="officers at three ports need to tell protected timber from other timber",
    )


def _copies_of_the_request(first: SupportRequest, number: int) -> None:
    """The template itself becomes the first of them."""
    parties = list(Party.objects.order_by("pk").values_list("pk", flat=True))
    supports = list(Support.objects.order_by("pk").values_list("pk", flat=True))
    differs = {
        "reference": "'B-' || lpad(n::text, 9, '0')",
        "draft_key": "'DRAFT-' || upper(lpad(to_hex(n), 8, '0'))",
        "party_id": f"(ARRAY{parties})[1 + n * 13 % {len(parties)}]",
        "support_id": f"(ARRAY{supports})[1 + n * 5 % {len(supports)}]",
        "state": _STATE,
        "urgency": "(ARRAY['normal', 'high', 'normal'])[1 + n % 3]",
        "submitted_at": f"m.submitted_at - interval '1 minute' * ({number} - n)",
        "updated_at": f"m.submitted_at - interval '1 minute' * ({number} - n)",
        "waits_for": f"CASE {_STATE} WHEN 'completed' THEN 'nobody' ELSE 'partners' END",
    }
    _copy(first, differs, f"generate_series(1, {number}) n")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM requests_app_supportrequest WHERE reference IS NULL")


def _beside(first: SupportRequest, author: User) -> None:
    some = SupportRequest.objects.order_by("pk")[0]
    of = "requests_app_supportrequest r"
    version = RequestVersion.objects.create(
        support_request=some, number=1, answers=first.answers, submitted_by=author
    )
    _copy(version, {"support_request_id": "r.id"}, f"{of} WHERE r.id <> {some.pk}")
    for kind in ("letter", "other"):
        letter = Attachment.objects.create(
            support_request=some, kind=kind, file="x", name="x.pdf", size=1, sha256="0" * 64,
            content_type="application/pdf", added_by=author, released_at=timezone.now(),
        )  # fmt: skip
        _copy(letter, {"support_request_id": "r.id"}, f"{of} WHERE r.id <> {some.pk}")


def _referrals() -> None:
    """Three of the four agencies each; of what is decided the last of them leads."""
    agencies = list(Agency.objects.filter(is_coordinator=False).order_by("pk")[:4])
    values = ", ".join(f"({one.pk}, {place})" for place, one in enumerate(agencies))
    some = SupportRequest.objects.order_by("pk")[0]
    made = Referral.objects.create(
        support_request=some, agency=agencies[0], note="Please see what you can offer. " * 4,
        answer_due_on=timezone.now().date(),
    )  # fmt: skip
    differs = {
        "support_request_id": "r.id",
        "agency_id": "a.id",
        "state": _STATE_OF_REFERRAL,
        "sent_at": "r.submitted_at + interval '1 minute'",
        "updated_at": "r.updated_at",
    }
    of = (
        f"requests_app_supportrequest r, (VALUES {values}) a (id, place) "
        "WHERE a.place <> r.id % 4 ORDER BY r.id, a.place"
    )
    with connection.cursor() as cursor:
        # Out of the way of its own copy, which the database allows once for each agency.
        cursor.execute("UPDATE requests_app_referral SET state = 'recalled'")
        _copy(made, differs, of)
        cursor.execute("DELETE FROM requests_app_referral WHERE id = %s", [made.pk])
        cursor.execute(
            "UPDATE requests_app_supportrequest r SET lead_agency_id = f.agency_id "
            "FROM (SELECT support_request_id, max(agency_id) AS agency_id "
            "FROM requests_app_referral GROUP BY 1) f "
            "WHERE f.support_request_id = r.id AND r.state <> 'referred'"
        )


def _copy(row: models.Model, columns: dict[str, str], of: str) -> None:
    """The row once more for each row of `of`; `columns` says in SQL what differs."""
    names = [field.column for field in row._meta.concrete_fields if not field.primary_key]
    values = [columns.get(name, f'm."{name}"') for name in names]
    table, quoted = row._meta.db_table, ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(  # every word of it is written in this file
            f"INSERT INTO {table} ({quoted}) SELECT {', '.join(values)} "  # noqa: S608
            f"FROM (SELECT * FROM {table} WHERE id = {row.pk}) m, {of}"
        )


# ── events ───────────────────────────────────────────────────────────────────────────────────


def _events() -> None:
    """Twenty for each request, in the order of their moments; a chain for each subject."""
    begin = (Event.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    with connection.cursor() as cursor:
        cursor.execute(_events_sql(begin))
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('history_event', 'id'), "
            "(SELECT max(id) FROM history_event))"
        )


def _events_sql(begin: int) -> str:
    steps: list[str] = []
    rows: list[str] = []
    subjects = [("r", REQUEST, "requests", _OWN)]
    subjects += [(f"f{i}", REFERRAL, "referrals", _OF_A_REFERRAL) for i in (1, 2, 3)]
    for name, label, table, actions in subjects:
        before = "''"
        for at, action in enumerate(actions, start=1):
            place = _place(name, at)
            changes = json.dumps({"text": f"{action} " * 12}, separators=(",", ":"))
            step = f"{name}_{at}"
            moment = f"(r.submitted_at + interval '{place} seconds')"
            said = _said(label, f"{name}_id", at, f"{table}.{action}", moment, changes, before)
            steps.append(
                f"CROSS JOIN LATERAL (SELECT encode(sha256(convert_to({said}, 'UTF8')), 'hex') "
                f"AS hash OFFSET 0) {step}"
            )
            rows.append(
                f"({place}, '{label}', {name}_id, {at}, '{table}.{action}', {moment}, "
                f"'{changes}'::jsonb, {before}, {step}.hash)"
            )
            before = f"{step}.hash"
    referrals = (
        "SELECT support_request_id, (array_agg(id ORDER BY id)) AS ids "
        "FROM requests_app_referral GROUP BY 1"
    )
    return f"""
        INSERT INTO history_event (id, subject_type, subject_id, sequence, kind, effective_on,
            precision, recorded_at, actor_kind, actor_id, actor_name, actor_body, source, changes,
            previous_hash, hash)
        SELECT {begin} + r.place * {EVENTS} + e.place, e.subject, e.subject_id, e.sequence, e.kind,
            (e.moment AT TIME ZONE 'UTC')::date, 'day', e.moment, 'user', 1, 'Officer', 'CITES',
            '', e.changes, e.before, e.hash
        FROM (
            SELECT s.id AS r_id, date_trunc('second', s.submitted_at) AS submitted_at,
                f.ids[1] AS f1_id, f.ids[2] AS f2_id, f.ids[3] AS f3_id,
                row_number() OVER (ORDER BY s.id) - 1 AS place
            FROM requests_app_supportrequest s JOIN ({referrals}) f ON f.support_request_id = s.id
        ) r
        {" ".join(steps)}
        CROSS JOIN LATERAL (VALUES {", ".join(rows)})
            e (place, subject, subject_id, sequence, kind, moment, changes, before, hash)
        ORDER BY r.place, e.place
    """  # noqa: S608 - every word of it is written here


def _place(name: str, at: int) -> int:
    """Four events of the request, then those of its referrals, then its other four."""
    if name == "r":
        return at - 1 if at <= 4 else EVENTS - len(_OWN) + at - 1
    return 4 + (int(name[1]) - 1) * len(_OF_A_REFERRAL) + at - 1


def _said(
    label: str, subject_id: str, at: int, kind: str, moment: str, changes: str, before: str
) -> str:
    """In SQL the very text that history.log.fingerprint hashes."""
    day = f"to_char({moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD')"
    recorded = f"to_char({moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US')"
    return (
        f"""'{{"actor":["user",1,"Officer","CITES"],"changes":{changes},"effective":["' || {day}"""
        f""" || '","day"],"kind":"{kind}","previous":"' || {before} || '","recorded":"' ||"""
        f""" {recorded} || '+00:00","source":"","subject":["{label}",' || {subject_id} ||"""
        f""" ',{at}]}}'"""
    )
