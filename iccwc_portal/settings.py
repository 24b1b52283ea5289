"""Every setting of the portal, read from the environment (.env.example names them all).

Unsafe values are never a default: without DEMO=1 the portal asks for a secret key and hosts.
"""

from datetime import time
from pathlib import Path
from zoneinfo import available_timezones

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from environs import Env

BASE_DIR = Path(__file__).resolve().parent.parent
env = Env()
env.read_env(str(BASE_DIR / ".env"))

# Each reads what .env said.
from iccwc_portal.settings_api import *  # noqa: E402, F403
from iccwc_portal.settings_signin import *  # noqa: E402, F403
from iccwc_portal.settings_signin import DEMO  # noqa: E402

# ── Where things lie ─────────────────────────────────────────────────────────────────────────
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
VAR_DIR.mkdir(parents=True, exist_ok=True)
MEDIA_ROOT = env.path("MEDIA_ROOT", VAR_DIR / "files")  # private: no URL leads here
STATIC_ROOT = VAR_DIR / "static"
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
FIXTURE_DIRS = [BASE_DIR / "fixtures"]
LOCALE_PATHS = [BASE_DIR / "locale"]

# ── Safety ───────────────────────────────────────────────────────────────────────────────────
DEBUG = env.bool("DEBUG", False)
LOOPBACK_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", LOOPBACK_HOSTS if DEMO else [])
if (DEMO or DEBUG) and not set(ALLOWED_HOSTS) <= {*LOOPBACK_HOSTS, "testserver"}:
    raise ImproperlyConfigured(
        "DEMO and DEBUG are for loopback hosts only: ALLOWED_HOSTS names others."
    )
SECRET_KEY = env.str("SECRET_KEY")
API_KEY_PEPPER = env.str("API_KEY_PEPPER", SECRET_KEY)
SECOND_FACTOR_KEY = env.str("SECOND_FACTOR_KEY", "") or API_KEY_PEPPER
SITE_URL = env.str("SITE_URL", "http://127.0.0.1:8000").rstrip("/")
HTTPS = env.bool("HTTPS", not DEMO)
SECURE_SSL_REDIRECT = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SESSION_COOKIE_AGE = 60 * 60 * 12
LANGUAGE_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
CSRF_FAILURE_VIEW = "iccwc_portal.views.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

# ── Apps, lowest layer first ─────────────────────────────────────────────────────────────────
INSTALLED_APPS = [
    "history",
    "outbox",
    "workflow",
    "partners",
    "requests_app",
    "toolkit",
    "record",
    "webhooks",
    "iccwc_portal.apps.PortalConfig",
    "iccwc_portal.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "django_htmx",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "csp",
]
MIDDLEWARE = [
    "iccwc_portal.by_key.ByKey",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "iccwc_portal.middleware.Compressed",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "partners.middleware.ReaderLanguage",
    "iccwc_portal.middleware.NoNullCharacters",
    "iccwc_portal.middleware.AnswersOfTheApi",
    "iccwc_portal.api_bodies.MeasuredBodies",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "partners.middleware.SeenSession",
    "iccwc_portal.middleware.SecondFactorDuty",
    "partners.rates.RateHeaders",
]
# The same for calls of the API by key, without what is there for people in browsers.
MIDDLEWARE_BY_KEY = [
    "django.middleware.security.SecurityMiddleware",
    "iccwc_portal.middleware.Compressed",
    "iccwc_portal.by_key.Policy",
    "iccwc_portal.by_key.Locale",
    "django.middleware.common.CommonMiddleware",
    "iccwc_portal.middleware.NoNullCharacters",
    "iccwc_portal.middleware.AnswersOfTheApi",
    "iccwc_portal.api_bodies.MeasuredBodies",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "partners.rates.RateHeaders",
]
ROOT_URLCONF = "iccwc_portal.urls"
WSGI_APPLICATION = "iccwc_portal.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "iccwc_portal.context.portal",
            ]
        },
    }
]
FORM_RENDERER = "iccwc_portal.forms.PortalFormRenderer"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_HANDLERS = ["requests_app.uploads.CappedUploadHandler"]
FILE_UPLOAD_PERMISSIONS = 0o600
ATTACHMENT_MAX_BYTES = 20 * 1024 * 1024
ATTACHMENTS_MAX_BYTES_AT_ONCE = 60 * 1024 * 1024
# The virus scanner (clamd), tcp://host:3310 or unix:///run/clamav/clamd.ctl; none when empty.
CLAMAV_URL = env.str("CLAMAV_URL", "")
if CLAMAV_URL and not CLAMAV_URL.startswith(("tcp://", "unix:///")):
    raise ImproperlyConfigured("CLAMAV_URL begins with tcp:// or unix:///.")
CLAMAV_TIMEOUT = env.int("CLAMAV_TIMEOUT", 30)  # seconds, for each of the steps of a check
# Without files. Far above what the questions take, so that a text that is too long gets the
# sentence at its field and stays on the page.
DATA_UPLOAD_MAX_MEMORY_SIZE = 30 * 1024 * 1024

# ── Data ─────────────────────────────────────────────────────────────────────────────────────
DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # Writers queue at BEGIN instead of failing half-way with "database is locked".
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    # A transaction that does nothing is ended: so no change is committed long after its
    # `updated_at`, which whoever copies a list relies on (docs/api.md, “Keeping a copy”).
    # And without JIT: what is asked here is answered sooner than such a query is compiled. And
    # without merge joins: for a page deep in a list PostgreSQL would walk along all rows above it
    # (34 ms at 100,000 requests, where the page takes 0.4).
    DATABASES["default"].setdefault("OPTIONS", {}).setdefault(
        "options",
        "-c idle_in_transaction_session_timeout=120000 -c jit=off -c enable_mergejoin=off",
    )
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", "")
CACHES = {
    "default": (
        {
            "BACKEND": "partners.counting.CountingRedis",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 2, "socket_timeout": 2},
        }
        if REDIS_URL
        else {
            "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
            "LOCATION": VAR_DIR / "cache",
            # It holds counts of tries: whoever fills it must not make it forget those of others.
            "OPTIONS": {"MAX_ENTRIES": 100_000, "CULL_FREQUENCY": 20},
        }
    )
}

# ── People ───────────────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "partners.User"
LOGIN_REDIRECT_URL = "start"

# ── Words and clocks ─────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("fr", "Français"), ("es", "Español")]
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = ["iccwc_portal.formats"]
TIME_ZONE = "UTC"
# When the Secretariat works: its clock runs in these hours (requests_app.working_time).
DESK_TIME_ZONE = env.str("DESK_TIME_ZONE", "Europe/Zurich")
DESK_OPENS = env.time("DESK_OPENS", time(9))
DESK_CLOSES = env.time("DESK_CLOSES", time(17))
if DESK_TIME_ZONE not in available_timezones() or DESK_OPENS >= DESK_CLOSES:
    raise ImproperlyConfigured(
        "DESK_TIME_ZONE names a time zone, and DESK_OPENS is before DESK_CLOSES on the same day."
    )

# A Toolkit step without any movement for so long is reminded of (toolkit.step_reminders).
TOOLKIT_STILL_DAYS = env.int("TOOLKIT_STILL_DAYS", 90)

# ── Mail and the outbox ──────────────────────────────────────────────────────────────────────
EMAIL_URL = env.str("EMAIL_URL", "")
MAIL_DIR = VAR_DIR / "mail"
if EMAIL_URL:
    vars().update(env.dj_email_url("EMAIL_URL"))
else:
    EMAIL_BACKEND = "outbox.backends.MailFolder"
EMAIL_TIMEOUT = env.int("EMAIL_TIMEOUT", 10)  # seconds, for each of the steps of a send
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "ICCWC support portal <portal@example.org>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MESSAGE_ID_DOMAIN = env.str("MESSAGE_ID_DOMAIN", "portal.example.org")
# A lease must outlive the longest possible send, or a slow send would be repeated: a send has
# about ten steps (connect, greet, sign in, sender, recipient, text …), each with its time-out.
OUTBOX_LEASE_SECONDS = env.int("OUTBOX_LEASE_SECONDS", 15 * EMAIL_TIMEOUT)

# ── Celery ───────────────────────────────────────────────────────────────────────────────────
CELERY_BROKER_URL = REDIS_URL or "folder://localhost"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"socket_connect_timeout": 2, "socket_keepalive": True}
    if REDIS_URL
    else {"folder": str(VAR_DIR / "broker"), "polling_interval": 0.2}
)
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = 120
CELERY_TIMEZONE = "UTC"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # a worker waits for its broker as long as it takes
# Nobody on a page waits for a broker that is down: the sweep delivers.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.1}
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")

# ── Log ──────────────────────────────────────────────────────────────────────────────────────
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "INFO")},
}
