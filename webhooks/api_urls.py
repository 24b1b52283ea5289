"""The addresses of webhooks in the API."""

from collections.abc import Iterator

from django.urls import URLPattern, path

from webhooks import api
from webhooks.workflow import THE_PORTAL, WEBHOOKS

_VIEWS: dict[str, type[api.WebhookActionView]] = {
    "change": api.ChangeView,
    "rotate_secret": api.RotateSecretView,
    "send_test": api.SendTestView,
}


def _actions() -> Iterator[URLPattern]:
    """One for every action of the table that is not the portal's alone."""
    for transition in WEBHOOKS.transitions:
        if transition.who is THE_PORTAL:
            continue
        name = transition.action
        view = _VIEWS.get(name, api.WebhookActionView)
        yield path(
            f"webhooks/<int:pk>/actions/{name}/",
            view.as_view(action_name=name),
            name=f"webhook-action-{name.replace('_', '-')}",
        )


urlpatterns = [
    path("webhooks/<int:pk>/progress/", api.ProgressView.as_view(), name="webhook-progress"),
    path("webhooks/<int:pk>/deliveries/", api.DeliveriesView.as_view(), name="webhook-deliveries"),
    *_actions(),
]
