"""The shipped settings, made quick and quiet for tests; the database options are the product's."""

import os
import tempfile

os.environ["LOCALOFFER_DATA"] = tempfile.mkdtemp(prefix="localoffer-test-")
for name in ["DATABASE_URL", "DEMO", "HOSTS", "SITE_URL", "EXTRA_APPS", "DEBUG", "OPENSEARCH_URL"]:
    os.environ.pop(f"LOCALOFFER_{name}", None)

if os.environ.get("LOCALOFFER_TEST_DB", "sqlite") == "postgres":
    from tests import postgres

    os.environ["LOCALOFFER_DATABASE_URL"] = postgres.url()

from localoffer.settings import *

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, never :memory:, so that locks behave as they do in production.
    DATABASES["default"]["TEST"] = {"NAME": str(DATA / "test.sqlite3")}
    # Nothing a test writes needs to survive a power cut.
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
MIDDLEWARE = [name for name in MIDDLEWARE if "whitenoise" not in name]
LOGGING["root"]["level"] = "CRITICAL"
