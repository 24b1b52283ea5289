from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class MailFolder(BaseEmailBackend):
    """Writes each mail as one .eml file into MAIL_DIR, named after its Message-ID.

    For the demo, where nobody has a mailbox. The name makes a repeat after a crash visible as
    a file written again, as the same Message-ID would be in a real mailbox.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        folder = Path(settings.MAIL_DIR)
        folder.mkdir(parents=True, exist_ok=True)
        for mail in email_messages:
            message: Any = mail.message()
            name = message["Message-ID"].strip("<>").replace("/", "_")
            part = folder / f".{name}.part"
            part.write_bytes(message.as_bytes(linesep="\n"))
            part.rename(folder / f"{name}.eml")
        return len(email_messages)
