"""Database triggers on history: they refuse UPDATE and DELETE on both engines, and keep the order.

Readers of the change feed must never see id 8 before a late id 7. SQLite has one writer anyway
(IMMEDIATE transactions). On PostgreSQL whoever adds events, by whatever door, first takes a lock
that is held until the end of the transaction: a trigger for the statement runs before the sequence
is asked for the ids of its rows, and PostgreSQL shows a commit to others before it gives up the
locks. So ids become visible in their order, and an id that a rollback used is never seen at all.

`remove` exists for tests that empty tables or break a chain on purpose, and for nothing else.
"""

from typing import Any

REFUSAL = "history is append-only"

# Any constant will do; it only has to be the same in every process of the portal.
ONE_WRITER = 0x1CC3C

_SQLITE = [
    f"""CREATE TRIGGER history_event_no_{verb.lower()} BEFORE {verb} ON history_event
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"""
    for verb in ("UPDATE", "DELETE")
] + [
    # REPLACE INTO deletes without firing a delete trigger: a row that is there stays.
    """CREATE TRIGGER history_event_no_replace BEFORE INSERT ON history_event
       WHEN EXISTS (SELECT 1 FROM history_event WHERE id = NEW.id OR
           (subject_type, subject_id, sequence) =
           (NEW.subject_type, NEW.subject_id, NEW.sequence))
       BEGIN SELECT RAISE(ABORT, 'history is append-only'); END"""
]
_POSTGRESQL = [
    f"""CREATE OR REPLACE FUNCTION history_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$""",
    """CREATE TRIGGER history_event_no_change BEFORE UPDATE OR DELETE ON history_event
       FOR EACH ROW EXECUTE FUNCTION history_refuse()""",
    """CREATE TRIGGER history_event_no_truncate BEFORE TRUNCATE ON history_event
       FOR EACH STATEMENT EXECUTE FUNCTION history_refuse()""",
    f"""CREATE OR REPLACE FUNCTION history_one_writer() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock({ONE_WRITER}); RETURN NULL; END $$""",
    """CREATE TRIGGER history_event_one_writer BEFORE INSERT ON history_event
       FOR EACH STATEMENT EXECUTE FUNCTION history_one_writer()""",
]
_REMOVE = {
    "sqlite": [
        "DROP TRIGGER IF EXISTS history_event_no_update",
        "DROP TRIGGER IF EXISTS history_event_no_delete",
        "DROP TRIGGER IF EXISTS history_event_no_replace",
    ],
    "postgresql": [
        "DROP TRIGGER IF EXISTS history_event_no_change ON history_event",
        "DROP TRIGGER IF EXISTS history_event_no_truncate ON history_event",
        "DROP TRIGGER IF EXISTS history_event_one_writer ON history_event",
    ],
}


def install(connection: Any) -> None:
    _run(connection, {"sqlite": _SQLITE, "postgresql": _POSTGRESQL})


def remove(connection: Any) -> None:
    _run(connection, _REMOVE)


def _run(connection: Any, statements: dict[str, list[str]]) -> None:
    with connection.cursor() as cursor:
        for statement in statements[connection.vendor]:
            cursor.execute(statement)
