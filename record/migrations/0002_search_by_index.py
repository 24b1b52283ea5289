"""On PostgreSQL words of activities are found by an index (trigrams): an import brings thousands.

The index only makes it quicker: where the extension cannot be had, the search works without it.
"""

from django.db import DatabaseError, migrations, transaction


def make(apps, schema_editor):
    if schema_editor.connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=schema_editor.connection.alias):
            schema_editor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError:
        return
    schema_editor.execute(
        "CREATE INDEX record_find_activities ON record_activity"
        " USING gin (search_text gin_trgm_ops)"
    )


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX IF EXISTS record_find_activities")


class Migration(migrations.Migration):
    dependencies = [("record", "0001_initial"), ("requests_app", "0002_search_by_index")]
    operations = [migrations.RunPython(make, remove)]
