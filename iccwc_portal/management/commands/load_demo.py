from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from iccwc_portal.demo import accounts, assessments, cases, desk, people, plans, record, steps
from requests_app.models import Support
from workflow.errors import Refused


class Command(BaseCommand):
    help = "Load accounts and requests for demonstration. Only with DEMO=1."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Demonstration data is for a demonstration only: set DEMO=1.")
        if not Support.objects.exists():
            raise CommandError("Load the reference data first: manage.py load_reference.")
        known = accounts.read()
        try:
            with transaction.atomic():
                rows = accounts.ensure(known)
                people.load()
                made = cases.load()
                plans.load()
                assessments.load()
                steps.load()
                record.load()
                desk.load()
        except Refused as refusal:
            raise CommandError(f"Nothing was loaded. {refusal.sentence}") from refusal
        if rows != known:
            accounts.write(rows)
        self.stdout.write(f"Requests for demonstration: {made} added")
        self.stdout.write(f"Sign-ins for demonstration: {accounts.path()}")
