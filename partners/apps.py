from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Parties, agencies and people")

    def ready(self) -> None:
        from partners import workflow  # noqa: PLC0415 - tables need loaded models
        from partners.granting import kinds  # noqa: PLC0415
        from workflow.executor import register  # noqa: PLC0415

        kinds.register()
        register(workflow.INVITATIONS)
        register(workflow.ACCESS_REQUESTS)
