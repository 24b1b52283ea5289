"""Finding requests by reference, by Party in any spelling, or by what was written in them.

What can be found by its text is what was submitted: drafts and unsent corrections cannot.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from django.db.models import F, Q, Value
from django.db.models.functions import Concat

from partners.desk import parties_called
from partners.models import PartyAlias
from partners.models.bodies import plain_spelling
from requests_app.models.requests import SupportRequestQuerySet
from requests_app.questions import BY_KEY

LONGEST_TERM = 200  # characters; nobody types more, and a database has its own limit of patience
MOST_WORDS = 12


def text_to_find(answers: Mapping[str, Any]) -> str:
    """The words of frozen answers as they are searched: no accents, no case, no punctuation."""
    return plain_spelling(" ".join(_written(answers)))


def _written(answers: Mapping[str, Any]) -> Iterator[str]:
    """Answers that somebody wrote; what was chosen from a list has filters of its own."""
    for key, answer in answers.items():
        question = BY_KEY.get(key)
        if question is not None and not question.choices and isinstance(answer, str):
            yield answer


def matching(queryset: SupportRequestQuerySet, term: str) -> SupportRequestQuerySet:
    """Those called so, of a Party called so, or in whose text every word of the term stands; where
    the term names a Party among other words, those of that Party with the other words."""
    term = term.strip()
    words = plain_spelling(term).split()
    if len(term) > LONGEST_TERM or len(words) > MOST_WORDS:
        return queryset.none()
    # Parties as ids: PostgreSQL then finds each of the three by its index.
    parties = list(parties_called(term).values_list("pk", flat=True))
    found = Q(reference__contains=term.upper()) | Q(party__in=parties)
    if words:
        found |= _all_of(words)
        for party, rest in _party_and_words(" ".join(words)):
            found |= Q(party=party) & _all_of(rest)
    return queryset.filter(found)


def _all_of(words: list[str]) -> Q:
    return Q(*(Q(search_text__contains=word) for word in words))


def _party_and_words(plain: str) -> list[tuple[int, list[str]]]:
    """For each Party that is named within the term its id and the other words; one query."""
    padded = f" {plain} "
    spellings = PartyAlias.objects.annotate(
        term=Value(padded), named=Concat(Value(" "), "spelling", Value(" "))
    ).filter(term__contains=F("named"))
    parts = [
        (party, padded.replace(f" {spelling} ", " ").split())
        for party, spelling in spellings.values_list("party_id", "spelling")
    ]
    return [(party, rest) for party, rest in parts if rest]
