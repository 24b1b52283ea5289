import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iccwc_portal.settings")

application = get_wsgi_application()

# What is loaded by now stays for good. Outside the collector's sight it costs no call a pause of
# tens of milliseconds.
get_resolver().url_patterns  # noqa: B018 - loads the views
gc.collect()
gc.freeze()
