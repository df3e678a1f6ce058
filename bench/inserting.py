"""The least that Django does to keep an answer: no middleware, and a view that inserts one row."""

import os
import uuid

from django.core.wsgi import get_wsgi_application
from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import path

TABLE = "bench_answer"


def healthy(request):
    return HttpResponse("OK")


def insert(request):
    """One row of the width of a response, in a transaction of its own."""
    row = [uuid.uuid4().hex, request.body.decode()]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {TABLE} (id, answers) VALUES (%s, %s)", row)  # noqa: S608
    return HttpResponse("OK")


urlpatterns = [path("healthz", healthy), path("insert/", insert)]

if os.environ.get("DJANGO_SETTINGS_MODULE") == "bench.inserting_settings":
    application = get_wsgi_application()
