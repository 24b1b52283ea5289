"""The floor of Django: a view without middleware that asks one SQL query and answers with
Django's own JsonResponse; and one INSERT of a model, committed. Started by bench.api."""

import json
import os
from pathlib import Path
from typing import Any

import django
from django.conf import settings
from django.core.wsgi import get_wsgi_application
from environs import Env

_databases = {"default": Env().dj_db_url("DATABASE_URL", conn_max_age=None)}
settings.configure(
    SECRET_KEY="bench",  # noqa: S106 - signs nothing
    ALLOWED_HOSTS=["127.0.0.1"],
    INSTALLED_APPS=["bench"],
    MIDDLEWARE=[],
    ROOT_URLCONF=__name__,
    DATABASES=_databases,
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
)
django.setup()

from django.db import connection, models  # noqa: E402 - after the settings
from django.http import HttpRequest, JsonResponse  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.floor_sql import FLOORS  # noqa: E402

_said: dict[str, Any] = json.loads(Path(os.environ["BENCH_FLOOR"]).read_text())
_COMPACT = {"separators": (",", ":"), "ensure_ascii": False}


class Row(models.Model):
    text = models.TextField()
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "bench"

    def __str__(self) -> str:
        return self.text


def answer(request: HttpRequest, name: str) -> JsonResponse:
    floor, said = FLOORS[name], _said[name]
    with connection.cursor() as cursor:
        cursor.execute(floor.sql, said["given"])
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return _whole({**said["around"], "results": rows} if floor.is_page else rows[0])


def insert(request: HttpRequest) -> JsonResponse:
    row = Row.objects.create(text="x" * 200)
    return _whole({"id": row.pk})


def _whole(body: dict[str, Any]) -> JsonResponse:
    """With its length, which a middleware of Django says: else gunicorn sends it in chunks."""
    answer = JsonResponse(body, json_dumps_params=_COMPACT)
    answer["Content-Length"] = len(answer.content)
    return answer


urlpatterns = [path("insert", insert), path("<str:name>", answer)]
application = get_wsgi_application()
