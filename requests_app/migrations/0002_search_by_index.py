"""On PostgreSQL the desk's search finds parts of words by an index (trigrams).

The index only makes it quicker: where the extension cannot be had, the search works without it.
"""

from django.db import DatabaseError, migrations, transaction

_TABLE = "requests_app_supportrequest"
_COLUMNS = ("search_text", "reference")


def make(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        return
    for column in _COLUMNS:
        schema_editor.execute(
            f"CREATE INDEX requests_find_{column} ON {_TABLE} USING gin ({column} gin_trgm_ops)"
        )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for column in _COLUMNS:
            schema_editor.execute(f"DROP INDEX IF EXISTS requests_find_{column}")


class Migration(migrations.Migration):
    dependencies = [("requests_app", "0001_initial")]
    operations = [migrations.RunPython(make, remove)]
