"""Turning something that happened into a letter for each person, in that person's language."""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from django.conf import settings
from django.core import signing
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.html import escape

from outbox.enclosures import Enclosure
from outbox.post import Letter
from partners.models import User

Words = str | Promise
_SWITCH = "digest"
_ANY_PATH = f"/{secrets.token_hex(16)}/"  # in words that wait for their link; nobody can type it
Passages = list[tuple[str, str]]  # (heading, text) to quote, e.g. the decision


@dataclass(frozen=True, kw_only=True)
class Notice:
    """The words of a message. %(name)s is filled from the facts of the case."""

    subject: Words
    lead: Words
    next: Words = ""


@dataclass(frozen=True)
class Reader:
    """Whom a letter is for: a stable key, an address, a language. Not always a person we know."""

    key: str
    address: str
    language: str


def letters(
    people: Iterable[User],
    notice: Notice,
    *,
    path: str,
    facts: Callable[[], dict[str, str]],
    passages: Callable[[], Passages],
    can_be_switched_off: bool = False,
    enclosures: tuple[Enclosure, ...] = (),
    known: dict[str, Letter] | None = None,
) -> list[Letter]:
    """One letter per person. `facts` and `passages` are called in the reader's language.

    Only a digest `can_be_switched_off`: it carries a link that works without signing in. Where
    several groups are told the same and only the `path` differs, `known` goes from call to call.
    """
    # Readers of one language get the same words, but for the switch, which is the reader's own.
    known = {} if known is None else known
    written = []
    for person in people:
        letter = known.get(person.language)
        if letter is None or can_be_switched_off:
            letter = _letter(person, notice, _ANY_PATH, facts, passages, can_be_switched_off)
            known[person.language] = letter
        reader = _reader(person)
        to_reader = replace(
            letter,
            recipient=reader.key,
            address=reader.address,
            text=letter.text.replace(_ANY_PATH, path),
            html=letter.html.replace(_ANY_PATH, escape(path)),
            enclosures=enclosures,
        )
        written.append(to_reader)
    return written


def person_of_switch(token: str) -> User | None:
    """Whose digest the link switches off; None when the link is not one of ours."""
    try:
        return User.objects.filter(pk=signing.loads(token, salt=_SWITCH)).first()
    except signing.BadSignature:
        return None


def _switch(person: User) -> str:
    token = signing.dumps(person.pk, salt=_SWITCH)
    return settings.SITE_URL + reverse("digest_off", args=[token])


def _reader(person: User) -> Reader:
    return Reader(f"user:{person.pk}", person.email, person.language)


def _letter(
    person: User,
    notice: Notice,
    path: str,
    facts: Callable[[], dict[str, str]],
    passages: Callable[[], Passages],
    can_be_switched_off: bool,
) -> Letter:
    return letter_to(
        _reader(person),
        notice,
        path=path,
        facts=facts,
        passages=passages,
        switch=_switch(person) if can_be_switched_off else "",
    )


def letter_to(
    reader: Reader,
    notice: Notice,
    *,
    path: str,
    facts: Callable[[], dict[str, str]],
    passages: Callable[[], Passages],
    switch: str = "",
    holds_secret: bool = False,
) -> Letter:
    """One letter. One that `holds_secret` has a link that lets its reader in."""
    with translation.override(reader.language):
        known = facts()
        subject = str(notice.subject) % known
        context = {
            "subject": subject,
            "lead": str(notice.lead) % known,
            "next": str(notice.next) % known,
            "passages": passages(),
            "reference": known.get("reference", ""),
            "link": f"{settings.SITE_URL}{path}",
            "language": reader.language,
            "switch": switch,
        }
        return Letter(
            recipient=reader.key,
            address=reader.address,
            language=reader.language,
            subject=subject,
            text=render_to_string("mail/notice.txt", context),
            html=render_to_string("mail/notice.html", context),
            holds_secret=holds_secret,
        )
