from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from outbox.post import Letter, owe
from partners.models import User


class AccountAdapter(DefaultAccountAdapter):
    """How django-allauth behaves here: nobody signs up, and mail goes through the outbox."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts come with a mandate, granted by somebody else."""
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        mail = self.render_mail(template_prefix, email, context)
        user = context.get("user")
        owe(
            None,
            [
                Letter(
                    recipient=f"user:{user.pk}" if isinstance(user, User) else email,
                    address=email,
                    language=user.language if isinstance(user, User) else "en",
                    subject=mail.subject,
                    text=str(mail.body),
                    holds_secret=True,  # a link that lets its reader in
                )
            ],
        )
