"""A key whose call finds its connection to the database gone is answered over a new one."""

import pytest
from django.db import connection

from tests import make
from tests.api.conftest import with_key


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server to lose")
@pytest.mark.django_db(transaction=True)
def test_a_key_is_served_though_the_kept_connection_has_gone() -> None:
    _key, token = make.api_key(make.agency("WCO"))
    assert with_key(token).get("requests/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
    kept = connection.connection
    end = connection.copy()
    with end.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [pid])
    end.close()
    assert with_key(token).get("requests/").status_code == 200
    assert connection.connection is not kept
