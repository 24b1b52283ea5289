"""The addresses of webhooks in the API."""

from django.urls import path

from webhooks import api
from workflow.api import action_paths

_OWN_VIEWS = {
    "change": api.ChangeView,
    "rotate_secret": api.RotateSecretView,
    "send_test": api.SendTestView,
}

_SYSTEM_ONLY = {"suspend"}

urlpatterns = [
    path("webhooks/<int:pk>/progress/", api.ProgressView.as_view(), name="webhook-progress"),
    path("webhooks/<int:pk>/deliveries/", api.DeliveriesView.as_view(), name="webhook-deliveries"),
    *(
        path(
            f"webhooks/<int:pk>/actions/{name}/",
            view.as_view(action_name=name),
            name=f"webhook-action-{name.replace('_', '-')}",
        )
        for name, view in _OWN_VIEWS.items()
    ),
    *(
        one
        for one in action_paths(api.WebhookActionView, "webhooks/<int:pk>", "webhook-action")
        if not any(str(one.pattern).endswith(f"/{name}/") for name in {*_OWN_VIEWS, *_SYSTEM_ONLY})
    ),
]
