from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ToolkitConfig(AppConfig):
    name = "toolkit"
    verbose_name = _("Analytic Toolkit")

    def ready(self) -> None:
        from history import kinds  # noqa: PLC0415 - tables need loaded models
        from partners.differences import describe  # noqa: PLC0415
        from toolkit import documents, step_reminders, workflow  # noqa: PLC0415
        from toolkit.framework.editions import ADDED  # noqa: PLC0415
        from toolkit.framework.importer import LOADED  # noqa: PLC0415
        from toolkit.happened import show_what_happened  # noqa: PLC0415
        from toolkit.models import Observation, PublishedTotal  # noqa: PLC0415
        from toolkit.plan import reminders, reports  # noqa: PLC0415
        from toolkit.plan.origins import show_origins  # noqa: PLC0415
        from workflow.executor import register, register_effect  # noqa: PLC0415

        register(workflow.STEPS)
        register(workflow.IMPLEMENTATIONS)
        register(workflow.RECOMMENDATIONS)
        register(workflow.OBSERVATIONS)
        register(workflow.TOTALS)
        register(workflow.ASSESSMENTS)
        register_effect("requests", "accept", workflow.open_for_accepted_request)
        kinds.register(workflow.OPENED, _("Toolkit implementation opened"))
        kinds.register(workflow.ENTERED, _("Recommendation entered"))
        kinds.register(workflow.BEGUN, _("Assessment begun"))
        kinds.register(workflow.OBSERVED, _("Observed in a document"))
        kinds.register(workflow.TOTAL_OBSERVED, _("Total observed in a document"))
        kinds.register(workflow.TABLE_LOADED, _("Printed in a published table"))
        kinds.register(documents.READ, _("Document opened"))
        kinds.register(step_reminders.STILL, _("Reminded of a step that stands still"))
        kinds.register(ADDED, _("Edition added"))
        kinds.register(LOADED, _("Indicators loaded"))
        kinds.register(step_reminders.UNCONFIRMED, _("Reminded of a change to be confirmed"))
        kinds.register(reminders.REMINDED, _("Reminded of dates of the action plan"))
        kinds.register(reports.REPORTED, _("Progress of the action plan reported"))
        describe(workflow.OBSERVED, Observation)
        describe(workflow.TOTAL_OBSERVED, PublishedTotal)
        show_what_happened()
        show_origins()
