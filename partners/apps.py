from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PartnersConfig(AppConfig):
    name = "partners"
    verbose_name = _("Parties, agencies and people")

    def ready(self) -> None:
        from history import kinds  # noqa: PLC0415
        from partners import granting  # noqa: PLC0415 - needs loaded models

        kinds.register(granting.MANDATE_GRANTED, _("Mandate granted"))
        kinds.register(granting.MANDATE_ENDED, _("Mandate ended"))
        kinds.register(granting.MANDATE_PROLONGED, _("Mandate prolonged"))
        kinds.register(granting.ADDRESS_CHANGED, _("E-mail address changed"))
        kinds.register(granting.ACCESS_CLOSED, _("Account closed"))
        kinds.register(granting.ACCESS_OPENED, _("Account opened again"))
        kinds.register(granting.KEY_ISSUED, _("API key issued"))
        kinds.register(granting.KEY_REVOKED, _("API key revoked"))
