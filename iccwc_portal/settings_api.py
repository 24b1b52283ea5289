"""Settings of the API: who is asked what, how often anybody may call, how it describes itself.

A part of iccwc_portal.settings, which has read .env before.
"""

from environs import Env

from iccwc_portal.settings_signin import PROXIES

_env = Env()

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "partners.api_auth.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["partners.api_auth.ScopePermission"],
    "DEFAULT_THROTTLE_CLASSES": ["partners.rates.KeyThrottle"],
    "DEFAULT_THROTTLE_RATES": {
        "key": _env.str("API_RATE", "600/min"),
        "downloads": _env.str("API_DOWNLOAD_RATE", "20/min"),
    },
    "DEFAULT_FILTER_BACKENDS": ["iccwc_portal.api_frame.StrictFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "iccwc_portal.api_pages.KeysetPagination",
    "DEFAULT_RENDERER_CLASSES": ["workflow.api_json.FastJSONRenderer"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "iccwc_portal.api_formats.WithDownloads",
    "DEFAULT_PARSER_CLASSES": ["iccwc_portal.api_bodies.CarefulJSONParser"],
    "DEFAULT_METADATA_CLASS": None,
    "URL_FORMAT_OVERRIDE": None,
    "NUM_PROXIES": PROXIES,
    "DEFAULT_SCHEMA_CLASS": "iccwc_portal.api_schema.PortalSchema",
    "EXCEPTION_HANDLER": "iccwc_portal.api_problems.problem_json",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
# So many callers of a web process may wait for news of the feed; each holds one of its threads.
FEED_WAITS = _env.int("FEED_WAITS", 2)
SPECTACULAR_SETTINGS = {
    "TITLE": "ICCWC support portal API",
    "DESCRIPTION": "Requests for ICCWC support, referrals, the Analytic Toolkit tracker and the "
    "public record of the consortium.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "iccwc_portal.api_document.complete",
    ],
    "ENUM_NAME_OVERRIDES": {
        "RequestState": "requests_app.models.RequestState.choices",
        "ReferralState": "requests_app.models.ReferralState.choices",
        "ThreadState": "requests_app.models.ThreadState.choices",
        "WebhookState": "webhooks.models.WebhookState.choices",
        "DeliveryState": "webhooks.models.DeliveryState.choices",
        "StepState": "toolkit.steps.StepState.choices",
        "Phase": "toolkit.steps.Phase.choices",
        "PrecisionEnum": "history.precision.Precision.choices",
    },
}
