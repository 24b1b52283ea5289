"""Turning something that happened into a letter for each person, in that person's language."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise

from outbox.post import Letter
from partners.models import User

Words = str | Promise
Passages = list[tuple[str, str]]  # (heading, text) to quote, e.g. the decision


@dataclass(frozen=True, kw_only=True)
class Notice:
    """The words of a message. %(name)s is filled from the facts of the case."""

    subject: Words
    lead: Words
    next: Words = ""


def letters(
    people: Iterable[User],
    notice: Notice,
    *,
    path: str,
    facts: Callable[[], dict[str, str]],
    passages: Callable[[], Passages],
) -> list[Letter]:
    """One letter per person. `facts` and `passages` are called in the reader's language."""
    return [_letter(person, notice, path, facts, passages) for person in people]


def _letter(
    person: User,
    notice: Notice,
    path: str,
    facts: Callable[[], dict[str, str]],
    passages: Callable[[], Passages],
) -> Letter:
    with translation.override(person.language):
        known = facts()
        context = {
            "subject": str(notice.subject) % known,
            "lead": str(notice.lead) % known,
            "next": str(notice.next) % known,
            "passages": passages(),
            "reference": known.get("reference", ""),
            "link": f"{settings.SITE_URL}{path}",
            "language": person.language,
        }
        return Letter(
            recipient=f"user:{person.pk}",
            address=person.email,
            language=person.language,
            subject=context["subject"],
            text=render_to_string("mail/notice.txt", context),
            html=render_to_string("mail/notice.html", context),
        )
