"""Settings of the tests: as in production where it matters, quick and reaching nobody elsewhere.

SQLite in a file by default (threads share it); PostgreSQL when DATABASE_URL names one.
"""

import atexit
import os
import shutil
import tempfile

# Set before the portal's settings are read, so that neither the caller's environment nor a
# developer's .env decides what a test sees.
os.environ["VAR_DIR"] = tempfile.mkdtemp(prefix="iccwc-tests-")
os.environ.setdefault("DATABASE_URL", f"sqlite:///{os.environ['VAR_DIR']}/unused.sqlite3")
os.environ |= {
    "SECRET_KEY": "a fixed key for tests, kept from nobody",
    "API_KEY_PEPPER": "a fixed pepper for tests",
    "ALLOWED_HOSTS": "localhost,127.0.0.1,testserver",
    "CSRF_TRUSTED_ORIGINS": "",
    "SITE_URL": "http://testserver",
    "DEMO": "0",
    "DEBUG": "0",
    "HTTPS": "0",
    # Tests of the second factor switch it on; the others are about something else.
    "SECOND_FACTOR_REQUIRED": "0",
    "OIDC_PROVIDERS": "[]",
    "REDIS_URL": "",
    "EMAIL_URL": "",
    "MEDIA_ROOT": f"{os.environ['VAR_DIR']}/files",
    "LOG_LEVEL": "WARNING",
}

from iccwc_portal.settings import *  # noqa: E402, F403
from iccwc_portal.settings import DATABASES, LOGGING, STATIC_ROOT, VAR_DIR  # noqa: E402

atexit.register(shutil.rmtree, VAR_DIR, ignore_errors=True)

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(VAR_DIR / "tests.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
    )
else:
    # A kept connection outlives the thread that opened it and then blocks the flush.
    DATABASES["default"]["CONN_MAX_AGE"] = 0

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"

# Wake-ups go into a queue of this process that no worker reads.
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, object] = {}
CELERY_TASK_ALWAYS_EAGER = False

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # WhiteNoise warns about a folder that is missing
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True

# Refusals are what many tests are about: only what really fails is worth a line.
LOGGING["loggers"] = {"django.request": {"level": "ERROR"}}
