from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecordConfig(AppConfig):
    name = "record"
    verbose_name = _("Public record")

    def ready(self) -> None:
        from history import kinds  # noqa: PLC0415 - tables need loaded models
        from record.importing.workflow import ANSWERED, IMPORTED, IMPORTS  # noqa: PLC0415
        from record.workflow import LOADED, TABLES  # noqa: PLC0415
        from workflow.executor import register  # noqa: PLC0415

        for table in (*TABLES, IMPORTS):
            register(table)
        kinds.register(LOADED, _("Taken over from the reference data"))
        kinds.register(IMPORTED, _("Taken over from a file"))
        kinds.register(ANSWERED, _("A question of the file answered"))
