from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from iccwc_portal.first_lead import appoint
from partners.models import User
from workflow.errors import Refused


class Command(BaseCommand):
    help = "Appoint the first Secretariat lead of a new installation."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the address with which the person signs in")
        parser.add_argument("--name", default="Secretariat lead", help="how the portal shows them")

    def handle(self, *args: Any, **options: Any) -> None:
        email = options["email"].strip().lower()
        try:
            validate_email(email)
            with transaction.atomic():
                person = User.objects.filter(email__iexact=email).first()
                person = person or User.objects.create_user(email, name=options["name"])
                appoint(person)
        except ValidationError:
            raise CommandError(f"“{email}” is not an e-mail address.") from None
        except Refused as refusal:
            raise CommandError(refusal.sentence) from None
        self.stdout.write(f"{person.name} <{person.email}> is now lead of the Secretariat.")
        self.stdout.write(
            f"To choose a password, open {settings.SITE_URL}{reverse('account_reset_password')} "
            "and ask for a link to that address."
        )
