from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WebhooksConfig(AppConfig):
    name = "webhooks"
    verbose_name = _("API")  # above “Webhooks” in the path of the desk

    def ready(self) -> None:
        from history import kinds, listening  # noqa: PLC0415 - tables need loaded models
        from webhooks import subscribing, waking  # noqa: PLC0415
        from webhooks.workflow import WEBHOOKS  # noqa: PLC0415
        from workflow.executor import register  # noqa: PLC0415

        register(WEBHOOKS)
        kinds.register(subscribing.MADE, _("Webhook made"))
        listening.register(waking.wake_aside)
