from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RequestsConfig(AppConfig):
    name = "requests_app"
    verbose_name = _("Support requests")

    def ready(self) -> None:
        from history import kinds  # noqa: PLC0415
        from outbox import enclosures  # noqa: PLC0415
        from partners import handover  # noqa: PLC0415
        from requests_app import lateness, notices, workflow  # noqa: PLC0415 - tables need loaded models
        from requests_app.copy_pdf import enclosed_copy  # noqa: PLC0415
        from requests_app.exporting import EXPORTED  # noqa: PLC0415
        from requests_app.handing_over import open_for  # noqa: PLC0415
        from requests_app.happened import show_what_happened  # noqa: PLC0415
        from requests_app.posting import PROLONGED  # noqa: PLC0415
        from requests_app.readings import READ  # noqa: PLC0415
        from requests_app.reminders import REMINDED  # noqa: PLC0415
        from requests_app.workflow.request_changes import REFERRAL_SENT  # noqa: PLC0415
        from workflow.executor import register  # noqa: PLC0415

        enclosures.register(notices.COPY, enclosed_copy)
        handover.register(open_for)
        register(workflow.REQUESTS)
        register(workflow.REFERRALS)
        register(workflow.THREADS)
        show_what_happened()
        kinds.register(READ, _("Confidential file read"))
        kinds.register(REMINDED, _("Agency reminded"))
        kinds.register(EXPORTED, _("Exported a list of requests"))
        kinds.register(lateness.NEARLY_DUE, _("Desk reminded: nearly due"))
        kinds.register(lateness.OVERDUE, _("Leads told: overdue"))
        kinds.register(REFERRAL_SENT, _("Sent to the agency"))
        kinds.register(PROLONGED, _("More time to answer: the clock stood still"))
