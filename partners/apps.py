from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Parties, agencies and people")

    def ready(self) -> None:
        from partners.granting import kinds  # noqa: PLC0415 - needs loaded models

        kinds.register()
